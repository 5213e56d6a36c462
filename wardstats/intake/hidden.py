"""What of a workbook nobody sees who opens it: hidden sheets, rows and columns, and formats that show no number.

Owns how files say so: states, heights and widths, filters, closed groups, frozen panes. What follows from it for a
figure is ``layout``'s. Colours are not looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from wardstats.intake.limits import MAX_COLUMNS, MAX_ROWS, column_number
from wardstats.intake.office_parts import parse
from wardstats.intake.sheets import Hidden

_LEAST_PT = 3.0  # a row or column smaller than this shows no digit
_POINTS_A_CHARACTER = 5.25  # of a column's width as .xlsx files count it
_POINTS = {"pt": 1.0, "cm": 28.35, "mm": 2.835, "in": 72.0, "pc": 12.0, "px": 0.75}
_TRUE = ("1", "true", "on")
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"
_TABLE, _STYLE = f"{_OFFICE}table:1.0 ", f"{_OFFICE}style:1.0 "


@dataclass
class XlsxHiding:
    """Gathers what is hidden of a sheet of an .xlsx file, while it is read."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    listed: set[int] = field(default_factory=set)
    row: int = 0
    is_every_row_low: bool = False
    are_columns_narrow: bool = False
    view: str = ""

    def start(self, tag: str, given: dict[str, str]) -> None:
        """Look at the start of an element.

        Args:
            tag: Its name, without its namespace.
            given: Its attributes.
        """
        if tag == "row":
            number = given.get("r", "")
            self.row = int(number) if number.isdecimal() and len(number) < 9 else self.row + 1
            height = _number(given.get("ht"))
            is_low = height < _LEAST_PT if height is not None else self.is_every_row_low
            if self.row <= MAX_ROWS and (given.get("hidden") in _TRUE or is_low):
                self.rows.add(self.row)
        elif tag == "col":
            self._column(given)
        elif tag == "sheetFormatPr":
            self._defaults(given)
        elif tag == "sheetView":
            self.view = given.get("topLeftCell", "")
        elif tag == "pane" and given.get("state", "").startswith("frozen"):
            self._frozen(given)

    def found(self, state: str) -> Hidden:
        """Return what is hidden, once all is read.

        Args:
            state: What the workbook says of the sheet: visible, hidden, veryHidden.
        """
        columns = set(self.columns)
        if self.are_columns_narrow:
            columns |= set(range(1, MAX_COLUMNS + 1)) - self.listed
        return Hidden(state != "visible", frozenset(self.rows), frozenset(columns))

    def _column(self, given: dict[str, str]) -> None:
        first, last = _number(given.get("min")) or 1, _number(given.get("max")) or 0
        columns = range(max(1, int(first)), int(min(last, MAX_COLUMNS)) + 1)
        if len(self.listed) < MAX_COLUMNS:
            self.listed.update(columns)
        width = _number(given.get("width"))
        is_narrow = width * _POINTS_A_CHARACTER < _LEAST_PT if width is not None else self.are_columns_narrow
        if (given.get("hidden") in _TRUE or is_narrow) and len(self.columns) < MAX_COLUMNS:
            self.columns.update(columns)

    def _defaults(self, given: dict[str, str]) -> None:
        width, height = _number(given.get("defaultColWidth")), _number(given.get("defaultRowHeight"))
        self.are_columns_narrow = width is not None and width * _POINTS_A_CHARACTER < _LEAST_PT
        is_low = height is not None and height < _LEAST_PT
        self.is_every_row_low = is_low and given.get("zeroHeight") not in _TRUE  # those that are listed are shown

    def _frozen(self, given: dict[str, str]) -> None:
        """Count what lies above or left of frozen panes: nobody can scroll there."""
        if match := re.fullmatch(r"\$?([A-Z]{1,3})\$?(\d{1,7})", self.view):
            if _number(given.get("ySplit")):
                self.rows.update(range(1, min(int(match[2]), MAX_ROWS + 1)))
            if _number(given.get("xSplit")):
                self.columns.update(range(1, min(column_number(match[1]), MAX_COLUMNS + 1)))


@dataclass
class _OdsTables:
    styles: set[str] = field(default_factory=set)  # those that hide what has them
    style: str = ""
    tables: list[tuple[bool, set[int], set[int]]] = field(default_factory=list)
    row: int = 0
    column: int = 0
    closed: list[bool] = field(default_factory=list)  # groups of rows or columns around here

    def start(self, tag: str, given: dict[str, str]) -> None:
        if tag == _STYLE + "style":
            self.style = given.get(_STYLE + "name", "")
            if given.get(_STYLE + "parent-style-name") in self.styles:
                self.styles.add(self.style)
        elif tag == _STYLE + "table-properties" and given.get(_TABLE + "display") == "false":
            self.styles.add(self.style)
        elif tag in (_STYLE + "table-row-properties", _STYLE + "table-column-properties"):
            if any(_length(given.get(_STYLE + name)) < _LEAST_PT for name in ("row-height", "column-width")):
                self.styles.add(self.style)
        elif tag == _TABLE + "table":
            self.tables.append((self._is_hidden(given), set(), set()))
            self.row = self.column = 0
            self.closed = []
        elif tag in (_TABLE + "table-row-group", _TABLE + "table-column-group"):
            self.closed.append(given.get(_TABLE + "display") == "false")
        elif tag == _TABLE + "table-row" and self.tables:
            self.row = self._count(given, "number-rows-repeated", self.row, MAX_ROWS, self.tables[-1][1])
        elif tag == _TABLE + "table-column" and self.tables:
            self.column = self._count(given, "number-columns-repeated", self.column, MAX_COLUMNS, self.tables[-1][2])

    def end(self, tag: str) -> None:
        if tag in (_TABLE + "table-row-group", _TABLE + "table-column-group") and self.closed:
            self.closed.pop()

    def _is_hidden(self, given: dict[str, str]) -> bool:
        is_gone = given.get(_TABLE + "visibility", "visible") != "visible" or given.get(_TABLE + "display") == "false"
        return is_gone or given.get(_TABLE + "style-name") in self.styles or any(self.closed)

    def _count(self, given: dict[str, str], repeats: str, last: int, most: int, found: set[int]) -> int:
        text = given.get(_TABLE + repeats, "1")
        end = last + (max(1, int(text)) if text.isdecimal() and len(text) < 9 else most)
        if self._is_hidden(given):
            found.update(range(last + 1, min(end, most) + 1))
        return end


def hidden_in_ods(content: bytes, styles: bytes = b"") -> list[Hidden]:
    """Return what is hidden of each table of an OpenDocument spreadsheet, in their order.

    Args:
        content: Its content.xml.
        styles: Its styles.xml, where there is one.
    """
    reading = _OdsTables()
    for part in filter(None, (styles, content)):
        parse(part, reading.start, reading.end)
    return [Hidden(is_hidden, frozenset(rows), frozenset(columns)) for is_hidden, rows, columns in reading.tables]


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None


def _length(text: str | None) -> float:
    """Return a length in points; one that is not given, or not understood, is long enough to be seen."""
    match = re.fullmatch(r"([\d.]{1,20})(pt|cm|mm|in|pc|px)", text or "")
    number = _number(match[1]) if match else None
    return _LEAST_PT if match is None or number is None else number * _POINTS[match[2]]
