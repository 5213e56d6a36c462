"""Two indicators against each other, a point for each unit, named where the name has room."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from wardstats.charts.figure import Figure
from wardstats.charts.style import CLICKABLE, FONT, GREEN, axis_range, base_layout, palette
from wardstats.core.palette import BOTH
from wardstats.core.rows import dictionaries

_HEIGHT = 460
_WIDTH = 620  # the width names are placed for; on a narrower screen some may come close
_MOST_NAMES = 40


def unit_scatter(units: pd.DataFrame, titles: tuple[str, str], language: str, is_dark: bool = False) -> go.Figure:
    """Draw a scatter.

    Args:
        units: One row a unit: unit_code, x, y, name, hover, colour (its own if it was chosen, else None).
        titles: Names of the two axes.
    """
    colours = palette(is_dark)
    ranges = [axis_range(units[axis]) for axis in ("x", "y")]
    shared: dict[str, Any] = {
        "fixedrange": True, "zeroline": False, "gridcolor": colours.line, "nticks": 7,
        "tickfont": {"color": colours.muted, "size": 13},
    }  # fmt: skip
    title_font = {"family": FONT, "size": 14, "color": colours.ink}
    layout = base_layout(language, is_dark, _HEIGHT) | CLICKABLE
    layout |= {
        "margin": {"l": 48, "r": 12, "t": 34, "b": 64, "pad": 0},
        "xaxis": {**shared, "range": ranges[0]},
        "yaxis": {**shared, "range": ranges[1]},
        "annotations": [
            {
                "text": titles[0], "showarrow": False, "xref": "paper", "x": 1, "xanchor": "right", "yref": "paper",
                "y": 0, "yshift": -36, "yanchor": "top", "font": title_font,
            },
            {
                "text": titles[1], "showarrow": False, "xref": "paper", "x": 0, "xshift": -40, "xanchor": "left",
                "yref": "paper", "y": 1, "yshift": 8, "yanchor": "bottom", "font": title_font,
            },
            *_names(units, ranges, colours.ink),
        ],
    }  # fmt: skip
    figure = Figure(layout=layout)
    figure.add(
        "scatter",
        x=units["x"].round(6).tolist(),
        y=units["y"].round(6).tolist(),
        mode="markers",
        marker={
            "size": 12 if len(units) <= 60 else 8,
            "color": units["colour"].fillna(BOTH["themes"][1] if is_dark else GREEN).tolist(),
            "opacity": 0.85,
            "line": {"width": 1, "color": "#ffffff"},
        },
        hover=units["hover"],
        customdata=units["unit_code"].tolist(),
        cliponaxis=False,
    )
    return figure


def _names(units: pd.DataFrame, ranges: list[tuple[float, float]], ink: str) -> list[dict[str, Any]]:
    """Place names above, below, right or left of their points where nothing is covered; the hover has the others."""
    if len(units) > _MOST_NAMES:
        units = units[units["colour"].notna()]
    (x_low, x_high), (y_low, y_high) = ranges
    points = [
        ((row["x"] - x_low) / (x_high - x_low) * _WIDTH, (row["y"] - y_low) / (y_high - y_low) * (_HEIGHT - 98), row)
        for row in dictionaries(units)
    ]
    taken = [(x - 7, y - 7, x + 7, y + 7) for x, y, _ in points]
    notes = []
    for x, y, row in points:
        half = len(row["name"]) * 3.7
        for dx, dy in ((0, 16), (0, -16), (half + 11, 0), (-half - 11, 0)):
            box = (x + dx - half, y + dy - 8, x + dx + half, y + dy + 8)
            inside = box[0] >= 0 and box[2] <= _WIDTH
            if inside and not any(_cover(box, other) for other in taken):
                taken.append(box)
                notes.append(
                    {
                        "text": row["name"], "showarrow": False, "x": row["x"], "y": row["y"], "yshift": dy,
                        "xshift": 11 if dx > 0 else -11 if dx < 0 else 0,
                        "xanchor": "left" if dx > 0 else "right" if dx < 0 else "center",
                        "font": {"family": FONT, "size": 13, "color": ink},
                    }
                )  # fmt: skip
                break
    return notes


def _cover(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
