"""Lines and headings as offices write them: signatures, totals, remarks. No figure is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from tests.intake_files import ENGLISH, PERIOD, UNIT, as_csv, as_ods, desk_in, filled
from wardstats.intake.columns import is_in_multiples, is_total, recognise_heading
from wardstats.intake.faults import Finding
from wardstats.intake.form import Form
from wardstats.intake.validation import Validated, validate
from wardstats.intake.workbook import FIRST_ROW

RATIO, VALUE = "dossiers_on_time", "qd766_online"


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Form:
    return desk_in(tmp_path_factory.mktemp("desk")).form(UNIT, PERIOD)


def judged(form: Form, content: bytes, name: str = "figures.xlsx") -> Validated:
    return validate(name, content, form, "handin", ENGLISH)


def written(form: Form, below: Mapping[str, Any], rows_below: int = 3) -> bytes:
    """Return the filled-in workbook with cells below the table, by column and row below it: L1 is beside the first."""
    last = FIRST_ROW + len(form.rows) + rows_below - 1
    return filled(form, cells={f"{cell[0]}{last + int(cell[1:])}": value for cell, value in below.items()})


SIGNATURES: dict[str, dict[str, Any]] = {
    "at the right": {"L1": "Sa Pa, ngày 30 tháng 11 năm 2026", "M2": "CHỦ TỊCH", "M3": "(Ký, ghi rõ họ tên, đóng dấu)"},
    "under the counts": {"H1": "NGƯỜI LẬP BIỂU", "J1": "TM. ỦY BAN NHÂN DÂN", "H5": "Giàng A Páo", "J5": "Lê Thị Hạnh"},
    "under codes and names": {"A1": "Nơi nhận:", "A2": "- Khối thi đua;", "C1": "NGƯỜI KIỂM TRA", "N1": "THỦ TRƯỞNG"},
    "a date and a number of the letter": {"J1": datetime(2026, 11, 30), "I1": "Số: 125/BC-UBND", "L1": "Sa Pa"},
    "remarks": {"A1": "Ghi chú: số liệu lấy từ Cổng Dịch vụ công", "N2": "Kèm theo 3 phụ lục"},
}


@pytest.mark.hostile("layout, periods, codes, notes, merges")
@pytest.mark.parametrize("name", SIGNATURES)
@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv"])
def test_words_below_the_table_are_no_figures(form: Form, name: str, kind: str) -> None:
    content = written(form, SIGNATURES[name])
    if kind != "xlsx":
        content = {"ods": as_ods, "csv": as_csv}[kind](content)
    found = judged(form, content, f"figures.{kind}")
    assert found.faults == []
    assert found.figures == judged(form, filled(form)).figures


@pytest.mark.hostile("layout, periods, codes, notes, merges")
@pytest.mark.parametrize(
    "numbers",
    [
        {"A": "1", "B": "2", "C": "3", "H": "4", "I": "5", "J": "6"},
        {"A": "A", "B": "B", "C": "C", "H": 1, "I": 2, "J": "3=1/2"},
        {"A": "(1)", "C": "(2)", "H": "(3)", "I": "(4)", "J": "(5)=(3)/(4)"},
        {"A": -1, "C": -2, "H": -3, "I": -4, "J": -5},  # what a spreadsheet makes of (1), (2)
        {"A": "a", "H": "1", "I": "2", "J": "3 = 1 : 2"},
        {chr(65 + column): column + 1 for column in range(15)},
    ],
)
def test_a_line_that_numbers_the_columns_is_left_out(form: Form, numbers: dict[str, Any]) -> None:
    def number(book: Any) -> None:
        sheet = book.worksheets[0]
        sheet.insert_rows(FIRST_ROW)
        for column, text in numbers.items():
            sheet[f"{column}{FIRST_ROW}"] = text

    assert judged(form, filled(form, change=number)).faults == []


@pytest.mark.hostile("layout, periods, codes, notes, merges")
@pytest.mark.parametrize(
    "total",
    [
        {"C1": "Tổng cộng", "H1": 6000, "I1": 7000}, {"A1": "Cộng:", "J1": 90.5},
        {"B1": "TỔNG SỐ (I+II)", "H1": "=SUM(H8:H39)"},
        {"C1": "Grand total", "J1": "1.234,5"}, {"C1": "कुल योग", "H1": 5},
    ],
)  # fmt: skip
def test_totals_are_left_out(form: Form, total: dict[str, Any]) -> None:
    found = judged(form, written(form, total, rows_below=0))
    assert found.faults == []
    assert found.figures == judged(form, filled(form)).figures


@pytest.mark.hostile("layout, periods, codes, notes, merges")
def test_the_heading_again_on_the_next_page_is_left_out(form: Form) -> None:
    def again(book: Any) -> None:
        sheet = book.worksheets[0]
        sheet.insert_rows(FIRST_ROW + 9)
        for column in range(1, 16):
            sheet.cell(FIRST_ROW + 9, column).value = sheet.cell(FIRST_ROW - 1, column).value

    assert judged(form, filled(form, change=again)).faults == []


@pytest.mark.hostile("layout, periods, codes, notes, merges")
@pytest.mark.parametrize(
    ("line", "blamed"),
    [
        ({"J1": 5}, "J1"), ({"A1": "invented", "H1": 3, "I1": 4}, "A1"), ({"C1": "Cộng đồng số", "J1": 12}, "C1"),
        ({"J1": "12,5"}, "J1"), ({"H1": "=1+1"}, "H1"), ({"A1": "invented", "L1": "no figure yet"}, "A1"),
        ({"A1": "2", "H1": 1, "I1": 2, "J1": 3}, "A1"),
    ],
)  # fmt: skip
def test_a_figure_of_no_indicator_is_told_where_it_stands(form: Form, line: dict[str, Any], blamed: str) -> None:
    (fault,) = judged(form, written(form, line, rows_below=0)).faults
    assert fault.cell == f"{blamed[0]}{FIRST_ROW + len(form.rows)}"
    assert fault.found != "nothing"
    assert fault.expected == "an indicator of this form"


@pytest.mark.hostile("layout, periods, codes, notes, merges")
@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("Giá trị (%)", "value"), ("Tử số (số hồ sơ đúng hạn)", "numerator"), ("Mẫu số*", "denominator"),
        ("Tử\nsố", "numerator"), ("5. Giá trị", "value"), ("(5) Giá trị", "value"), ("Giá trị¹", "value"),
        ("Mẫu số – tổng số hồ sơ", "denominator"), ("Numerator: files on time", "numerator"), ("Value [1]", "value"),
        ("Mã / Code", "indicator_code"), ("Giá trị (kỳ trước)", "last"), ("Value (period before)", "last"),
        ("Giá trị kỳ trước", "last"), ("Giá trị - chỉ tiêu ký kết", "target"), ("अंश (फ़ाइलें)", "numerator"),
        ("Ghi chú, nếu có", None), ("Other", None),
    ],
)  # fmt: skip
def test_headings_with_remarks(heading: str, key: str | None) -> None:
    assert recognise_heading(heading) == key


def test_words_of_headings_and_totals() -> None:
    assert is_in_multiples("Mẫu số (nghìn người)") and is_in_multiples("Value, millions")
    assert not is_in_multiples("Tử số (ngân sách)") and not is_in_multiples("Giá trị (tỷ lệ %)")
    assert is_total("Tổng cộng") and is_total("CỘNG:") and not is_total("Tổng đài") and not is_total(None)


def headed(form: Form, headings: Mapping[str, str], more: Mapping[str, Any]) -> list[Finding]:
    cells = {f"{column}{FIRST_ROW - 1}": text for column, text in headings.items()}
    return judged(form, filled(form, cells=cells | dict(more))).faults


@pytest.mark.hostile("layout, periods, codes, notes, merges")
def test_a_workbook_with_remarks_in_its_headings_is_read(form: Form) -> None:
    remarks = {
        "A": "1. Mã",
        "H": "Tử số (số lượng đạt)",
        "I": "Mẫu số\n(tổng số)",
        "J": "Giá trị (điểm, %)",
        "N": "Ghi chú *",
    }
    assert headed(form, remarks, {}) == []
    before = headed(form, {"P": "Giá trị (kỳ trước)"}, {f"P{FIRST_ROW}": 4.5})
    assert before == []


@pytest.mark.hostile("layout, periods, codes, notes, merges")
def test_two_columns_with_one_heading_and_thousands_are_told(form: Form) -> None:
    (twice,) = headed(form, {"P": "Giá trị (mới)"}, {f"P{FIRST_ROW}": 4.5})
    assert (twice.cell, twice.found) == (f"P{FIRST_ROW - 1}", "Giá trị (mới)")
    (thousands,) = headed(form, {"I": "Mẫu số (nghìn người)"}, {})
    assert (thousands.cell, thousands.expected) == (f"I{FIRST_ROW - 1}", "numbers written in full")
    assert headed(form, {"P": "Giá trị"}, {}) == []  # nothing stands in it


@pytest.mark.hostile("layout, periods, codes, notes, merges")
def test_codes_that_lost_their_noughts(form: Form) -> None:
    """2647 is 02647: a unit's code, and an indicator's where a block numbers them."""
    numbered = {f"0{number}": row for number, row in enumerate(form.rows.values(), 1) if number < 9}
    renamed = replace(form, rows={
        code: replace(row, indicator=row.indicator.model_copy(update={"indicator_code": code}))
        for code, row in numbered.items()
    })  # fmt: skip

    def bare(book: Any) -> None:
        sheet = book.worksheets[0]
        sheet["B2"] = int(UNIT)
        for number in range(1, 9):
            sheet.cell(FIRST_ROW + number - 1, 1).value = number

    assert set(judged(renamed, filled(renamed, change=bare)).figures) == set(numbered)
    assert judged(form, filled(form, cells={"B2": float(UNIT)})).faults == []
