"""Turns the cells of one line into numbers and words, as tolerantly as is safe, and says where that cannot be done."""

from __future__ import annotations

import math
import unicodedata
from datetime import date, datetime, time
from typing import Any

import numpy as np

from wardstats.core.languages import Translator
from wardstats.core.measures import LARGEST
from wardstats.intake.columns import NUMBERS, answers, recognise_answer, recognise_situation, situations
from wardstats.intake.faults import Finding
from wardstats.intake.form import Form, Row
from wardstats.intake.layout import Line, as_period
from wardstats.intake.numbers import no_percentage, read_number, written_number
from wardstats.intake.sheets import Cell

_NOTE_AT_MOST = 500


class CellReader:
    """Reads the lines of one table and gathers what is wrong with single cells."""

    def __init__(self, form: Form, speak: Translator) -> None:
        """Remember what is asked and in which language to tell."""
        self.form = form
        self.speak = speak
        self.findings: list[Finding] = []

    def row(self, line: Line) -> dict[str, Any] | None:
        """Return the numbers (NaN where empty), note and evidence of a line; None for one left empty or at fault."""
        asked = self.form.rows[line.code]
        before = len(self.findings)
        self._check_period(line, asked)
        numbers = {key: self._number(line, key, asked) for key in NUMBERS}
        situation = self._situation(line, asked)
        words = {key: self._words(line, key) for key in ("note", "evidence")}
        if len(self.findings) > before:
            return None
        has_number = any(not math.isnan(number) for number in numbers.values())
        if situation == "missing" and has_number:
            self._report(line, "situation", self.speak("a figure beside it"), situations(self.speak)["missing"])
            return None
        if situation == "nothing":
            if any(number for number in numbers.values() if not math.isnan(number)):
                self._report(line, "situation", self.speak("a figure beside it"), situations(self.speak)["nothing"])
                return None
            numbers = {"numerator": 0.0, "denominator": 0.0, "value": np.nan}
        elif situation is None and not has_number:
            return None
        return {"code": line.code, "line": line, **numbers, **words}

    def _report(self, line: Line, key: str, found: str, expected: str, remedy: str | None = None) -> None:
        place = line.places.get(key, "")
        remedy = remedy or self.speak("Keep one of the two.")
        self.findings.append(Finding(line.sheet, place, found, expected, remedy, indicator=line.code))

    def _check_period(self, line: Line, asked: Row) -> None:
        value = line.value("period")
        if value is not None and as_period(value) != asked.period:
            remedy = self.speak("Do not change the period; copy the line from a new workbook.")
            self._report(line, "period", str(value)[:80], asked.period, remedy)

    def _number(self, line: Line, key: str, asked: Row) -> float:
        if key not in line.cells:
            return np.nan
        cell = line.cells[key][1]
        speak = self.speak
        if cell.formula is not None:
            shown = speak("which last showed {value}", value=str(cell.value)[:40]) if cell.value is not None else ""
            found = ", ".join(filter(None, (speak("the formula {formula}", formula=cell.formula[:60]), shown)))
            self._report(line, key, found, speak("a number"), speak("Type the number itself."))
            return np.nan
        if key == "value" and asked.indicator.unit == "yes_no":
            return self._answer(line, cell)
        if isinstance(cell.value, bool):
            self._report(line, key, str(cell.value), speak("a number"), speak("Type the number itself."))
            return np.nan
        if isinstance(cell.value, int | float):
            return self._scaled(line, key, cell, asked)
        if isinstance(cell.value, datetime | date | time):
            remedy = speak(
                "A spreadsheet took what was typed for a date. Format the cell as a number, then type again."
            )
            self._report(line, key, speak("the date {date}", date=str(cell.value)[:19]), speak("a number"), remedy)
            return np.nan
        return self._typed(line, key, str(cell.value), asked)

    def _scaled(self, line: Line, key: str, cell: Cell, asked: Row) -> float:
        number = float(cell.value)
        if not math.isfinite(number) or abs(number) > LARGEST:
            self._report(line, key, str(cell.value)[:40], self.speak("a number"), self.speak("Type the number itself."))
            return np.nan
        if cell.divided > 1:
            shown = written_number(round(number / cell.divided, 9), self.speak)
            found = self.speak("{value}, which its format shows as {shown}", value=cell.value, shown=shown)
            remedy = self.speak("Format the cell as a plain number, then look at it again.")
            self._report(line, key, found, self.speak("numbers written in full"), remedy)
            return np.nan
        if not cell.percent:
            return number
        if asked.asked(key).unit == "%":
            return round(number * cell.percent, 9)
        shown = written_number(round(number * cell.percent, 9), self.speak) + "%"
        fault = no_percentage(shown, asked.asked(key), self.speak)
        self._report(line, key, fault.found, fault.expected, fault.remedy)
        return np.nan

    def _typed(self, line: Line, key: str, text: str, asked: Row) -> float:
        """Read a number typed as text; its limits are held against the whole line later."""
        found = read_number(text, asked.asked(key), self.speak)
        if isinstance(found, Finding):
            self._report(line, key, found.found, found.expected, found.remedy)
        return found if isinstance(found, float) else np.nan

    def _answer(self, line: Line, cell: Cell) -> float:
        if isinstance(cell.value, bool):
            return float(cell.value)
        if isinstance(cell.value, int | float) and cell.value in (0, 1):
            return float(cell.value)
        answer = {"1": "yes", "0": "no"}.get(str(cell.value).strip()) or recognise_answer(cell.value)
        if answer is None:
            words = " / ".join(answers(self.speak).values())
            self._report(line, "value", repr(str(cell.value)[:80]), words, self.speak("Choose one from the list."))
            return np.nan
        return float(answer == "yes")

    def _situation(self, line: Line, asked: Row) -> str | None:
        value = line.value("situation")
        if value is None:
            return None
        situation = recognise_situation(value)
        words = situations(self.speak)
        allowed = [words[name] for name in words if asked.is_ratio or name == "missing"]
        if situation is None or words[situation] not in allowed:
            remedy = self.speak("Choose one from the list, or leave it empty.")
            self._report(line, "situation", repr(str(value)[:80]), " / ".join(allowed), remedy)
            return None
        return situation

    def _words(self, line: Line, key: str) -> str:
        """Return a text as it may be kept: composed, without control characters, not too long."""
        cell = line.cells[key][1] if key in line.cells else None
        if cell is None:
            return ""
        if cell.formula is not None:
            found = self.speak("the formula {formula}", formula=cell.formula[:60])
            self._report(line, key, found, self.speak("a text"), self.speak("Type the text itself."))
            return ""
        text = clean_text(str(cell.value))
        if len(text) > _NOTE_AT_MOST:
            found = self.speak("{count} letters", count=len(text))
            expected = self.speak("at most {count} letters", count=_NOTE_AT_MOST)
            self._report(line, key, found, expected, self.speak("Shorten it; submit long texts as evidence."))
        return text


def clean_text(text: str) -> str:
    """Return a text composed (NFC), without control characters and marks that turn the direction of writing."""
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(
        sign if not unicodedata.category(sign).startswith("C") or sign in "\u200c\u200d" else " " for sign in composed
    )
    return " ".join(kept.split())
