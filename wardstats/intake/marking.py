"""A copy of a workbook with the faulty cells marked and explained, and a first sheet that lists every fault."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

import xlsxwriter

from wardstats.core.formula_guard import neutralise
from wardstats.core.languages import Translator
from wardstats.intake.faults import Finding
from wardstats.intake.grid import Grid
from wardstats.intake.limits import column_number, opens_whole
from wardstats.intake.office_parts import Parts
from wardstats.intake.sheets import Cell

_RED, _YELLOW = "FFD9D4", "FFF0B3"
_LISTED_AT_MOST = 2_000


def marked_copy(
    grid: Grid, content: bytes, findings: Sequence[Finding], speak: Translator, *, with_look: bool = True
) -> bytes:
    """Return the workbook with its faults marked, as .xlsx; an uploaded .xlsx keeps its own look and rules.

    Args:
        grid: The cells as they were read.
        content: The file.
        findings: What to mark; cells of the same addresses.
        speak: The language of the explanations.
        with_look: Keep the look of an .xlsx, where it can be opened whole; else write its cells afresh.
    """
    if with_look and grid.kind == "xlsx" and opens_whole(content) and not Parts(content).is_strict():
        try:
            return _marked_original(content, findings, speak)
        # Reading was only for the cells; other parts of a file that strangers made may still break the library.
        except Exception:  # noqa: BLE001
            pass
    return _marked_cells(grid, findings, speak)


def headings(speak: Translator) -> list[str]:
    """Return the columns of a list of findings."""
    return [speak("Sheet"), speak("Cell"), speak("Found"), speak("Expected"), speak("What to do")]


def finding_row(finding: Finding) -> list[str]:
    """Return a finding as a line of the list."""
    return [finding.sheet, finding.cell, finding.found, finding.expected, finding.remedy]


def _marked_original(content: bytes, findings: Sequence[Finding], speak: Translator) -> bytes:
    from openpyxl import load_workbook
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    book = load_workbook(io.BytesIO(content), keep_links=False)
    for finding in findings:
        if finding.sheet in book.sheetnames and re.fullmatch(r"[A-Z]{1,3}\d{1,7}", finding.cell):
            cell: Any = book[finding.sheet][finding.cell]
            cell.fill = PatternFill("solid", fgColor=_YELLOW if finding.is_notice else _RED)
            cell.comment = Comment(_explained(finding), "wardstats", width=320, height=140)
    sheet = book.create_sheet(_free_name(book.sheetnames, speak), 0)
    for number, row in enumerate([headings(speak), *map(finding_row, findings[:_LISTED_AT_MOST])], 1):
        for column, text in enumerate(row, 1):
            sheet.cell(number, column, neutralise(_plain(text))).data_type = "s"
    for column, width in zip("ABCDE", (18, 9, 46, 46, 60), strict=True):
        sheet.column_dimensions[column].width = width
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _marked_cells(grid: Grid, findings: Sequence[Finding], speak: Translator) -> bytes:
    """Write the cells afresh, at their addresses; formulas become texts."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    marks = {(finding.sheet, finding.cell): finding for finding in reversed(findings) if finding.cell}
    with xlsxwriter.Workbook(buffer, options) as book:
        looks = {True: book.add_format({"bg_color": "#" + _YELLOW}), False: book.add_format({"bg_color": "#" + _RED})}
        bold = book.add_format({"bold": True})
        names: list[str] = []
        listed = book.add_worksheet(_free_name([_sheet_name(sheet.name, []) for sheet in grid.sheets], speak))
        names.append(str(listed.name))
        for number, row in enumerate([headings(speak), *map(finding_row, findings[:_LISTED_AT_MOST])]):
            for column, text in enumerate(row):
                listed.write_string(number, column, neutralise(_plain(text)), bold if number == 0 else None)
        listed.set_column(0, 1, 14)
        listed.set_column(2, 4, 48)
        for source in grid.sheets:
            sheet = book.add_worksheet(_sheet_name(source.name, names))
            names.append(str(sheet.name))
            sheet.set_column(0, 30, 18)
            for (row, column), cell in source.cells.items():
                _write(sheet, row - 1, column - 1, cell)
            for (name, place), finding in marks.items():
                if name == source.name:
                    _mark(sheet, source.cells, place, looks[finding.is_notice], finding)
    return buffer.getvalue()


def _mark(sheet: Any, cells: Any, place: str, look: Any, finding: Finding) -> None:
    match = re.fullmatch(r"([A-Z]{1,3})(\d{1,7})", place)
    if match is None:
        return
    row, column = int(match[2]), column_number(match[1])
    _write(sheet, row - 1, column - 1, cells.get((row, column), Cell(None)), look)
    sheet.write_comment(row - 1, column - 1, _explained(finding), {"author": "wardstats", "x_scale": 2.5})


def _write(sheet: Any, row: int, column: int, cell: Cell, look: Any = None) -> None:
    value = cell.value
    if cell.formula is not None:
        sheet.write_string(row, column, neutralise(_plain(cell.formula)), look)
    elif value is None:
        sheet.write_blank(row, column, None, look or sheet.default_url_format)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, look)
    elif isinstance(value, int | float) and abs(value) < 1e300:
        sheet.write_number(row, column, value, look)
    elif isinstance(value, datetime | date | time):
        sheet.write_string(row, column, value.isoformat(), look)
    else:
        sheet.write_string(row, column, neutralise(_plain(str(value))), look)


def _explained(finding: Finding) -> str:
    return _plain(f"{finding.found} → {finding.expected}. {finding.remedy}")[:1000]


def _plain(text: str) -> str:
    """Return a text without the control characters that XML does not allow."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", " ", text)


def _sheet_name(name: str, taken: Sequence[str]) -> str:
    plain = re.sub(r"[\[\]:*?/\\']", " ", _plain(name)).strip()[:26] or "Sheet"
    lowered = {other.casefold() for other in taken}
    number, found = 1, plain
    while found.casefold() in lowered:
        number += 1
        found = f"{plain} ({number})"
    return found


def _free_name(taken: Sequence[str], speak: Translator) -> str:
    return _sheet_name(speak("Faults"), taken)
