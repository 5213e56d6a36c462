"""How far each place can move: a bar over the places of most draws, thinner lines for missing figures and methods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from wardstats.charts.figure import Figure
from wardstats.charts.style import CLICKABLE, FONT, GOLD, base_layout, link, palette
from wardstats.core.palette import BOTH
from wardstats.core.rows import dictionaries

_RANK, _TOP, _RIGHT = 30, 26, 62


def rank_ranges(
    rows: pd.DataFrame, groups: pd.DataFrame, places: int, language: str, is_dark: bool = False
) -> go.Figure:
    """Draw one row a unit, the places from left (best) to right.

    Args:
        rows: Best first: unit_code, unit_name, href (where the name leads), rank, rank_low, rank_high, missing_best,
            missing_worst, method_best, method_worst, hover (ready text).
        groups: Units that cannot be told apart, two or more: first_row, last_row (into ``rows``), label.
    """
    colours = palette(is_dark)
    count = len(rows)
    row_height = 46 if count <= 12 else 32 if count <= 40 else 26
    left = _RANK + int(max((len(name) for name in rows["unit_name"]), default=4) * 8.2) + 10
    ticks = list(range(1, places + 1)) if places <= 12 else [1, *range(5, places + 1, 5 if places <= 60 else 20)]
    layout = base_layout(language, is_dark, count * row_height + _TOP + 6) | CLICKABLE
    layout |= {
        "margin": {"l": left, "r": _RIGHT if len(groups) else 12, "t": _TOP, "b": 6, "pad": 0},
        "xaxis": {
            "range": [0.4, places + 0.6], "side": "top", "tickvals": ticks, "fixedrange": True, "zeroline": False,
            "gridcolor": colours.line, "tickfont": {"color": colours.muted, "size": 14}, "tickangle": 0,
        },
        "yaxis": {"range": [count - 0.5, -0.5], "visible": False, "fixedrange": True},
        "annotations": [
            *(text for row, line in enumerate(dictionaries(rows)) for text in _names(row, line, left, colours)),
            *(
                _text((group["first_row"] + group["last_row"]) / 2, group["label"], 20, "left", colours.ink, 1)
                for group in dictionaries(groups)
            ),
        ],
        "shapes": [shape for group in dictionaries(groups) for shape in _bracket(group, colours)],
    }  # fmt: skip
    figure = Figure(layout=layout)
    figure.add(
        "bar",
        orientation="h",
        base=(rows["rank_low"] - 0.4).round(2).tolist(),
        x=(rows["rank_high"] - rows["rank_low"] + 0.8).round(2).tolist(),
        y=list(range(count)),
        width=0.4,
        marker={"color": colours.range, "line": {"width": 0}},
        hover=rows["hover"],
        customdata=rows["unit_code"].tolist(),
    )
    _whiskers(figure, rows, "missing", colours.ink, 0.0)
    _whiskers(figure, rows, "method", colours.method, 0.33)
    figure.add(
        "scatter",
        x=rows["rank"].tolist(),
        y=list(range(count)),
        mode="markers",
        marker={
            "size": 14,
            "color": [GOLD if rank == 1 else "#ffffff" for rank in rows["rank"]],
            "line": {"width": 2, "color": BOTH["on_pale"]},
        },
        cliponaxis=False,
        hover=rows["hover"],
        customdata=rows["unit_code"].tolist(),
    )
    return figure


def _whiskers(figure: Figure, rows: pd.DataFrame, kind: str, colour: str, below: float) -> None:
    """Draw lines from the best to the worst place, for the units that have more than one."""
    across: list[float | None] = []
    down: list[float | None] = []
    for row, (best, worst) in enumerate(zip(rows[f"{kind}_best"], rows[f"{kind}_worst"], strict=True)):
        if best < worst:
            across += [int(best), int(worst), None]
            down += [row + below, row + below, None]
    figure.add(
        "scatter",
        x=across, y=down, mode="lines+markers", line={"color": colour, "width": 2}, hoverinfo="skip", cliponaxis=False,
        marker={"symbol": "line-ns-open", "size": 9, "color": colour, "line": {"width": 2, "color": colour}},
    )  # fmt: skip


def _names(row: int, line: Mapping[Any, Any], left: int, colours: Any) -> list[dict[str, Any]]:
    return [
        _text(row, f"<b>{line['rank']}</b>", -left + 12, "center", colours.ink, 0),
        _text(row, link(f"<b>{line['unit_name']}</b>", line["href"]), -left + _RANK, "left", colours.ink, 0),
    ]


def _text(row: float, text: str, xshift: int, anchor: str, colour: str, x: int) -> dict[str, Any]:
    return {
        "text": text, "showarrow": False, "xref": "paper", "x": x, "xshift": xshift, "xanchor": anchor,
        "yref": "y", "y": row, "yanchor": "middle", "font": {"family": FONT, "size": 15, "color": colour},
    }  # fmt: skip


def _bracket(group: Mapping[Any, Any], colours: Any) -> list[dict[str, Any]]:
    """A band behind the rows of a group, and a bracket at their right."""
    top, bottom = group["first_row"] - 0.44, group["last_row"] + 0.44
    pixels = {"type": "line", "xref": "paper", "xsizemode": "pixel", "xanchor": 1, "yref": "y"}
    ends = [(6, 12, top, top), (12, 12, top, bottom), (6, 12, bottom, bottom)]
    return [
        {
            "type": "rect", "layer": "below", "xref": "paper", "x0": 0, "x1": 1, "yref": "y", "y0": top, "y1": bottom,
            "fillcolor": colours.track, "line": {"width": 0},
        },
        *(
            pixels | {"x0": x0, "x1": x1, "y0": y0, "y1": y1, "line": {"color": colours.muted, "width": 2}}
            for x0, x1, y0, y1 in ends
        ),
    ]  # fmt: skip
