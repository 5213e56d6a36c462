"""The columns of the workbook: how they are called in each language, and how a heading is recognised again."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from wardstats.core.languages import LANGUAGES, Translator, fold, translator

# In the order of the sheet. Those that are filled in are INPUTS; the others are locked.
KEYS = (
    "indicator_code", "theme", "indicator", "unit", "period", "last", "target", "numerator", "denominator", "value",
    "result", "situation", "evidence", "note", "definition",
)  # fmt: skip
INPUTS = ("numerator", "denominator", "value", "situation", "evidence", "note")
NUMBERS = ("numerator", "denominator", "value")


# What columns were called in workbooks of before: they are recognised still.
_EARLIER = {"chu de": "theme", "chi tieu": "indicator"}


def headings(speak: Translator) -> dict[str, str]:
    """Return what each column is called."""
    return {
        "indicator_code": speak("Code"),
        "theme": speak("Theme"),
        "indicator": speak("Indicator"),
        "unit": speak("Unit of measure"),
        "period": speak("Period"),
        "last": speak("Period before"),
        "target": speak("Signed target"),
        "numerator": speak("Numerator"),
        "denominator": speak("Denominator"),
        "value": speak("Value"),
        "result": speak("Result"),
        "situation": speak("Situation"),
        "evidence": speak("Evidence"),
        "note": speak("Note"),
        "definition": speak("Definition"),
    }


def situations(speak: Translator) -> dict[str, str]:
    """Return what can be said instead of a figure: nothing arose (0 out of 0), or there is no figure yet."""
    return {"nothing": speak("nothing arose"), "missing": speak("no figure yet")}


def labels(speak: Translator) -> dict[str, str]:
    """Return what the two facts above the table are called."""
    return {"unit_code": speak("Unit code"), "period": speak("Period")}


def answers(speak: Translator) -> dict[str, str]:
    """Return the words for an indicator that is yes or no."""
    return {"yes": speak("Yes"), "no": speak("No")}


def totals(speak: Translator) -> str:
    """Return the names that a line of totals may have."""
    return speak("Total|Sum|Grand total")


def multiples(speak: Translator) -> str:
    """Return the words of a heading that say its numbers are written in thousands or millions."""
    return speak("thousand|thousands|million|millions")


def recognise_heading(text: object) -> str | None:
    """Return the key of a column by its heading, in whatever language, or by the key itself.

    A number before it and a remark behind it are left out: 5. Value (%), Numerator: files on time. A remark that names
    the period before, or the target, makes it that column: Value (period before).
    """
    known, plain = _by_name("headings"), _plain(text)
    if plain in known:
        return known[plain]
    other = next((known[name] for name in known if known[name] in ("last", "target") and _holds(text, name)), None)
    return other or known.get(_before_remark(text))


def is_in_multiples(heading: object) -> bool:
    """Tell whether a heading says that its numbers are written in thousands or millions."""
    return any(_holds(heading, word) for word in _listed(multiples))


def is_total(text: object) -> bool:
    """Tell whether a text is the name of a line of totals."""
    return _before_remark(text) in _listed(totals)


def recognise_label(text: object) -> str | None:
    """Return which fact above the table a label names."""
    return _by_name("labels").get(_plain(text).rstrip(": "))


def recognise_situation(text: object) -> str | None:
    """Return the key of a situation."""
    return _by_name("situations").get(_plain(text))


def recognise_answer(text: object) -> str | None:
    """Return yes or no."""
    plain = _plain(text)
    return {"true": "yes", "false": "no", "x": "yes"}.get(plain) or _by_name("answers").get(plain)


def _before_remark(text: object) -> str:
    """Return what stands before the remark of a heading, without its number and the mark of a footnote."""
    head = re.split(r"[(\[:/\n]|\s[-–]\s", re.sub(r"^\s*\(?\d{1,2}[).]\s*", "", str(text)))[0]
    return _plain(head).rstrip("0123456789¹²³.,;†‡ ")


def _holds(text: object, words: str) -> bool:
    """Tell whether plain words stand in a text, as whole words."""
    plain = _plain(re.sub(r"[()\[\]:;,./%–-]", " ", str(text)))
    return f" {words} " in f" {plain} "


def _plain(text: object) -> str:
    return " ".join(fold(str(text)).replace("*", " ").split())


@cache
def _listed(words: Callable[[Translator], str]) -> frozenset[str]:
    return frozenset(_plain(word) for language in LANGUAGES for word in words(translator(language)).split("|"))


@cache
def _by_name(what: str) -> Mapping[str, str]:
    words = {"headings": headings, "labels": labels, "situations": situations, "answers": answers}[what]
    found = dict(_EARLIER) if what == "headings" else {}
    for language in LANGUAGES:
        for key, name in words(translator(language)).items():
            found[_plain(name)] = key
            found[key] = key
            found[key.replace("_", " ")] = key
    return found
