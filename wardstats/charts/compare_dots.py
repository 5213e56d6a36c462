"""A few units against all others, row by row: a grey dot for each other one, a coloured sign for each chosen one."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from wardstats.charts.figure import Figure
from wardstats.charts.style import FONT, base_layout, palette
from wardstats.frames import records

_ROW = 52
_MOST_HOVERS = 800  # beyond, the greys keep their dots and lose their texts: the page would weigh megabytes
_CLOSE = 0.015  # signs nearer than this would hide each other, so they share the line's height


def compare_dots(
    rows: pd.DataFrame,
    others: pd.DataFrame,
    chosen: pd.DataFrame,
    reference: pd.DataFrame,
    language: str,
    is_dark: bool = False,
) -> go.Figure:
    """Draw shares of the points that can be had, one line a row.

    Args:
        rows: Top first: label and note (ready text, left and right above the line).
        others: One row a dot: row (index into ``rows``), share (0 to 1), hover.
        chosen: The same with unit_code, colour, symbol, is_demonstration (drawn hollow).
        reference: The same as ``others``: the value compared against, drawn as a stroke; may be empty.
        language: Sets the number separators.
        is_dark: Draw for a dark page.
    """
    colours = palette(is_dark)
    count = len(rows)
    shares = pd.concat([others["share"], chosen["share"], reference["share"]]).dropna()
    low, high = min(0.0, shares.min() if len(shares) else 0), max(1.0, shares.max() if len(shares) else 1)
    span = chosen.dropna(subset="share").groupby("row")["share"].agg(["min", "max"])
    layout = base_layout(language, is_dark, count * _ROW + 12)
    layout |= {
        "margin": {"l": 10, "r": 10, "t": 6, "b": 6, "pad": 0},
        "xaxis": {"range": [low, high], "visible": False, "fixedrange": True},
        "yaxis": {"range": [count - 0.35, -0.65], "visible": False, "fixedrange": True},
        "annotations": [
            note
            for row, line in enumerate(records(rows))
            for note in (
                _text(row, line["label"], low, "left", colours.ink),
                _text(row, line["note"], high, "right", colours.muted),
            )
        ],
        "shapes": [
            *(_line(row, low, high, colours.grid, 2) for row in range(count)),
            *(_line(int(str(row)), ends["min"], ends["max"], colours.muted, 3) for row, ends in span.iterrows()),
        ],
    }  # fmt: skip
    figure = Figure(layout=layout)
    _scatter(figure, others, {"size": 9, "color": colours.muted, "opacity": 0.35}, len(others) <= _MOST_HOVERS)
    _scatter(
        figure, reference,
        {"size": 14, "symbol": "line-ns-open", "color": colours.ink, "line": {"width": 3, "color": colours.ink}}, True,
    )  # fmt: skip
    for _, own in chosen.dropna(subset="share").assign(row=_spread(chosen)).groupby("unit_code", sort=False):
        hollow = own["is_demonstration"].tolist()
        colour = own["colour"].iloc[0]
        ground = "#101815" if is_dark else "#ffffff"
        marker = {
            "size": 13,
            "symbol": own["symbol"].iloc[0],
            "color": [ground if is_hollow else colour for is_hollow in hollow],
            "line": {"width": [3 if is_hollow else 1 for is_hollow in hollow], "color": colour},
        }
        _scatter(figure, own, marker, True)
    return figure


def _spread(chosen: pd.DataFrame) -> pd.Series:
    """Give signs that would hide each other a little height of their own: downwards, as the texts stand above."""
    known = chosen.dropna(subset="share").sort_values(["row", "share"], kind="stable")
    is_new = (known["row"] != known["row"].shift()) | (known["share"] - known["share"].shift() > _CLOSE)
    group = is_new.cumsum()
    place = group.groupby(group).cumcount()
    size = group.groupby(group).transform("size")
    step = size.map(lambda signs: 0.15 if signs < 4 else 0.11)
    return (known["row"] + place * step).reindex(chosen.dropna(subset="share").index)


def _scatter(figure: go.Figure, dots: pd.DataFrame, marker: dict[str, Any], has_hover: bool) -> None:
    known = dots.dropna(subset="share")
    if known.empty:
        return
    hover = (
        {"hovertext": known["hover"].tolist(), "hovertemplate": "%{hovertext}<extra></extra>"}
        if has_hover
        else {"hoverinfo": "skip"}
    )
    figure.add_scatter(
        x=known["share"].round(4).tolist(), y=known["row"].round(3).tolist(), mode="markers", marker=marker,
        cliponaxis=False, **hover,
    )  # fmt: skip


def _line(row: int, start: float, end: float, colour: str, width: int) -> dict[str, Any]:
    return {
        "type": "line", "layer": "below", "x0": start, "x1": end, "y0": row, "y1": row,
        "line": {"color": colour, "width": width},
    }  # fmt: skip


def _text(row: int, text: str, x: float, anchor: str, colour: str) -> dict[str, Any]:
    return {
        "text": text, "showarrow": False, "xref": "x", "x": x, "xanchor": anchor, "yref": "y", "y": row, "yshift": 19,
        "yanchor": "middle", "font": {"family": FONT, "size": 14, "color": colour},
        "captureevents": "<a " in text,  # else a link in it could not be clicked
    }  # fmt: skip
