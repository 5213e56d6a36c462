"""The card of one indicator: what it is, how it earns points, who answers for it, and which figures were corrected.

Drawn from the snapshot. Every name of an indicator elsewhere leads to the page it stands on:
``card_address`` is the one place that knows the address.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from wardstats.charts.html.components import web_link
from wardstats.core.languages import Translator
from wardstats.core.rows import dictionaries
from wardstats.view.addresses import page_address
from wardstats.view.criteria_words import direction, empty_text, frequency_names, rule_text, unit_name
from wardstats.view.portal_notes import indicator_flags
from wardstats.view.view import View

_MOST_REVISIONS = 20


def card_address(view: View, indicator_code: str) -> str:
    """Return the address of an indicator's page, relative to any page."""
    return page_address(view, "indicator", indicator=indicator_code)


def draw_indicator_card(view: View, code: str) -> str:
    """Return the card as HTML; empty where there is no indicator of that code."""
    speak = view.speak
    criteria = view.frame("criterion", year=int(view.rules["year"]), language=view.language)
    rows = dictionaries(criteria[criteria["indicator_code"] == code])
    if not rows:
        return ""
    row = rows[0]
    facts = [
        (speak("Theme"), escape(str(view.names.get(row["node_code"], row["node_code"])))),
        (speak("Unit of measure"), escape(unit_name(row["unit"], speak))),
        (speak("Direction"), escape(direction(row, speak) if pd.notna(row["rule"]) else "")),
        (speak("Measured"), escape(str(frequency_names(speak).get(row["frequency"], "")))),
        (speak("Answers for it"), escape(row["owner"] if pd.notna(row["owner"]) else speak("not said"))),
        *_rule_facts(row, speak),
        (speak("This period"), escape(_this_period(view, row))),
        (speak("Quality of this period's figures"), escape(indicator_flags(view, code))),
        (speak("Source of the definition"), _source_link(view, row["source_id"])),
        (speak("Note"), escape(row["note"] if pd.notna(row["note"]) else "")),
        (speak("Corrections"), _revisions(view, row)),
        (speak("Code"), f"<code>{escape(code)}</code>"),
    ]
    items = "".join(f"<dt>{escape(name)}</dt><dd>{text}</dd>" for name, text in facts if text)
    return (
        f'<article class="ws-card ws-indicator"><h2>{escape(row["indicator_name"])}</h2>'
        f"<p>{escape(row['definition'])}</p><dl>{items}</dl></article>"
    )


def _rule_facts(row: Mapping[Any, Any], speak: Translator) -> list[tuple[str, str]]:
    if pd.isna(row["rule"]):
        return [(speak("Points"), escape(speak("not scored this year")))]
    facts = [(speak("Points"), escape(rule_text(row, speak)))]
    if pd.notna(row["weight"]) and row["weight"] != 1:
        facts.append((speak("Weight"), speak.number(row["weight"], 2)))
    if row["if_empty"] != "missing" or row["unit"] == "%":
        facts.append((speak("Nothing to count"), escape(empty_text(row["if_empty"], speak))))
    if pd.notna(row["value_decimals"]):
        text = speak("to {count} {count:decimal|decimals} before the rule", count=int(row["value_decimals"]))
        facts.append((speak("Rounded"), escape(text)))
    return facts


def _this_period(view: View, row: Mapping[Any, Any]) -> str:
    speak = view.speak
    figures = view.frame("figure_points", period=view.period, unit=(), indicator=(row["indicator_code"],))
    known = figures.dropna(subset="value")
    if known.empty:
        return speak("no figures")
    text = speak(
        "{known} of {count} units, from {low} to {high}, median {median}",
        known=len(known), count=len(figures), low=_exact(known["value"].min(), row, speak),
        high=_exact(known["value"].max(), row, speak), median=_exact(known["value"].median(), row, speak),
    )  # fmt: skip
    made_up = (known["status"] == "demonstration").any()
    return f"{text} · {speak('demonstration figures')}" if made_up else text


def _revisions(view: View, row: Mapping[Any, Any]) -> str:
    """Which figures that had counted were changed later, newest first."""
    speak = view.speak
    lines = revision_lines(view, row["indicator_code"])
    if not lines:
        return escape(speak("none so far"))
    shown = "".join(f"<li>{escape(line)}</li>" for line in lines[:_MOST_REVISIONS])
    if len(lines) > _MOST_REVISIONS:
        shown += f"<li>{escape(speak('and {count} earlier', count=len(lines) - _MOST_REVISIONS))}</li>"
    return f"<ul>{shown}</ul>"


def revision_lines(view: View, indicator_code: str) -> list[str]:
    """Return a sentence for each correction of an indicator's figures, newest first."""
    speak, units = view.speak, view.unit_names
    actions = _actions(speak)
    return [
        speak(
            "{unit}, {period}: {old} → {new} ({action} {moment})",
            unit=units.get(row["unit_code"], row["unit_code"]), period=speak.period(row["period"], is_short=True),
            old=_figure(view, row, "old_value"), new=_figure(view, row, "new_value"),
            action=actions.get(row["action"], row["action"]), moment=_moment(row, speak),
        )
        for row in dictionaries(view.frame("revision", indicator=indicator_code))
    ]  # fmt: skip


def correction_table(view: View) -> pd.DataFrame:
    """Return every correction of a figure that had counted, newest first, in the reader's words; may be empty."""
    speak, units, actions = view.speak, view.unit_names, _actions(view.speak)
    rows = dictionaries(view.frame("revision", indicator=""))
    titles = view.frame("source", language=view.language).set_index("source_id")["title"]
    return pd.DataFrame(
        {
            speak("When"): [_moment(row, speak) for row in rows],
            speak("Name"): [units.get(row["unit_code"], row["unit_code"]) for row in rows],
            speak("Indicator"): [view.indicator_name(row["indicator_code"]) for row in rows],
            speak("Period"): [speak.period(row["period"], is_short=True) for row in rows],
            speak("Before"): [_figure(view, row, "old_value") for row in rows],
            speak("After"): [_figure(view, row, "new_value") for row in rows],
            speak("How"): [actions.get(row["action"], row["action"]) for row in rows],
            speak("Source"): [titles.get(row["source_id"], row["source_id"]) for row in rows],
        }
    )


def _actions(speak: Translator) -> dict[str, str]:
    return {"accept": speak("accepted"), "correct": speak("corrected"), "harvest": speak("harvested")}


def _figure(view: View, row: Mapping[Any, Any], key: str) -> str:
    return view.speak("no figure") if pd.isna(row[key]) else view.figure(row["indicator_code"], row[key])


def _moment(row: Mapping[Any, Any], speak: Translator) -> str:
    return speak.moment(pd.Timestamp(row["changed_at"]).to_pydatetime())


def _exact(value: float, row: Mapping[Any, Any], speak: Translator) -> str:
    decimals = int(row["decimals"])
    return speak.measure(value, "%", decimals) if row["unit"] == "%" else speak.number(value, decimals)


def _source_link(view: View, source_id: str) -> str:
    sources = view.frame("source", language=view.language)
    rows = dictionaries(sources[sources["source_id"] == source_id])
    return source_link(rows[0]) if rows else escape(source_id)


def source_link(source: Mapping[Any, Any]) -> str:
    """Return a source's title, linked where it has a web address."""
    return web_link(escape(str(source["title"])), str(source["url"]))
