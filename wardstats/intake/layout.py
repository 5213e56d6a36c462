"""Finds the table in whatever came back: under any heading, in any order, beside other sheets; and who it is for.

Tolerant on purpose. Owns where things stand; whether they are right is ``judging``'s.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from wardstats.core.languages import LANGUAGES, Translator, fold
from wardstats.intake.columns import INPUTS, NUMBERS, recognise_heading, recognise_label
from wardstats.intake.faults import Finding
from wardstats.intake.form import Form
from wardstats.intake.grid import Grid, address
from wardstats.intake.sheets import Cell, Sheet

_HEADING_WITHIN = 40  # rows from the top
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@dataclass(frozen=True)
class Line:
    """One line of the table.

    Attributes:
        code: The indicator's code.
        cells: (address, cell) by column; a column that is empty here, or not in the table, has none.
        places: Address by column, for those that are empty too.
    """

    sheet: str
    row: int
    code: str
    cells: Mapping[str, tuple[str, Cell]]
    places: Mapping[str, str]

    def value(self, key: str) -> Any:
        """Return what stands in a column, or None."""
        return self.cells[key][1].value if key in self.cells else None


@dataclass
class Table:
    """The table that was found, and what is wrong with where things stand."""

    sheet: str = ""
    lines: list[Line] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def find_table(grid: Grid, form: Form, speak: Translator) -> Table:
    """Return the lines of the one sheet that holds the form's table."""
    found = [(sheet, *heading) for sheet in grid.sheets if (heading := _heading(sheet))]
    found = [item for item in found if _has_input(*item)] or found[:1]
    if not found:
        expected = speak("a heading with the columns {columns}", columns=speak("Code") + ", " + speak("Value"))
        remedy = speak("Download the workbook again and fill that one in.")
        return Table(findings=[Finding(grid.name, "", speak("no table of figures"), expected, remedy)])
    if len(found) > 1:
        names = ", ".join(sheet.name for sheet, *_ in found)
        remedy = speak("Remove the sheets that are not to be handed in.")
        finding = Finding(grid.name, "", names, speak("one sheet with figures"), remedy)
        return Table(findings=[finding])
    sheet, row, columns = found[0]
    table = Table(sheet.name)
    _check_facts(table, sheet, row, form, speak)
    _read_lines(table, sheet, row, columns, form, speak)
    return table


def _heading(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """Return the row of the heading and the column of each key; a heading may stand in two rows, cells merged."""
    best: tuple[int, dict[str, int]] | None = None
    width = sheet.width
    for row in range(1, min(sheet.height, _HEADING_WITHIN) + 1):
        columns: dict[str, int] = {}
        for column in range(1, width + 1):
            for line in (row, row - 1):  # the lower of two rows says more
                cell = sheet.cells.get((line, column))
                key = recognise_heading(cell.value) if cell else None
                if key is not None:
                    columns.setdefault(key, column)
                    break
        is_table = ("indicator_code" in columns or "indicator" in columns) and any(key in columns for key in NUMBERS)
        if is_table and (best is None or len(columns) > len(best[1])):
            best = row, columns
    return best


def _has_input(sheet: Sheet, heading: int, columns: Mapping[str, int]) -> bool:
    wanted = {columns[key] for key in NUMBERS if key in columns}
    return any(row > heading and column in wanted for row, column in sheet.cells)


def _check_facts(table: Table, sheet: Sheet, heading: int, form: Form, speak: Translator) -> None:
    """Compare the unit and the period that stand above the table with what is being handed in."""
    remedy = speak("Hand in the workbook of this unit and period, or choose the other one above.")
    for (row, column), cell in sorted(sheet.cells.items()):
        if row >= heading or (label := recognise_label(cell.value)) is None:
            continue
        beside = next(
            ((c, sheet.cells[row, c]) for c in range(column + 1, column + 6) if (row, c) in sheet.cells), None
        )
        if beside is None or beside[1].value is None or recognise_heading(beside[1].value):
            continue
        text = str(beside[1].value).strip()
        if label == "unit_code":
            code = text.removesuffix(".0")
            is_same, expected = code.lstrip("0") == form.unit.unit_code.lstrip("0"), form.unit.unit_code
        else:
            is_same, expected = as_period(beside[1].value) == form.period, form.period
        if not is_same:
            table.findings.append(Finding(sheet.name, address(row, beside[0]), text[:80], expected, remedy))


def _read_lines(
    table: Table, sheet: Sheet, heading: int, columns: Mapping[str, int], form: Form, speak: Translator
) -> None:
    names = {fold(row.indicator.text(language)): code for code, row in form.rows.items() for language in LANGUAGES}
    seen: dict[str, str] = {}
    for row in range(heading + 1, sheet.height + 1):
        cells = {
            key: (address(row, column), sheet.cells[row, column])
            for key, column in columns.items()
            if (row, column) in sheet.cells
        }
        is_filled = any(key in cells for key in INPUTS)
        code = _code(cells, form, names)
        place = cells.get("indicator_code") or cells.get("indicator")
        where = place[0] if place else address(row, min(columns.values()))
        if code is None:
            if is_filled:  # a heading of a theme, or a remark under the table, has no figures
                text = str(place[1].value)[:80] if place else speak("nothing")
                expected = speak("an indicator of this form")
                remedy = speak("Do not change codes; copy the line from a new workbook.")
                table.findings.append(Finding(sheet.name, where, text, expected, remedy))
            continue
        if code in seen:
            found = speak("{code}, as in {cell}", code=code, cell=seen[code])
            remedy = speak("Remove one of the two lines.")
            table.findings.append(Finding(sheet.name, where, found, speak("each indicator once"), remedy))
            continue
        seen[code] = where
        places = {key: address(row, column) for key, column in columns.items()}
        table.lines.append(Line(sheet.name, row, code, cells, places))


def _code(cells: Mapping[str, tuple[str, Cell]], form: Form, names: Mapping[str, str]) -> str | None:
    if "indicator_code" in cells:
        code = str(cells["indicator_code"][1].value).strip()
        if code in form.rows:
            return code
        return next((known for known in form.rows if known.casefold() == code.casefold()), None)
    if "indicator" in cells:
        return names.get(fold(" ".join(str(cells["indicator"][1].value).split())))
    return None


def as_period(value: Any) -> str | None:
    """Return a period as written in files; spreadsheets make dates of months, and people write 11/2026."""
    if isinstance(value, date):
        return f"{value.year}-{value.month:02}"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = fold(str(value)).strip()
    if match := re.fullmatch(r"([12]\d{3})[-/. ]?(?:q|quy )(iv|i{1,3}|[1-4])", text) or re.fullmatch(
        r"(?:q|quy )(iv|i{1,3}|[1-4])[-/. ]+(?:nam )?([12]\d{3})", text
    ):
        first, second = match.groups()
        year, quarter = (first, second) if len(first) == 4 else (second, first)
        return f"{year}-Q{_ROMAN.get(quarter, quarter)}"
    if match := re.fullmatch(r"([12]\d{3})[-/.](\d{1,2})(?:[-/.]0?1(?:[ t].*)?)?", text):
        return f"{match[1]}-{int(match[2]):02}"
    if match := re.fullmatch(r"(?:thang )?(\d{1,2})[-/. ]+(?:nam )?([12]\d{3})", text):
        return f"{match[2]}-{int(match[1]):02}"
    if match := re.fullmatch(r"(?:nam )?([12]\d{3})", text):
        return match[1]
    return None
