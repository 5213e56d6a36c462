"""What the files that are printed or presented are called, and their media types."""

from __future__ import annotations

from wardstats.core.languages import fold
from wardstats.view.demonstration_notice import made_up
from wardstats.view.ranking_choice import span_of
from wardstats.view.view import View

PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def sheet_name(view: View, unit_code: str, ending: str = "pdf") -> str:
    """Return what the sheet of a unit is called."""
    return f"wardstats_{unit_code}_{view.period}_{view.language}.{ending}"


def ranking_name(view: View, kind: str = "") -> str:
    """Return what the ranking of the period, or of the quarter or year that holds it, is called."""
    period = span_of(view, kind).text if kind else view.period
    return f"wardstats_ranking_{period}_{view.node}_{view.language}.pdf"


def deck_name(view: View) -> str:
    """Return what the slides are called; the name says what of them is made up, or a sample."""
    speak = view.speak
    marks = [speak("demonstration")] if made_up(view).text else []
    marks += [speak("sample criteria")] if view.rules["is_sample"] else []
    words = [fold(mark).replace(" ", "-") for mark in marks]
    return "_".join(["wardstats_slides", view.period, view.language, *words]) + ".pptx"
