"""A comparison drawn as units on lines: shares of the points by theme and by indicator."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
from markupsafe import Markup, escape

from wardstats.boards.compare.chosen import Chosen
from wardstats.boards.compare.words import gaps_alt, themes_alt
from wardstats.charts.html.components import small_mark
from wardstats.charts.html.dot_rows import Dot, DotRow, dot_rows, is_told_one_by_one, scale_of
from wardstats.core.rows import dictionaries
from wardstats.core.statuses import weakest
from wardstats.view import headline
from wardstats.view.addresses import theme_address
from wardstats.view.indicator_card import card_address
from wardstats.view.view import View


def themes(view: View, parts: pd.DataFrame, chosen: Chosen) -> str:
    """Return the parts of the theme looked at, a line each, with every member on it."""
    speak = view.speak
    hover = [
        f"{chosen.names[row['unit_code']]}\n{row['theme_name']}: "
        + speak("{score} of {max} points", score=speak.number(row["score"]), max=speak.scale(row["max_score"]))
        + (f"\n{speak('demonstration figures')}" if row["status"] == "demonstration" else "")
        for row in dictionaries(parts)
    ]
    dots = _by(parts, "node_code", hover)
    levels = parts.groupby("node_code")["share"]
    reference = {"median": levels.median(), "best": levels.max()}.get(chosen.against, pd.Series(dtype=float))
    place = scale_of(parts["share"].dropna())
    rows = []
    for code, own in parts.groupby("node_code", sort=False):
        level = reference.get(code)
        rows.append(
            DotRow(
                label=own["theme_name"].iloc[0],
                href=theme_address(view, str(code)),
                note=_theme_note(view, own, chosen),
                others=_greys(dots.get(code, []), chosen, place),
                chosen=_signs(dots.get(code, []), chosen, place),
                reference=Dot(place(level), chosen.reference) if level is not None and pd.notna(level) else None,
                has_span=True,
            )
        )
    return dot_rows(rows, themes_alt(view, parts, chosen), is_brief=True)


def _by(frame: pd.DataFrame, key: str, hover: Sequence[str]) -> dict[Any, list[dict[str, Any]]]:
    """Return the rows that have a share by the value of a column, with the text that each shows."""
    found: dict[Any, list[dict[str, Any]]] = {}
    for row, text in zip(dictionaries(frame), hover, strict=True):
        if pd.notna(row["share"]):
            found.setdefault(row[key], []).append(row | {"hover": text})
    return found


def _greys(dots: list[dict[str, Any]], chosen: Chosen, place: Callable[[float], float]) -> list[Dot]:
    return [Dot(place(dot["share"]), dot["hover"]) for dot in dots if dot["unit_code"] not in chosen.codes]


def _signs(dots: list[dict[str, Any]], chosen: Chosen, place: Callable[[float], float]) -> list[Dot]:
    """The chosen units' dots in their colours and symbols, in the order they were chosen."""
    own = {dot["unit_code"]: dot for dot in dots}
    return [
        Dot(
            place(own[code]["share"]), own[code]["hover"], chosen.colours[code], chosen.symbols[code][0],
            own[code]["status"] == "demonstration",
        )
        for code in chosen.codes
        if code in own
    ]  # fmt: skip


def _theme_note(view: View, dots: pd.DataFrame, chosen: Chosen) -> Markup:
    """The chosen units' points in the theme, in the order they were chosen, out of what can be had."""
    scores = dots.set_index("unit_code")["score"]
    own = "  ".join(f"{chosen.sign(code)}\u00a0{view.speak.number(scores.get(code))}" for code in chosen.codes)
    text = own + " / " + view.speak.scale(dots["max_score"].iloc[0])
    return Markup(text + small_mark(headline.mark(weakest(dots["status"]), view.speak)))  # none of it is a reader's


def gap_lines(view: View, figures: pd.DataFrame, gaps: pd.DataFrame, chosen: Chosen) -> str:
    """Return every indicator as a line with all members on it, the largest gap first."""
    known = figures[figures["points"].notna()]
    all_told = is_told_one_by_one(len(known))
    hover = [
        f"{chosen.names[row['unit_code']]}\n{headline.figure_text(view.speak, row, view.period)}"
        if all_told or row["unit_code"] in chosen.codes
        else ""
        for row in dictionaries(known)
    ]
    dots = _by(known, "indicator_code", hover)
    place = scale_of(pd.concat([known["share"], gaps["reference_share"].astype(float)]).dropna())
    rows = []
    for row, note in zip(dictionaries(gaps), _gap_notes(view, figures, gaps, chosen), strict=True):
        own, level = dots.get(row["indicator_code"], []), row["reference_share"]
        rows.append(
            DotRow(
                label=row["indicator_name"],
                note=note,
                href=card_address(view, row["indicator_code"]),
                others=_greys(own, chosen, place),
                chosen=_signs(own, chosen, place),
                reference=Dot(place(float(level)), _reference_text(view, row, chosen)) if pd.notna(level) else None,
                has_span=True,
            )
        )
    return dot_rows(rows, gaps_alt(view, gaps, chosen), is_brief=True)


def _gap_notes(view: View, figures: pd.DataFrame, gaps: pd.DataFrame, chosen: Chosen) -> list[Markup]:
    speak = view.speak
    own = figures[figures["unit_code"].isin(chosen.codes) & figures["points"].isna()]
    missing = own.groupby("indicator_code")["unit_code"].agg(list).to_dict()
    statuses = figures.groupby("indicator_code")["status"].agg(weakest)
    notes = []
    for row in dictionaries(gaps):
        text = Markup()
        if pd.notna(row["gap"]):
            points = speak.number(row["gap"]) if len(chosen.codes) > 1 else speak.signed(round(row["gap"], 1))
            text = Markup("<strong>{}</strong>").format(speak("{points} points", points=points))
        elif len(chosen.codes) == 1 and pd.isna(row["reference_share"]):
            text = escape(speak("nothing to compare with"))
        if row["indicator_code"] in missing:
            names = speak.names([chosen.names[code] for code in missing[row["indicator_code"]]])
            text += Markup("<small>{}</small>").format(speak("missing: {names}", names=names))
        notes.append(text + Markup(small_mark(headline.mark(statuses[row["indicator_code"]], speak))))
    return notes


def _reference_text(view: View, row: Mapping[Any, Any], chosen: Chosen) -> str:
    speak = view.speak
    shown = {key.removeprefix("reference_"): value for key, value in row.items()} | {
        "unit": row["unit"], "decimals": row["decimals"], "points": row["reference_share"], "status": "",
    }  # fmt: skip
    who = chosen.names.get(str(row["reference_who"]), str(row["reference_who"] or ""))
    title = chosen.reference if not who or who == chosen.reference else f"{chosen.reference}: {who}"
    return f"{title}\n{headline.figure_text(speak, shown, view.period)}"
