"""A comparison in words: the headline, a card a unit, the keys of what is drawn, and the table behind it."""

from __future__ import annotations

import pandas as pd

from wardstats.boards.compare.chosen import Chosen
from wardstats.charts.html.pieces import Card
from wardstats.charts.style import palette
from wardstats.core.rows import dictionaries
from wardstats.core.statuses import weakest
from wardstats.view.absence import absence, places_gained_by, rank_among
from wardstats.view.addresses import unit_address
from wardstats.view.adjustments import decisions, told
from wardstats.view.completeness import unfinished
from wardstats.view.criteria_words import unit_names
from wardstats.view.headline import delta, in_theme, points_of, status_names
from wardstats.view.indicator_place import indicator_places
from wardstats.view.view import View


def headline(view: View, ranking: pd.DataFrame, gaps: pd.DataFrame, chosen: Chosen) -> str:
    """Return the finding in one sentence, with the theme it is about and how many points that has."""
    theme = view.theme_name
    if theme and len(ranking):
        theme = view.speak("{theme} ({max} points)", theme=theme, max=view.speak.scale(ranking["max_score"].max()))
    return in_theme(_finding(view, ranking, gaps, chosen), theme)


def _finding(view: View, ranking: pd.DataFrame, gaps: pd.DataFrame, chosen: Chosen) -> str:
    speak = view.speak
    own = ranking[ranking["unit_code"].isin(chosen.codes) & ranking["score"].notna()]
    known = gaps.dropna(subset="gap")
    if own.empty or known.empty:
        return speak("No figures to compare for this period yet")
    if note := unfinished(ranking, speak):
        return note
    if len(chosen.codes) == 1:
        reached = int((known["gap"].round(9) >= 0).sum())
        if chosen.against == "best":  # figures tell: points are capped
            places = indicator_places(view, chosen.codes[0])
            best = sum(chosen.codes[0] in place.best_units for place in places)
            return speak(
                "{name} is the best on {count} of {total} indicators",
                name=own.iloc[0]["unit_name"], count=best, total=len(known),
            )  # fmt: skip
        if chosen.against == "area":
            return speak(
                "{name} does as well as {area}, or better, on {count} of {total} indicators",
                name=own.iloc[0]["unit_name"], area=chosen.reference, count=reached, total=len(known),
            )  # fmt: skip
        return speak(
            "{name} reaches {reference} on {count} of {total} indicators",
            name=own.iloc[0]["unit_name"], reference=chosen.reference, count=reached, total=len(known),
        )  # fmt: skip
    first, last = own.iloc[0], own.iloc[-1]
    widest = known.iloc[0]["indicator_name"]
    if round(first["score"] - last["score"], 9) == 0:
        names = speak.names([chosen.names[code] for code in chosen.codes])
        return speak("{names} stand level; they differ most in: {indicator}", names=names, indicator=widest)
    return speak(
        "{first} is {points} points ahead of {last}; they differ most in: {indicator}",
        first=first["unit_name"], last=last["unit_name"], indicator=widest,
        points=speak.difference(first["score"], last["score"]),
    )  # fmt: skip


def cards(view: View, ranking: pd.DataFrame, parts: pd.DataFrame, chosen: Chosen) -> list[Card]:
    """Return a card for each chosen unit."""
    speak = view.speak
    cards = []
    for code in chosen.codes:
        own = ranking[ranking["unit_code"] == code].iloc[0]
        mark, sign = delta(places_gained_by(ranking, code))
        lines = []
        if pd.notna(own["rank"]):
            lines.append(speak("rank {place}", place=rank_among(int(own["rank"]), ranking, speak)))
        else:
            lines.append(absence(own.to_dict(), speak))
        best = parts[(parts["unit_code"] == code) & parts["share"].notna()].sort_values("share")
        if len(best) > 1:
            lines.append(speak("strongest: {theme}", theme=best.iloc[-1]["theme_name"]))
        if decided := decisions(view, [view.period]).get(code):
            lines.append(told(own.to_dict(), decided, speak))
        if own["status"] == "demonstration":
            lines.append(speak("demonstration figures"))
        score = points_of(own["score"], own["max_score"], speak)
        colour, glyph = chosen.colours[code], chosen.symbols[code][1]
        detail = " · ".join(lines)
        cards.append(Card(own["unit_name"], score, detail, mark, sign, glyph, colour, unit_address(view, code)))
    return cards


def keys(view: View, figures: pd.DataFrame, chosen: Chosen) -> list[tuple[str, str, str]]:
    """Return (sign, colour, text) of what else is drawn."""
    speak = view.speak
    colours = palette(view.is_dark)
    keys = [("●", colours.muted, speak("other members"))]
    if chosen.reference and chosen.against != "none":
        keys.append(("┃", colours.ink, chosen.reference))
    if (figures["status"] == "demonstration").any():
        keys.append(("○", colours.ink, speak("hollow: demonstration figures")))
    return keys


def themes_alt(view: View, parts: pd.DataFrame, chosen: Chosen) -> str:
    """Return the alternative text of the lines by theme."""
    lines = [
        f"{name}: "
        + ", ".join(
            f"{chosen.names[row['unit_code']]} {view.speak.number(row['score'])}"
            for row in dictionaries(own)
            if row["unit_code"] in chosen.codes
        )
        for name, own in parts.groupby("theme_name", sort=False)
    ]
    return in_theme(view.speak("Points by theme."), view.theme_name) + " " + "; ".join(lines) + "."


def gaps_alt(view: View, gaps: pd.DataFrame, chosen: Chosen) -> str:
    """Return the alternative text of the lines by indicator."""
    speak = view.speak
    lines = [
        f"{row['indicator_name']} {speak.number(row['gap'])}" for row in dictionaries(gaps.dropna(subset="gap").head(5))
    ]
    if not lines:
        return speak("No figures to compare for this period yet")
    return speak("Largest gaps in points: {gaps}.", gaps="; ".join(lines))


def table(view: View, figures: pd.DataFrame, gaps: pd.DataFrame, chosen: Chosen) -> pd.DataFrame:
    """Return what is drawn, in the reader's words."""
    speak = view.speak
    by_unit = figures.set_index(["unit_code", "indicator_code"])
    columns: dict[str, object] = {
        speak("Indicator"): gaps["indicator_name"],
        speak("Theme"): gaps["node_code"].map(view.names),
        speak("Gap, points"): gaps["gap"].round(2),
        speak("Out of"): gaps["max_points"].round(2),
    }
    status = status_names(speak)
    for code in chosen.codes:
        own = by_unit.loc[code].reindex(gaps["indicator_code"])
        name = chosen.names[code]
        columns[name] = own["value"].round(4).to_numpy()
        columns[f"{name}, {speak('points')}"] = own["points"].round(2).to_numpy()
        columns[f"{name}, {speak('status')}"] = own["status"].map(status).to_numpy()
    if gaps["reference_share"].notna().any():
        columns[chosen.reference] = gaps["reference_value"].astype(float).round(4)
    columns[speak("Unit of measure")] = gaps["unit"].map(unit_names(speak))
    weakest_of_all = figures.groupby("indicator_code")["status"].agg(weakest)  # the gap may be to any of them
    columns[speak("Status")] = gaps["indicator_code"].map(weakest_of_all).map(status)
    return pd.DataFrame(columns)
