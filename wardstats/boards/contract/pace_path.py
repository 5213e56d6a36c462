"""The line of one pledge, ready to be drawn: its figures, the path to the target, and both in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import plotly.graph_objects as go

from wardstats.boards.contract.board import draw_contract
from wardstats.charts.pace_line import pace_line
from wardstats.core.periods import parse_period
from wardstats.core.rows import dictionaries
from wardstats.view.club_words import state_names
from wardstats.view.view import View


@dataclass(frozen=True)
class PledgeLine:
    """The drawing, its figures as (day, value, text), and the same for those who do not see it."""

    figures: list[tuple[date, float, str]]
    drawing: go.Figure
    alt_text: str


def draw_pledge_line(view: View, year: int, unit_code: str, indicator_code: str) -> PledgeLine:
    """Return the line of one pledge."""
    speak = view.speak
    board = draw_contract(view, year)
    pledge = next(p for p in board.pledges if (p.unit_code, p.indicator_code) == (unit_code, indicator_code))
    until = min(parse_period(view.period).ends_on, date(year, 12, 31))
    figures = _figures(view, year, unit_code, indicator_code, pledge.row, until)
    progress, target = pledge.progress, float(pledge.row["target"])
    path = []
    if progress.start is not None and progress.start_on is not None:
        path = [(progress.start_on, progress.start), (date(year, 12, 31), target)]
    target_text = f"{speak('target')} {view.figure(indicator_code, target)}"
    now = view.figure(indicator_code, pledge.row["current_value"], target)
    alt = f"{view.indicator_name(indicator_code)}: {now}, {target_text}, {state_names(speak)[progress.state]}"
    drawing = pace_line(figures, path, target, target_text, progress.state, view.language, view.is_dark)
    return PledgeLine(figures, drawing, alt)


def _figures(
    view: View, year: int, unit_code: str, indicator_code: str, row: dict[str, Any], until: date
) -> list[tuple[date, float, str]]:
    """The figures of the year up to a day, with the one the line begins at; added up where they add up."""
    known = view.frame("contract_figure", year=year, unit=unit_code)
    found, total = [], 0.0
    for item in dictionaries(known[known["indicator_code"] == indicator_code]):
        day = item["ends_on"].date()
        is_baseline = item["period"] == row["baseline_period"] and row["pace"] in ("level", "hold")
        if day > until or not (day.year == year or is_baseline):
            continue
        value = float(item["value"])
        if row["pace"] == "sum":
            total += value
            value = total
        text = f"{view.speak.period(item['period'])}: {view.figure(indicator_code, value)}"
        found.append((day, value, text))
    return found
