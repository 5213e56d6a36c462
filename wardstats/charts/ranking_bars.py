"""The ranking as bars: one row a unit, its parts by theme, rank and change at the left, score at the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from wardstats.charts.figure import Figure
from wardstats.charts.style import CLICKABLE, FONT, GOLD, Palette, base_layout, link, palette
from wardstats.core.palette import BOTH
from wardstats.core.rows import dictionaries, plain

_NAME, _GAP = 40, 10
_OWN: str = BOTH["themes"][6]  # the first place of an order that is not the official one


def ranking_bars(
    ranking: pd.DataFrame, parts: pd.DataFrame, language: str, is_dark: bool = False, row_height: int | None = None,
    *, guides: Sequence[float] = (), is_official: bool = True,
) -> go.Figure:  # fmt: skip
    """Draw a ranking.

    Args:
        ranking: One row a unit, best first: unit_code, rank (or NaN), unit_name, note (small text below the name, may
            be empty, lines joined by <br>), score_text, coverage_text (likewise, below the score), delta (such as ▲ 2),
            delta_sign (1, 0, -1), score, max_score, adjustment (bonus or penalty points in it), adjustment_hover, href
            (where the name leads).
        parts: One row a unit and theme: unit_code, theme_name, colour, score, is_demonstration, hover (ready text).
            Themes in the order they are stacked.
        row_height: Pixels a row; chosen by the number of rows if not given.
        guides: Limits in percent of the most points, drawn as dotted lines over the bars.
        is_official: Round signs, gold for the first; another order gets square grey ones, so that nobody mistakes it.

    Returns:
        A figure whose marks carry the unit_code as customdata, those of the themes first. A bonus stands at the end of
        a bar; a penalty is struck out of it. So the coloured parts and the bonus, less what is struck out, are as long
        as the score.
    """
    count = len(ranking)
    has_second_line = any("<br>" in text for name in ("note", "coverage_text") for text in ranking[name])
    row_height = row_height or (42 + 16 * has_second_line if count <= 12 else 34 if count <= 40 else 26)
    has_notes = row_height >= 42
    colours = palette(is_dark)
    rows = {code: row for row, code in enumerate(ranking["unit_code"])}
    widths = [len(name) * 8.4 for name in ranking["unit_name"]]
    widths += [len(line) * 5.9 for note in ranking["note"] for line in note.split("<br>")] if has_notes else []
    name_width = int(max(widths, default=40)) + 6
    left = _NAME + name_width + 44
    below = [len(line) for text in ranking["coverage_text"] for line in text.split("<br>")] if has_notes else []
    known = parts.groupby("unit_code")["score"].sum().reindex(ranking["unit_code"]).fillna(0).to_numpy()
    added = ranking["adjustment"].fillna(0).to_numpy(dtype=float)
    low, most = _ends(ranking, known + added)
    layout = base_layout(language, is_dark, count * row_height + 8) | CLICKABLE
    layout |= {
        "margin": {"l": left, "r": max(58, int(_GAP + 6 * max(below, default=0))), "t": 4, "b": 4, "pad": 0},
        "barmode": "stack",
        "bargap": 0.0,
        "xaxis": {
            "range": [low, most], "visible": False, "fixedrange": True,
        },
        "yaxis": {"range": [count - 0.5, -0.5], "visible": False, "fixedrange": True},
        "shapes": [
            _badge(row, rank, -left, min(14, row_height // 2 - 1), colours.badge, is_official)
            for row, rank in enumerate(plain(ranking["rank"]))
        ]
        + [_guide(percent, float(ranking["max_score"].max() or 1), colours.ink) for percent in guides],
        "annotations": [
            text
            for row, line in enumerate(dictionaries(ranking))
            for text in _texts(row, line, colours, name_width, has_notes)
        ],
    }  # fmt: skip
    thickness = 0.5 if has_notes else 0.56
    figure = Figure(layout=layout)
    for name, part in parts.groupby("theme_name", sort=False):
        hatched = ["/" if demonstration else "" for demonstration in part["is_demonstration"]]
        figure.add(
            "bar",
            orientation="h",
            name=name,
            x=part["score"].fillna(0).round(4).tolist(),
            y=[rows[code] for code in part["unit_code"]],
            width=thickness,
            marker={
                "color": part["colour"].iloc[0],
                "line": {"width": 0},
                "pattern": {
                    "shape": hatched,
                    "size": 5,
                    "solidity": 0.18,
                    "fgcolor": colours.hatch,
                    "fillmode": "overlay",
                },
            },
            customdata=part["unit_code"].tolist(),
            hover=part["hover"],
        )
    _add_adjustments(figure, ranking, known, added, thickness, colours)
    figure.add(
        "bar",
        orientation="h",
        x=(ranking["max_score"].to_numpy() - known - added.clip(min=0)).clip(min=0).round(4).tolist(),
        y=list(range(count)),
        width=thickness,
        marker={"color": colours.track, "line": {"width": 0}},
        customdata=list(rows),
        hoverinfo="none",
    )
    return figure


def _ends(ranking: pd.DataFrame, totals: np.ndarray) -> tuple[float, float]:
    """Where the bars begin and end: 0 and the most points, further where a penalty or a bonus reaches beyond."""
    return min(0.0, float(totals.min(initial=0.0))), max(
        float(ranking["max_score"].max() or 1), float(totals.max(initial=0.0))
    )


def _add_adjustments(
    figure: Figure, ranking: pd.DataFrame, known: np.ndarray, added: np.ndarray, thickness: float, colours: Palette
) -> None:
    """Add bonus points to the end of the bars, and strike penalty points out of it."""
    for is_bonus, colour in ((True, GOLD), (False, colours.fall)):
        rows = np.flatnonzero(added > 0 if is_bonus else added < 0)
        if not len(rows):
            continue
        where = {} if is_bonus else {"base": (known + added)[rows].round(4).tolist()}
        figure.add(
            "bar",
            orientation="h",
            x=np.abs(added[rows]).round(4).tolist(),
            y=rows.tolist(),
            width=thickness,
            marker={
                "color": colour if is_bonus else colours.track,
                "line": {"width": 0 if is_bonus else 1.5, "color": colour},
                "pattern": {"shape": "" if is_bonus else "x", "size": 6, "solidity": 0.25, "fgcolor": colour},
            },
            hover=ranking["adjustment_hover"].iloc[rows],
            customdata=ranking["unit_code"].iloc[rows].tolist(),
            **where,
        )


def _badge(row: int, rank: int | None, left: int, radius: int, colour: str, is_official: bool) -> dict[str, Any]:
    return {
        "type": "circle" if is_official else "rect",
        "xref": "paper", "yref": "y", "xsizemode": "pixel", "ysizemode": "pixel",
        "xanchor": 0, "yanchor": row, "layer": "below", "line": {"width": 0},
        "x0": left + 14 - radius, "x1": left + 14 + radius, "y0": -radius, "y1": radius,
        "fillcolor": (GOLD if is_official else _OWN) if rank == 1 else colour,
    }  # fmt: skip


def _guide(percent: float, most: float, colour: str) -> dict[str, Any]:
    at = percent / 100 * most
    return {
        "type": "line", "xref": "x", "yref": "paper", "x0": at, "x1": at, "y0": 0, "y1": 1,
        "line": {"width": 1.5, "dash": "dot", "color": colour}, "layer": "above",
    }  # fmt: skip


def _texts(row: int, line: dict[str, Any], colours: Any, name_width: int, has_notes: bool) -> list[dict[str, Any]]:
    left = -(_NAME + name_width + 44)
    rank = "–" if line["rank"] is None else str(int(line["rank"]))
    change = {1: colours.rise, -1: colours.fall}.get(line["delta_sign"], colours.muted)
    rank_colour = "#ffffff" if line["rank"] == 1 else colours.ink
    note, coverage = (line["note"], line["coverage_text"]) if has_notes else ("", "")
    name = link(f"<b>{line['unit_name']}</b>", line["href"])
    # Every text is measured by the browser: two lines in one cost as much as one.
    return [
        _text(row, f"<b>{rank}</b>", left + 14, "center", rank_colour, 15),
        _text(row, f"{name}{_below(note, colours)}", left + _NAME, "left", colours.ink, 16),
        _text(row, line["delta"], -_GAP, "right", change, 14),
        _text(row, f"<b>{line['score_text']}</b>{_below(coverage, colours)}", _GAP, "left", colours.ink, 17, x=1),
    ]


def _below(text: str, colours: Any) -> str:
    return f'<br><span style="font-size:13px;color:{colours.muted}">{text}</span>' if text else ""


def _text(row: int, text: str, xshift: float, anchor: str, colour: str, size: int, x: float = 0) -> dict[str, Any]:
    return {
        "text": text, "showarrow": False, "align": "left",
        "xref": "paper", "x": x, "xshift": xshift, "xanchor": anchor,
        "yref": "y", "y": row, "yanchor": "middle",
        "font": {"family": FONT, "size": size, "color": colour},
    }  # fmt: skip
