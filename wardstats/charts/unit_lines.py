"""Lines over periods: the chosen units in colour with their names at the end, all others thin and grey."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from wardstats.charts.figure import Figure
from wardstats.charts.style import CLICKABLE, FONT, axis_range, base_layout, palette
from wardstats.core.rows import dictionaries

_TOP, _BOTTOM = 12, 30
_TEXT_HEIGHT = 17
_AXIS_LETTERS = 30  # of all tick labels together: what a phone has room for


def unit_lines(
    history: pd.DataFrame,
    periods: list[str],
    language: str,
    is_dark: bool = False,
    height: int = 320,
) -> go.Figure:
    """Draw how units moved.

    Args:
        history: One row a unit and period: line (its key, which its points carry as customdata), name (with its sign,
            ready text), name_length (in letters), position (index into ``periods``), value, hover, colour (None for a
            grey one), symbol, is_dashed.
        periods: Labels of the horizontal axis, oldest first.
    """
    colours = palette(is_dark)
    known = history.dropna(subset="value")
    low, high = axis_range(known["value"])
    ends = known[known["colour"].notna()].sort_values("position").groupby("line", sort=False).tail(1)
    names = _apart(ends, low, high, height)
    right = int(max(ends["name_length"], default=0) * 7.6) + 20
    most_ticks = max(2, _AXIS_LETTERS // max((len(period) for period in periods), default=1))
    step = -(-len(periods) // most_ticks)
    ticks = list(range(len(periods) - 1, -1, -step))
    last = len(periods) - 1
    layout = base_layout(language, is_dark, height) | CLICKABLE
    layout |= {
        "margin": {"l": 44, "r": right, "t": _TOP, "b": _BOTTOM, "pad": 0},
        "xaxis": {
            "range": [-0.02 * last - 0.15, last + 0.15], "fixedrange": True, "showgrid": False, "zeroline": False,
            "tickvals": ticks, "tickangle": 0,
            "ticktext": [periods[tick] for tick in ticks], "tickfont": {"color": colours.muted, "size": 13},
        },
        "yaxis": {
            "range": [low, high], "fixedrange": True, "gridcolor": colours.line, "zeroline": False, "nticks": 6,
            "tickfont": {"color": colours.muted, "size": 13},
        },
        "annotations": [
            {
                "text": row["name"], "showarrow": False, "xref": "paper", "x": 1, "xshift": 8, "xanchor": "left",
                "yref": "y", "y": y, "yanchor": "middle", "font": {"family": FONT, "size": 14, "color": colours.ink},
            }
            for row, y in zip(dictionaries(ends), names, strict=True)
        ],
    }  # fmt: skip
    figure = Figure(layout=layout)
    _grey_lines(figure, known[known["colour"].isna()], colours.muted)
    for _, own in known[known["colour"].notna()].groupby("line", sort=False):
        first = own.iloc[0]
        figure.add(
            "scatter",
            x=own["position"].tolist(),
            y=own["value"].round(4).tolist(),
            mode="lines" if first["is_dashed"] else "lines+markers",
            line={"color": first["colour"], "width": 2.5, "dash": "dash" if first["is_dashed"] else "solid"},
            marker={"size": 8, "symbol": first["symbol"], "color": first["colour"]},
            hover=own["hover"],
            customdata=own["line"].tolist(),
            cliponaxis=False,
        )
    return figure


def _grey_lines(figure: Figure, others: pd.DataFrame, colour: str) -> None:
    """All grey lines as one trace, broken between units: 99 traces would be slow."""
    x: list[Any] = []
    y: list[Any] = []
    for _, line in others.groupby("line", sort=False):
        x += [*line["position"].tolist(), None]
        y += [*line["value"].round(4).tolist(), None]
    figure.add("scatter", x=x, y=y, mode="lines", line={"color": colour, "width": 1}, opacity=0.4, hoverinfo="skip")


def _apart(ends: pd.DataFrame, low: float, high: float, height: int) -> list[float]:
    """Heights of the names beside the lines' ends, moved until none covers another."""
    least = _TEXT_HEIGHT * (high - low) / max(height - _TOP - _BOTTOM, 1)
    wanted = ends["value"].tolist()
    order = sorted(range(len(wanted)), key=wanted.__getitem__)
    placed = [0.0] * len(wanted)
    floor = low + least / 2
    for place in order:
        placed[place] = max(wanted[place], floor)
        floor = placed[place] + least
    ceiling = high - least / 2
    for place in reversed(order):
        placed[place] = min(placed[place], ceiling)
        ceiling = placed[place] - least
    return placed
