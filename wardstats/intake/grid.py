"""A file that was handed in as sheets of cells, whatever its kind; formulas are kept apart, never believed.

Owns bytes to cells. What the cells mean is ``layout``'s, whether they are right ``judging``'s.
"""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from typing import Any

from wardstats.core.languages import Translator
from wardstats.intake.active_content import Active, active_text
from wardstats.intake.csv_text import EncodingError, decoded, delimiter_of
from wardstats.intake.faults import UnreadableError
from wardstats.intake.hidden import hidden_in_ods
from wardstats.intake.limits import (
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEETS,
    MAX_TEXT,
    TooLargeError,
    refuse_active,
    sniff,
)
from wardstats.intake.sheets import Cell, Sheet

_MAX_LINES = 20 * MAX_ROWS  # of CSV, the empty ones that spreadsheets write below a table included


@dataclass(frozen=True)
class Grid:
    """A file as sheets.

    Attributes:
        name: What the file is called.
        kind: xlsx, ods or csv.
    """

    name: str
    kind: str
    sheets: list[Sheet]


def address(row: int, column: int) -> str:
    """Return a cell's address as spreadsheets write it."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row}"


def read_grid(name: str, content: bytes, speak: Translator) -> Grid:
    """Read a file.

    Raises:
        UnreadableError: It cannot be read, or is beyond the limits.
    """
    kind = sniff(name, content, speak)
    try:
        sheets = {"xlsx": _read_xlsx, "ods": _read_ods, "csv": _read_csv}[kind](name, content)
    except TooLargeError:
        expected = speak(
            "at most {sheets} sheets of {rows} rows and {columns} columns",
            sheets=MAX_SHEETS, rows=speak.number(MAX_ROWS, 0), columns=MAX_COLUMNS,
        )  # fmt: skip
        remedy = speak("Remove what does not belong to the form.")
        raise UnreadableError(name, speak("too many cells"), expected, remedy) from None
    except EncodingError:
        remedy = speak("Save it as .xlsx, or choose “CSV UTF-8” when you save it.")
        found = speak("a text in an unknown encoding")
        raise UnreadableError(name, found, speak("a CSV file in UTF-8"), remedy) from None
    except MemoryError:  # nothing is wrong with the file but its size; who set the limit tells
        raise
    # A parser of other people's files fails in more ways than it declares; whatever it is, the file is not readable.
    except Exception:  # noqa: BLE001
        expected = speak("a workbook (.xlsx, .ods) or a CSV file")
        remedy = speak("Open it in a spreadsheet program and save it again as .xlsx.")
        raise UnreadableError(name, speak("a damaged file"), expected, remedy) from None
    if kind == "csv":
        _refuse_active_cells(name, sheets, speak)
    return Grid(name, kind, sheets)


def _refuse_active_cells(name: str, sheets: list[Sheet], speak: Translator) -> None:
    """Refuse texts that a spreadsheet would take for formulas that ask other programs, once it opens the file."""
    for sheet in sheets:
        for (row, column), cell in sheet.cells.items():
            text = str(cell.value if cell.formula is None else cell.formula)
            if word := active_text(text):
                refuse_active(name, Active("formula", address(row, column), f"{word}: {text[:80]}"), speak)


def _read_xlsx(name: str, content: bytes) -> list[Sheet]:
    from wardstats.intake.xlsx import read_xlsx  # here, because it takes a moment to load and most commands need none

    return read_xlsx(content)


def _read_ods(name: str, content: bytes) -> list[Sheet]:
    from wardstats.intake.ods import read_ods

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [archive.read(part) if part in archive.namelist() else b"" for part in ("content.xml", "styles.xml")]
    found = read_ods(parts[0])
    if found is None:
        raise TooLargeError
    for sheet, hidden in zip(found, hidden_in_ods(*parts), strict=True):
        sheet.hidden = hidden
    return found


def _read_csv(name: str, content: bytes) -> list[Sheet]:
    text = decoded(content)
    if "\x00" in text:
        raise ValueError("no text")
    sheet = Sheet(name[:100])
    csv.field_size_limit(1_000_000)
    delimiter = delimiter_of(text)
    for row, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
        filled = [(column, text.strip()) for column, text in enumerate(cells, 1) if text.strip()]
        if row > _MAX_LINES or (filled and (row > MAX_ROWS or len(sheet.cells) > MAX_CELLS)):
            raise TooLargeError
        for column, text in filled:
            if column <= MAX_COLUMNS:
                # A spreadsheet would calculate such a text; here it stays a text, told apart as a formula.
                is_formula = text.startswith("=")
                sheet.cells[row, column] = Cell(None, formula=text[:200]) if is_formula else Cell(_short(text))
    return [sheet]


def _short(value: Any) -> Any:
    return value[:MAX_TEXT] if isinstance(value, str) else value
