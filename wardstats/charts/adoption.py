"""How models spread among the units over time."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from wardstats.charts.figure import Figure
from wardstats.charts.style import UNIT_COLOURS, base_layout, palette

_DASHES = ("solid", "dash", "dot", "dashdot")


def adoption_spread(counts: pd.DataFrame, models: Mapping[str, str], language: str, is_dark: bool = False) -> go.Figure:
    """Draw how many units have begun each model, step by step over time; each line carries its name at its end.

    Args:
        counts: day, model_code, count; a row for every model with any, at every day on which something changed.
    """
    colours = palette(is_dark)
    days = sorted(counts["day"].unique())
    most = int(counts["count"].max()) if len(counts) else 1
    layout = base_layout(language, is_dark, 330)
    layout |= {
        "margin": {"l": 26, "r": 8, "t": 8, "b": 28, "pad": 4},
        "xaxis": {
            "type": "date", "fixedrange": True, "showgrid": False, "tickformat": "%m/%Y", "color": colours.muted,
            "nticks": 4,
        },
        "yaxis": {
            "range": [0, most + 0.6], "fixedrange": True, "dtick": 1, "gridcolor": colours.line, "color": colours.muted,
        },
        "showlegend": True,
        "legend": {"orientation": "h", "x": 0, "y": -0.14, "yanchor": "top", "font": {"size": 13}},
        "hovermode": "x unified",
    }  # fmt: skip
    layout["margin"]["b"] = 96
    figure = Figure(layout=layout)
    for place, (code, name) in enumerate(models.items()):
        own = counts[counts["model_code"] == code].set_index("day")["count"].reindex(days).fillna(0)
        figure.add(
            "scatter",
            x=[pd.Timestamp(day).strftime("%Y-%m-%d") for day in days],
            y=own.astype(int).tolist(),
            name=name,
            mode="lines",
            line={
                "shape": "hv",
                "width": 3,
                "color": UNIT_COLOURS[place % len(UNIT_COLOURS)],
                "dash": _DASHES[place % len(_DASHES)],
            },
        )
    return figure
