"""How far each unit is with each model, as a matrix with words in its cells, and how models spread over time."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap

import pandas as pd
import plotly.graph_objects as go

from wardstats.charts.figure import Figure
from wardstats.charts.style import FONT, UNIT_COLOURS, base_layout, palette

_ROW = 52  # three lines of text
_LEFT = 104
# Step 0 to 3: from the page's own ground to the green of the data.
_SCALES = {
    False: ["#f0f5f3", "#cfe3d8", "#6fb193", "#0b5d43"],
    True: ["#1b2621", "#24493a", "#2f7f5f", "#a5e0c6"],
}
_INK = {False: ["#53635b", "#14231d", "#14231d", "#ffffff"], True: ["#a9b8b1", "#e8efec", "#ffffff", "#0e1712"]}
_DASHES = ("solid", "dash", "dot", "dashdot")


def adoption_matrix(
    stages: pd.DataFrame,
    units: Mapping[str, str],
    models: Mapping[str, str],
    texts: Mapping[tuple[str, str], tuple[str, str]],
    language: str,
    is_dark: bool = False,
) -> go.Figure:
    """Draw units in rows and models in columns.

    Args:
        stages: unit_code, model_code, step (0 to 3).
        units: Names by code, top first.
        models: Names by code, left first.
        texts: What stands in a cell and in its hover, by (unit, model).
        language: Sets the number separators.
        is_dark: Draw for a dark page.
    """
    steps = {(u, m): s for u, m, s in stages[["unit_code", "model_code", "step"]].itertuples(index=False)}
    colours, inks, ground = palette(is_dark), _INK[is_dark], _SCALES[is_dark]
    layout = base_layout(language, is_dark, len(units) * _ROW + 64)
    layout |= {
        "margin": {"l": _LEFT, "r": 4, "t": 60, "b": 4, "pad": 6},
        "xaxis": {
            "side": "top", "fixedrange": True, "tickvals": list(range(len(models))), "tickangle": 0, "showgrid": False,
            "ticks": "", "zeroline": False,
            "ticktext": ["<br>".join(wrap(name, 13)) for name in models.values()], "range": [-0.5, len(models) - 0.5],
            "tickfont": {"size": 13}, "color": colours.ink,
        },
        "yaxis": {
            "fixedrange": True, "tickvals": list(range(len(units))), "ticktext": list(units.values()),
            "showgrid": False, "zeroline": False, "ticks": "", "range": [len(units) - 0.5, -0.5],
            "tickfont": {"size": 14},
        },
        "annotations": [
            {
                "x": column, "y": row, "text": texts.get((unit, model), ("–", ""))[0], "showarrow": False,
                "align": "center", "font": {"family": FONT, "size": 12, "color": inks[steps.get((unit, model), 0)]},
            }
            for row, unit in enumerate(units)
            for column, model in enumerate(models)
        ],
    }  # fmt: skip
    figure = Figure(layout=layout)
    figure.add(
        "heatmap",
        z=[[steps.get((unit, model), 0) for model in models] for unit in units],
        x=list(range(len(models))),
        y=list(range(len(units))),
        colorscale=[(place / 3, colour) for place, colour in enumerate(ground)],
        zmin=0,
        zmax=3,
        showscale=False,
        xgap=3,
        ygap=3,
        hovertext=[
            [f"<b>{units[unit]}</b><br>{models[model]}<br>{texts.get((unit, model), ('', '–'))[1]}" for model in models]
            for unit in units
        ],
        hovertemplate="%{hovertext}<extra></extra>",
    )
    return figure


def adoption_spread(counts: pd.DataFrame, models: Mapping[str, str], language: str, is_dark: bool = False) -> go.Figure:
    """Draw how many units have begun each model, step by step over time; each line carries its name at its end.

    Args:
        counts: day, model_code, count; a row for every model with any, at every day on which something changed.
        models: Names by code.
        language: Sets the number separators.
        is_dark: Draw for a dark page.
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
            "range": [0, most + 0.6], "fixedrange": True, "dtick": 1, "gridcolor": colours.grid, "color": colours.muted,
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
