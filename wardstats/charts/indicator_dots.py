"""One unit against all others, indicator by indicator: a dot each, the unit's own in colour."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from wardstats.charts.figure import Figure
from wardstats.charts.style import FONT, GREEN, base_layout, palette
from wardstats.frames import records

_ROW = 46


def indicator_dots(rows: pd.DataFrame, others: pd.DataFrame, language: str, is_dark: bool = False) -> go.Figure:
    """Draw how much of each indicator's points a unit earns, and where the others stand.

    Args:
        rows: One row an indicator, top first: label, value_text, share (0 to 1, NaN where missing), hover, colour.
        others: One row a unit and indicator: row (index into ``rows``), share, hover.
        language: Sets the number separators.
        is_dark: Draw for a dark page.
    """
    colours = palette(is_dark)
    count = len(rows)
    layout = base_layout(language, is_dark, count * _ROW + 8)
    layout |= {
        "margin": {"l": 8, "r": 8, "t": 4, "b": 4, "pad": 0},
        "xaxis": {"range": [-0.02, 1.02], "visible": False, "fixedrange": True},
        "yaxis": {"range": [count - 0.35, -0.65], "visible": False, "fixedrange": True},
        "annotations": [
            note
            for row, line in enumerate(records(rows))
            for note in (
                _text(row, line["label"], 0, "left", colours.ink),
                _text(row, line["value_text"], 1, "right", colours.muted if pd.isna(line["share"]) else colours.ink),
            )
        ],
        "shapes": [
            {
                "type": "line", "layer": "below", "x0": 0, "x1": 1, "y0": row, "y1": row,
                "line": {"color": colours.grid, "width": 2},
            }
            for row in range(count)
        ],
    }  # fmt: skip
    figure = Figure(layout=layout)
    figure.add_scatter(
        x=others["share"].round(4).tolist(),
        y=others["row"].tolist(),
        mode="markers",
        marker={"size": 9, "color": colours.muted, "opacity": 0.35},
        hovertext=others["hover"].tolist(),
        hovertemplate="%{hovertext}<extra></extra>",
    )
    known = rows[rows["share"].notna()]
    figure.add_scatter(
        x=known["share"].round(4).tolist(),
        y=known.index.tolist(),
        mode="markers",
        marker={"size": 15, "color": known["colour"].fillna(GREEN).tolist(), "line": {"width": 2, "color": "#ffffff"}},
        hovertext=known["hover"].tolist(),
        hovertemplate="%{hovertext}<extra></extra>",
    )
    return figure


def _text(row: int, text: str, x: float, anchor: str, colour: str) -> dict[str, Any]:
    return {
        "text": text, "showarrow": False, "xref": "x", "x": x, "xanchor": anchor, "yref": "y", "y": row, "yshift": 17,
        "yanchor": "middle", "font": {"family": FONT, "size": 14, "color": colour},
    }  # fmt: skip
