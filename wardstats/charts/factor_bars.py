"""Which choice moves the order: a bar for each, what it does alone in full colour, with the others paler behind."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from wardstats.charts.figure import Figure
from wardstats.charts.style import FONT, base_layout, palette
from wardstats.core.rows import dictionaries

_ROW = 58


def factor_bars(factors: pd.DataFrame, language: str, is_dark: bool = False) -> go.Figure:
    """Draw the shares of some choices.

    Args:
        factors: Top first: factor_name, alone, together (0 to 1), text (right above the bar), hover.
    """
    colours = palette(is_dark)
    count = len(factors)
    layout = base_layout(language, is_dark, count * _ROW + 8)
    layout |= {
        "margin": {"l": 0, "r": 0, "t": 4, "b": 4, "pad": 0},
        "barmode": "overlay",
        "xaxis": {"range": [0, 1], "visible": False, "fixedrange": True},
        "yaxis": {"range": [count - 0.4, -0.6], "visible": False, "fixedrange": True},
        "annotations": [
            {
                "text": text, "showarrow": False, "xref": "paper", "x": x, "xanchor": anchor, "yref": "y", "y": row,
                "yshift": 20, "yanchor": "middle", "font": {"family": FONT, "size": 15, "color": colours.ink},
            }
            for row, line in enumerate(dictionaries(factors))
            for text, x, anchor in ((line["factor_name"], 0, "left"), (line["text"], 1, "right"))
        ],
    }  # fmt: skip
    figure = Figure(layout=layout)
    green = palette(is_dark).own
    bars = (([1.0] * count, colours.track, 1.0), (factors["together"], green, 0.4), (factors["alone"], green, 1.0))
    for shares, colour, opacity in bars:
        figure.add(
            "bar",
            orientation="h",
            x=list(shares),
            y=list(range(count)),
            width=0.3,
            marker={"color": colour, "opacity": opacity, "line": {"width": 0}},
            hover=factors["hover"],
        )
    return figure
