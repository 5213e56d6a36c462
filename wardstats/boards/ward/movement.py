"""Why a unit stands where it does: what moved it since the period before, what would lift it, what if.

Owns the words around ``scoring.explain``, ``lift`` and ``what_if``; computes nothing itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from wardstats.charts.html.pieces import Part
from wardstats.core.languages import Translator
from wardstats.core.periods import parse_period
from wardstats.core.rows import dictionaries
from wardstats.core.statuses import weakest
from wardstats.scoring import PeriodInput, explain, lift, what_if
from wardstats.scoring.from_queries import Queries
from wardstats.view import figure_status, headline
from wardstats.view.absence import places_gained_by
from wardstats.view.closing import change_of_rules
from wardstats.view.indicator_card import card_address
from wardstats.view.scoring_inputs import shared_input
from wardstats.view.view import View

SHOWN = 6  # parts told one by one; the rest is added up in one line
_ABOUT_INDICATORS = ("own", "arrived", "went_missing")
PLACES = 2  # how many places up to look


@dataclass(frozen=True)
class Movement:
    """Why a unit moved.

    Attributes:
        headline: The change of score and place in one sentence.
        parts: The largest parts, largest first; they add up to the change of score.
        table: All parts, with their share in the change of place.
    """

    headline: str
    parts: list[Part]
    table: pd.DataFrame


def draw_movement(view: View, unit_code: str) -> Movement | None:
    """Explain a unit's move since the ranked period before; None where there is nothing to compare, or too little."""
    before, board = view.rules["previous_period"], view.ranking()
    if not isinstance(before, str) or board["previous_rank"].isna().all():
        return None
    now = shared_input(view, view.period)
    found = explain(shared_input(view, before), now, view.node, [unit_code])
    change = found.summary.iloc[0]
    parts = found.parts[(found.parts["score_part"].abs() > 5e-10) | (found.parts["places_part"] != 0)]
    labels = [_part_name(view, row["part"], row["indicator_code"]) for row in dictionaries(parts)]
    parts = parts.assign(
        label=labels, status=part_statuses(view, parts, unit_code, before, now, view.node),
        place_status=move_status(view, before, view.period, view.node),
    ).sort_values("score_part", key=abs, ascending=False, kind="stable")  # fmt: skip
    gained = places_gained_by(board, unit_code)
    return Movement(
        _movement_headline(view, change, before, gained), _largest(view, parts), _movement_table(view, parts)
    )


def part_statuses(
    source: Queries, parts: pd.DataFrame, unit_code: str, before: str, now: PeriodInput, node: str
) -> pd.Series:
    """Return the weakest status behind the points of each part of a unit's move between two periods.

    Bonus and penalty come from no figure. A figure that changed stands for itself; one that arrived or went missing
    moves the weight of all others, and any other part has all figures in it.
    """
    both = [figure_status.by_indicator(source, item, unit_code) for item in (before, now.period)]
    whole = move_status(source, before, now.period, node)

    def status(part: str, indicator_code: str) -> str | None:
        if part == "own" and now.spec.is_additive:
            return weakest(known.get(indicator_code) for known in both)
        return None if part == "adjustment" else whole

    found = [status(row["part"], row["indicator_code"]) for row in dictionaries(parts)]
    return pd.Series(found, parts.index, dtype=object)


def move_status(source: Queries, before: str, period: str, node: str) -> str | None:
    """Return the weakest status that places in two periods rest on."""
    return weakest(figure_status.of_ranking(source, item, node) for item in (before, period))


def _movement_headline(view: View, change: pd.Series, before: str, gained: int | None) -> str:
    if not change["is_comparable"]:
        return view.speak("Not comparable: one of the two periods has no score")
    return moved_text(view.speak.signed(change["score_change"], 2), before, gained, view.speak)


def moved_text(points: str, before: str, gained: int | None, speak: Translator) -> str:
    """Say by how many points a unit moved, since when, and how many places that gained or lost it.

    Args:
        points: With their sign.
        before: The period that it is compared with.
        gained: Places; None where they cannot be compared.
    """
    since = speak.period(before)
    if gained is None:
        return speak("{points} points since {period}", points=points, period=since)
    if gained > 0:
        return speak(
            "{points} points since {period}, {count} {count:place|places} up", points=points, period=since, count=gained
        )
    if gained < 0:
        return speak(
            "{points} points since {period}, {count} {count:place|places} down",
            points=points,
            period=since,
            count=-gained,
        )
    return speak("{points} points since {period}, same place", points=points, period=since)


def _part_name(view: View, part: str, indicator_code: str) -> str:
    speak = view.speak
    if part == "own":
        return view.indicator_name(indicator_code)
    if part == "arrived":
        return speak("{indicator}: figure arrived", indicator=view.indicator_name(indicator_code))
    if part == "went_missing":
        return speak("{indicator}: figure now missing", indicator=view.indicator_name(indicator_code))
    names = {
        "criteria": change_of_rules(view),
        "adjustment": speak("Bonus and penalty points"),
        "others": speak("The others' changes"),
        "membership": speak("Joined or left the ranking"),
    }
    return names[part]


def _largest(view: View, parts: pd.DataFrame) -> list[Part]:
    speak = view.speak
    scored = parts[parts["score_part"].abs() > 5e-10]
    rows = dictionaries(scored.head(SHOWN))
    shown = [
        Part(
            row["label"], row["score_part"], speak.signed(row["score_part"], 2),
            card_address(view, row["indicator_code"]) if row["part"] in _ABOUT_INDICATORS else "",
            headline.mark(row["status"], speak),
        )
        for row in rows
    ]  # fmt: skip
    rest = scored["score_part"].iloc[SHOWN:]
    if len(rest):
        label = speak("All other indicators together ({count})", count=len(rest))
        word = headline.mark(weakest(scored["status"].iloc[SHOWN:]), speak)
        shown.append(Part(label, float(rest.sum()), speak.signed(float(rest.sum()), 2), mark=word))
    return shown


def _movement_table(view: View, parts: pd.DataFrame) -> pd.DataFrame:
    speak = view.speak
    return pd.DataFrame(
        {
            speak("Reason"): parts["label"],
            speak("Points"): parts["score_part"].round(4),
            speak("Status"): parts["status"].map(headline.status_names(speak)),
            speak("Places"): parts["places_part"].round(4),
            speak("Status of the places"): parts["place_status"].map(headline.status_names(speak)),
        }
    )


@dataclass(frozen=True)
class Lift:
    """What would gain a unit a place.

    Attributes:
        headline: The easiest improvement in one sentence.
        steps: (which place, what improves, from where to where and what it takes, its card): the easiest few.
        table: The smallest single improvements, easiest first for each place.
        mark: That it rests on made-up figures, in a word; else empty.
    """

    headline: str
    steps: list[tuple[str, str, str, str]]
    table: pd.DataFrame
    mark: str = ""


def draw_lift(view: View, unit_code: str) -> Lift | None:
    """Return what gains a unit a place, easiest first; None where it is first or has no rank."""
    if pd.isna(view.ranking().set_index("unit_code")["rank"].get(unit_code)):
        return None  # one figure alone would stand for all that are missing: hand them in first
    now = shared_input(view, view.period)
    ago = year_ago(view, view.period)
    found = lift(
        now, unit_code, node=view.node, year_ago=ago.figures if ago else None, places=PLACES, decimals=view.decimals
    )
    if found.empty:
        return None
    status = advice_status(view, view.period, view.node, has_year_ago=ago is not None)
    table, word = _lift_table(view, found, status), headline.mark(status, view.speak)
    return Lift(_lift_headline(view, dictionaries(found)[0]), _lift_steps(view, found, table, word), table, word)


def advice_status(source: Queries, period: str, node: str, *, has_year_ago: bool) -> str | None:
    """Return the weakest status that a way to a better place rests on: everybody's figures, a year ago too."""
    of_year_ago = figure_status.of_ranking(source, same_period_before(period), node) if has_year_ago else None
    return weakest([figure_status.of_ranking(source, period, node), of_year_ago])


def same_period_before(period: str) -> str:
    """Return the same period of the year before."""
    this = parse_period(period)
    return period.replace(str(this.year), str(this.year - 1), 1)


def year_ago(view: View, period: str) -> PeriodInput | None:
    """Return the figures of the same period of the year before, where it is ranked."""
    wanted = same_period_before(period)
    return shared_input(view, wanted) if wanted in set(view.frame("ranked_period")["period"]) else None


def _lift_headline(view: View, row: dict[str, Any]) -> str:
    speak, code = view.speak, str(row["indicator_code"])
    now = view.figure(code, row["current"]) if pd.notna(row["current"]) else speak("missing")
    return speak(
        "Shortest way to place {place}: {indicator} from {now} to {needed}",
        place=int(row["place"]), indicator=view.indicator_name(code), now=now, needed=view.figure(code, row["needed"]),
    )  # fmt: skip


def _lift_steps(view: View, found: pd.DataFrame, table: pd.DataFrame, mark: str) -> list[tuple[str, str, str, str]]:
    speak = view.speak
    steps = []
    for row, told in zip(dictionaries(found.head(SHOWN)), dictionaries(table.head(SHOWN)), strict=True):
        points = speak("{points} points", points=speak.signed(row["points_gained"], 2))
        way = f"{told[speak('Now')]} → {told[speak('Needed')]} · {points} · {told[speak('Effort')]}"
        way += f" · {mark}" if mark else ""
        place, card = speak("place {place}", place=int(row["place"])), card_address(view, str(row["indicator_code"]))
        steps.append((place, str(told[speak("Indicator")]), way, card))
    return steps


def _lift_table(view: View, found: pd.DataFrame, status: str | None) -> pd.DataFrame:
    speak = view.speak
    rows = dictionaries(found)
    codes = [str(row["indicator_code"]) for row in rows]
    bases = {
        "year": lambda share: speak("{share} of what the faster-improving others gain in a year", share=share),
        "span": lambda share: speak("{share} of a quarter of the scale", share=share),
    }
    effort = [
        speak("submit the missing figure")
        if pd.isna(row["effort"])
        else bases[row["effort_basis"]](speak.percent(row["effort"]))
        for row in rows
    ]
    return pd.DataFrame(
        {
            speak("Reach place"): [int(row["place"]) for row in rows],
            speak("Indicator"): [view.indicator_name(code) for code in codes],
            speak("Now"): [
                view.figure(code, row["current"]) if pd.notna(row["current"]) else speak("missing")
                for code, row in zip(codes, rows, strict=True)
            ],
            speak("Needed"): [view.figure(code, row["needed"]) for code, row in zip(codes, rows, strict=True)],
            speak("Points gained"): found["points_gained"].round(2),
            speak("Effort"): effort,
            speak("Status"): headline.status_names(speak).get(status or "", ""),
        }
    )


def draw_what_if(view: View, unit_code: str, changes: tuple[tuple[str, float | None], ...]) -> pd.DataFrame:
    """Rank the members as they would stand with other values of one unit; nothing is stored.

    Args:
        changes: (indicator, its other value; None for no figure).
    """
    speak = view.speak
    wanted = {(unit_code, code): value for code, value in changes}
    _, table = what_if(shared_input(view, view.period), wanted, node=view.node)
    names, status = view.unit_names, figure_status.of_ranking(view, view.period, view.node)
    return pd.DataFrame(
        {
            speak("Rank"): table["rank"].astype("Int64"),
            speak("Name"): table["unit_code"].map(names),
            speak("Points"): table["score"].round(2),
            speak("Points now"): table["score_before"].round(2),
            speak("Rank now"): table["rank_before"].astype("Int64"),
            speak("Places"): table["places_gained"].astype("Int64"),
            speak("Status"): ", ".join(filter(None, (speak("hypothetical"), headline.mark(status, speak)))),
        }
    )
