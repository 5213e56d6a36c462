"""Which figures of a unit are missing, and which are older than how often they are measured allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from wardstats.core.rows import dictionaries
from wardstats.view.criteria_words import frequency_names
from wardstats.view.headline import status_names
from wardstats.view.indicator_card import card_address
from wardstats.view.indicator_place import member_figures
from wardstats.view.view import View

_MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True)
class LateFigures:
    """What has not come in.

    Attributes:
        finding: How many are missing and late, in one sentence.
        lines: (indicator, what is wrong in words, whether it is missing, its card), missing ones first.
        table: All figures of the unit with what they measure and their age.
    """

    finding: str
    lines: list[tuple[str, str, bool, str]]
    table: pd.DataFrame


def draw_late_figures(view: View, unit_code: str) -> LateFigures:
    """Return the missing figures of a unit, then the late ones."""
    figures = member_figures(view)
    own = dictionaries(figures[figures["unit_code"] == unit_code])
    missing = [row for row in own if is_missing(row)]
    late = sorted((row for row in own if is_late(row)), key=lambda row: -row["age_months"])
    told = [(row, _missing_text(view, row), True) for row in missing]
    told += [(row, _late_text(view, row), False) for row in late]
    lines = [
        (str(row["indicator_name"]), text, lacks, card_address(view, row["indicator_code"]))
        for row, text, lacks in told
    ]
    return LateFigures(_finding(view, len(missing), len(late)), lines, _table(view, own))


def is_missing(row: Mapping[str, Any]) -> bool:
    """Tell whether there is no figure at all; a 0/0 ratio is one."""
    return pd.isna(row["value"]) and pd.isna(row["numerator"])


def is_late(row: Mapping[str, Any]) -> bool:
    """Tell whether a whole further period of its own has passed since what the figure measures."""
    age = row["age_months"]
    return not is_missing(row) and pd.notna(age) and age >= _MONTHS.get(str(row["frequency"]), 1)


def _finding(view: View, missing: int, late: int) -> str:
    speak = view.speak
    if not missing and not late:
        return speak("All figures are in and up to date.")
    return speak("Missing: {missing}. Older than a period: {late}.", missing=missing, late=late)


def _missing_text(view: View, row: Mapping[str, Any]) -> str:
    often = frequency_names(view.speak)[row["frequency"]]
    most = view.speak.number(row["max_points"])
    return view.speak("missing; measured {often}, worth up to {points} points", often=often, points=most)


def _late_text(view: View, row: Mapping[str, Any]) -> str:
    speak = view.speak
    return speak(
        "of {period}: {months} {months:month|months} old; measured {often}",
        period=speak.period(row["measured_period"], is_short=True), months=int(row["age_months"]),
        often=frequency_names(speak)[row["frequency"]],
    )  # fmt: skip


def _table(view: View, own: list[dict[str, Any]]) -> pd.DataFrame:
    speak = view.speak
    often = frequency_names(speak)
    ages = pd.array([None if pd.isna(row["age_months"]) else int(row["age_months"]) for row in own], dtype="Int64")
    state = [speak("missing") if is_missing(row) else speak("late") if is_late(row) else speak("in") for row in own]
    measured = [row["measured_period"] for row in own]
    return pd.DataFrame(
        {
            speak("Indicator"): [row["indicator_name"] for row in own],
            speak("State"): state,
            speak("Measured"): ["" if pd.isna(period) else speak.period(period, is_short=True) for period in measured],
            speak("Age in months"): ages,
            speak("How often"): [often[row["frequency"]] for row in own],
            speak("Status"): [status_names(speak).get(row["status"], "") for row in own],
        }
    )
