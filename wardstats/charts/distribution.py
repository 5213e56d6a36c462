"""How one indicator is spread over the units: a histogram, a dot for each unit below it, the median as a line."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from wardstats.charts.figure import Figure
from wardstats.charts.style import CLICKABLE, FONT, GOLD, base_layout, palette


def distribution(
    units: pd.DataFrame, median: tuple[float, str], colour: str, language: str, is_dark: bool = False
) -> go.Figure:
    """Draw a distribution.

    Args:
        units: One row a unit: unit_code, value, hover, colour (its own if it was chosen, else None).
        median: Where the line stands and what it is called.
        colour: Of the bars.
    """
    colours = palette(is_dark)
    values = units["value"].to_numpy(dtype=float)
    counts, edges = np.histogram(values, bins=min(20, max(4, int(np.ceil(np.sqrt(len(values)) * 1.5)))))
    margin = (edges[-1] - edges[0]) * 0.03
    most = int(counts.max())
    layout = base_layout(language, is_dark, 360) | CLICKABLE
    layout |= {
        "margin": {"l": 34, "r": 12, "t": 30, "b": 34, "pad": 0},
        "bargap": 0.04,
        "xaxis": {
            "range": [edges[0] - margin, edges[-1] + margin], "fixedrange": True, "zeroline": False, "nticks": 7,
            "showgrid": False, "tickfont": {"color": colours.muted, "size": 13},
        },
        "yaxis": {
            "range": [-most * 0.22, most * 1.08], "fixedrange": True, "zeroline": False, "gridcolor": colours.line,
            "tickvals": list(range(0, most + 1, max(1, most // 4))), "tickfont": {"color": colours.muted, "size": 13},
        },
        "shapes": [
            {
                "type": "line", "x0": median[0], "x1": median[0], "y0": 0, "y1": 1, "yref": "paper",
                "line": {"color": GOLD, "width": 2},
            }
        ],
        "annotations": [
            {
                "text": median[1], "showarrow": False, "x": median[0], "y": 1, "yref": "paper", "yanchor": "bottom",
                "xanchor": "center", "font": {"family": FONT, "size": 14, "color": colours.ink},
            }
        ],
    }  # fmt: skip
    figure = Figure(layout=layout)
    figure.add(
        "bar",
        x=((edges[:-1] + edges[1:]) / 2).round(6).tolist(),
        y=counts.tolist(),
        width=np.diff(edges).round(6).tolist(),
        marker={"color": colour, "opacity": 0.75, "line": {"width": 0}},
        hovertemplate="%{y}<extra></extra>",
    )
    ink = units["colour"].fillna(colours.muted).tolist()
    figure.add(
        "scatter",
        x=values.round(6).tolist(),
        y=[-most * 0.11] * len(units),
        mode="markers",
        marker={"size": 12, "color": ink, "opacity": 0.75, "line": {"width": 1, "color": colours.track}},
        hover=units["hover"],
        customdata=units["unit_code"].tolist(),
        cliponaxis=False,
    )
    return figure
