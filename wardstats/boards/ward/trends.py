"""How each indicator of a unit moved over the last year of periods, as small multiples."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from wardstats.charts.html.small_multiples import Trend, small_multiples
from wardstats.charts.style import unit_colours
from wardstats.core.rows import dictionaries
from wardstats.core.statuses import weakest
from wardstats.view import headline
from wardstats.view.criteria_words import amount
from wardstats.view.indicator_card import card_address
from wardstats.view.view import View

PERIODS = 13  # a year of months, its start included


@dataclass(frozen=True)
class Trends:
    """The small trends as HTML, the finding above them, and the figures as a table: a row an indicator."""

    finding: str
    html: str
    table: pd.DataFrame


def draw_trends(view: View, unit_code: str) -> Trends | None:
    """Return the trends of a unit; None where no indicator was measured twice."""
    newest_first = view.frame("ranked_period")["period"].tolist()
    periods = newest_first[newest_first.index(view.period) :][:PERIODS][::-1]
    rows = view.frame("unit_trend", unit=unit_code, since=periods[0], period=view.period)
    values, medians = _by_code(rows, "value", periods), _by_code(rows, "median", periods)
    statuses = rows.groupby("indicator_code")["status"].agg(weakest).to_dict()
    drawn = {
        code: _trend(view, code, indicator, values[code], medians[code], statuses.get(code))
        for code, indicator in ((str(row["indicator_code"]), row) for row in dictionaries(view.scored.reset_index()))
        if sum(value is not None for value in values.get(code, ())) > 1
    }
    if not drawn:
        return None
    finding = _finding(view, list(drawn.values()), periods[0])
    ranking = view.ranking()
    colour = unit_colours(ranking["unit_code"])[unit_code]
    html = small_multiples(list(drawn.values()), colour, f"{view.unit_names[unit_code]}. {finding}")
    return Trends(finding, html, _table(view, drawn, periods, statuses))


def _by_code(rows: pd.DataFrame, column: str, periods: list[str]) -> dict[str, list[float | None]]:
    """Return each indicator's numbers along the periods."""
    at = {period: place for place, period in enumerate(periods)}
    found: dict[str, list[float | None]] = {}
    for code, period, value in zip(rows["indicator_code"], rows["period"], rows[column].tolist(), strict=True):
        numbers = found.setdefault(code, [None] * len(periods))
        if period in at:
            numbers[at[period]] = None if math.isnan(value) else value
    return found


def _trend(
    view: View,
    code: str,
    indicator: Mapping[str, Any],
    values: list[float | None],
    medians: list[float | None],
    status: str | None,
) -> Trend:
    speak = view.speak
    known = [value for value in values if value is not None]
    first, last = known[0], known[-1]
    change = round(last - first, int(indicator["decimals"]))
    is_lower_better = pd.notna(indicator["full_at"]) and indicator["full_at"] < indicator["zero_at"]
    direction = (1 if change > 0 else -1 if change < 0 else 0) * (-1 if is_lower_better else 1)
    moved = speak.signed(change, int(indicator["decimals"]))
    mark, word = {1: "▲", -1: "▼", 0: "–"}[direction], headline.mark(status, speak)
    return Trend(
        name=str(indicator["indicator_name"]),
        values=values,
        medians=medians,
        note=" · ".join(filter(None, (f"{amount(last, indicator, speak)} {mark} {moved}", word))),
        direction=direction,
        is_dotted=status == "demonstration",
        href=card_address(view, code),
    )


def _finding(view: View, trends: list[Trend], since: str) -> str:
    better = sum(trend.direction > 0 for trend in trends)
    worse = sum(trend.direction < 0 for trend in trends)
    return view.speak(
        "Since {period}: {better} better, {worse} worse, {same} unchanged",
        period=view.speak.period(since, is_short=True), better=better, worse=worse, same=len(trends) - better - worse,
    )  # fmt: skip


def _table(
    view: View, drawn: Mapping[str, Trend], periods: list[str], statuses: Mapping[Any, str | None]
) -> pd.DataFrame:
    names = {view.speak("Indicator"): [trend.name for trend in drawn.values()]}
    along = zip(*(trend.values for trend in drawn.values()), strict=True)  # noqa: PD011 - no frame
    months = {
        view.speak.period(period, is_short=True): pd.array(values, dtype="Float64")
        for period, values in zip(periods, along, strict=True)
    }
    told = headline.status_names(view.speak)
    return pd.DataFrame(
        names | months | {view.speak("Status"): [told.get(statuses.get(code) or "", "") for code in drawn]}
    )
