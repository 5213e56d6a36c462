"""What pages say about the portal's figures: as of when, what it flags itself, and what later readings changed.

Pure functions of a view; no page, no portal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from wardstats.frames import records
from wardstats.i18n import Translator
from wardstats.view import View

SOURCE_PREFIX = "dvcqg"  # of the source_id of every figure from the portal


def harvest_note(view: View) -> str:
    """Return the plain line about the period's figures from the national portal; empty where there are none."""
    sources = view.frame("source_used", period=view.period, language=view.language)
    own = sources[sources["source_id"].str.startswith(SOURCE_PREFIX) & sources["accessed"].notna()]
    if own.empty:
        return ""
    speak = view.speak
    day = speak.day(pd.Timestamp(own["accessed"].max()).date())
    if "PERIOD_NOT_OVER" in _flags(view):
        return speak("National portal figures as of {day}; the period was not over yet.", day=day)
    return speak("National portal figures as of {day}.", day=day)


def flag_notes(view: View) -> list[str]:
    """Return one sentence for each quality flag of the period's figures, with the indicators it stands at."""
    speak, notes = view.speak, view.frame("figure_note", period=view.period)
    names = flag_names(speak)
    told = []
    for flag in _flags(view):
        rows = notes[notes["note"].map(split_note).map(lambda flags, flag=flag: flag in flags)]
        indicators = speak.names([view.indicator_name(code) for code in rows["indicator_code"].unique()])
        told.append(speak("{flag}: {indicators}.", flag=names.get(flag, flag), indicators=indicators))
    return told


def note_text(speak: Translator, note: str | None) -> str:
    """Return what is noted beside a figure in words: flags of the portal translated, anything else as it came."""
    names = flag_names(speak)
    return "; ".join(names.get(part, part) for part in split_note(note))


def flag_names(speak: Translator) -> dict[str, str]:
    """Return what each flag means."""
    return {
        "TEMP_NATIONAL_REPORT_DENOMINATOR": speak("The portal counts with a provisional denominator"),
        "NO_NATIONAL_REPORT_DATA": speak("The portal has no data from the national report"),
        "PROVINCE_FIGURE": speak("The province's own figure, the same for all its units"),
        "IMPOSSIBLE_COUNTS": speak("Left empty, because the portal's counts contradict each other"),
        "PERIOD_NOT_OVER": speak("Read before the period was over"),
    }


def split_note(note: str | None) -> list[str]:
    """Return the parts of a note."""
    return [part for part in (note or "").split("; ") if part]


def revision_notes(indicator: str) -> Callable[[View], list[str]]:
    """Return what writes the later changes of one indicator's figures, newest first; see ``session.cached``."""

    def draw(view: View) -> list[str]:
        return [_revision(view, row) for row in records(view.frame("revision", indicator=indicator))]

    draw.__qualname__ = f"revision_notes {indicator}"  # the cache knows a drawing by its name
    return draw


def _revision(view: View, row: dict[str, Any]) -> str:
    speak, code = view.speak, row["indicator_code"]
    old, new = (
        speak("no figure") if pd.isna(row[name]) else view.figure(code, row[name])
        for name in ("old_value", "new_value")
    )
    return speak(
        "{name}, {period}: {old}, now {new} (changed {moment}).",
        name=view.unit_names.get(row["unit_code"], row["unit_code"]),
        period=speak.period(row["period"]),
        old=old,
        new=new,
        moment=speak.moment(pd.Timestamp(row["changed_at"]).to_pydatetime()),
    )


def _flags(view: View) -> list[str]:
    """Return the flags of the period's figures from the portal, each once."""
    notes = view.frame("figure_note", period=view.period)
    own = notes[notes["source_id"].str.startswith(SOURCE_PREFIX)]
    return list(dict.fromkeys(flag for note in own["note"].unique() for flag in split_note(note)))
