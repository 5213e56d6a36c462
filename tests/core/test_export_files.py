"""Files that leave: what they carry, and that no cell of theirs does anything."""

from __future__ import annotations

import io
import json
import re
import zipfile

import openpyxl
import pandas as pd
import pyarrow.parquet
import pytest

from wardstats.core.export_files import FORMATS, Export, csv_file, excel_file, neutralise, parquet_file
from wardstats.core.statuses import NO_FIGURES

NASTY = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "Đông An"]


@pytest.fixture
def export() -> Export:
    frame = pd.DataFrame(
        {
            "unit_name": NASTY,
            "value": [-1.5, float("nan"), 2, 3, 4, 5, 6, 7],
            "notice": ["made up"] + [""] * 7,
            "=cmd": ["x"] * 8,
        }
    )
    sources = pd.DataFrame({"source_id": ["a"], "title": ["=HYPERLINK(1)"]})
    return Export("test", frame, "notice", {"unit_name": "Tên"}, [("Số liệu minh họa", "1 of 8")], sources)


@pytest.mark.hostile("XSS in name, note, by, cells")
@pytest.mark.parametrize("text", NASTY[:-1])
def test_what_a_spreadsheet_takes_for_a_formula_is_neutralised(text: str) -> None:
    assert neutralise(text) == "'" + text


@pytest.mark.parametrize("text", ["Đông An", "1-1", "", "a=b", " x"])
def test_other_text_stays(text: str) -> None:
    assert neutralise(text) == text


def test_csv_keeps_vietnamese_and_numbers_and_disarms_texts_and_headings(export: Export) -> None:
    raw = csv_file(export)
    assert raw.startswith(b"\xef\xbb\xbf")
    read = pd.read_csv(io.BytesIO(raw))
    assert read["unit_name"].iloc[-1] == "Đông An"
    assert all(str(cell).startswith("'") for cell in read["unit_name"].iloc[:-1])
    assert read["value"].iloc[0] == -1.5
    assert "'=cmd" in read.columns


def _parts(raw: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(raw)) as book:
        return {name: book.read(name).decode() for name in book.namelist() if name.endswith(".xml")}


def test_workbook_has_no_formula_and_its_first_sheet_warns(export: Export) -> None:
    parts = _parts(excel_file(export))
    sheets = [text for name, text in parts.items() if "worksheets/sheet" in name]
    assert len(sheets) == 3
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
    texts = re.findall(r"<t[^>]*>([^<]*)</t>", parts["xl/sharedStrings.xml"])
    assert texts[0] == "Số liệu minh họa"
    assert "Tên" in texts
    assert not any(text.startswith(("=", "+", "-", "@")) for text in texts)
    assert re.search(r'<sheet name="Notes" sheetId="1"', parts["xl/workbook.xml"])


def test_parquet_carries_notes_and_sources(export: Export) -> None:
    table = pyarrow.parquet.read_table(io.BytesIO(parquet_file(export)))
    assert table.column("unit_name").to_pylist() == NASTY
    metadata = table.schema.metadata or {}
    assert json.loads(metadata[b"notes"]) == [["Số liệu minh họa", "1 of 8"]]
    assert json.loads(metadata[b"sources"])[0]["source_id"] == "a"


@pytest.mark.parametrize("name", FORMATS)
def test_an_empty_table_makes_a_file_too(name: str) -> None:
    assert FORMATS[name][0](Export("empty", pd.DataFrame({"a": pd.Series(dtype=float)}), NO_FIGURES))


def test_a_csv_file_has_the_readers_separators() -> None:
    frame = pd.DataFrame({"name": ["a;b", "c,d"], "value": [1.5, 1234.25], "count": [2026, 7]})
    text = csv_file(Export("test", frame, NO_FIGURES, decimal_mark=",")).decode("utf-8-sig")
    assert text.splitlines() == ["name;value;count", '"a;b";1,5;2026', "c,d;1234,25;7"]


def test_a_workbook_shows_decimals_and_keeps_the_whole_number() -> None:
    frame = pd.DataFrame(
        {
            "points": [3.358333333333334, 4.0],
            "even": [0.5, 2.0],
            "mixed": [2.14419, 4.0],
            "value": [87.123, 1200.0],
            "year": [2026, 2027],
            "unit": ["points", "other"],
        }
    )
    export = Export(
        "test", frame, NO_FIGURES, decimals={"points": 2, "value": [1, 0]}, words={"unit": {"points": "điểm"}}
    )
    sheet = openpyxl.load_workbook(io.BytesIO(excel_file(export)))["Figures"]
    values = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert values == [[3.358333333333334, 0.5, 2.14419, 87.123, 2026, "điểm"], [4, 2, 4, 1200, 2027, "other"]]
    formats = [[cell.number_format for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert formats == [
        ["#,##0.00", "#,##0.0", "#,##0.0000", "#,##0.0", "General", "General"],
        ["#,##0.00", "#,##0.0", "#,##0", "#,##0", "General", "General"],
    ]
    assert frame["unit"].tolist() == ["points", "other"]  # the table itself is not changed
