"""Figures in Parquet: every fault is told with its row, as in a CSV file, whatever types the file's columns have."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.small_block import Folder
from wardstats.catalogue.figures import COLUMNS, NUMBERS
from wardstats.catalogue.load import load_catalogue

FILE = "values/more.parquet"
ROW = {
    "unit_code": "w01", "indicator_code": "files_on_time", "period": "2026-05", "value": 50.0, "numerator": np.nan,
    "denominator": np.nan, "status": "official", "source_id": "portal", "note": "",
}  # fmt: skip


def _frame(*changes: dict[str, Any]) -> pd.DataFrame:
    """Rows that differ in what is given; the months differ by themselves."""
    rows = [ROW | {"period": f"2027-{number:02}"} | change for number, change in enumerate(changes, 1)]
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(NUMBERS, float))


def _told(small: Folder, frame: pd.DataFrame) -> list[tuple[int | None, str | None, str]]:
    frame.to_parquet(small.path / FILE)
    problems = small.problems()
    assert all(problem.file == FILE for problem in problems)
    return [(problem.line, problem.column, problem.found) for problem in problems]


@pytest.mark.parametrize(
    ("change", "column", "found"),
    [
        ({"unit_code": "w09"}, "unit_code", "'w09'"),
        ({"unit_code": None}, "unit_code", "nothing"),
        ({"indicator_code": "files"}, "indicator_code", "'files'"),
        ({"period": "2026-13"}, "period", "'2026-13'"),
        ({"status": "guess"}, "status", "'guess'"),
        ({"source_id": "hearsay"}, "source_id", "'hearsay'"),
        ({"source_id": None}, "source_id", "nothing"),
        ({"note": "e\u0301"}, "note", "'e\u0301'"),
        ({"value": 100.5}, "value", "'100.5 (%, 0 to 100)'"),
        ({"value": np.inf}, "value", "'inf'"),
        ({"value": np.nan, "numerator": 5, "denominator": 4}, "numerator", "'5'"),
        ({"value": np.nan, "numerator": 5}, "denominator", "'nothing'"),
        ({"value": 34, "numerator": 1, "denominator": 3}, "value", "'34, while the counts give 33.3333'"),
    ],
)
@pytest.mark.parametrize("as_categories", [False, True])
def test_a_fault_is_told_with_its_row(
    small: Folder, change: dict[str, Any], column: str, found: str, as_categories: bool
) -> None:
    frame = _frame({}, {}, change, {})
    if as_categories:
        frame = frame.astype(dict.fromkeys(set(COLUMNS) - set(NUMBERS), "category"))
    assert _told(small, frame) == [(3, column, found)]


def test_faults_in_many_rows_and_columns_are_all_told(small: Folder) -> None:
    frame = _frame({"unit_code": "w09"}, {"value": -1}, {"unit_code": "w09", "status": "guess"}, {"note": None})
    assert _told(small, frame) == [
        (1, "unit_code", "'w09', also in line 3"),
        (2, "value", "'-1 (%, 0 to 100)'"),
        (3, "status", "'guess'"),
    ]


def test_a_code_that_no_row_uses_is_no_fault(small: Folder) -> None:
    frame = _frame({}, {})
    frame["unit_code"] = pd.Categorical(frame["unit_code"], categories=["w09", "w01"])
    frame["period"] = pd.Categorical(frame["period"], categories=["never", *frame["period"]])
    assert _told(small, frame) == []


def test_a_figure_stands_once_in_all_files_together(small: Folder) -> None:
    again = {"period": "2026-04"}  # as in values/2026.csv, which is read first
    assert _told(small, _frame({}, again)) == [
        (2, "unit_code, indicator_code, period", "'w01 files_on_time 2026-04'"),
    ]
    assert _told(small, _frame({}, again | {"status": "demonstration", "source_id": "made_up"})) == []


def test_files_with_other_texts_and_types_are_put_together(small: Folder) -> None:
    _frame({"unit_code": "w03", "note": "x"}).astype({"unit_code": "category"}).to_parquet(small.path / FILE)
    other = _frame({"period": "2026"}, {"period": "2027"}).drop(columns="note")
    other["value"] = [50, 60]  # whole numbers
    other["period"] = [2026, 2027]  # a year read as a number
    other["numerator"] = None  # a column without any number
    other.to_parquet(small.path / "values" / "whole.parquet")
    figures = load_catalogue(small.path).figures
    chosen = figures[figures["period"].isin(["2026", "2027", "2027-01"]) & (figures["status"] == "official")]
    rows = chosen[["unit_code", "period", "value", "note"]].itertuples(index=False, name=None)
    assert list(rows) == [("w03", "2027-01", 50.0, "x"), ("w01", "2026", 50.0, ""), ("w01", "2027", 60.0, "")]


def test_a_column_of_texts_where_numbers_belong(small: Folder) -> None:
    frame = _frame({}, {})
    frame["value"] = ["50", "many"]
    assert _told(small, frame) == [(None, "value", "a column of large_string")]


def test_what_is_no_parquet(small: Folder) -> None:
    (small.path / FILE).write_bytes(b"unit_code,period\n")
    assert [(problem.file, problem.line, problem.expected) for problem in small.problems()] == [
        (FILE, None, "a Parquet file")
    ]


def test_an_empty_file_adds_nothing(small: Folder) -> None:
    before = len(load_catalogue(small.path).figures)
    _frame({}).iloc[:0].to_parquet(small.path / FILE)
    assert len(load_catalogue(small.path).figures) == before


def test_row_groups_with_their_own_texts(small: Folder) -> None:
    """Large files are written in groups, each with its own list of texts."""
    frame = _frame(*({"unit_code": f"w0{1 + number % 3}"} for number in range(9)), {"unit_code": "w09"})
    frame.to_parquet(small.path / FILE, row_group_size=2)
    assert [(problem.line, problem.found) for problem in small.problems()] == [(10, "'w09'")]


def test_the_file_is_named_not_its_place(small: Folder) -> None:
    frame = _frame({"unit_code": "w09"})
    frame.to_parquet(small.path / FILE)
    assert not Path(small.problems()[0].file).is_absolute()
