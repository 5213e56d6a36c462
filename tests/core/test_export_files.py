"""Files that leave: what they carry, and that no cell of theirs does anything."""

from __future__ import annotations

import io
import json
import re
import zipfile

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
