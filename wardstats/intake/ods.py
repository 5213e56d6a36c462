"""Reads the sheets of an OpenDocument spreadsheet, in one pass over its XML and within the limits of ``limits``.

Written for files that strangers hand in: a cell repeated two thousand million times costs nothing here.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from xml.parsers import expat

from wardstats.intake.limits import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_SHEETS, MAX_TEXT
from wardstats.intake.sheets import Cell, Sheet

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 "
_SPACES = {_TEXT + "s": " ", _TEXT + "tab": "\t", _TEXT + "line-break": "\n"}


@dataclass
class _Reading:
    sheets: list[Sheet] = field(default_factory=list)
    row: int = 0
    row_repeats: int = 1
    column: int = 0
    attributes: dict[str, str] | None = None
    texts: list[str] = field(default_factory=list)  # of the cell, piece by piece
    length: int = 0
    is_in_text: bool = False
    note_depth: int = 0
    is_too_large: bool = False
    cells: int = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == _TABLE + "table":
            self.sheets.append(Sheet(attributes.get(_TABLE + "name", "")[:100]))
            self.row = self.column = 0
            self.is_too_large |= len(self.sheets) > MAX_SHEETS
        elif tag == _TABLE + "table-row":
            self.row += 1
            self.row_repeats = _count(attributes.get(_TABLE + "number-rows-repeated"))
            self.column = 0
        elif tag in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            self.attributes, self.texts, self.length = attributes, [], 0
        elif tag == _OFFICE + "annotation":
            self.note_depth += 1  # a comment's text is no part of the cell
        elif tag == _TEXT + "p" and self.attributes is not None and not self.note_depth:
            if self.is_in_text or self.length:
                self._add("\n")
            self.is_in_text = True
        elif tag in _SPACES and self.is_in_text:
            self._add(_SPACES[tag] * min(_count(attributes.get(_TEXT + "c")), MAX_TEXT))

    def text(self, data: str) -> None:
        if self.is_in_text:
            self._add(data)

    def _add(self, text: str) -> None:
        """Keep a piece of the cell's text, as long as there is not enough of it."""
        if self.length <= MAX_TEXT:
            self.texts.append(text)
            self.length += len(text)

    def end(self, tag: str) -> None:
        if tag == _TEXT + "p":
            self.is_in_text = False
        elif tag == _OFFICE + "annotation":
            self.note_depth -= 1
        elif tag in (_TABLE + "table-cell", _TABLE + "covered-table-cell") and self.attributes is not None:
            self._close_cell(self.attributes)
            self.attributes = None
        elif tag == _TABLE + "table-row":
            self.row += self.row_repeats - 1

    def _close_cell(self, attributes: dict[str, str]) -> None:
        repeats = _count(attributes.get(_TABLE + "number-columns-repeated"))
        first, self.column = self.column + 1, self.column + repeats
        cell = _cell(attributes, "".join(self.texts)[:MAX_TEXT])
        if cell is None or not self.sheets:
            return
        last_row = self.row + self.row_repeats - 1
        if last_row > MAX_ROWS:
            self.is_too_large = True
            return
        columns = range(first, min(self.column, MAX_COLUMNS) + 1)
        self.cells += len(columns) * self.row_repeats
        if self.cells > MAX_CELLS:
            self.is_too_large = True
            return
        for row in range(self.row, last_row + 1):
            for column in columns:
                self.sheets[-1].cells[row, column] = cell


def read_ods(content: bytes) -> list[Sheet] | None:
    """Return the sheets of content.xml; None where they are beyond the limits.

    Raises:
        ExpatError: It is no XML.
    """
    reading = _Reading()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reading.start
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    for start in range(0, len(content), 65_536):
        parser.Parse(content[start : start + 65_536], False)
        if reading.is_too_large:
            return None
    parser.Parse(b"", True)
    return None if reading.is_too_large else reading.sheets


def _cell(attributes: dict[str, str], text: str) -> Cell | None:
    formula = attributes.get(_TABLE + "formula")
    value = _value(attributes, text)
    if value is None and formula is None:
        return None
    percent = 100 if attributes.get(_OFFICE + "value-type") == "percentage" else int(text.rstrip().endswith("%"))
    is_number = isinstance(value, float)
    return Cell(value, percent if is_number else 0, formula[:200] if formula is not None else None)


def _value(attributes: dict[str, str], text: str) -> Any:
    kind = attributes.get(_OFFICE + "value-type")
    if kind in ("float", "percentage", "currency"):
        with suppress(ValueError):
            return float(attributes[_OFFICE + "value"])
    if kind == "date":
        with suppress(ValueError):
            return datetime.fromisoformat(attributes.get(_OFFICE + "date-value", ""))
    if kind == "boolean":
        return attributes.get(_OFFICE + "boolean-value") == "true"
    return text.strip() or None


def _count(text: str | None) -> int:
    """Read a repetition; one that no sheet can have is read as one that is beyond every limit."""
    return max(1, int(text)) if text and text.isdecimal() and len(text) < 9 else 10**8 if text else 1
