"""A workbook comes back in any shape: what can be meant is understood, the rest is told by cell, bombs are refused."""

from __future__ import annotations

import io
import math
import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from tests.intake_files import (
    ENGLISH,
    PERIOD,
    UNIT,
    archive,
    as_csv,
    as_ods,
    desk_in,
    filled,
    ods_of,
    place,
    replaced,
)
from wardstats.core.languages import LANGUAGES, translator
from wardstats.intake.columns import KEYS
from wardstats.intake.form import Form
from wardstats.intake.grid import address
from wardstats.intake.layout import as_period
from wardstats.intake.limits import MAX_FILE_BYTES
from wardstats.intake.marking import marked_copy
from wardstats.intake.numbers import readings
from wardstats.intake.validation import Validated, figure_notices, validate
from wardstats.intake.workbook import FIRST_ROW, template
from wardstats.ledger import Figure

RATIO, VALUE = "dossiers_on_time", "qd766_online"


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Form:
    return desk_in(tmp_path_factory.mktemp("desk")).form(UNIT, PERIOD)


def judged(form: Form, content: bytes, name: str = "figures.xlsx", language: str = "en") -> Validated:
    return validate(name, content, form, "handin", translator(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_row_is_as_tall_as_its_longest_text(form: Form, language: str) -> None:
    """LibreOffice makes no room for wrapped texts by itself: they would lie over the rows below."""
    sheet = openpyxl.load_workbook(io.BytesIO(template(form, translator(language)))).worksheets[0]
    for number in range(FIRST_ROW, FIRST_ROW + len(form.rows)):
        for column, letter in ((column, get_column_letter(column)) for column in range(1, len(KEYS) + 1)):
            text = str(sheet.cell(number, column).value or "")
            if not text.startswith("=IF("):
                lines = math.ceil(len(text) / sheet.column_dimensions[letter].width)
                assert sheet.row_dimensions[number].height >= 14 * lines, (letter, number, text)


def faults(form: Form, content: bytes, name: str = "figures.xlsx") -> dict[str, str]:
    return {finding.cell: finding.found for finding in judged(form, content, name).faults}


@pytest.mark.hostile("cells: numbers, percent, dates, text")
@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1.234,5", [1234.5]), ("1,234.5", [1234.5]), ("1 234,5", [1234.5]), ("1\u00a0234.5", [1234.5]),
        ("1.234.567", [1234567]), ("12,34,567.8", [1234567.8]), ("87,5", [87.5]), ("87.5 %", [87.5]), ("-3", [-3]),
        ("−3,5", [-3.5]), ("1.234", [1.234, 1234]), ("12,345", [12.345, 12345]),
        ("0,125", [0.125]), ("1.2345", [1.2345]),
        ("५,५", [5.5]), ("７.５", [7.5]), ("1e3", [1000]), ("5,", [5]),
        ("", []), ("abc", []), ("1.2.3", []), ("1,2,3.4", []), ("1.234,5.6", []), ("--5", []), ("1e999", []),
        ("inf", []), ("nan", []), ("0x10", []), ("5 of 6", []), ("=1+1", []), ("٫", []),
    ],
)  # fmt: skip
def test_numbers_as_people_type_them(text: str, numbers: list[float]) -> None:
    assert readings(text) == numbers


@pytest.mark.hostile("layout, periods, codes, notes, merges")
@pytest.mark.parametrize(
    ("value", "period"),
    [
        ("2026-10", "2026-10"), ("10/2026", "2026-10"), ("tháng 10/2026", "2026-10"), ("2026/1", "2026-01"),
        (datetime(2026, 10, 1), "2026-10"), ("2026-10-01", "2026-10"), ("2026-Q3", "2026-Q3"),
        ("quý III/2026", "2026-Q3"),
        ("Q3 2026", "2026-Q3"), ("2026", "2026"), (2026.0, "2026"), ("năm 2026", "2026"), ("soon", None), (None, None),
    ],
)  # fmt: skip
def test_periods_as_spreadsheets_mangle_them(value: Any, period: str | None) -> None:
    assert as_period(value) == period


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_is_complete_and_only_its_inputs_are_open(form: Form, language: str) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(template(form, translator(language)))).worksheets[0]
    assert sheet.protection.sheet
    open_cells = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    expected = {
        place(form, code, key)
        for code, row in form.rows.items()
        for key in ("situation", "evidence", "note", *(("numerator", "denominator") if row.is_ratio else ("value",)))
    }
    assert open_cells == expected
    ruled = {cell for rule in sheet.data_validations.dataValidation for cell in str(rule.sqref).split()}
    assert {place(form, RATIO, "numerator"), place(form, VALUE, "value"), place(form, RATIO, "situation")} <= ruled
    texts = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None}
    for row in form.rows.values():
        assert getattr(row.indicator, f"name_{language}") in texts
        assert getattr(row.indicator, f"definition_{language}") in texts
    assert {UNIT, PERIOD} <= texts


def test_made_up_figures_of_the_period_before_are_said_to_be(form: Form) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(template(form, ENGLISH))).worksheets[0]
    texts = [str(sheet.cell(row, KEYS.index("last") + 1).value) for row in range(FIRST_ROW, FIRST_ROW + len(form.rows))]
    assert all(text.endswith("made up") for text in texts)


def test_what_was_filled_in_is_what_is_read(form: Form) -> None:
    found = judged(form, filled(form))
    assert not found.faults
    assert set(found.figures) == set(form.rows)
    assert (found.figures[RATIO].numerator, found.figures[RATIO].denominator) == (180, 200)
    assert found.figures[VALUE].value == 5


@pytest.mark.hostile("cells: numbers, percent, dates, text")
@pytest.mark.parametrize("kind", ["xlsx", "csv", "ods"])
@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("9,75", 9.75),
        ("9.75", 9.75),
        ("1.234,5", 1234.5),
        ("1\u202f234,5", 1234.5),
        ("\u00a09,75 ", 9.75),
        ("-0,5", None),
    ],
)
def test_a_comma_is_a_comma_in_every_kind_of_file(form: Form, kind: str, text: str, number: float | None) -> None:
    where = place(form, "green_space_m2_per_person", "value")
    content = filled(form, cells={where: text})
    content = {"xlsx": content, "ods": as_ods(content), "csv": as_csv(content, ";")}[kind]
    found = judged(form, content, f"figures.{kind}")
    if number is None:
        assert [(fault.cell, fault.expected) for fault in found.faults] == [(where, "a number of at least 0")]
    else:
        assert found.figures["green_space_m2_per_person"].value == number


@pytest.mark.hostile("CSV")
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_of_every_kind(form: Form, delimiter: str) -> None:
    encoding = "utf-16" if delimiter == "\t" else "utf-8-sig"
    found = judged(form, as_csv(filled(form), delimiter, encoding), "figures.csv")
    assert not found.faults
    assert found.figures == judged(form, filled(form)).figures


@pytest.mark.hostile("ODS")
def test_ods(form: Form) -> None:
    found = judged(form, as_ods(filled(form)), "figures.ods")
    assert not found.faults
    assert found.figures == judged(form, filled(form)).figures


@pytest.mark.hostile("ODS")
def test_ods_formulas_are_not_believed(form: Form) -> None:
    row = FIRST_ROW + list(form.rows).index(VALUE)
    at = (row, KEYS.index("value") + 1)
    assert faults(form, as_ods(filled(form), formula_at=at), "figures.ods") == {
        address(*at): "the formula of:=1+1, which last showed 2.0"
    }


@pytest.mark.hostile("layout, periods, codes, notes, merges")
def test_oddities_that_are_understood(form: Form, record_property: Callable[[str, object], None]) -> None:
    def disturb(book: Any) -> None:
        sheet = book.worksheets[0]
        book.create_sheet("Notes", 0)["A1"] = "not to be handed in"
        sheet.insert_rows(1, 2)  # the table stands lower
        sheet.insert_cols(1)  # and further right
        sheet["B1"] = "a remark"
        sheet.cell(sheet.max_row + 2, 3).value = "Total"

    cells = {
        place(form, RATIO, "numerator"): " 1.000 ",
        place(form, RATIO, "denominator"): "2.000,0",
        place(form, VALUE, "value"): "7,25",
        place(form, RATIO, "period"): datetime(2026, 10, 1),
        place(form, "payment_account_pct", "numerator"): None,
        place(form, "payment_account_pct", "denominator"): None,
        place(form, "payment_account_pct", "situation"): "không phát sinh",
        place(form, "digital_signature_pct", "numerator"): None,
        place(form, "digital_signature_pct", "denominator"): None,
        place(form, "digital_signature_pct", "situation"): "No figure yet",
    }
    record_property("tried", len(cells))
    found = judged(form, filled(form, cells=cells, change=disturb))
    assert found.faults == []
    assert (found.figures[RATIO].numerator, found.figures[RATIO].denominator) == (1000, 2000)
    assert found.figures[VALUE].value == 7.25
    none = found.figures["payment_account_pct"]
    assert (none.numerator, none.denominator) == (0, 0)
    unknown = found.figures["digital_signature_pct"]
    assert (unknown.value, unknown.numerator, unknown.denominator) == (None, None, None)


@pytest.mark.hostile("layout, periods, codes, notes, merges")
def test_a_heading_in_two_merged_rows(form: Form) -> None:
    def merge(book: Any) -> None:
        sheet = book.worksheets[0]
        heading = FIRST_ROW - 1
        for area in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(area))
        for column in range(1, len(KEYS) + 1):
            if KEYS[column - 1] not in ("numerator", "denominator", "value"):
                sheet.cell(heading - 1, column).value = sheet.cell(heading, column).value
                sheet.cell(heading, column).value = None
        sheet.merge_cells(start_row=heading - 1, end_row=heading, start_column=1, end_column=1)

    assert not judged(form, filled(form, change=merge)).faults


@pytest.mark.hostile("cells: numbers, percent, dates, text")
def test_every_fault_is_told_at_once_by_cell(form: Form, record_property: Callable[[str, object], None]) -> None:
    codes = [code for code, row in form.rows.items() if row.is_ratio]
    wrong = {
        place(form, codes[0], "numerator"): 201,
        place(form, codes[1], "denominator"): None,
        place(form, codes[2], "numerator"): "=2*100",
        place(form, codes[3], "denominator"): "many",
        place(form, codes[4], "numerator"): datetime(2026, 5, 1),
        place(form, codes[5], "numerator"): -1,
        place(form, codes[6], "period"): "2026-09",
        place(form, codes[7], "situation"): "no figure yet",
        place(form, codes[8], "indicator_code"): "invented",
        place(form, codes[9], "value"): 12,
        place(form, VALUE, "value"): -2,
        place(form, "green_space_m2_per_person", "value"): "1.234",
        place(form, "electronic_certified_copy", "value"): 101,
        "B2": "04252",
    }
    record_property("tried", len(wrong))
    found = judged(form, filled(form, cells=wrong))
    assert found.figures == {}
    assert {finding.cell for finding in found.faults} == set(wrong)
    for finding in found.faults:
        assert finding.sheet == "Figures"
        assert all((finding.found, finding.expected, finding.remedy))
    by_cell = {finding.cell: finding for finding in found.faults}
    assert by_cell[place(form, codes[0], "numerator")].expected == "no more than the denominator"
    assert "1.234" in by_cell[place(form, "green_space_m2_per_person", "value")].found


@pytest.mark.parametrize("language", ["vi", "hi"])
def test_faults_are_told_in_the_readers_language(form: Form, language: str) -> None:
    cells = {place(form, RATIO, "numerator"): 201}
    english = judged(form, filled(form, cells=cells)).faults[0]
    other = judged(form, filled(form, cells=cells), language=language).faults[0]
    assert (other.cell, other.found) == (english.cell, english.found)
    assert other.expected != english.expected and other.remedy != english.remedy


@pytest.mark.hostile("cells: numbers, percent, dates, text")
def test_a_percent_format_is_understood_where_a_share_is_asked(form: Form) -> None:
    def as_percent(book: Any) -> None:
        book.worksheets[0][place(form, "electronic_certified_copy", "value")].number_format = "0.0%"
        book.worksheets[0][place(form, VALUE, "value")].number_format = "0%"

    cells = {place(form, "electronic_certified_copy", "value"): 0.875, place(form, VALUE, "value"): 0.05}
    assert list(faults(form, filled(form, cells=cells, change=as_percent))) == [place(form, VALUE, "value")]
    cells = {place(form, "electronic_certified_copy", "value"): 0.875}
    only = filled(
        form, cells=cells, change=lambda book: setattr(
            book.worksheets[0][place(form, "electronic_certified_copy", "value")], "number_format", "0.0%"
        ),
    )  # fmt: skip
    assert judged(form, only).figures["electronic_certified_copy"].value == 87.5


def test_figures_far_from_the_period_before_are_pointed_out_and_stop_nothing(form: Form) -> None:
    found = judged(with_last(form, RATIO, numerator=20.0, denominator=100.0), filled(form))
    assert not found.faults
    assert [finding.cell for finding in found.findings] == [place(form, RATIO, "numerator")]


def with_last(form: Form, code: str, **numbers: Any) -> Form:
    """Return the form with a real figure of the period before."""
    row = form.rows[code]
    real = Figure(numbers.get("value"), numbers.get("numerator"), numbers.get("denominator"), "verified", "s")
    return replace(form, rows={**form.rows, code: replace(row, last=real, last_period="2026-09")})


@pytest.mark.hostile("cells: numbers, percent, dates, text")
@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ((16_000, 17_491), (360, 400), {"denominator": "17,491 in the period before"}),
        ((6_800, 6_971), (380, 400), {"denominator": "6,971 in the period before"}),
        ((180, 200), (180_000, 200_000), {"denominator": "200 in the period before"}),
        ((180, 200), (20, 400), {"numerator": "90.00 in the period before"}),
        ((18_000, 20_000), (20, 400), {"numerator": "90.00", "denominator": "20,000"}),
        ((180, 200), (190, 210), {}), ((180, 200), (500, 560), {}), ((0, 0), (180, 200), {}),
    ],
)  # fmt: skip
def test_counts_are_compared_with_the_period_before(
    form: Form, before: tuple[int, int], now: tuple[int, int], told: dict[str, str]
) -> None:
    known = with_last(form, RATIO, numerator=float(before[0]), denominator=float(before[1]))
    cells = {place(form, RATIO, key): count for key, count in zip(("numerator", "denominator"), now, strict=True)}
    found = judged(known, filled(form, cells=cells))
    assert not found.faults
    assert {finding.cell for finding in found.findings} == {place(form, RATIO, key) for key in told}
    again = figure_notices(found.figures, known, ENGLISH)  # for those who check
    assert set(again) == ({RATIO} if told else set())
    assert all(finding.expected in again[RATIO] for finding in found.findings)
    for finding in found.findings:
        assert finding.is_notice and finding.indicator == RATIO
        assert any(text in finding.expected for text in told.values())


@pytest.mark.hostile("cells: numbers, percent, dates, text")
@pytest.mark.parametrize(
    ("code", "last", "value", "told"),
    [
        ("green_space_m2_per_person", 9.59, 959, "Is a comma missing: 9.59?"),
        ("green_space_m2_per_person", 9.75, 9750, "Is a comma missing: 9.75?"),
        ("green_space_m2_per_person", 5.0, 40, "Check it once more"), ("green_space_m2_per_person", 9.0, 9.5, None),
        ("green_space_m2_per_person", None, 975, "Check it once more"), ("green_space_m2_per_person", None, 40, None),
        ("electronic_certified_copy", None, 0.95, "If 95.00% is meant, type 95."),
        ("electronic_certified_copy", 5.0, 0.85, "If 85.00% is meant, type 85."),
        ("electronic_certified_copy", 85.0, 0.8534, "If 85.34% is meant, type 85.34."),
        ("electronic_certified_copy", None, 1, "If 100.00% is meant, type 100."),
        ("electronic_certified_copy", None, "0,85 %", None), ("electronic_certified_copy", None, "0.85%", None),
        ("electronic_certified_copy", None, 95, None), ("electronic_certified_copy", 0.5, 0.6, None),
        (VALUE, 9.59, 9.5, None),
    ],
)  # fmt: skip
def test_a_lost_comma_and_a_share_of_one_are_pointed_out(
    form: Form, code: str, last: float | None, value: float | str, told: str | None
) -> None:
    known = form if last is None else with_last(form, code, value=last)
    found = judged(known, filled(form, cells={place(form, code, "value"): value}))
    assert not found.faults
    assert [(finding.cell, finding.indicator) for finding in found.findings] == (
        [] if told is None else [(place(form, code, "value"), code)]
    )
    assert told is None or told in found.findings[0].remedy


SHARE_WORDS, ENGLISH_SETTINGS = "how many there are, not the share", "English settings turns"
# A number as a cell holds it, and what is told; typed 1.234 in a spreadsheet with English settings holds 1.234.
FRACTIONS = [
    (1.234, ENGLISH_SETTINGS + " 1.234 into a fraction: if 1234 is meant, type 1234."),
    (1.5, "if 1500 is meant"), (12.34, "if 12340 is meant"), (12.5, "if 12500 is meant"), (999.999, "if 999999 is"),
    (0.5, SHARE_WORDS), (0.001, SHARE_WORDS), (12.34, SHARE_WORDS), (1234.5, "Type a whole number."),
    ("0.5", SHARE_WORDS), ("12,34", "if 12340 is meant"), ("1234,5", "Type a whole number."), (1e-9, SHARE_WORDS),
]  # fmt: skip


@pytest.mark.hostile("cells: numbers, percent, dates, text")
@pytest.mark.parametrize("key", ["numerator", "denominator"])
@pytest.mark.parametrize(("value", "told"), FRACTIONS)
def test_a_count_with_a_fraction_is_a_fault_that_says_what_happened(
    form: Form, key: str, value: float | str, told: str
) -> None:
    cells = {place(form, RATIO, "denominator"): 2_000_000, place(form, RATIO, key): value}
    found = judged(form, filled(form, cells=cells))
    fault = next(fault for fault in found.faults if fault.cell == place(form, RATIO, key))
    assert fault.expected == "a whole number"
    assert told in fault.remedy
    assert not found.figures


@pytest.mark.hostile("cells: numbers, percent, dates, text")
@pytest.mark.parametrize(("value", "told"), [(1.234, "if 1234 is meant"), (0.5, SHARE_WORDS), (1234.5, "Type a whole")])
def test_a_value_that_is_counted_is_whole(form: Form, value: float, told: str) -> None:
    row = form.rows[VALUE]
    counted = replace(row, indicator=row.indicator.model_copy(update={"unit": "count", "decimals": 0}), high=math.inf)
    known = replace(form, rows={**form.rows, VALUE: counted})
    (fault,) = judged(known, filled(form, cells={place(form, VALUE, "value"): value})).faults
    assert (fault.cell, fault.expected) == (place(form, VALUE, "value"), "a whole number")
    assert told in fault.remedy


def test_a_lost_mark_is_not_guessed_where_it_would_be_more_than_all(form: Form) -> None:
    cells = {place(form, RATIO, "numerator"): 90.5, place(form, RATIO, "denominator"): 100}
    (fault,) = judged(form, filled(form, cells=cells)).faults
    assert fault.remedy == "Type how many there are, not the share."
    assert (
        judged(form, filled(form, cells={place(form, RATIO, "denominator"): "1.234"})).figures[RATIO].denominator
        == 1234
    )


@pytest.mark.hostile("layout, periods, codes, notes, merges")
def test_an_empty_workbook_and_two_tables_are_faults(form: Form) -> None:
    assert judged(form, template(form, ENGLISH)).faults[0].found == "no figure"
    twice = filled(form, change=lambda book: book.copy_worksheet(book.worksheets[0]))
    assert judged(form, twice).faults[0].expected == "one sheet with figures"


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv"])
def test_the_marked_copy_shows_every_fault_where_it_is(form: Form, kind: str) -> None:
    cells = {place(form, RATIO, "numerator"): 999, place(form, VALUE, "value"): "<script>alert(1)</script>"}
    content = filled(form, cells=cells)
    content = {"xlsx": content, "ods": as_ods(content), "csv": as_csv(content)}[kind]
    found = judged(form, content, f"figures.{kind}")
    assert {finding.cell for finding in found.faults} == set(cells)
    assert found.grid is not None
    book = openpyxl.load_workbook(io.BytesIO(marked_copy(found.grid, content, found.findings, ENGLISH)))
    listed, sheet = book.worksheets[0], book.worksheets[1]
    assert listed.title == "Faults"
    assert [row[1].value for row in listed.iter_rows(min_row=2)] == [finding.cell for finding in found.findings]
    for cell in cells:
        assert sheet[cell].comment is not None
        assert sheet[cell].fill.fgColor.rgb.endswith("FFD9D4")
    assert str(sheet[place(form, RATIO, "numerator")].value) == "999"


def bomb() -> bytes:
    return archive({"[Content_Types].xml": "<a/>", "xl/workbook.xml": b"0" * 60_000_000})


def entities(form: Form) -> bytes:
    head = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]>'
    return replaced(filled(form), "xl/worksheets/sheet1.xml", lambda text: head + (text.partition(b"?>")[2] or text))


def far_cell(form: Form) -> bytes:
    def move(text: bytes) -> bytes:
        row = b'<row r="1048576"><c r="XFD1048576" t="n"><v>1</v></c></row></sheetData>'
        return text.replace(b"</sheetData>", row)

    return replaced(filled(form), "xl/worksheets/sheet1.xml", move)


def repeated_cells() -> bytes:
    cell = '<table:table-cell table:number-columns-repeated="2000000000" office:value-type="float" office:value="1"/>'
    return ods_of(f'<table:table-row table:number-rows-repeated="2000000000">{cell}</table:table-row>')


def with_macro(form: Form) -> bytes:
    with zipfile.ZipFile(io.BytesIO(filled(form))) as found:
        members: dict[str, str | bytes] = {name: found.read(name) for name in found.namelist()}
    return archive(members | {"xl/vbaProject.bin": b"macro"})


HOSTILE = {
    "bomb": lambda form: bomb(),
    "entities": entities,
    "far cell": far_cell,
    "repeated cells": lambda form: repeated_cells(),
    "macro": with_macro,
    "too large": lambda form: b"a" * (MAX_FILE_BYTES + 1),
    "empty": lambda form: b"",
    "old Excel": lambda form: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600,
    "picture": lambda form: b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
    "cut off": lambda form: filled(form)[:-200],
    "other archive": lambda form: archive({"readme.txt": "hello"}),
    "not UTF-8": lambda form: "Mã;Giá trị\n".encode("cp1258", "replace"),
    "page": lambda form: b"<html><script>alert(1)</script></html>",
}


@pytest.mark.hostile("archives, bombs, hidden parts, macros (.xlsx)")
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_in_words_and_little_memory(form: Form, name: str) -> None:
    content = HOSTILE[name](form)
    tracemalloc.start()
    found = judged(form, content)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found.faults and not found.figures
    assert "Traceback" not in str(found.faults[0])
    assert most < 60_000_000


@pytest.mark.hostile("archives, bombs, hidden parts, macros (.xlsx)")
def test_a_merged_area_that_would_fill_memory_is_not_opened_whole(form: Form) -> None:
    def merge(text: bytes) -> bytes:
        return text.replace(
            b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="Z1:XFD1048576"/></mergeCells>', 1
        )

    cells = {place(form, RATIO, "numerator"): 999}
    plain = filled(form, cells=cells, change=lambda book: setattr(book.worksheets[0].merged_cells, "ranges", set()))
    content = replaced(plain, "xl/worksheets/sheet1.xml", merge)
    found = judged(form, content)
    assert {finding.cell for finding in found.faults} == set(cells)
    assert found.grid is not None
    assert openpyxl.load_workbook(io.BytesIO(marked_copy(found.grid, content, found.findings, ENGLISH))).worksheets


@pytest.mark.hostile("XSS in name, note, by, cells")
def test_texts_that_would_be_formulas_stay_texts_in_the_template(tmp_path: Path) -> None:
    from tests.intake_files import small_ranges

    copy = small_ranges(tmp_path)
    path = copy / "indicators.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Score for online public services", "=1+1", 1), "utf-8")
    form = desk_in(tmp_path, copy).form(UNIT, PERIOD)
    sheet = openpyxl.load_workbook(io.BytesIO(template(form, ENGLISH))).worksheets[0]
    assert sheet[place(form, VALUE, "indicator")].value == "'=1+1"
