"""Method and sources: the criteria set in force, a card for each indicator, what changed, and where figures come from.

Everything is drawn from the snapshot, so it cannot go stale; owns only the sentences around it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from wardstats.charts.html.components import foreign
from wardstats.core.languages import Translator, fold
from wardstats.core.records import ROOT
from wardstats.core.rows import dictionaries
from wardstats.view.closing import rule_of_gaps
from wardstats.view.criteria_words import amount, direction, empty_text, frequency_names, rule_text
from wardstats.view.headline import status_names
from wardstats.view.indicator_card import card_address, source_link
from wardstats.view.ranking_choice import span_kinds
from wardstats.view.view import View


@dataclass(frozen=True)
class Method:
    """Everything the method page shows, as text and HTML.

    Attributes:
        headline: The finding in one sentence.
        steps: How a figure becomes points and points a rank, one sentence a step.
        criteria: The criteria set by theme; empty where a search finds nothing.
        changes: What differs from the criteria set of the year before, one sentence each.
        sources: All sources, linked.
        table: The criteria set in the reader's words.
    """

    headline: str
    steps: list[str]
    criteria: str
    changes: list[str]
    sources: str
    table: pd.DataFrame


def matches(search_text: Iterable[str], find: str) -> list[bool]:
    """Tell which texts hold what is looked for, whatever its accents and capitals: as it stands, else word by word."""
    folded = [fold(text) for text in search_text]
    wanted = " ".join(fold(find).split())
    as_it_stands = [wanted in text for text in folded]
    if any(as_it_stands):
        return as_it_stands
    return [all(word in text for word in wanted.split()) for text in folded]


def draw_method(view: View, find: str = "") -> Method:
    """Return the method page in the reader's words, its criteria narrowed to a search."""
    speak = view.speak
    year = int(view.rules["year"])
    criteria = view.frame("criterion", year=year, language=view.language)
    found = criteria[matches(criteria["search_text"], find)]
    scored = criteria["rule"].notna()
    ranking = view.ranking(ROOT)
    most = ranking["max_score"].max() if len(ranking) else criteria["max_points"].sum()
    return Method(
        headline=speak(
            "Criteria of {year}: {count} indicators, {points} points",
            year=year, count=int(scored.sum()), points=_points(most, speak),
        ),
        steps=_steps(view),
        criteria=_criteria(view, found),
        changes=_changes(view, year, criteria),
        sources=_sources(view),
        table=_table(view, criteria),
    )  # fmt: skip


def _points(value: float, speak: Translator) -> str:
    return speak.number(value, 0 if abs(value - round(value)) < 1e-9 else 2)


def _steps(view: View) -> list[str]:
    speak = view.speak
    rules = view.rules
    steps = [
        speak("A period takes each indicator's figure of that period; one measured less often counts until its next."),
        speak("A figure becomes points by the rule of its criterion. Points add up to themes, themes to a total.")
        if _only_sums(view)
        else speak(
            "A figure becomes points by the rule of its criterion. Themes and the total are sums or means of these, "
            "as the data folder says for each."
        ),
        rule_of_gaps(view),
        speak("Bonus and penalty points, where decided, are added to the total last."),
        speak("Units are ranked before rounding; equal ones share the better rank (1, 2, 2, 4)."),
        speak("One real figure of an indicator, for any unit and period, drops all its demonstration figures."),
    ]  # fmt: skip
    if len(span_kinds(view)) > 1:
        steps.append(
            speak("A quarter or a year is ranked by the mean of its rankings' points, each counting the same.")
        )
    if pd.notna(rules["decision"]):
        steps.insert(0, speak("In force by decision {decision}.", decision=rules["decision"]))
    return steps


def _only_sums(view: View) -> bool:
    ways = {*view.frame("scoring_theme")["aggregation"]}
    ways |= {*view.frame("scoring_option", year=int(view.rules["year"]))["aggregation"]}
    return ways == {"sum"}


def _criteria(view: View, found: pd.DataFrame) -> str:
    speak = view.speak
    parts = []
    for code, own in found[found["rule"].notna()].groupby("node_code", sort=False):
        total = _points(own["max_points"].sum(), speak)
        parts.append(_group(view, view.names.get(str(code), str(code)), speak("{points} points", points=total), own))
    unscored = found[found["rule"].isna()]
    if len(unscored):
        parts.append(_group(view, speak("Shown, not scored this year"), "", unscored))
    return f'<div class="ws-criteria">{"".join(parts)}</div>' if parts else ""


def _group(view: View, title: str, total: str, rows: pd.DataFrame) -> str:
    speak = view.speak
    items = []
    for row in dictionaries(rows):
        points = f"<b>{_points(row['max_points'], speak)}</b>" if pd.notna(row["max_points"]) else ""
        text = rule_text(row, speak) if pd.notna(row["rule"]) else row["definition"]
        items.append(
            f'<li><div><a href="{escape(card_address(view, row["indicator_code"]))}" target="_self">'
            f"{escape(row['indicator_name'])}</a><p>{escape(text)}</p></div><span>{points}</span></li>"
        )
    return f"<section><h3>{escape(title)} <small>{escape(total)}</small></h3><ul>{''.join(items)}</ul></section>"


def _changes(view: View, year: int, criteria: pd.DataFrame) -> list[str]:
    """What is not as in the latest earlier criteria set; empty where there is none."""
    speak = view.speak
    years = view.frame("block_year", language=view.language)["year"].tolist()
    earlier = [other for other in years if other < year]
    if not earlier:
        return []
    before = view.frame("criterion", year=int(earlier[0]), language=view.language).set_index("indicator_code")
    lines = []
    for row in dictionaries(criteria):
        old = before.loc[row["indicator_code"]].to_dict()
        was, now = pd.notna(old["rule"]), pd.notna(row["rule"])
        name = row["indicator_name"]
        if now and not was:
            lines.append(speak("{indicator}: new", indicator=name))
        elif was and not now:
            lines.append(speak("{indicator}: no longer scored", indicator=name))
        elif now and rule_text(old, speak) != rule_text(row, speak):
            rules = {"now": rule_text(row, speak), "was": rule_text(old, speak)}
            lines.append(speak("{indicator}: {now} (before: {was})", indicator=name, **rules))
    return lines or [speak("The criteria are those of {year}, unchanged.", year=earlier[0])]


def _sources(view: View) -> str:
    speak, written_in = view.speak, view.block["default_language"]
    items = []
    for row in dictionaries(view.frame("source", language=view.language)):
        producer = foreign(str(row["producer"]), written_in, speak) if row["producer"] != row["title"] else ""
        facts: list[str] = []
        if pd.notna(row["published"]):
            facts.append(speak("published {day}", day=speak.day(pd.Timestamp(row["published"]).date())))
        if pd.notna(row["accessed"]):
            facts.append(speak("read {day}", day=speak.day(pd.Timestamp(row["accessed"]).date())))
        if row["licence"]:
            facts.append(speak("licence: {licence}", licence=row["licence"]))
        if row["figure_count"]:
            facts.append(speak("{count} {count:figure|figures}", count=speak.number(row["figure_count"], 0)))
        told = " · ".join(filter(None, [producer, *map(escape, facts)]))
        note = f"<p>{foreign(row['note'], written_in, speak)}</p>" if row["note"] else ""
        items.append(f"<li><div>{source_link(row)}<p>{told}</p>{note}</div></li>")
    return f'<div class="ws-criteria"><ul>{"".join(items)}</ul></div>'


def _table(view: View, criteria: pd.DataFrame) -> pd.DataFrame:
    speak = view.speak
    rows = dictionaries(criteria[criteria["rule"].notna()])
    often = frequency_names(speak)
    return pd.DataFrame(
        {
            speak("Code"): [row["indicator_code"] for row in rows],
            speak("Indicator"): [row["indicator_name"] for row in rows],
            speak("Theme"): [view.names.get(row["node_code"], "") for row in rows],
            speak("Out of"): [row["max_points"] for row in rows],
            speak("Rule"): [rule_text(row, speak) for row in rows],
            speak("Direction"): [direction(row, speak) for row in rows],
            speak("No points at"): [_limit(row, "zero_at", speak) for row in rows],
            speak("All points at"): [_limit(row, "full_at", speak) for row in rows],
            speak("Nothing to count"): [empty_text(row["if_empty"], speak) for row in rows],
            speak("Measured"): [often.get(row["frequency"], row["frequency"]) for row in rows],
            speak("Definition"): [row["definition"] for row in rows],
            speak("Note"): [row["note"] if pd.notna(row["note"]) else "" for row in rows],
        }
    )


def _limit(row: Mapping[Any, Any], key: str, speak: Translator) -> str:
    return amount(row[key], row, speak) if pd.notna(row[key]) else ""


def status_lines(speak: Translator) -> list[str]:
    """Return what each status of a figure means, the most trusted first."""
    names = status_names(speak)
    return [
        f"**{names['official']}**: " + speak("published, or from the national portal"),
        f"**{names['verified']}**: " + speak("reported by the unit and cross-checked"),
        f"**{names['reported']}**: " + speak("reported by the unit"),
        f"**{names['demonstration']}**: " + speak("made up by the program, so that an empty board shows something"),
    ]
