"""A unit's indicators as lines, each with all members on it, the signed target and the best, under their themes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import pandas as pd
from markupsafe import Markup

from wardstats.charts.html.dot_rows import Dot, DotRow, dot_rows, is_told_one_by_one, scale_of
from wardstats.charts.style import GOLD, palette
from wardstats.core.rows import dictionaries
from wardstats.view import headline
from wardstats.view.criteria_words import amount
from wardstats.view.indicator_card import card_address
from wardstats.view.indicator_place import IndicatorPlace, member_figures
from wardstats.view.view import View

_MOST_NAMED = 2  # units with the best figure that are named; more are counted


def indicator_lines(view: View, unit_code: str, colour: str, standings: Sequence[IndicatorPlace]) -> str:
    """Return the lines as HTML.

    Args:
        standings: As ``indicator_places`` gives them.
    """
    headings, names = _headings(view, unit_code), view.unit_names
    told = _hovers(view) if is_told_one_by_one(len(member_figures(view))) else {}
    shares = [row["share"] for standing in standings for row in standing.others]
    place = scale_of(shares + [standing.share for standing in standings if standing.share is not None])
    rows = [
        DotRow(
            label=standing.row["indicator_name"],
            note=_note(view, standing, names),
            href=card_address(view, standing.code),
            heading=headings.get(standing.row["node_code"], ""),
            others=[
                Dot(place(row["share"]), told.get((row["unit_code"], standing.code), "")) for row in standing.others
            ],
            chosen=_own(view, standing, colour, place),
            target=_target(view, standing, place),
        )
        for standing in standings
    ]
    return dot_rows(rows, _alt(view, view.unit_names[unit_code], standings))


def line_keys(view: View, name: str, colour: str, standings: Sequence[IndicatorPlace]) -> list[tuple[str, str, str]]:
    """Return the keys of what is on the lines as (sign, colour, text)."""
    speak, colours = view.speak, palette(view.is_dark)
    keys = [("●", colour, name), ("●", colours.muted, speak("other members"))]
    if any(standing.row["status"] == "demonstration" for standing in standings):
        keys.append(("○", colours.ink, speak("hollow: demonstration figures")))
    signed = [standing for standing in standings if standing.target is not None]
    if signed:
        is_sample = all(standing.is_sample for standing in signed)
        keys.append(("▼", GOLD, speak("target (sample, nobody signed it)") if is_sample else speak("signed target")))
    return keys


def _headings(view: View, unit_code: str) -> dict[str, Markup]:
    """The part of the theme looked at that each theme belongs to, with the unit's points in it."""
    speak, scores = view.speak, view.frame("theme_score", period=view.period, parent=view.node)
    headings = {}
    for own in dictionaries(scores[scores["unit_code"] == unit_code]):
        points = speak("{score} of {max} points", score=speak.number(own["score"]), max=speak.scale(own["max_score"]))
        heading = Markup("{} <small>{}</small>").format(view.names[own["node_code"]], points)
        headings |= dict.fromkeys(view.below(own["node_code"]), heading)
    return headings


def _note(view: View, standing: IndicatorPlace, names: Mapping[str, str]) -> Markup:
    speak, row = view.speak, standing.row
    text = headline.figure_text(speak, row, view.period)
    parts = []
    if standing.target is not None:
        parts.append(speak("target {value}", value=amount(standing.target, row, speak)))
    elif pd.notna(row["full_at"]):
        parts.append(speak("full points at {value}", value=amount(row["full_at"], row, speak)))
    if row["unit_code"] in standing.best_units:
        parts.append(speak("nobody is better"))
    elif standing.best_units:
        best = [names[code] for code in standing.best_units]
        who = speak.names(best) if len(best) <= _MOST_NAMED else speak("{count} {count:unit|units}", count=len(best))
        value = "" if standing.best_value is None else amount(standing.best_value, row, speak)
        parts.append(speak("best {value} ({who})", value=value, who=who))
        if pd.isna(row["value"]):  # its own figure would say so
            parts.append(headline.mark(standing.status, speak))
    looks = Markup("<strong>{}</strong>") if standing.place else Markup('<strong class="ws-absent">{}</strong>')
    told = Markup().join(Markup("<span>{}</span> ").format(part) for part in filter(None, parts))
    return looks.format(text) + Markup("<small>{}</small>").format(told)


@lru_cache(maxsize=32)  # the same dots are on every unit's page
def _hovers(view: View) -> dict[tuple[str, str], str]:
    """Whose dot it is and its figure, by unit and indicator."""
    return {(row["unit_code"], row["indicator_code"]): _hover(view, row) for row in dictionaries(member_figures(view))}


def _hover(view: View, row: Mapping[str, Any]) -> str:
    return f"{view.unit_names[row['unit_code']]}\n{headline.figure_text(view.speak, row, view.period)}"


def _own(view: View, standing: IndicatorPlace, colour: str, place: Any) -> list[Dot]:
    speak, row = view.speak, standing.row
    if standing.place is None or standing.share is None:
        return []
    points, most = speak.number(row["points"], 2), speak.scale(row["max_points"])
    told = speak("{score} of {max} points", score=points, max=most)
    hover = f"{_hover(view, row)}\n{told} · {speak('place {place}', place=standing.place)}"
    return [Dot(place(standing.share), hover, colour, is_hollow=row["status"] == "demonstration")]


def _target(view: View, standing: IndicatorPlace, place: Any) -> Dot | None:
    if standing.target is None or standing.target_share is None:
        return None
    speak = view.speak
    name = speak("target (sample, nobody signed it)") if standing.is_sample else speak("signed target")
    return Dot(place(standing.target_share), f"{name}\n{amount(standing.target, standing.row, speak)}")


def _alt(view: View, name: str, standings: Sequence[IndicatorPlace]) -> str:
    speak = view.speak
    known = sorted((standing for standing in standings if standing.place), key=lambda standing: standing.share or 0.0)
    if not known:
        return speak("No figures for this period yet")
    return speak(
        "Share of points that {name} earns on each indicator, among all. Highest: {best}. Lowest: {worst}.",
        name=name, best=known[-1].row["indicator_name"], worst=known[0].row["indicator_name"],
    )  # fmt: skip
