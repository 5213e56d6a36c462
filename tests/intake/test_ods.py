"""Cells of OpenDocument spreadsheets: what a cell says, and files made to repeat, nest or pad without end."""

from __future__ import annotations

import pytest

from tests.intake_files import ENGLISH, ods_of
from wardstats.intake.faults import UnreadableError
from wardstats.intake.grid import read_grid
from wardstats.intake.limits import MAX_COLUMNS, MAX_ROWS, MAX_TEXT

ODS = pytest.mark.hostile("ODS")


def text_of(inside: str) -> str:
    row = f'<table:table-row><table:table-cell office:value-type="string">{inside}</table:table-cell></table:table-row>'
    (sheet,) = read_grid("a.ods", ods_of(row), ENGLISH).sheets
    return sheet.cells[1, 1].value if sheet.cells else ""


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        ("<text:p>a</text:p><text:p>b</text:p>", "a\nb"), ("<text:p>a<text:s/>b</text:p>", "a b"),
        ("<text:p>a<text:s text:c='3'/>b</text:p>", "a   b"), ("<text:p>1<text:line-break/>2</text:p>", "1\n2"),
        ("<text:p>1<text:tab/>2</text:p>", "1\t2"), ("<text:p>a<text:span>b</text:span></text:p>", "ab"),
        ("<office:annotation><text:p>note</text:p></office:annotation><text:p>5</text:p>", "5"), ("<text:p/>", ""),
    ],
)  # fmt: skip
def test_a_text_is_what_the_cell_shows(inside: str, text: str) -> None:
    assert text_of(inside) == text


@ODS
@pytest.mark.parametrize(
    "inside",
    [
        f"<text:p>a{'<text:s/>' * 100_000}</text:p>", "<text:p>a<text:s text:c='2000000000'/></text:p>",
        "<text:p>a" + "<text:s text:c='99999999'/>" * 10_000 + "</text:p>", "<text:p>a</text:p>" * 60_000,
        f"<text:p>a{'<text:tab/>' * 100_000}</text:p>", f"<text:p>{'<text:span>a</text:span>' * 60_000}</text:p>",
        "<text:p>" + "<text:span>" * 60_000 + "a" + "</text:span>" * 60_000 + "</text:p>",
        f"<text:p>{'a' * 10_000_000}</text:p>", "<text:p>a<text:s text:c='-5'/><text:s text:c='x'/></text:p>",
    ],
    ids=["spaces", "counted", "many counted", "paragraphs", "tabs", "spans", "nested", "long", "no number"],
)  # fmt: skip
def test_a_padded_text_is_cut(inside: str) -> None:
    assert text_of(inside).startswith("a")
    assert len(text_of(inside)) <= MAX_TEXT


CELL = '<table:table-cell {repeat} office:value-type="float" office:value="1"/>'


@ODS
@pytest.mark.parametrize(
    "rows",
    [
        f'<table:table-row table:number-rows-repeated="{MAX_ROWS + 1}">{CELL.format(repeat="")}</table:table-row>',
        f'<table:table-row table:number-rows-repeated="{MAX_ROWS}">'
        f'{CELL.format(repeat="table:number-columns-repeated=" + chr(34) + "100" + chr(34))}</table:table-row>',
        f"<table:table-row>{CELL.format(repeat='')}</table:table-row>" * (MAX_ROWS + 1),
        '<table:table-row table:number-rows-repeated="99999999999999999999">'
        f"{CELL.format(repeat='')}</table:table-row>", "<table:table-row/>" * 1_100_000,
    ],
    ids=["rows", "both", "written rows", "no count", "elements"],
)  # fmt: skip
def test_repetitions_beyond_the_limits_are_refused(rows: str) -> None:
    with pytest.raises(UnreadableError, match="too many"):
        read_grid("a.ods", ods_of(rows), ENGLISH)


@ODS
def test_empty_rows_and_columns_may_be_repeated_as_often_as_they_like() -> None:
    empty = '<table:table-cell table:number-columns-repeated="2000000000"/>'
    rows = f'<table:table-row table:number-rows-repeated="2000000000">{empty}</table:table-row>'
    wide = f"<table:table-row>{CELL.format(repeat='table:number-columns-repeated=' + chr(34) + '2000000000' + chr(34))}"
    (sheet,) = read_grid("a.ods", ods_of(wide + "</table:table-row>" + rows), ENGLISH).sheets
    assert set(sheet.cells) == {(1, column) for column in range(1, MAX_COLUMNS + 1)}
