"""Step 04: the figure that counts in a ranked period."""

from __future__ import annotations

import pandas as pd

from tests.small_block import Folder, Select, add_dates, rows

COLUMNS = ("unit_code", "value", "measured_period", "age_months")


def _of(select: Select, indicator: str, period: str) -> pd.DataFrame:
    return select("select * from raw order by unit_code").query("indicator_code == @indicator and period == @period")


def test_a_line_for_each_period_member_and_scored_indicator(select: Select) -> None:
    counts = select("select period, count(*) as lines, count(distinct unit_code) as units from raw group by all")
    assert sorted(rows(counts, "period", "lines", "units")) == [
        ("2025-12", 2 * 3, 3),
        ("2026-03", 4 * 3, 3),
        ("2026-04", 4 * 3, 3),
    ]


def test_a_quarterly_figure_is_carried_forward_with_its_age(select: Select) -> None:
    assert rows(_of(select, "poverty_rate", "2026-04"), *COLUMNS) == [
        ("w01", 5, "2026-Q1", 1), ("w02", 2.5, "2026-Q1", 1), ("w03", 20, "2026-Q1", 1),
    ]  # fmt: skip


def test_in_the_quarters_last_month_it_is_new(select: Select) -> None:
    assert set(_of(select, "poverty_rate", "2026-03")["age_months"]) == {0}


def test_it_is_not_carried_into_the_next_year_nor_backwards(small: Folder, select: Select) -> None:
    small.append("values/2026.csv", "w01,files_on_time,2026-01,50,,,official,portal,")
    found = _of(select, "poverty_rate", "2026-01")
    assert rows(found, *COLUMNS) == [("w01", None, None, None), ("w02", None, None, None), ("w03", None, None, None)]
    assert found["is_missing"].all()


def test_the_latest_of_several_earlier_ones_is_taken(small: Folder, select: Select) -> None:
    small.append(
        "values/2026.csv",
        "w01,poverty_rate,2026-Q2,4,,,reported,report,",
        *(f"{unit},files_on_time,2026-08,50,,,official,portal," for unit in ("w01", "w02")),
    )
    assert rows(_of(select, "poverty_rate", "2026-08"), *COLUMNS)[:2] == [
        ("w01", 4, "2026-Q2", 2), ("w02", 2.5, "2026-Q1", 5),
    ]  # fmt: skip


def test_earlier_figures_count_only_beside_one_of_the_period(small: Folder, select: Select) -> None:
    small.append("values/2026.csv", "w01,files_on_time,2026-08,50,,,official,portal,")
    found = _of(select, "poverty_rate", "2026-08")
    assert rows(found, "unit_code", "value", "is_missing") == [
        ("w01", 5, False), ("w02", None, True), ("w03", None, True),
    ]  # fmt: skip
    scores = select("select unit_code, rank, coverage from score where period = '2026-08' and node_code = 'total'")
    assert rows(scores, "unit_code", "rank") == [("w01", 1), ("w02", None), ("w03", None)]
    assert scores["coverage"].tolist()[1:] == [0, 0]


def test_who_has_left_keeps_its_lines_and_who_joins_has_none_before(small: Folder, select: Select) -> None:
    add_dates(small, {"w01": ",2026-03-15,", "w02": ",,2026-03-31"}).set_cell("units.csv", "w02", "is_member", "false")
    found = select("select distinct period, unit_code from raw order by all").groupby("period")["unit_code"].agg(list)
    assert found.to_dict() == {"2025-12": ["w02", "w03"], "2026-03": ["w01", "w02", "w03"], "2026-04": ["w01", "w03"]}


def test_a_monthly_figure_is_not_carried_forward(small: Folder, select: Select) -> None:
    small.append("values/2026.csv", "w01,files_on_time,2026-05,50,,,official,portal,")
    found = _of(select, "files_on_time", "2026-05")
    assert rows(found, "unit_code", "value", "is_missing") == [
        ("w01", 50, False), ("w02", None, True), ("w03", None, True),
    ]  # fmt: skip


def test_a_figure_measured_more_often_than_ranked_is_the_latest_inside(small: Folder, select: Select) -> None:
    small.replace("block.toml", 'frequency = "month"', 'frequency = "quarter"')
    small.replace("adjustments.csv", "w03,2026-04,-2,", "w03,2026-Q1,-2,")
    small.replace("adjustments.csv", "w03,2026-04,0.5,", "w03,2026-Q1,0.5,")
    small.append("values/2026.csv", "w01,files_on_time,2026-02,10,,,official,portal,")
    assert rows(_of(select, "files_on_time", "2026-Q1"), *COLUMNS) == [
        ("w01", 50, "2026-03", 0), ("w02", 25, "2026-03", 0), ("w03", 100, "2026-03", 0),
    ]  # fmt: skip


def test_empty_ratio_and_missing_figure_are_told_apart(select: Select) -> None:
    found = _of(select, "petitions_answered", "2026-04")
    assert rows(found, "unit_code", "value", "is_empty", "is_missing", "status") == [
        ("w01", None, True, False, "verified"),
        ("w02", 75, False, False, "verified"),
        ("w03", None, False, True, "verified"),
    ]
