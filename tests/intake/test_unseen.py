"""Nothing counts that was not seen: figures on hidden sheets, in hidden rows and columns, in formats that show none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.intake_files import ENGLISH, PERIOD, UNIT, as_ods, desk_in, filled, place, replaced
from wardstats.intake.columns import KEYS
from wardstats.intake.form import Form
from wardstats.intake.validation import Validated, validate
from wardstats.intake.workbook import FIRST_ROW

RATIO, VALUE = "dossiers_on_time", "qd766_online"
KIND = "layout, periods, codes, notes, merges"


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Form:
    return desk_in(tmp_path_factory.mktemp("desk")).form(UNIT, PERIOD)


def judged(form: Form, content: bytes, name: str = "figures.xlsx") -> Validated:
    return validate(name, content, form, "handin", ENGLISH)


def letter(key: str) -> str:
    return chr(65 + KEYS.index(key))


def row_of(form: Form, code: str) -> int:
    return FIRST_ROW + list(form.rows).index(code)


def empty(sheet: Any) -> None:
    for row in sheet.iter_rows(min_row=FIRST_ROW, min_col=KEYS.index("numerator") + 1, max_col=KEYS.index("value") + 1):
        for cell in row:
            cell.value = None


def second(book: Any, state: str) -> None:
    """Hide a filled-in copy of the first sheet, before it."""
    other = book.copy_worksheet(book.worksheets[0])
    other.title, other.sheet_state = "Old", state
    book.move_sheet(other, -2)
    book.active = 1


@pytest.mark.hostile(KIND)
@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_passed_over_with_a_notice(form: Form, state: str) -> None:
    where = place(form, RATIO, "numerator")

    def change(book: Any) -> None:
        second(book, state)
        book["Old"][where] = 1

    found = judged(form, filled(form, change=change))
    assert not found.faults
    assert found.figures[RATIO].numerator == 180
    notice = next(finding for finding in found.findings if finding.sheet == "Old")
    assert (notice.is_notice, notice.found) == (True, "figures under a hidden sheet")
    assert notice.cell.endswith(str(FIRST_ROW))
    assert "not read" in notice.remedy


@pytest.mark.hostile(KIND)
@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
@pytest.mark.parametrize("is_seen_one_there", [True, False])
def test_figures_on_a_hidden_sheet_alone_are_refused(form: Form, state: str, is_seen_one_there: bool) -> None:
    def change(book: Any) -> None:
        second(book, state)
        if is_seen_one_there:
            empty(book["Figures"])
        else:
            book.remove(book["Figures"])

    found = judged(form, filled(form, change=change))
    assert not found.figures
    assert ["Old"] == [fault.sheet for fault in found.faults if "Unhide" in fault.remedy]


def hide_row(sheet: Any, row: int) -> None:
    sheet.row_dimensions[row].hidden = True


def lower_row(sheet: Any, row: int) -> None:
    sheet.row_dimensions[row].height = 0.75


def group_row(sheet: Any, row: int) -> None:
    sheet.row_dimensions.group(row, row, outline_level=1, hidden=True)


def filter_row(sheet: Any, row: int) -> None:
    sheet.auto_filter.ref = f"A{FIRST_ROW - 1}:O40"
    sheet.auto_filter.add_filter_column(0, ["none"])
    sheet.row_dimensions[row].hidden = True


@pytest.mark.hostile(KIND)
@pytest.mark.parametrize("hide", [hide_row, lower_row, group_row, filter_row])
def test_a_figure_in_a_hidden_row_is_refused(form: Form, hide: Callable[[Any, int], None]) -> None:
    row = row_of(form, RATIO)
    found = judged(form, filled(form, change=lambda book: hide(book.worksheets[0], row)))
    assert not found.figures
    assert [fault.cell for fault in found.faults] == [
        place(form, RATIO, "numerator"),
        place(form, RATIO, "denominator"),
    ]
    assert all("in a hidden row" in fault.found and "clear the filter" in fault.remedy for fault in found.faults)


def test_a_hidden_row_without_a_figure_is_a_line_without_a_figure(form: Form) -> None:
    def change(book: Any) -> None:
        hide_row(book.worksheets[0], row_of(form, RATIO))
        for key in ("numerator", "denominator"):
            book.worksheets[0][place(form, RATIO, key)] = None

    found = judged(form, filled(form, change=change))
    assert not found.faults
    assert RATIO not in found.figures and len(found.figures) == len(form.rows) - 1


@pytest.mark.hostile(KIND)
@pytest.mark.parametrize("is_first", [True, False])
def test_a_hidden_line_never_wins_over_a_seen_one(form: Form, is_first: bool) -> None:
    """The same code twice, one of them hidden: the seen one counts, wherever it stands."""
    last = FIRST_ROW + len(form.rows)

    def change(book: Any) -> None:
        sheet = book.worksheets[0]
        for key in KEYS:
            sheet[f"{letter(key)}{last}"] = sheet[place(form, RATIO, key)].value
        hidden = row_of(form, RATIO) if is_first else last
        sheet[f"{letter('numerator')}{hidden}"] = 1
        hide_row(sheet, hidden)

    found = judged(form, filled(form, change=change))
    assert not found.faults
    assert found.figures[RATIO].numerator == 180
    assert [finding.found for finding in found.findings] == ["1, in a hidden row", "200, in a hidden row"]


def alone(sheet: Any, column: str) -> Any:
    """Return the look of one column, apart from those beside it that look alike."""
    found = sheet.column_dimensions[column]
    number = ord(column) - 64
    if (found.max or number) > number:
        sheet.column_dimensions[chr(ord(column) + 1)].width = found.width
        sheet.column_dimensions[chr(ord(column) + 1)].max = found.max
    found.min = found.max = number
    return found


def narrow_column(sheet: Any, column: str) -> None:
    alone(sheet, column).width = 0.1


def hide_column(sheet: Any, column: str) -> None:
    alone(sheet, column).hidden = True


@pytest.mark.hostile(KIND)
@pytest.mark.parametrize("hide", [narrow_column, hide_column])
@pytest.mark.parametrize("key", ["numerator", "denominator"])
def test_a_hidden_column_of_figures_is_refused(form: Form, hide: Callable[[Any, str], None], key: str) -> None:
    found = judged(form, filled(form, change=lambda book: hide(book.worksheets[0], letter(key))))
    assert not found.figures
    assert {fault.cell[0] for fault in found.faults} == {letter(key)}
    assert all("in a hidden column" in fault.found for fault in found.faults)


@pytest.mark.hostile(KIND)
def test_a_hidden_column_before_the_seen_one_is_passed_over(form: Form) -> None:
    def change(book: Any) -> None:
        sheet = book.worksheets[0]
        sheet[f"B{FIRST_ROW - 1}"] = "Value"  # in place of the themes
        for row in range(FIRST_ROW, FIRST_ROW + len(form.rows)):
            sheet[f"B{row}"] = None
        sheet[f"B{row_of(form, VALUE)}"] = 1
        hide_column(sheet, "B")

    found = judged(form, filled(form, change=change))
    assert not found.faults
    assert found.figures[VALUE].value == 5
    assert [(finding.cell, finding.found) for finding in found.findings] == [
        (f"B{row_of(form, VALUE)}", "1, in a hidden column")
    ]


@pytest.mark.hostile(KIND)
def test_a_hidden_heading_is_no_heading(form: Form) -> None:
    found = judged(form, filled(form, change=lambda book: hide_row(book.worksheets[0], FIRST_ROW - 1)))
    assert [fault.found for fault in found.faults] == ["figures under a hidden heading"]


def test_hidden_codes_are_read_where_the_names_say_the_same(form: Form) -> None:
    assert judged(form, filled(form, change=lambda book: hide_column(book.worksheets[0], "A"))).faults == []


@pytest.mark.hostile(KIND)
def test_a_hidden_code_of_another_indicator_is_a_fault(form: Form) -> None:
    other = place(form, VALUE, "indicator")

    def change(book: Any) -> None:
        hide_column(book.worksheets[0], "A")
        book.worksheets[0][other] = "Score for online payment"

    (fault,) = judged(form, filled(form, change=change)).faults
    assert (fault.cell, fault.found) == (place(form, VALUE, "indicator_code"), f"the code {VALUE}, hidden")


def test_a_hidden_note_is_read_and_told(form: Form) -> None:
    where = place(form, RATIO, "note")
    found = judged(form, filled(form, {where: "late"}, change=lambda book: hide_column(book.worksheets[0], where[0])))
    assert found.figures[RATIO].note == "late"
    assert [(finding.cell, finding.remedy) for finding in found.findings] == [
        (where, "It was read as it is. Look at it.")
    ]


@pytest.mark.hostile("cells: numbers, percent, dates, text")
@pytest.mark.parametrize(
    ("number_format", "value", "told"),
    [
        (";;;", 180, "in a format that shows nothing"), ('"";"";"";""', 180, "in a format that shows nothing"),
        ('"200"', 180, "in a format that shows nothing"), ("#,##0,", 180000, "which its format shows as 180"),
        ("0,,", 180000000, "which its format shows as 180"), ('0.0,"k"', 180000, "which its format shows as 180"),
    ],
)  # fmt: skip
def test_a_format_that_shows_something_else(form: Form, number_format: str, value: int, told: str) -> None:
    where = place(form, RATIO, "numerator")

    def change(book: Any) -> None:
        book.worksheets[0][where].number_format = number_format

    fault = judged(form, filled(form, {where: value}, change=change)).faults[0]
    assert fault.cell == where
    assert told in fault.found


@pytest.mark.parametrize(
    "number_format", ["#,##0", "#,##0;-#,##0;;@", "General", "0", "_-* #,##0_-;-* #,##0_-;_-* \"-\"_-;_-@_-", "0.00"]
)  # fmt: skip
def test_formats_that_people_use_hide_nothing(form: Form, number_format: str) -> None:
    where = place(form, RATIO, "numerator")

    def change(book: Any) -> None:
        book.worksheets[0][where].number_format = number_format

    for value in (0, 180):
        assert not judged(form, filled(form, {where: value}, change=change)).faults


def test_looks_that_hide_nothing_change_nothing(form: Form) -> None:
    """Groups that are open, filters that show all, freezing and hidden columns of words."""

    def change(book: Any) -> None:
        sheet = book.worksheets[0]
        sheet.row_dimensions.group(FIRST_ROW, FIRST_ROW + 5, outline_level=1, hidden=False)
        sheet.auto_filter.ref = f"A{FIRST_ROW - 1}:O40"
        hide_column(sheet, letter("definition"))
        hide_column(sheet, letter("last"))
        other = book.create_sheet("Lists")
        other.sheet_state = "hidden"
        other["A1"] = "Yes"

    found = judged(form, filled(form, change=change))
    assert (found.findings, found.figures) == ([], judged(form, filled(form)).figures)


ROW = "<table:table-row "
ODS: dict[str, Callable[[str, int], str]] = {
    "collapsed row": lambda text, row: nth(text, row, "<table:table-row", ROW + 'table:visibility="collapse"'),
    "filtered row": lambda text, row: nth(text, row, "<table:table-row", '<table:table-row table:visibility="filter"'),
    "low row": lambda text, row: nth(text, row, "<table:table-row", '<table:table-row table:style-name="low"'),
    "closed group": lambda text, row: nth(
        nth(text, row, "<table:table-row", '<table:table-row-group table:display="false"><table:table-row'),
        row, "</table:table-row>", "</table:table-row></table:table-row-group>",
    ),
    "hidden table": lambda text, row: text.replace("<table:table ", '<table:table table:style-name="gone" '),
    "hidden column": lambda text, row: text.replace(
        "<table:table-row>", '<table:table-column table:number-columns-repeated="7"/>'
        '<table:table-column table:visibility="collapse" table:number-columns-repeated="2"/><table:table-row>', 1,
    ),
    "narrow column": lambda text, row: text.replace(
        "<table:table-row>", '<table:table-column table:number-columns-repeated="7"/>'
        '<table:table-column table:style-name="low" table:number-columns-repeated="2"/><table:table-row>', 1,
    ),
}  # fmt: skip


def nth(text: str, number: int, old: str, new: str) -> str:
    parts = text.split(old)
    return old.join(parts[:number]) + new + old.join(parts[number:])


@pytest.mark.hostile("ODS")
@pytest.mark.parametrize("name", ODS)
def test_what_opendocument_hides_is_refused(form: Form, name: str) -> None:
    table, style = "urn:oasis:names:tc:opendocument:xmlns:table:1.0", "urn:oasis:names:tc:opendocument:xmlns:style:1.0"
    low = '<style:table-row-properties style:row-height="0.01cm"/>'
    low += '<style:table-column-properties style:column-width="0.2mm"/>'
    gone = f'<style:table-properties xmlns:table="{table}" table:display="false"/>'
    styles = "".join(
        f'<style:style xmlns:style="{style}" style:name="{found}">{what}</style:style>'
        for found, what in (("low", low), ("gone", gone))
    )

    def change(part: bytes) -> bytes:
        text = ODS[name](part.decode(), row_of(form, RATIO))
        return text.replace(
            "<office:body>", f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        ).encode()

    found = judged(form, replaced(as_ods(filled(form)), "content.xml", change), "figures.ods")
    assert not found.figures
    where = [place(form, RATIO, "numerator"), place(form, RATIO, "denominator")]
    if "column" in name:
        assert set(where) < {fault.cell for fault in found.faults}
    elif name == "hidden table":
        assert [fault.found for fault in found.faults] == ["figures under a hidden sheet"]
    else:
        assert [fault.cell for fault in found.faults] == where
