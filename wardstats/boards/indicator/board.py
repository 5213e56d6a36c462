"""The page of one indicator in words: who is best, how it got there, the cards, and the table behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from wardstats.boards.club.practices import practice_cards
from wardstats.boards.indicator.drawing import MOST_ROWS, unit_rows, unit_spread, unit_trends
from wardstats.boards.indicator.figures import IndicatorFigures, UnitFigure, indicator_figures
from wardstats.charts.html import club_components, components
from wardstats.charts.html.pieces import Card
from wardstats.view.addresses import page_address, unit_address
from wardstats.view.club_words import state_names
from wardstats.view.headline import MOST_NAMED, mark, status_names
from wardstats.view.view import View

_MOST_STORIES = 3  # of the best


@dataclass(frozen=True)
class IndicatorBoard:
    """Everything the page of an indicator shows.

    Attributes:
        headline: Who is best, in one sentence.
        keys: (sign, colour, text) of what is on the lines.
        lines: Every member on a line with all others, best first, as HTML.
        ends: What the ends of the lines are.
        shortened: That the lines show the first ones only; empty where they show all.
        spread: How many members lie where; None where their lines show it.
        trends: How each member moved, as HTML; empty where nobody was measured twice.
        story: How the best got there, as HTML; empty where there is nothing to tell.
        practices: Practices on this indicator, as HTML.
        areas: What other areas stand at, with the sources, in a sentence; empty where nothing is known.
        table: A row a member.
    """

    headline: str
    cards: list[Card]
    keys: list[tuple[str, str, str]]
    lines: str
    ends: str
    shortened: str
    spread: go.Figure | None
    trends: str
    story: str
    practices: str
    areas: str
    table: pd.DataFrame


def draw_indicator(view: View, code: str) -> IndicatorBoard:
    """Return the page of an indicator."""
    speak, found = view.speak, indicator_figures(view, code)
    told = _headline(view, found)
    keys, lines, ends = unit_rows(view, found, told)
    practices = [card for card in practice_cards(view) if card.indicator_code == code]
    best = [unit.unit_code for unit in found.best]
    practices.sort(key=lambda card: card.unit_code not in best)
    return IndicatorBoard(
        headline=told,
        cards=_cards(view, found) if found.known else [],
        keys=keys,
        lines=lines,
        ends=ends,
        shortened=speak("The first {most} are shown; a file has all.", most=MOST_ROWS)
        if len(found.units) > MOST_ROWS
        else "",
        spread=unit_spread(view, found),
        trends=unit_trends(view, found),
        story=_story(view, found),
        practices=club_components.practice_cards(practices, speak) if practices else "",
        areas=_areas(view, found),
        table=_table(view, found),
    )


def _headline(view: View, found: IndicatorFigures) -> str:
    speak, name, known = view.speak, view.indicator_name(found.code), found.known
    if not known:
        return f"{name}: {speak('No figures for this period yet')}"
    if len(known) < len(found.units) * view.block["leading_coverage"] - 1e-9:
        return speak("{subject}: not enough figures yet to name a first place", subject=name)
    best, value = found.best, view.figure(found.code, found.order.best_value)
    if not found.is_scored:
        last, first = known[-1], known[0]
        return speak(
            "{indicator}: from {low} ({lowest}) to {high} ({highest})", indicator=name,
            low=view.figure(found.code, last.value), lowest=last.name,
            high=view.figure(found.code, first.value), highest=first.name,
        )  # fmt: skip
    if len(best) == len(found.units) > 1:
        return speak("{indicator}: all units stand level at {value}", indicator=name, value=value)
    if len(best) > MOST_NAMED:
        shared = speak("{count} units share the best figure, {value}", count=len(best), value=value)
        return f"{name}: {shared}"
    if len(best) == 1:
        return speak("{name} is best at {indicator} with {value}", name=best[0].name, indicator=name, value=value)
    names = speak.names([unit.name for unit in best])
    return speak("{names} are best at {indicator} with {value}", names=names, indicator=name, value=value)


def _cards(view: View, found: IndicatorFigures) -> list[Card]:
    speak, code, known = view.speak, found.code, found.known
    middle = float(pd.Series([unit.value for unit in known]).median())
    low, high = sorted((known[0].value or 0.0, known[-1].value or 0.0))
    spread = speak("{low} to {high}", low=view.figure(code, low), high=view.figure(code, high))
    count = speak("{count} of {total} units have a figure", count=len(known), total=len(found.units))
    cards = [Card(speak("Median"), view.figure(code, middle), f"{spread} · {count}")]
    if found.is_scored and (climber := _climber(found)):
        cards.append(
            Card(
                speak("Improved most"), climber.name, _from_to(view, found, climber), change=1,
                href=unit_address(view, climber.unit_code),
            )
        )  # fmt: skip
    if found.is_scored and known[-1].place != 1:
        last = known[-1]
        text = view.figure(code, last.value)
        cards.append(Card(speak("Furthest behind"), last.name, text, href=unit_address(view, last.unit_code)))
    if pledged := [unit.pledge for unit in found.units if unit.pledge]:
        good = [pledge for pledge in pledged if pledge.progress.state in ("reached", "ahead", "on_course")]
        names = state_names(speak)
        states = [pledge.progress.state for pledge in pledged]
        detail = " · ".join(f"{names[state]}: {states.count(state)}" for state in names if state in states)
        cards.append(
            Card(
                speak("Reached, ahead or on course"),
                speak("{count} of {total}", count=len(good), total=len(pledged)), detail,
                mark=speak("sample") if all(pledge.row["is_sample"] for pledge in pledged) else "",
                href=page_address(view, "contract"),
            )
        )  # fmt: skip
    return cards


def _ends(unit: UnitFigure) -> tuple[int, int]:
    """Where a history begins and ends."""
    known = [place for place, value in enumerate(unit.history) if value is not None]
    return (known[0], known[-1]) if known else (0, 0)


def _gain(found: IndicatorFigures, unit: UnitFigure) -> float:
    """By how much a member got better over the periods shown."""
    first, last = _ends(unit)
    return found.sign * ((unit.history[last] or 0.0) - (unit.history[first] or 0.0)) if first < last else 0.0


def _climber(found: IndicatorFigures) -> UnitFigure | None:
    most = max(found.known, key=lambda unit: _gain(found, unit))
    return most if _gain(found, most) > 10.0 ** -int(found.row["decimals"]) / 2 else None


def _from_to(view: View, found: IndicatorFigures, unit: UnitFigure) -> str:
    speak, (first, last) = view.speak, _ends(unit)
    text = speak(
        "from {before} ({first}) to {after} ({last})",
        before=view.figure(found.code, unit.history[first]), first=speak.period(found.periods[first], is_short=True),
        after=view.figure(found.code, unit.history[last]), last=speak.period(found.periods[last], is_short=True),
    )  # fmt: skip
    return text


def _story(view: View, found: IndicatorFigures) -> str:
    """How the best got there: from where to where, and their largest step."""
    speak, word = view.speak, mark(found.status, view.speak)
    items = []
    for unit in [unit for unit in found.best if unit.value is not None][:_MOST_STORIES]:
        first, last = _ends(unit)
        if first == last:
            continue
        text = _from_to(view, found, unit)
        if step := _largest_step(found, unit):
            before, after, period = step
            change = speak.change(after, before, int(found.row["decimals"]))
            text += "; " + speak("largest step: {change} in {period}", change=change, period=speak.period(period, True))
        name = components.linked(unit.name, unit_address(view, unit.unit_code))
        items.append(f"<li><div><strong>{name}</strong>{components.small_mark(word)}<p>{escape(text)}</p></div></li>")
    return f'<ul class="ws-lines ws-columns">{"".join(items)}</ul>' if items else ""


def _largest_step(found: IndicatorFigures, unit: UnitFigure) -> tuple[float, float, str] | None:
    """The largest improvement between two measurements (before, after, when); None where it never got better."""
    known = [(value, period) for value, period in zip(unit.history, found.periods, strict=True) if value is not None]
    steps = [(before, after, period) for (before, _), (after, period) in zip(known, known[1:], strict=False)]
    best = max(steps, key=lambda step: found.sign * (step[1] - step[0]), default=None)
    return best if best and found.sign * (best[1] - best[0]) > 0 else None


def _areas(view: View, found: IndicatorFigures) -> str:
    speak = view.speak
    if not found.areas:
        return ""
    titles = view.frame("source", language=view.language).set_index("source_id")["title"]
    told = [
        f"{area['area_name']} {view.figure(found.code, area['value'])} "
        f"({speak.period(area['measured_period'], is_short=True)}, {titles.get(area['source_id'], area['source_id'])})"
        for area in found.areas
    ]
    return speak("For comparison: {areas}", areas="; ".join(told))


def _table(view: View, found: IndicatorFigures) -> pd.DataFrame:
    speak = view.speak
    table = pd.DataFrame([_table_row(view, found, unit) for unit in found.units])
    for place, period in enumerate(found.periods):
        values = [unit.history[place] for unit in found.units]
        table[speak.period(period, is_short=True)] = pd.array(values, dtype="Float64")
    return table


def _table_row(view: View, found: IndicatorFigures, unit: UnitFigure) -> Mapping[str, Any]:
    speak, row = view.speak, unit.row
    status = found.status if found.status == "demonstration" else row["status"]  # a place rests on all of them
    return {
        speak("Place"): unit.place,
        speak("Code"): unit.unit_code,
        speak("Name"): unit.name,
        speak("Value"): _rounded(unit.value, 4),
        speak("Unit of measure"): found.row["unit"],
        speak("Points"): _rounded(row["points"], 2),
        speak("Out of"): _rounded(row["max_points"], 2),
        speak("Change"): _rounded(unit.change, 4),
        speak("Target"): _rounded(unit.target, 4),
        speak("Sample"): speak("sample") if unit.pledge and unit.pledge.row["is_sample"] else "",
        speak("Measured"): speak.period(row["measured_period"], True) if row["measured_period"] else "",
        speak("Status"): status_names(speak).get(status or "", ""),
    }


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(float(value), decimals)
