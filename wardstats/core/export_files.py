"""Figures as files: CSV, Excel and Parquet, each carrying units, status and source, and what is made up.

XlsxWriter makes the workbook: it only writes, needs no other package, and never takes a text for a formula or a link.
Knows nothing of pages; texts come in the reader's language. Cells of a workbook are numbers with a number format, which
a spreadsheet writes with the separators of its own language; a CSV file has those of the reader.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.parquet
import xlsxwriter

from wardstats.core.formula_guard import neutral_frame, neutralise
from wardstats.core.measures import LARGEST
from wardstats.core.palette import PAPER
from wardstats.core.statuses import carried

_EXCEL_ROWS = 1_048_575
_EXCEL_TEXT = 32_000
_SHEET_NAME = 31
_EVEN_DECIMALS = 2  # a column with more at most, such as values of several indicators, has as many as each number needs
_MOST_DECIMALS = 4


@dataclass(frozen=True)
class Export:
    """A table on its way out.

    Attributes:
        name: File name without its ending.
        frame: What is in it.
        status: The column that says which rows are made up, or ``NO_FIGURES``; without it no file is made.
        headings: What the columns are called in a workbook.
        notes: (topic, text) for the first sheet; the warning of made-up figures comes first.
        sources: source_id, title, producer, url, licence.
        sheet_names: Names of the sheets for notes, figures and sources.
        warnings: How many of the notes, from the first on, are warnings.
        words: What codes are called in a workbook, by column.
        decimals: With how many decimals a workbook shows a column, or each of its rows; what the numbers need if not
            given. The cells hold the whole numbers.
        decimal_mark: What stands before decimals in a CSV file: a point, or a comma, which makes ; its separator.
    """

    name: str
    frame: pd.DataFrame
    status: str
    headings: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[tuple[str, str]] = ()
    sources: pd.DataFrame = field(default_factory=pd.DataFrame)
    sheet_names: tuple[str, str, str] = ("Notes", "Figures", "Sources")
    warnings: int = 0
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    decimals: Mapping[str, int | Sequence[int]] = field(default_factory=dict)
    decimal_mark: str = "."

    def __post_init__(self) -> None:
        """Make sure that the table says what is made up."""
        carried(self.frame, self.status, self.name)


def csv_file(export: Export) -> bytes:
    """Return the table as CSV for spreadsheets: UTF-8 with a mark, so that Excel reads Vietnamese."""
    separator = ";" if export.decimal_mark == "," else ","
    text = neutral_frame(export.frame).to_csv(
        index=False, lineterminator="\r\n", sep=separator, decimal=export.decimal_mark
    )
    return text.encode("utf-8-sig")


def excel_file(export: Export) -> bytes:
    """Return a workbook: notes first, then the figures, then the sources."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        warning = book.add_format({"text_wrap": True, "valign": "top", "bold": True, "bg_color": PAPER["notice"]})
        notes = book.add_worksheet(_sheet_name(export.sheet_names[0]))
        notes.set_column(0, 0, 28)
        notes.set_column(1, 1, 96)
        for row, (topic, text) in enumerate(export.notes):
            is_warning = row < export.warnings
            notes.write_string(row, 0, neutralise(topic), warning if is_warning else bold)
            notes.write_string(row, 1, neutralise(text)[:_EXCEL_TEXT], warning if is_warning else wrapped)
        _write_sheet(book, export.sheet_names[1], _in_words(export), export, bold)
        if len(export.sources):
            _write_sheet(book, export.sheet_names[2], export.sources, export, bold)
    return buffer.getvalue()


def parquet_file(export: Export) -> bytes:
    """Return the table as Parquet; notes and sources are in the file's own metadata."""
    table = pyarrow.Table.from_pandas(export.frame, preserve_index=False)
    described = {
        b"notes": json.dumps([list(note) for note in export.notes], ensure_ascii=False).encode(),
        b"sources": export.sources.to_json(orient="records", force_ascii=False, date_format="iso").encode(),
    }
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(table.replace_schema_metadata({**(table.schema.metadata or {}), **described}), buffer)
    return buffer.getvalue()


FORMATS: dict[str, tuple[Callable[[Export], bytes], str, str]] = {
    "CSV": (csv_file, "csv", "text/csv"),
    "Excel": (excel_file, "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "Parquet": (parquet_file, "parquet", "application/vnd.apache.parquet"),
}


def even_decimals(column: pd.Series) -> int | None:
    """Return with how many decimals all numbers of a column are written; None where each is written with its own."""
    known = column[np.isfinite(column) & (column.abs() <= LARGEST)].to_numpy(dtype=float)
    even = (places for places in range(_EVEN_DECIMALS + 1) if np.allclose(known, known.round(places), 0, 1e-9))
    return next(even, None)


def needed_decimals(value: float) -> int:
    """Return how many decimals a number has, at most four."""
    return len(f"{value:.{_MOST_DECIMALS}f}".rstrip("0").partition(".")[2])


def _in_words(export: Export) -> pd.DataFrame:
    """Return the table with what its codes are called."""
    frame = export.frame
    for column, names in export.words.items():
        if column in frame:
            frame = frame.assign(**{column: [names.get(code, code) for code in frame[column].tolist()]})
    return frame


def _sheet_name(name: str) -> str:
    return "".join(letter for letter in name if letter not in "[]:*?/\\'")[:_SHEET_NAME] or "Sheet"


def _write_sheet(book: Any, name: str, frame: pd.DataFrame, export: Export, bold: Any) -> None:
    sheet = book.add_worksheet(_sheet_name(name))
    sheet.freeze_panes(1, 0)
    formats = [
        book.add_format({"num_format": "#,##0" + ("." + "0" * places if places else "")}) for places in range(10)
    ]
    for column, key in enumerate(frame.columns):
        heading = str(export.headings.get(key, key))
        sheet.write_string(0, column, neutralise(heading), bold)
        cells = frame[key].head(_EXCEL_ROWS).tolist()
        decimals = _decimals(frame[key], export.decimals.get(str(key)))
        width = max((len(str(cell)) for cell in cells[:200]), default=0)
        sheet.set_column(column, column, min(max(width, len(heading)) + 2, 60))
        for row, (cell, places) in enumerate(zip(cells, decimals, strict=False), 1):
            _write_cell(sheet, row, column, cell, None if places is None else formats[min(places, 9)])
    if len(frame):
        sheet.autofilter(0, 0, min(len(frame), _EXCEL_ROWS), max(len(frame.columns) - 1, 0))


def _decimals(column: pd.Series, given: int | Sequence[int] | None) -> Sequence[int | None]:
    """Return the decimals of each cell of a column; None where it holds no fractions."""
    if not pd.api.types.is_float_dtype(column.dtype):
        return [None] * len(column)
    if given is None:
        given = even_decimals(column)
    if given is None:
        return [needed_decimals(value) for value in column.fillna(0)]
    return [given] * len(column) if isinstance(given, int) else given


def _write_cell(sheet: Any, row: int, column: int, cell: Any, number_format: Any) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int | float):
        if cell == cell and abs(cell) != float("inf"):
            sheet.write_number(row, column, cell, number_format)
    elif cell is not None and not pd.isna(cell):
        sheet.write_string(row, column, neutralise(str(cell))[:_EXCEL_TEXT])
