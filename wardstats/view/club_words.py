"""What states, stages, kinds and fields are called in the reader's language."""

from __future__ import annotations

from wardstats.core.languages import Translator
from wardstats.view.view import View


def state_names(speak: Translator) -> dict[str, str]:
    """Return what the states of a pledge are called."""
    return {
        "reached": speak("target reached"),
        "ahead": speak("ahead"),
        "on_course": speak("on course"),
        "behind": speak("behind"),
        "missed": speak("missed"),
        "no_data": speak("no data"),
    }


def pace_names(speak: Translator) -> dict[str, str]:
    """Return what leads to a target, in words."""
    return {
        "level": speak("straight from where it stood to the target at the end of the year"),
        "hold": speak("to be held all year"),
        "year_to_date": speak("counted since 1 January"),
        "sum": speak("adds up over the year"),
    }


def status_names(speak: Translator) -> dict[str, str]:
    """Return what the states of an entry of the programme are called."""
    return {
        "planned": speak("planned"),
        "under_way": speak("under way"),
        "done": speak("done"),
        "postponed": speak("postponed"),
        "cancelled": speak("cancelled"),
    }


def stage_names(speak: Translator) -> dict[str, str]:
    """Return what the stages of adopting a model are called."""
    return {
        "pilot": speak("pilot"),
        "adopted": speak("adopted"),
        "recognised": speak("recognised"),
        "stopped": speak("stopped"),
    }


def kind_names(speak: Translator) -> dict[str, str]:
    """Return what kinds of documents are called."""
    return {
        "decision": speak("Decision"),
        "regulation": speak("Regulations"),
        "criteria": speak("Criteria set"),
        "plan": speak("Plan"),
        "contract": speak("Competition contract"),
        "minutes": speak("Minutes"),
        "law": speak("Law in force"),
        "report": speak("Report"),
    }


def field_names(speak: Translator) -> dict[str, str]:
    """Return what fields of consultation are called."""
    return {
        "planning": speak("Planning"),
        "land": speak("Land"),
        "urban_finance": speak("Urban finance"),
        "infrastructure": speak("Infrastructure"),
        "urban_management": speak("Urban management"),
        "digital_transformation": speak("Digital transformation"),
        "environment": speak("Environment"),
    }


def stance_names(speak: Translator) -> dict[str, str]:
    """Return what positions on a topic are called."""
    return {
        "agree": speak("agrees"),
        "amend": speak("agrees with changes"),
        "disagree": speak("disagrees"),
        "abstain": speak("no opinion"),
    }


def sample_words(view: View) -> tuple[str, str]:
    """Return the loud notice of a page with sample lines: title and text."""
    speak = view.speak
    return (
        speak("SAMPLE."),
        speak("Lines marked as sample show how this page works. They are no ward's own words, pledges or deeds."),
    )
