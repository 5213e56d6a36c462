"""Reads the sheets of an .xlsx workbook, in one pass over each of its parts and within the limits of ``limits``.

Written for files that strangers hand in: of styles only number formats are read; fonts, names, drawings, properties and
what stands behind the cells of a sheet cost nothing, however many there are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel, from_ISO8601

from wardstats.intake.hidden import XlsxHiding
from wardstats.intake.limits import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_FORMAT,
    MAX_ROWS,
    MAX_SHEETS,
    MAX_TEXT,
    TooLargeError,
    column_number,
)
from wardstats.intake.office_parts import Parts, Relation, divided_by, main_tag, parse, percent_of, shows_nothing
from wardstats.intake.sheets import Cell, Sheet

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_WHOLE = re.compile(r"[+-]?\d{1,15}", re.ASCII)
_PLACE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})", re.ASCII)
_OTHER = 10**8  # a place that no sheet has


class _LastCellRead(Exception):
    """What follows the cells of a sheet is not looked at."""


@dataclass
class Workbook:
    """What the cells of all sheets share."""

    strings: Sequence[str]
    formats: Sequence[str]
    epoch: datetime
    cells: int = 0


def read_xlsx(content: bytes) -> list[Sheet]:
    """Return the sheets of a workbook, in the order of their tabs.

    Raises:
        TooLargeError: It is beyond the limits.
        ExpatError: A part is no XML.
        ValueError: A part says what no program writes.
        KeyError: A part is missing.
    """
    parts = Parts(content)
    name = parts.workbook()
    tabs, is_mac = _tabs(parts.read(name))
    relations = parts.relations(name)
    if len(tabs) > MAX_SHEETS:
        raise TooLargeError("cells")
    shared = Workbook(_strings(parts, relations), _formats(parts, relations), MAC_EPOCH if is_mac else WINDOWS_EPOCH)
    found = []
    for title, identifier, state in tabs:
        if relations[identifier].kind == "worksheet":  # others hold a chart or a dialog
            reading = _Reading(Sheet(title[:100]), shared)
            found.append(reading.read(parts.read(relations[identifier].target)))
            found[-1].hidden = reading.hiding.found(state)
    return found


def _tabs(content: bytes) -> tuple[list[tuple[str, str, str]], bool]:
    """Return title, relationship and state of each tab, and whether days are counted from 1904."""
    tabs: list[tuple[str, str, str]] = []
    is_mac: list[bool] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        kind = main_tag(tag)
        if kind == "sheet":
            identifier = next((value for key, value in attributes.items() if key.endswith("relationships id")), "")
            tabs.append((attributes.get("name", ""), identifier, attributes.get("state", "visible")))
        elif kind == "workbookPr":
            is_mac.append(attributes.get("date1904", "0") in ("1", "true"))

    parse(content, start)
    return tabs, any(is_mac)


def _strings(parts: Parts, relations: dict[str, Relation]) -> list[str]:
    """Return the texts that cells point at; how a word is pronounced is no part of it."""
    found: list[str] = []
    now: list[str] = []
    inside = {"t": 0, "rPh": 0, "length": 0}

    def start(tag: str, _: dict[str, str]) -> None:
        kind = main_tag(tag)
        if kind in inside:
            inside[kind] += 1
        elif kind == "si":
            now.clear()
            inside["length"] = 0

    def end(tag: str) -> None:
        kind = main_tag(tag)
        if kind in inside:
            inside[kind] -= 1
        elif kind == "si":
            found.append(_unescaped("".join(now)))

    def text(data: str) -> None:
        if inside["t"] and not inside["rPh"] and inside["length"] <= MAX_TEXT:
            now.append(data)
            inside["length"] += len(data)

    for relation in relations.values():
        if relation.kind == "sharedStrings" and parts.has(relation.target):
            parse(parts.read(relation.target), start, end, text)
            break
    return found


def _formats(parts: Parts, relations: dict[str, Relation]) -> list[str]:
    """Return the number format of each cell style; nothing else of the styles means anything for a figure."""
    own: dict[str, str] = {}
    numbers: list[str] = []
    within: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        kind = main_tag(tag)
        if kind == "xf" and within:
            numbers.append(attributes.get("numFmtId", "0"))
        elif kind == "cellXfs":
            within.append(kind)
        elif kind == "numFmt" and len(code := attributes.get("formatCode", "")) <= MAX_FORMAT:
            own.setdefault(attributes.get("numFmtId", ""), code)

    def end(tag: str) -> None:
        if within and main_tag(tag) == "cellXfs":
            within.clear()

    for relation in relations.values():
        if relation.kind == "styles" and parts.has(relation.target):
            parse(parts.read(relation.target), start, end)
            break
    builtin = {str(number): code for number, code in BUILTIN_FORMATS.items()}
    return [own.get(number) or builtin.get(number, "General") for number in numbers]


@dataclass
class _Reading:
    sheet: Sheet
    shared: Workbook
    hiding: XlsxHiding = field(default_factory=XlsxHiding)
    row: int = 0
    column: int = 0
    cell: dict[str, str] | None = None
    takes: str = ""  # of which element text is kept: v, f or t
    texts: dict[str, list[str]] = field(default_factory=dict)
    formulas: dict[str, str] = field(default_factory=dict)
    shared_formula: str | None = None
    sounds: int = 0

    def read(self, content: bytes) -> Sheet:
        try:
            parse(content, self.start, self.end, self.text)
        except _LastCellRead:
            pass
        return self.sheet

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        kind = main_tag(tag)
        if kind == "c":
            found = _PLACE.fullmatch(attributes.get("r", ""))
            self.column = column_number(found[1]) if found else self.column + 1
            self.cell, self.texts, self.shared_formula = attributes, {}, None
        elif kind in ("v", "f", "t") and self.cell is not None:
            if not self.sounds:
                self.takes = kind
                self.texts.setdefault(kind, [])
            if kind == "f" and attributes.get("t") == "shared":
                self.shared_formula = attributes.get("si", "")
        elif kind == "row":
            number = attributes.get("r", "")
            self.row = self.row + 1 if not number.isdecimal() else int(number) if len(number) < 9 else _OTHER
            self.column = 0
            self.hiding.start(kind, attributes)
        elif kind == "rPh":
            self.sounds += 1
        else:
            self.hiding.start(kind, attributes)

    def text(self, data: str) -> None:
        if self.takes and len(kept := self.texts[self.takes]) <= MAX_TEXT:
            kept.append(data[: MAX_TEXT + 1])

    def end(self, tag: str) -> None:
        kind = main_tag(tag)
        if kind == self.takes:
            self.takes = ""
        if kind == "c" and self.cell is not None:
            self._close(self.cell)
            self.cell = None
        elif kind == "rPh":
            self.sounds -= 1
        elif kind == "sheetData":
            raise _LastCellRead

    def _close(self, attributes: dict[str, str]) -> None:
        if not self.texts:
            return
        self.shared.cells += 1
        if self.row > MAX_ROWS or self.shared.cells > MAX_CELLS:
            raise TooLargeError("cells")
        if self.column > MAX_COLUMNS:
            return
        number_format = self._format(attributes.get("s", "0"))
        value = self._value(attributes.get("t", "n"), number_format)
        if "f" in self.texts:
            self.sheet.cells[self.row, self.column] = Cell(value, formula=self._formula())
        elif value is not None:
            is_number = isinstance(value, int | float)
            percent = percent_of(number_format, value) if is_number else 0
            divided = divided_by(number_format, value) if is_number else 1
            self.sheet.cells[self.row, self.column] = Cell(value, percent, divided=divided)
        if value is not None and shows_nothing(number_format, value):
            self.sheet.blank.add((self.row, self.column))

    def _format(self, style: str) -> str:
        formats = self.shared.formats
        number = int(style) if style.isdecimal() and len(style) < 9 else 0
        return formats[number] if number < len(formats) else "General"

    def _formula(self) -> str:
        """Return a formula; of one that several cells share, the text stands in the first of them."""
        text = "".join(self.texts["f"])
        if self.shared_formula is not None:
            text = self.formulas.setdefault(self.shared_formula, text) if not text else text
            self.formulas.setdefault(self.shared_formula, text)
        return ("=" + text)[:200]

    def _value(self, kind: str, number_format: str) -> Any:
        if kind == "inlineStr":
            return _unescaped("".join(self.texts.get("t", ())))[:MAX_TEXT] or None
        text = "".join(self.texts.get("v", ()))[:MAX_TEXT]
        if not text:
            return None
        if kind == "s":
            if not text.strip().isdecimal():
                raise ValueError(f"{text[:40]!r}: found no number of a text")
            return self.shared.strings[int(text)][:MAX_TEXT] or None
        if kind == "b":
            return text.strip() in ("1", "true")
        if kind == "d":
            return from_ISO8601(text)
        if kind in ("str", "e"):
            return _unescaped(text)
        return self._number(text.strip(), number_format)

    def _number(self, text: str, number_format: str) -> Any:
        if not _NUMBER.fullmatch(text):
            raise ValueError(f"{text[:40]!r}: found no number")
        number = int(text) if _WHOLE.fullmatch(text) else float(text)
        is_date, is_duration = _is_time(number_format)
        if not is_date:
            return number
        try:
            return from_excel(number, self.shared.epoch, timedelta=is_duration)
        except (OverflowError, ValueError):
            return "#VALUE!"  # as spreadsheets show it


@lru_cache(maxsize=4096)
def _is_time(number_format: str) -> tuple[bool, bool]:
    """Tell whether a number format shows a date or time, and whether it shows how long something took."""
    return is_date_format(number_format), is_timedelta_format(number_format)


def _unescaped(text: str) -> str:
    """Return a text with the control characters that Open XML writes as _x000D_."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text
