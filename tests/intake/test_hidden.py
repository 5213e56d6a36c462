"""How files say that a row, column or sheet is hidden."""

from __future__ import annotations

import io
import zipfile

import pytest

from tests.intake_files import archive, ods_of
from wardstats.intake.hidden import hidden_in_ods
from wardstats.intake.limits import MAX_COLUMNS, MAX_ROWS
from wardstats.intake.sheets import Hidden
from wardstats.intake.xlsx import read_xlsx

MAIN = '''xmlns="{0}" xmlns:x="{0}"'''.format("http://schemas.openxmlformats.org/spreadsheetml/2006/main")
VIEW = '<sheetViews><sheetView topLeftCell="{cell}"><pane {split} state="{state}"/></sheetView></sheetViews>'


@pytest.mark.parametrize(
    ("parts", "rows", "columns"),
    [
        ('<sheetData><row r="3" hidden="1"/><row hidden="true"/><row/></sheetData>', {3, 4}, set()),
        (
            "<sheetData><x:row r='7' ht='0'/></sheetData>",
            {7},
            set(),
        ),
        ('<sheetFormatPr defaultRowHeight="0"/><sheetData><row r="2"/><row r="3" ht="15"/></sheetData>', {2}, set()),
        ('<sheetFormatPr defaultRowHeight="0" zeroHeight="1"/><sheetData><row r="2"/></sheetData>', set(), set()),
        ('<cols><col min="2" max="3" hidden="1"/><col min="5" max="5" width="0.3"/></cols>', set(), {2, 3, 5}),
        ('<cols><col min="99" max="16384" width="0"/></cols>', set(), set(range(99, MAX_COLUMNS + 1))),
        ('<sheetFormatPr defaultColWidth="0"/><cols><col min="2" max="100" width="9"/></cols>', set(), {1}),
        (VIEW.format(cell="C4", split='xSplit="1" ySplit="1"', state="frozen"), {1, 2, 3}, {1, 2}),
        (VIEW.format(cell="C4", split='ySplit="1"', state="frozenSplit"), {1, 2, 3}, set()),
        (VIEW.format(cell="C4", split='ySplit="900"', state="split"), set(), set()),
        (
            '<cols><col min="x" max="y" width="wide"/></cols><sheetData><row r="-1" ht="tall"/></sheetData>',
            set(),
            set(),
        ),
    ],
)
def test_what_an_xlsx_sheet_hides(parts: str, rows: set[int], columns: set[int]) -> None:
    found = hidden_in_xlsx(f"<worksheet {MAIN}>{parts}</worksheet>", "visible")
    assert (found.is_sheet, found.rows, found.columns) == (False, rows, columns)


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_sheet_that_is_hidden(state: str) -> None:
    assert hidden_in_xlsx(f"<worksheet {MAIN}/>", state).is_sheet


@pytest.mark.hostile("archives, bombs, hidden parts, macros (.xlsx)")
@pytest.mark.parametrize("part", ['<col min="1" max="16384" hidden="1"/>', '<row r="2000000" hidden="1"/>'])
def test_what_is_hidden_a_hundred_thousand_times_is_kept_once(part: str) -> None:
    wrapped = f"<cols>{part * 100_000}</cols>"
    found = hidden_in_xlsx(f"<worksheet {MAIN}>{wrapped}</worksheet>", "visible")
    assert len(found.rows) + len(found.columns) <= MAX_COLUMNS


def test_rows_of_opendocument_are_counted_with_their_repetitions() -> None:
    rows = '<table:table-row table:number-rows-repeated="4"/><table:table-row table:visibility="collapse"/>'
    rows += '<table:table-row-group table:display="false"><table:table-row table:number-rows-repeated="2"/>'
    rows += "</table:table-row-group><table:table-row/>"
    rows += '<table:table-row table:visibility="filter" table:number-rows-repeated="999999999999"/>'
    (found,) = hidden_in_ods(_content(rows))
    assert found.rows == {5, 6, 7, *range(9, MAX_ROWS + 1)}


def test_a_style_may_inherit_that_it_hides_and_may_stand_in_styles_xml() -> None:
    space = 'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
    styles = f'<s {space}><style:style style:name="a"><style:table-row-properties style:row-height="0.1pt"/>'
    styles += '</style:style><style:style style:name="b" style:parent-style-name="a"/></s>'
    (found,) = hidden_in_ods(_content('<table:table-row/><table:table-row table:style-name="b"/>'), styles.encode())
    assert found.rows == {2}


def hidden_in_xlsx(sheet: str, state: str) -> Hidden:
    """Read a workbook with one sheet."""
    space = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packaged = "http://schemas.openxmlformats.org/package/2006/relationships"
    tie = '<Relationships xmlns="{0}"><Relationship Id="r1" Type="{1}/{2}" Target="{3}"/></Relationships>'
    book = f'<workbook {MAIN} xmlns:r="{space}"><sheets><sheet name="A" r:id="r1" state="{state}"/></sheets></workbook>'
    parts = {
        "_rels/.rels": tie.format(packaged, space, "officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": book,
        "xl/_rels/workbook.xml.rels": tie.format(packaged, space, "worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": sheet,
    }
    return read_xlsx(archive(parts))[0].hidden


def _content(rows: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(ods_of(rows))) as archive:
        return archive.read("content.xml")
