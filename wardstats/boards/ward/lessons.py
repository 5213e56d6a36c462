"""What a unit is strong and weak at, and whom it can learn from: who does better there, and who improved most there.

Every lesson has its reason in numbers. Owns the choice and the words; places and gaps are those of ``statistics``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from wardstats.charts.html.pieces import Lesson, Part
from wardstats.core.periods import parse_period
from wardstats.core.rows import dictionaries
from wardstats.core.statuses import weakest
from wardstats.scoring import score_period
from wardstats.scoring.statistics import strengths_and_weaknesses
from wardstats.view import figure_status
from wardstats.view.addresses import compare_address
from wardstats.view.completeness import unfinished
from wardstats.view.criteria_words import amount
from wardstats.view.headline import mark, status_names
from wardstats.view.indicator_card import card_address
from wardstats.view.indicator_place import IndicatorPlace, indicator_places
from wardstats.view.scoring_inputs import shared_input
from wardstats.view.view import View

SHOWN = 4  # strengths, weaknesses, lessons
ROOM = 6
_LEAST_POINTS = 0.05  # a gap that no number on the page would show
_LEAST_MOVE = 0.03  # of the points of an indicator: less is no improvement to learn from
_PERIODS_BACK = {"month": 12, "quarter": 4, "year": 1}


@dataclass(frozen=True)
class Lessons:
    """Strengths and weaknesses as parts against the median, and the lessons; lists may be empty."""

    strengths: list[Part]
    weaknesses: list[Part]
    lessons: list[Lesson]
    table: pd.DataFrame


def draw_lessons(view: View, unit_code: str) -> Lessons:
    """Return a unit's strengths, weaknesses and lessons; empty where it is not ranked."""
    result = score_period(shared_input(view, view.period))
    if unit_code not in result.unit_codes:
        return Lessons([], [], [], pd.DataFrame())
    found = strengths_and_weaknesses(result, unit_code, view.node)
    statuses = figure_status.by_indicator(view, view.period)
    found = found.assign(status=found["indicator_code"].map(statuses))
    known = found.dropna(subset="gap")
    strong = known[known["gap"] >= _LEAST_POINTS].head(SHOWN)
    weak = known[known["gap"] <= -_LEAST_POINTS].iloc[::-1].head(SHOWN)
    return Lessons(_parts(view, strong), _parts(view, weak), _lessons(view, unit_code), _table(view, found))


@dataclass(frozen=True)
class Room:
    """What is said of a unit that no single indicator lifts.

    Attributes:
        headline: Why that is so, and what follows.
        parts: The indicators on which most points are left, most first; empty for a unit without a score.
        earned: How many of its points each of them has, in words.
    """

    headline: str
    parts: list[Part]
    earned: list[str]


def draw_room(view: View, unit_code: str) -> Room:
    """Return the points that a unit has not earned yet, most first."""
    speak = view.speak
    board = view.ranking().set_index("unit_code")
    rank = board["rank"].get(unit_code)
    if rank is None or pd.isna(rank):
        return Room(speak("No score yet, so there is no way up to show."), [], [])
    why = speak("It is in first place.") if rank == 1 else speak("No single indicator gains a place.")
    if note := unfinished(view.ranking(), speak):
        why = f"{note}."
    found = strengths_and_weaknesses(score_period(shared_input(view, view.period)), unit_code, view.node)
    left = dictionaries(found[found["left"] >= _LEAST_POINTS].sort_values("left", ascending=False, kind="stable"))[
        :ROOM
    ]
    if not left:
        return Room(why, [], [])
    own = figure_status.by_indicator(view, view.period, unit_code)
    parts = [
        Part(
            view.indicator_name(row["indicator_code"]), row["left"], speak.signed(row["left"], 2),
            card_address(view, row["indicator_code"]), mark(own.get(row["indicator_code"]), speak),
        )
        for row in left
    ]  # fmt: skip
    earned = [
        speak("{score} of {max} points", score=speak.number(row["points"], 2), max=speak.scale(row["max_points"]))
        for row in left
    ]
    return Room(f"{why} {speak('Most points are still to be had here:')}", parts, earned)


def _parts(view: View, rows: pd.DataFrame) -> list[Part]:
    speak = view.speak
    return [
        Part(
            f"{view.indicator_name(row['indicator_code'])} ({_place(view, row['rank'])})",
            row["gap"],
            speak.signed(row["gap"], 2),
            card_address(view, row["indicator_code"]),
            mark(row["status"], speak),
        )
        for row in dictionaries(rows)
    ]


def _place(view: View, rank: float) -> str:
    return view.speak("place {place}", place=int(rank)).replace(" ", "\u00a0")  # in one piece


def _table(view: View, found: pd.DataFrame) -> pd.DataFrame:
    speak = view.speak
    return pd.DataFrame(
        {
            speak("Indicator"): [view.indicator_name(code) for code in found["indicator_code"]],
            speak("Value"): found["value"].round(4),
            speak("Points"): found["points"].round(2),
            speak("Median of the points"): found["median_points"].round(2),
            speak("Against the median"): found["gap"].round(2),
            speak("Place"): found["rank"],
            speak("Among"): found["of"],
            speak("Status"): found["status"].map(status_names(speak)),
        }
    )


def _lessons(view: View, unit_code: str) -> list[Lesson]:
    """The indicators on which the unit leaves most points to the best, and who can show how."""
    standings = [standing for standing in indicator_places(view, unit_code) if standing.place and standing.others]
    gaps = {standing.code: _points_to_best(standing) for standing in standings}
    wanted = sorted(standings, key=lambda standing: -gaps[standing.code])[:SHOWN]
    wanted = [standing for standing in wanted if gaps[standing.code] >= _LEAST_POINTS]
    before, since = _year_before(view, [standing.code for standing in wanted])
    return [_lesson(view, standing, gaps[standing.code], before, since) for standing in wanted]


def _points_to_best(standing: IndicatorPlace) -> float:
    most = max(row["share"] for row in standing.others)
    return max(0.0, most - (standing.share or 0.0)) * standing.row["max_points"]


def _year_before(view: View, codes: list[str]) -> tuple[dict[tuple[str, str], Mapping[str, Any]], str]:
    """The figures of the ranked period a year before, or of the first one; by unit and indicator, and that period."""
    ranked = view.frame("ranked_period")
    newest_first = ranked["period"].tolist()
    older = newest_first[newest_first.index(view.period) + 1 :]
    if not older or not codes:
        return {}, ""
    steps = _PERIODS_BACK[parse_period(view.period).kind]
    since = older[min(steps, len(older)) - 1]
    figures = view.frame("figure_points", period=since, unit=(), indicator=tuple(sorted(codes)))
    return {(row["unit_code"], row["indicator_code"]): row for row in dictionaries(figures)}, since


def _lesson(
    view: View,
    standing: IndicatorPlace,
    gap: float,
    before: Mapping[tuple[str, str], Mapping[str, Any]],
    since: str,
) -> Lesson:
    speak, row, names = view.speak, standing.row, view.unit_names
    best = sorted(standing.others, key=lambda other: -other["share"])[0]
    own = speak(
        "now {value}, {points} points below the best", value=_value(view, row, row["value"]), points=speak.number(gap)
    )
    why = speak("best: {value}, {points} points more", value=_value(view, row, best["value"]), points=speak.number(gap))
    reasons = {best["unit_code"]: [why]}
    if climber := _climber(standing, before):
        then = before[climber["unit_code"], standing.code]["value"]
        why = speak(
            "improved most since {period}: from {before} to {now}", period=speak.period(since, is_short=True),
            before=_value(view, row, then), now=_value(view, row, climber["value"]),
        )  # fmt: skip
        reasons.setdefault(climber["unit_code"], []).append(why)
    then = {row["status"] for (_, code), row in before.items() if code == standing.code}
    status = weakest([standing.status, *then])
    teachers = [
        (names[code], "; ".join(told), compare_address(view, [row["unit_code"], code]))
        for code, told in reasons.items()
    ]
    return Lesson(str(row["indicator_name"]), own, teachers, card_address(view, standing.code), mark(status, speak))


def _climber(standing: IndicatorPlace, before: Mapping[tuple[str, str], Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The member that gained most on the indicator and is ahead of the unit now; None where nobody did."""
    moves = []
    for row in standing.others:
        then = before.get((row["unit_code"], standing.code))
        if then is None or pd.isna(then["points"]) or pd.isna(then["value"]) or pd.isna(row["value"]):
            continue
        move = row["share"] - then["points"] / then["max_points"]
        if move >= _LEAST_MOVE and row["share"] > (standing.share or 0.0):
            moves.append((move, row))
    return max(moves, key=lambda found: found[0])[1] if moves else None


def _value(view: View, row: Mapping[str, Any], value: float | None) -> str:
    return view.speak("none to count") if value is None or pd.isna(value) else amount(value, row, view.speak)
