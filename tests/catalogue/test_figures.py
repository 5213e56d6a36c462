"""Figures: what a single one must satisfy. Each test adds lines to the small block and reads what is told of them."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.small_block import Folder, rows
from wardstats.catalogue.figures import COLUMNS
from wardstats.catalogue.load import load_catalogue

FILE = "values/more.csv"
HEADER = ",".join(COLUMNS)


def _told(small: Folder, *lines: str) -> list[tuple[int | None, str | None, str]]:
    small.append(FILE, HEADER, *lines)
    problems = small.problems()
    assert all(problem.file == FILE for problem in problems)
    return [(problem.line, problem.column, problem.found) for problem in problems]


def test_figures_are_read_as_they_stand(small: Folder) -> None:
    figures = load_catalogue(small.path).figures
    assert tuple(figures.columns) == COLUMNS
    chosen = figures.query("unit_code == 'w02' and period == '2026-04' and indicator_code == 'petitions_answered'")
    assert rows(chosen, "value", "numerator", "denominator", "status", "note") == [
        (None, 3, 4, "verified", "Ba trên bốn, một còn hạn"),
    ]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (
            ["w01,files_on_time,2026-Q1,50,,,official,portal,", "w02,files_on_time,2026-Q2,50,,,official,portal,"],
            [(2, "2026-Q1 and 1 more figures of a quarter", "a month", "It counts in no ranking")],
        ),
        (["w01,files_on_time,2026,50,,,official,portal,"], [(2, "2026", "a month", "It counts in no ranking")]),
        (["w01,poverty_rate,2026-05,5,,,reported,report,"], [(2, "2026-05", "a quarter", "It counts as it stands")]),
        (["w01,poverty_rate,2026,5,,,reported,report,"], [(2, "2026", "a quarter", "It counts as it stands")]),
        (["w01,poverty_rate,2026-Q2,5,,,reported,report,"], []),
        (["w01,files_on_time,2026-05,50,,,official,portal,"], []),
    ],
)
def test_a_figure_of_another_frequency_is_told(small: Folder, lines: list[str], told: list[tuple[object, ...]]) -> None:
    small.append(FILE, HEADER, *lines)
    notices = [item for item in load_catalogue(small.path).notices if item.column == "period"]
    found = [(item.line, item.found, item.expected[: item.expected.index(",")], item.remedy) for item in notices]
    assert [(*facts, remedy[: remedy.index(":")]) for *facts, remedy in found] == told


@pytest.mark.parametrize(
    ("cells", "column", "found"),
    [
        ("w09,files_on_time,2026-05,50,,,official,portal,", "unit_code", "'w09'"),
        ("w01,files,2026-05,50,,,official,portal,", "indicator_code", "'files'"),
        ("w01,files_on_time,2026-13,50,,,official,portal,", "period", "'2026-13'"),
        ("w01,files_on_time,2026-05,50,,,guess,portal,", "status", "'guess'"),
        ("w01,files_on_time,2026-05,50,,,official,hearsay,", "source_id", "'hearsay'"),
        ("w01,files_on_time,2026-05,50,,,official,,", "source_id", "nothing"),
        ("w01,files_on_time,2026-05,many,,,official,portal,", "value", "'many'"),
        ("w01,files_on_time,2026-05,NaN,,,official,portal,", "value", "'NaN'"),
        ("w01,files_on_time,2026-05,Infinity,,,official,portal,", "value", "'Infinity'"),
        ("w01,files_on_time,2026-05,100.5,,,official,portal,", "value", "'100.5 (%, 0 to 100)'"),
        ("w01,green_space,2026-05,1e308,,,demonstration,made_up,", "value", "'1e+308'"),
        ("w01,green_space,2026-05,,1.5e15,1,demonstration,made_up,", "numerator", "'1.5e+15'"),
        ("w01,files_on_time,2026-05,-1,,,official,portal,", "value", "'-1 (%, 0 to 100)'"),
        ("w01,green_space,2026-05,-1,,,demonstration,made_up,", "value", "'-1 (m2_per_person, 0 to inf)'"),
        ("w01,files_on_time,2026-05,,5,4,official,portal,", "numerator", "'5'"),
        ("w01,files_on_time,2026-05,,-5,4,official,portal,", "numerator", "'-5'"),
        ("w01,files_on_time,2026-05,,5,,official,portal,", "denominator", "'nothing'"),
        ("w01,files_on_time,2026-05,,,5,official,portal,", "denominator", "'5'"),
        ("w01,files_on_time,2026-05,,5,five,official,portal,", "denominator", "'five'"),
        ("w01,green_space,2026-05,,5,0,demonstration,made_up,", "denominator", "'0'"),
        ("w01,files_on_time,2026-05,50,0,0,official,portal,", "value", "'50'"),
        ("w01,files_on_time,2026-05,,0.95,100,official,portal,", "numerator", "'0.95'"),
        ('w01,files_on_time,2026-05,"1,234",,,official,portal,', "value", "'1,234'"),
        ("w01,files_on_time,2026-05,34,1,3,official,portal,", "value", "'34, while the counts give 33.3333'"),
        ("w01,files_on_time,2026-05,50,,,official,portal,e\u0301", "note", "'e\u0301'"),
    ],
)
def test_a_fault_is_told_once_with_its_place(small: Folder, cells: str, column: str, found: str) -> None:
    assert _told(small, cells) == [(2, column, found)]


@pytest.mark.parametrize(
    "cells",
    [
        "w01,files_on_time,2026-05,33.3,1,3,official,portal,",  # rounded to the indicator's decimals
        "w01,files_on_time,2026-05,,0,0,official,portal,",
        "w01,files_on_time,2026-05,,,,official,portal,",
        "w01,files_on_time,2026-05,1e1,,,official,portal,",
        "x99,files_on_time,2026-05,5,,,official,portal,",  # not a member: context
        "w01,files_on_time,2031,5,,,official,portal,",  # a year without criteria
        'w01,files_on_time,2026-05,"50,5",,,official,portal,',  # one meaning
        "w01,files_on_time,2026-05,,12.5,20,official,portal,",  # measured, not counted
        "w01,green_space,2026-05,4.00,8,2,demonstration,made_up,",
    ],
)
def test_what_is_accepted(small: Folder, cells: str) -> None:
    assert _told(small, cells) == []


def test_a_file_with_decimal_commas(small: Folder) -> None:
    """One writer, one meaning of its commas; a point before three digits may group there."""
    header = ";".join(COLUMNS)
    lines = [f"w0{n};green_space;2026-05;{value};;;demonstration;made_up;" for n, value in ((1, "9,75"), (2, "1,234"))]
    (small.path / "values" / "excel.csv").write_text("\n".join([header, *lines]), encoding="utf-8-sig")
    figures = load_catalogue(small.path).figures
    assert figures[figures["period"] == "2026-05"]["value"].tolist() == [9.75, 1.234]
    small.append("values/excel.csv", "", "w03;green_space;2026-05;1.234;;;demonstration;made_up;")
    (problem,) = small.problems()
    assert (problem.line, problem.column, problem.found) == (4, "value", "'1.234'")


def test_a_figure_stands_once_whatever_the_file(small: Folder) -> None:
    told = _told(small, "w01,files_on_time,2026-04,70,,,reported,report,")
    assert told == [(2, "unit_code, indicator_code, period", "'w01 files_on_time 2026-04'")]


def test_a_demonstration_figure_may_stand_beside_a_real_one_but_not_twice(small: Folder) -> None:
    line = "w02,files_on_time,2026-04,70,,,demonstration,made_up,"
    assert _told(small, line) == []
    small.append(FILE, line)
    assert [(problem.line, problem.found) for problem in small.problems()] == [(3, "'w02 files_on_time 2026-04'")]


def test_the_same_fault_in_many_lines_is_one_problem_that_names_them(small: Folder) -> None:
    """A spreadsheet that drops the zeros of 00123 must not give a report of thousands of lines."""
    months = [f"9,files_on_time,2026-{month:02},50,,,official,portal," for month in range(5, 13)]
    assert _told(small, *months) == [(2, "unit_code", "'9', also in line 3, 4, 5, 6, 7 and 2 more")]


def test_a_kind_of_fault_that_goes_on_and_on_is_cut_short(small: Folder) -> None:
    lines = [f"w01,files_on_time,{year},{100 + year},,,official,portal," for year in range(1000, 1150)]
    told = _told(small, *lines)
    assert len(told) == 101
    assert told[-1] == (102, "value", "50 more such faults")


def test_a_folder_without_any_values(small: Folder) -> None:
    for path in (small.path / "values").iterdir():
        path.unlink()
    assert [(problem.file, problem.found) for problem in small.problems()] == [("values", "no file")]


def test_parquet_is_read_and_checked_alike(small: Folder) -> None:
    file = "values/more.parquet"
    frame = pd.DataFrame(
        [
            ("w01", "files_on_time", "2026-05", 50.0, None, None, "official", "portal"),
            ("w09", "files_on_time", "2026-05", 500.0, None, None, "official", "portal"),
        ],
        columns=list(COLUMNS[:-1]),
    ).astype({"numerator": float, "denominator": float})
    frame.iloc[:1].to_parquet(small.path / file)
    assert "2026-05" in load_catalogue(small.path).figures["period"].tolist()
    frame.to_parquet(small.path / file)
    assert [(problem.file, problem.line, problem.column) for problem in small.problems()] == [
        (file, 2, "unit_code"), (file, 2, "value"),
    ]  # fmt: skip
    frame.drop(columns="period").to_parquet(small.path / file)
    assert [(problem.file, problem.column) for problem in small.problems()] == [(file, "period")]
