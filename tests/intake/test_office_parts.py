"""Workbooks as other programs write them: number formats with a sign, styles that openpyxl refuses, Strict Open XML."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.intake_files import ENGLISH, PERIOD, UNIT, desk_in, filled, ods_of, place, replaced, with_parts
from wardstats.intake.form import Form
from wardstats.intake.grid import read_grid
from wardstats.intake.marking import marked_copy
from wardstats.intake.office_parts import percent_of
from wardstats.intake.validation import Validated, validate

SHARE, COUNTED, SCORE = "electronic_certified_copy", "dossiers_on_time", "qd766_online"


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Form:
    return desk_in(tmp_path_factory.mktemp("desk")).form(UNIT, PERIOD)


def judged(form: Form, content: bytes, name: str = "figures.xlsx") -> Validated:
    return validate(name, content, form, "handin", ENGLISH)


@pytest.mark.hostile("cells: numbers, percent, dates, text")
@pytest.mark.parametrize(
    ("number_format", "number", "factor"),
    [
        ("0%", 0.9, 100), ("0.00%", 0.9, 100), ('0.0"%"', 0.9, 1), ('0.0" %"', 85.5, 1), (r"0.0\%", 85.5, 1),
        (r"0\ \%", 85, 1), ("General", 0.9, 0), ("0_%", 9, 0), ("#,##0_%;-#,##0_%", 9, 0), ('0.0"phần trăm"', 9, 0),
        ('0.0"%";-0.0%', 0.5, 1), ('0.0"%";-0.0%', -0.5, 100), ('0%;-0%;"0 %"', 0, 1), ("0%;-0%;0", 0, 0),
        ('[<=1]0%;0"%"', 0.9, 100), ('[<=1]0%;0"%"', 90, 1), ("[>1]0;[=1]0;0%", 0.5, 100), ("[Red]0%", 1, 100),
        ("[$-42A]0.0%", 0.5, 100), ('"% "0.0%', 0.5, 100), ('[Red]0"%";[Blue]-0"%"', -3, 1), ('"a;b%"0', 3, 1),
    ],
)  # fmt: skip
def test_a_percent_sign_multiplies_only_where_it_is_bare(number_format: str, number: float, factor: int) -> None:
    assert percent_of(number_format, number) == factor


@pytest.mark.hostile("cells: numbers, percent, dates, text")
@pytest.mark.parametrize(
    ("value", "number_format", "read"),
    [
        (0.9, '0.0"%"', 0.9), (85.5, '0.0"%"', 85.5), (85.5, r"0.0\%", 85.5), (0.855, "0.0%", 85.5),
        (95, '0.0"%";[Red]-0.0"%"', 95), (0.95, '[<=1]0.0%;0.0"%"', 95),
    ],
)  # fmt: skip
def test_a_share_is_read_as_its_cell_shows_it(form: Form, value: float, number_format: str, read: float) -> None:
    where = place(form, SHARE, "value")

    def write(book: Any) -> None:
        book.worksheets[0][where].number_format = number_format

    assert judged(form, filled(form, cells={where: value}, change=write)).figures[SHARE].value == read


@pytest.mark.hostile("cells: numbers, percent, dates, text")
@pytest.mark.parametrize(
    ("code", "key", "value", "number_format", "shown", "remedy"),
    [
        (COUNTED, "numerator", 0.95, "0%", "95%", "how many there are, not the share"),
        (COUNTED, "numerator", 95, '0"%"', "95%", "how many there are, not the share"),
        (COUNTED, "denominator", 190, r"0\%", "190%", "how many there are, not the share"),
        (SCORE, "value", 9.5, '0.0"%"', "9.5%", "Type a number"),
        (COUNTED, "numerator", "95 %", "@", "'95 %'", "how many there are, not the share"),
        (COUNTED, "numerator", 0.95, "0.00", "0.95", "how many there are, not the share"),
        (COUNTED, "numerator", 90.5, "General", "90.5", "how many there are, not the share"),
        (COUNTED, "numerator", "0,95", "@", "0.95", "how many there are, not the share"),
    ],
)
def test_a_share_where_a_count_is_asked_is_told(
    form: Form, code: str, key: str, value: Any, number_format: str, shown: str, remedy: str
) -> None:
    where = place(form, code, key)

    def write(book: Any) -> None:
        book.worksheets[0][where].number_format = number_format

    (fault,) = judged(form, filled(form, cells={where: value}, change=write)).faults
    assert (fault.cell, fault.indicator, fault.found) == (where, code, shown)
    assert remedy in fault.remedy
    assert f"{where} ({code})" in str(fault)


@pytest.mark.hostile("ODS")
def test_a_sign_in_opendocument_is_no_count() -> None:
    cells = "".join(
        f'<table:table-cell office:value-type="{kind}" office:value="{value}">'
        f"<text:p>{text}</text:p></table:table-cell>"
        for kind, value, text in (("float", 95, "95%"), ("percentage", 0.95, "95%"), ("float", 95, "95"))
    )
    (sheet,) = read_grid("a.ods", ods_of(f"<table:table-row>{cells}</table:table-row>"), ENGLISH).sheets
    assert [sheet.cells[1, column].percent for column in (1, 2, 3)] == [1, 100, 0]


def as_strict(part: bytes) -> bytes:
    for usual, strict in (
        (
            b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
            b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        ),
        (b"http://schemas.openxmlformats.org/drawingml/2006/main", b"http://purl.oclc.org/ooxml/drawingml/main"),
        (
            b"http://schemas.openxmlformats.org/officeDocument/2006/",
            b"http://purl.oclc.org/ooxml/officeDocument/",
        ),
    ):
        part = part.replace(usual, strict)
    return part


@pytest.mark.hostile("archives, bombs, hidden parts, macros (.xlsx)")
def test_strict_open_xml_is_read_and_its_faults_are_marked(form: Form) -> None:
    wrong = place(form, COUNTED, "numerator")
    content = with_parts(filled(form, cells={wrong: 201}), as_strict)
    found = judged(form, content)
    assert [fault.cell for fault in found.faults] == [wrong]
    assert found.grid is not None
    book = openpyxl.load_workbook(io.BytesIO(marked_copy(found.grid, content, found.findings, ENGLISH)))
    assert book.worksheets[1][wrong].value == 201
    right = judged(form, with_parts(filled(form), as_strict))
    assert right.figures == judged(form, filled(form)).figures


# Each is refused by openpyxl as a whole; WPS, report generators and converters write such styles.
STYLES: dict[str, Callable[[bytes], bytes]] = {
    "a font family beyond 14": lambda part: part.replace(b'<family val="2"', b'<family val="34"'),
    "a colour of a web page": lambda part: part.replace(b"<font>", b'<font><color rgb="#FF0000"/>', 1),
    "an alignment of style sheets": lambda part: part.replace(
        b"</cellXfs>", b'<xf numFmtId="0"><alignment horizontal="start"/></xf></cellXfs>'
    ),
    "an empty fill": lambda part: part.replace(b"</fills>", b"<fill/></fills>"),
    "a size that is no number": lambda part: part.replace(b'<sz val="10"', b'<sz val="auto"'),
}


@pytest.mark.hostile("archives, bombs, hidden parts, macros (.xlsx)")
@pytest.mark.parametrize("name", STYLES)
def test_styles_that_other_programs_write(form: Form, name: str) -> None:
    where = place(form, SHARE, "value")
    written = filled(
        form, cells={where: 0.9}, change=lambda book: setattr(book.worksheets[0][where], "number_format", "0%")
    )
    content = replaced(written, "xl/styles.xml", STYLES[name])
    with pytest.raises((TypeError, ValueError)):
        openpyxl.load_workbook(io.BytesIO(content))
    found = judged(form, content)
    assert found.faults == []
    assert found.figures[SHARE].value == 90
    assert found.grid is not None
    assert openpyxl.load_workbook(io.BytesIO(marked_copy(found.grid, content, found.findings, ENGLISH))).worksheets


@pytest.mark.hostile("archives, bombs, hidden parts, macros (.xlsx)")
def test_properties_with_a_date_of_their_own(form: Form) -> None:
    content = replaced(filled(form), "docProps/core.xml", lambda part: part.replace(b"T", b" at "))
    with pytest.raises((TypeError, ValueError)):
        openpyxl.load_workbook(io.BytesIO(content))
    assert judged(form, content).figures == judged(form, filled(form)).figures


@pytest.mark.parametrize("case", ["03/silent", "03/refused", "05/signed", "11/strict", "12/fraction", "12/half"])
def test_the_files_that_went_wrong(tmp_path: Path, case: str) -> None:
    """The workbooks of November 2026 that were read wrongly, or refused with a remedy that did not help."""
    path = Path(__file__).parents[3] / "shared" / "cases" / f"{case}.xlsx"
    if not path.is_file():
        pytest.skip("the files lie beside the project")
    form = desk_in(tmp_path).form(UNIT, "2026-11")
    found = judged(form, path.read_bytes())
    read = found.figures.get(SHARE)
    told = [(fault.cell, fault.indicator, fault.remedy) for fault in found.faults]
    count = [("H25", COUNTED, "Type how many there are, not the share.")]
    expected = {
        "03/silent": (0.9, []),
        "03/refused": (85.5, []),
        "12/fraction": (None, count),
        "12/half": (None, count),
    }
    assert (read.value if read else None, told) == expected.get(case, (5.0, []))
