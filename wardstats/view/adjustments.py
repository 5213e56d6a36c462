"""Bonus and penalty points: how much of a total they are, and by which decisions; said wherever a total stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd

from wardstats.charts.html.pieces import Card
from wardstats.core.languages import Translator
from wardstats.core.records import ROOT
from wardstats.core.rows import dictionaries
from wardstats.view.view import View

MOST_NAMED = 5  # units that a sentence names; more are counted

Decisions = list[dict[Any, Any]]


def decisions(view: View, periods: Sequence[str]) -> dict[str, Decisions]:
    """Return the rows of queries/adjustment.sql by unit; empty for a theme, whose score has no bonus and penalty.

    Args:
        view: Snapshot, language and theme.
        periods: The ranked periods that the totals are of.
    """
    return _decisions(view, tuple(periods)) if view.node == ROOT else {}


@lru_cache(maxsize=64)
def _decisions(view: View, periods: tuple[str, ...]) -> dict[str, Decisions]:
    found: dict[str, Decisions] = {}
    for row in dictionaries(view.frame("adjustment", periods=periods, language=view.language)):
        found.setdefault(row["unit_code"], []).append(row)
    return found


def reasons(rows: Decisions, speak: Translator) -> str:
    """Write decisions with their reason and source: late report −3.0 (Decision 12); each with its period if several."""
    has_periods = len({row["period"] for row in rows}) > 1
    return "; ".join(
        f"{row['reason']} {signed(row['points'], speak)} ({row['source_title']}"
        + (f", {speak.period(row['period'], is_short=True)})" if has_periods else ")")
        for row in rows
    )


def sum_text(score: float | None, adjustment: float, speak: Translator) -> str:
    """Write a total as what it is added up from: 75.0 + 60.0; empty where nothing was added."""
    if score is None or pd.isna(score) or not adjustment:
        return ""
    digits = _digits(adjustment)
    base = round(score, digits) - round(adjustment, digits)  # so that the parts add up as they are shown
    sign = "+" if adjustment > 0 else "−"
    return f"{speak.number(base, digits)} {sign} {speak.number(abs(adjustment), digits)}"


def signed(points: float, speak: Translator) -> str:
    """Write bonus or penalty points with their sign, and no more decimals than they have."""
    return speak.signed(points, _digits(points))


def _digits(points: float) -> int:
    return 1 if abs(points - round(points, 1)) < 1e-9 else 2


def told(row: Mapping[Any, Any], rows: Decisions, speak: Translator) -> str:
    """Say how a total of a ranking is added up, and why: 75.0 + 60.0: reason +60.0 (source).

    Args:
        row: score and adjustment, as queries/ranking.sql gives them.
        rows: The unit's decisions.
        speak: The reader's language.
    """
    return ": ".join(filter(None, (sum_text(row["score"], row["adjustment"], speak), reasons(rows, speak))))


def summary(ranking: pd.DataFrame, speak: Translator) -> str:
    """Say who has bonus or penalty points in the totals of a ranking; empty where nobody has."""
    rows = dictionaries(ranking[ranking["adjustment"].fillna(0) != 0])
    if not rows:
        return ""
    names = [f"{row['unit_name']}\u00a0{signed(row['adjustment'], speak)}" for row in rows[:MOST_NAMED]]
    more = len(rows) - MOST_NAMED
    told = speak("{names} and {count} more", names=", ".join(names), count=more) if more > 0 else speak.names(names)
    return f"{speak('Bonus and penalty points')}: {told}."


def unit_card(row: Mapping[Any, Any], rows: Decisions, speak: Translator) -> list[Card]:
    """Return a card that says how a unit's total is added up, and why; none where it has no bonus and penalty."""
    if not rows:
        return []
    detail = " · ".join(filter(None, (sum_text(row["score"], row["adjustment"], speak), reasons(rows, speak))))
    return [Card(speak("Bonus and penalty points"), signed(row["adjustment"], speak), detail)]
