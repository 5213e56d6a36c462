"""One pledge over its year: the figures so far, the line that leads to the target, and the target itself."""

from __future__ import annotations

from datetime import date
from typing import Any

import plotly.graph_objects as go

from wardstats.charts.figure import Figure
from wardstats.charts.style import GOLD, base_layout, palette

HEIGHT = 190


def pace_line(
    figures: list[tuple[date, float, str]],
    path: list[tuple[date, float]],
    target: float,
    target_text: str,
    state: str,
    language: str,
    is_dark: bool = False,
) -> go.Figure:
    """Draw figures against the line.

    Args:
        figures: (day, value, hover) in the order of time.
        path: The line from its start to the target: its corners; empty where none can be drawn.
        target_text: The target in words, at the left end.
        state: See ``wardstats.view.contract_pace``; behind and missed turn the last figure to the colour of warnings.
    """
    colours = palette(is_dark)
    warns = state in ("behind", "missed")
    year = path[-1][0].year if path else figures[-1][0].year if figures else 2000
    everything = [target, *(value for _, value, _ in figures), *(value for _, value in path)]
    low, high = min(everything), max(everything)
    room = (high - low or abs(high) or 1.0) * 0.16
    layout: dict[str, Any] = base_layout(language, is_dark, HEIGHT)
    layout |= {
        "margin": {"l": 40, "r": 12, "t": 18, "b": 24, "pad": 2},
        "xaxis": {
            "type": "date", "range": [f"{year - 1}-12-20", f"{year}-12-31"], "fixedrange": True, "showgrid": False,
            "tickvals": [f"{year}-{month:02}-01" for month in (1, 4, 7, 10)],
            "ticktext": [f"{month}/{year}" for month in (1, 4, 7, 10)], "color": colours.muted,
            "tickfont": {"size": 12},
        },
        "yaxis": {
            "range": [low - room, high + room], "fixedrange": True, "gridcolor": colours.line, "color": colours.muted,
            "nticks": 4, "tickfont": {"size": 12}, "zeroline": False,
        },
        "annotations": [
            {
                "x": 0.01, "xref": "paper", "xanchor": "left", "y": target, "yanchor": "bottom", "text": target_text,
                "showarrow": False, "font": {"size": 12, "color": colours.ink},
            }
        ],
        "shapes": [
            {
                "type": "line", "x0": 0, "x1": 1, "xref": "paper", "y0": target, "y1": target, "layer": "below",
                "line": {"color": GOLD, "width": 1.5},
            }
        ],
    }  # fmt: skip
    figure = Figure(layout=layout)
    if path:
        figure.add(
            "scatter",
            x=[day.isoformat() for day, _ in path],
            y=[value for _, value in path],
            mode="lines",
            line={"dash": "dash", "width": 2, "color": colours.muted},
            hoverinfo="skip",
        )
    if figures:
        marks = [colours.own] * (len(figures) - 1) + [colours.fall if warns else colours.own]
        figure.add(
            "scatter",
            x=[day.isoformat() for day, _, _ in figures],
            y=[round(value, 4) for _, value, _ in figures],
            mode="lines+markers",
            line={"width": 2.5, "color": colours.own},
            marker={"size": [6] * (len(figures) - 1) + [11], "color": marks},
            hover=[text for _, _, text in figures],
        )
    return figure
