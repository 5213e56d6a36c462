"""Cells of .xlsx workbooks as our own reader finds them, held against what openpyxl finds, and what costs nothing."""

from __future__ import annotations

import io
import re
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import pytest
from openpyxl.chart import BarChart
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.formula import ArrayFormula

from tests.intake_files import archive, members_of, replaced
from wardstats.intake.limits import MAX_COLUMNS, MAX_ROWS, TooLargeError
from wardstats.intake.xlsx import read_xlsx

VALUES: list[Any] = [
    1, -2, 0.1, 1e300, 123456789012345678, True, False, "text", " spaces kept ", "đủ dấu", "a\nb", "=1+1", "#N/A",
    date(2026, 10, 1), datetime(2026, 10, 1, 12, 30), time(7, 15), timedelta(hours=30), "x" * 4000,
]  # fmt: skip
FORMATS = ["General", "0%", '0.0"%"', "#,##0.00", "@", "dd/mm/yyyy", "[h]:mm", "0.0%;[Red]-0.0%"]


def written(book: Any) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def many_kinds(*, mac: bool = False) -> bytes:
    book = openpyxl.Workbook()
    if mac:
        book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    assert sheet is not None
    for row, value in enumerate(VALUES, 2):
        sheet.cell(row, 3, value)
        for column, number_format in enumerate(FORMATS, 5):
            sheet.cell(row, column, value if value != "=1+1" else 41.5).number_format = number_format
    sheet["A30"] = ArrayFormula("A30:A31", "=C2:C3*2")
    book.create_chartsheet("Chart").add_chart(BarChart())
    book.create_sheet("Số liệu")["B2"] = "other"
    return written(book)


@pytest.mark.parametrize("mac", [False, True])
def test_cells_are_those_that_openpyxl_finds(mac: bool) -> None:
    content = many_kinds(mac=mac)
    expected = openpyxl.load_workbook(io.BytesIO(content))
    found = read_xlsx(content)
    assert [sheet.name for sheet in found] == [sheet.title for sheet in expected.worksheets]
    for sheet, other in zip(found, expected.worksheets, strict=True):
        filled = {(c.row, c.column): c for row in other.iter_rows() for c in row if c.value is not None}
        assert set(sheet.cells) == set(filled)
        for place, cell in filled.items():
            if cell.data_type == "f":
                assert sheet.cells[place].formula == getattr(cell.value, "text", cell.value)
            else:
                assert sheet.cells[place].value == cell.value
                assert type(sheet.cells[place].value) is type(cell.value) or place[0] == 6  # a long whole number


def sheet_of(rows: str, before: str = "", after: str = "") -> bytes:
    """Return a workbook of one sheet written by hand."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    text = f'<worksheet xmlns="{space}">{before}<sheetData>{rows}</sheetData>{after}</worksheet>'
    return replaced(many_kinds(), "xl/worksheets/sheet1.xml", lambda _: text.encode())


def test_what_other_programs_write() -> None:
    rows = (
        "<row><c><v>1</v></c><c t='str'><v>a_x000D_b</v></c><c r='E1' t='inlineStr'><is><r><t>in</t></r><r><t>line</t>"
        "</r><rPh><t>no</t></rPh></is></c><c t='b'><v>1</v></c><c t='d'><v>2026-10-01T00:00:00</v></c></row>"
        "<row r='7'><c r='A7'><f t='shared' si='0' ref='A7:B7'>C7*2</f><v>4</v></c>"
        "<c r='B7'><f t='shared' si='0'/><v>6</v></c><c r='C7' s='99999'><v>2</v></c><c r='D7'/></row><row/>"
        "<row><c><v>9</v></c></row>"
    )
    cells = read_xlsx(sheet_of(rows))[0].cells
    assert {place: cell.value for place, cell in cells.items()} == {
        (1, 1): 1, (1, 2): "a\rb", (1, 5): "inline", (1, 6): True, (1, 7): datetime(2026, 10, 1),
        (7, 1): 4, (7, 2): 6, (7, 3): 2, (9, 1): 9,
    }  # fmt: skip
    assert [cells[7, column].formula for column in (1, 2, 3)] == ["=C7*2", "=C7*2", None]


def test_parts_are_found_by_relationship_whatever_they_are_called() -> None:
    members = members_of(many_kinds())
    moved = {"xl/workbook.xml": "book.dat", "xl/worksheets/sheet1.xml": "xl/one.dat", "xl/styles.xml": "xl/looks.dat"}
    renamed = {moved.get(name, name): part for name, part in members.items()}
    renamed["_rels/book.dat.rels"] = re.sub(
        rb'Target="/?(?:xl/)?', b'Target="/xl/', members["xl/_rels/workbook.xml.rels"]
    )
    renamed["_rels/.rels"] = members["_rels/.rels"].replace(b"xl/workbook.xml", b"book.dat")
    for part, old, new in (
        ("_rels/book.dat.rels", b"xl/worksheets/sheet1.xml", b"xl/one.dat"),
        ("_rels/book.dat.rels", b"xl/styles.xml", b"xl/looks.dat"),
    ):
        renamed[part] = renamed[part].replace(old, new)
    del renamed["xl/_rels/workbook.xml.rels"]
    found, expected = read_xlsx(archive(renamed)), read_xlsx(many_kinds())
    assert [sheet.cells for sheet in found] == [sheet.cells for sheet in expected]


@pytest.mark.hostile("archives, bombs, hidden parts, macros (.xlsx)")
@pytest.mark.parametrize(
    "rows",
    [
        f"<row r='{MAX_ROWS + 1}'><c><v>1</v></c></row>", "<row r='99999999999'><c><v>1</v></c></row>",
        "<row><c r='A1'><v>1</v></c></row>" * (MAX_ROWS + 1), f"<row>{'<c><v>1</v></c>' * 200_001}</row>",
    ],
    ids=["far row", "row of no sheet", "many rows", "many cells"],
)  # fmt: skip
def test_more_cells_than_are_read_are_refused(rows: str) -> None:
    with pytest.raises(TooLargeError):
        read_xlsx(sheet_of(rows))


@pytest.mark.hostile("archives, bombs, hidden parts, macros (.xlsx)")
@pytest.mark.parametrize(
    "rows",
    [
        "<row><c t='s'><v>-1</v></c></row>", "<row><c t='s'><v>77</v></c></row>", "<row><c><v>1_0</v></c></row>",
        "<row><c><v>nan</v></c></row>", "<row><c t='d'><v>soon</v></c></row>",
    ],
)  # fmt: skip
def test_what_no_program_writes_is_refused(rows: str) -> None:
    with pytest.raises((ValueError, IndexError)):
        read_xlsx(sheet_of(rows))


def test_columns_beyond_the_limit_and_empty_rows_are_no_cells() -> None:
    rows = "<row r='1'><c r='XFD1'><v>1</v></c><c r='B1'><v>2</v></c></row>" + "<row/>" * 20_000
    assert list(read_xlsx(sheet_of(rows))[0].cells) == [(1, 2)]
    assert MAX_COLUMNS < 16_384
