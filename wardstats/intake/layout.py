"""Finds the table in whatever came back: under any heading, in any order, beside other sheets; and who it is for.

Tolerant on purpose. Owns where things stand; whether they are right is ``judging``'s.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from wardstats.core.data_files import bare_code
from wardstats.core.languages import LANGUAGES, Translator, fold
from wardstats.intake.columns import (
    NUMBERS,
    headings,
    is_in_multiples,
    is_total,
    recognise_heading,
    recognise_label,
    recognise_situation,
)
from wardstats.intake.faults import Finding
from wardstats.intake.form import Form
from wardstats.intake.grid import Grid, address
from wardstats.intake.headings import find_heading, has_input, hidden_headings
from wardstats.intake.numbers import readings
from wardstats.intake.sheets import Cell, Sheet
from wardstats.intake.unseen import INPUTS, hidden_code, hidden_figures, hidden_sheets, hidden_twins, is_code_seen

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

    def has_percent_sign(self, key: str) -> bool:
        """Tell whether a column's cell shows a percent sign, typed or by its format."""
        cell = self.cells[key][1] if key in self.cells else Cell(None)
        return cell.percent > 0 or str(cell.value).rstrip().endswith("%")


@dataclass
class Table:
    """The table that was found, and what is wrong with where things stand."""

    sheet: str = ""
    lines: list[Line] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)  # faults, and notices of what is hidden and was not read


def find_table(grid: Grid, form: Form, speak: Translator) -> Table:
    """Return the lines of the one sheet that holds the form's table; a hidden one is told, and never read."""
    found = [(sheet, *heading) for sheet in grid.sheets if (heading := _seen_heading(sheet))]
    found = [item for item in found if has_input(*item)] or found[:1]
    is_beside = bool(found) and has_input(*found[0])
    unseen = hidden_sheets(grid.sheets, [sheet for sheet, *_ in found], is_beside, speak)
    if not found and not unseen:
        expected = speak("a heading with the columns {columns}", columns=speak("Code") + ", " + speak("Value"))
        remedy = speak("Download the workbook again and fill that one in.")
        return Table(findings=[Finding(grid.name, "", speak("no table of figures"), expected, remedy)])
    if not found:
        return Table(findings=unseen)
    if len(found) > 1:
        names = ", ".join(sheet.name for sheet, *_ in found)
        remedy = speak("Remove the sheets that are not to be submitted.")
        finding = Finding(grid.name, "", names, speak("one sheet with figures"), remedy)
        return Table(findings=[finding])
    sheet, row, columns = found[0]
    table = Table(sheet.name, findings=unseen)
    _check_facts(table, sheet, row, form, speak)
    _check_headings(table, sheet, row, columns, speak)
    _read_lines(table, sheet, row, columns, form, speak)
    return table


def _seen_heading(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """Return the heading that is seen, and hidden columns under other headings; None where the heading is hidden."""
    if sheet.hidden.is_sheet or (found := find_heading(sheet, seen_only=True)) is None:
        return None
    row, columns = found
    hidden: dict[str, int] = {}
    for key, column in hidden_headings(sheet, row):
        if key not in columns:
            hidden.setdefault(key, column)
    return row, columns | hidden


def _check_facts(table: Table, sheet: Sheet, heading: int, form: Form, speak: Translator) -> None:
    """Compare the unit and the period that stand above the table with what is being handed in."""
    remedy = speak("Submit the workbook of this unit and period, or choose the other one above.")
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
            is_same, expected = bare_code(text) == bare_code(form.unit.unit_code), form.unit.unit_code
        else:
            is_same, expected = as_period(beside[1].value) == form.period, form.period
        if not is_same:
            table.findings.append(Finding(sheet.name, address(row, beside[0]), text[:80], expected, remedy))


def _check_headings(table: Table, sheet: Sheet, heading: int, columns: Mapping[str, int], speak: Translator) -> None:
    """Tell of a second column under the same heading, which nobody would read, and of numbers written in thousands."""
    for column in range(1, sheet.width + 1):
        cell = sheet.cells.get((heading, column)) if column not in sheet.hidden.columns else None
        key = recognise_heading(cell.value) if cell else None
        if cell is None or key not in NUMBERS or not _holds_figure(sheet, heading, column):
            continue
        found = str(cell.value)[:80]
        if columns[key] != column:
            expected = speak("one column with the heading {name}", name=headings(speak)[key])
            remedy = speak("Remove the column that is not meant, or give it another heading.")
        elif is_in_multiples(cell.value):
            expected = speak("numbers written in full")
            remedy = speak("Write the numbers in full, and take that word out of the heading.")
        else:
            continue
        table.findings.append(Finding(sheet.name, address(heading, column), found, expected, remedy))


def _holds_figure(sheet: Sheet, heading: int, column: int) -> bool:
    rows = range(heading + 1, sheet.height + 1)
    return any(_is_figure(sheet.cells[row, column]) for row in rows if (row, column) in sheet.cells)


def _is_figure(cell: Cell) -> bool:
    """Tell whether a cell holds a number or a formula: a remark, a name and a date are none."""
    is_number = isinstance(cell.value, int | float) and not isinstance(cell.value, bool)
    return cell.formula is not None or is_number or (isinstance(cell.value, str) and bool(readings(cell.value)))


def _read_lines(
    table: Table, sheet: Sheet, heading: int, columns: Mapping[str, int], form: Form, speak: Translator
) -> None:
    names = {fold(row.indicator.text(language)): code for code, row in form.rows.items() for language in LANGUAGES}
    seen: dict[str, str] = {}
    with_figure: set[str] = set()
    rows = {row: _cells(sheet, row, columns) for row in range(heading + 1, sheet.height + 1)}
    codes = {row: _code(cells, form, names) for row, cells in rows.items()}
    last = max((row for row, code in codes.items() if code), default=sheet.height)
    twins = [found for found in hidden_headings(sheet, heading) if columns.get(found[0]) != found[1]]
    for row, cells in sorted(rows.items(), key=lambda item: (item[0] in sheet.hidden.rows, item[0])):  # seen ones first
        code = codes[row]
        place = cells.get("indicator_code") or cells.get("indicator")
        if code is None:
            if given := _figures_of_nothing(sheet, row, cells, row > last):
                where, cell = place or given
                expected = speak("an indicator of this form")
                remedy = speak("Copy the line with its code from a new workbook, or remove the figure.")
                table.findings.append(Finding(sheet.name, where, _shown(cell), expected, remedy))
            continue
        where = place[0] if place else address(row, min(columns.values()))
        if code in seen and row in sheet.hidden.rows:
            is_beside = code in with_figure
            table.findings += hidden_figures(sheet, row, cells, columns, code, speak, is_beside=is_beside)
            continue
        if code in seen:
            found = speak("{code}, as in {cell}", code=code, cell=seen[code])
            remedy = speak("Remove one of the two lines.")
            table.findings.append(Finding(sheet.name, where, found, speak("each indicator once"), remedy))
            continue
        seen[code] = where
        unseen = [*hidden_figures(sheet, row, cells, columns, code, speak),
                  *hidden_twins(sheet, row, cells, twins, code, speak)]  # fmt: skip
        has_figure = any(key in cells for key in INPUTS)
        if has_figure and not unseen and not is_code_seen(sheet, row, cells, columns, names, code):
            unseen.append(hidden_code(sheet, where, code, speak))
        table.findings += unseen
        if any(not finding.is_notice for finding in unseen):
            continue
        with_figure |= {code} if has_figure else set()
        places = {key: address(row, column) for key, column in columns.items()}
        table.lines.append(Line(sheet.name, row, code, cells, places))


def _cells(sheet: Sheet, row: int, columns: Mapping[str, int]) -> dict[str, tuple[str, Cell]]:
    return {
        key: (address(row, column), sheet.cells[row, column])
        for key, column in columns.items()
        if (row, column) in sheet.cells
    }


def _figures_of_nothing(
    sheet: Sheet, row: int, cells: Mapping[str, tuple[str, Cell]], is_below: bool
) -> tuple[str, Cell] | None:
    """Return the first cell of a line without an indicator that says something about one; None where none does.

    The heading of a theme, the numbers of the columns, the heading again on another page, totals, and remarks and
    signatures below the table say nothing, in whatever column they stand.
    """
    given = [
        cell for key, cell in cells.items()
        if (key in NUMBERS and (_is_figure(cell[1]) or not is_below) and recognise_heading(cell[1].value) != key)
        or (key == "situation" and recognise_situation(cell[1].value))
    ]  # fmt: skip
    if not given:
        return None
    line = [sheet.cells[row, column] for column in range(1, sheet.width + 1) if (row, column) in sheet.cells]
    label = next((cell.value for cell in line if isinstance(cell.value, str)), None)
    return None if is_total(label) or _are_column_numbers(line) else given[0]


def _are_column_numbers(line: Sequence[Cell]) -> bool:
    """Tell whether a line numbers the columns: A, B, 1, 2, 3=1/2, or (1), (2), which spreadsheets turn into -1, -2."""
    texts = [re.fullmatch(r"[(-]?([^\W_]|\d\d)\)?(?:\s*=.*)?", str(_as_whole(cell.value)).strip()) for cell in line]
    numbers = [int(match[1]) for match in texts if match and match[1].isdecimal()]
    return all(texts) and len(numbers) > 2 and numbers == list(range(1, len(numbers) + 1))


def _as_whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _shown(cell: Cell) -> str:
    return str(cell.value if cell.formula is None else cell.formula)[:80]


def _code(cells: Mapping[str, tuple[str, Cell]], form: Form, names: Mapping[str, str]) -> str | None:
    if "indicator_code" in cells:
        code = str(_as_whole(cells["indicator_code"][1].value)).strip()
        if code in form.rows:
            return code
        same = [known for known in form.rows if bare_code(known.casefold()) == bare_code(code.casefold())]
        return same[0] if len(same) == 1 else None
    if "indicator" in cells:
        return names.get(fold(" ".join(str(cells["indicator"][1].value).split())))
    return None


def as_period(value: Any) -> str | None:
    """Return a period as written in files; spreadsheets make dates of months, and people write 11/2026."""
    if isinstance(value, date):
        return f"{value.year}-{value.month:02}"
    text = fold(str(_as_whole(value))).strip()
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
