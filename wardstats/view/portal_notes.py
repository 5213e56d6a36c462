"""What pages say about the portal's figures: as of when they are, and what is flagged at them.

Pure functions of a view; no page, no portal.
"""

from __future__ import annotations

import pandas as pd

from wardstats.core.languages import Translator
from wardstats.view.view import View

SOURCE_PREFIX = "dvcqg"  # of the source_id of every figure from the portal


def harvest_note(view: View) -> str:
    """Return the plain line about the period's figures from the national portal; empty where there are none."""
    sources = view.frame("source_used", periods=(view.period,), language=view.language)
    own = sources[sources["source_id"].str.startswith(SOURCE_PREFIX) & sources["accessed"].notna()]
    if own.empty:
        return ""
    speak = view.speak
    day = speak.day(pd.Timestamp(own["accessed"].max()).date())
    if "PERIOD_NOT_OVER" in _flags(view):
        return speak("National portal figures as of {day}; the period was not over yet.", day=day)
    return speak("National portal figures as of {day}.", day=day)


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


def indicator_flags(view: View, indicator_code: str) -> str:
    """Return what is flagged at one indicator's figures of the period, for its card; empty where nothing is."""
    notes = view.frame("figure_note", period=view.period)
    own = notes[(notes["indicator_code"] == indicator_code) & notes["source_id"].str.startswith(SOURCE_PREFIX)]
    names = flag_names(view.speak)
    flags = dict.fromkeys(flag for note in own["note"].unique() for flag in split_note(note))
    return "; ".join(names.get(flag, flag) for flag in flags)


def _flags(view: View) -> list[str]:
    """Return the flags of the period's figures from the portal, each once."""
    notes = view.frame("figure_note", period=view.period)
    own = notes[notes["source_id"].str.startswith(SOURCE_PREFIX)]
    return list(dict.fromkeys(flag for note in own["note"].unique() for flag in split_note(note)))
