"""Step 05: points by each rule, on the figures of 2026-04."""

from __future__ import annotations

import pytest

from tests.small_block import Folder, Select, rows

CRITERIA = "criteria/2026.csv"


def _points(select: Select, indicator: str) -> list[float | None]:
    found = select("select * from normalised where period = '2026-04' order by unit_code")
    return [points for _, points in rows(found.query("indicator_code == @indicator"), "unit_code", "points")]


def test_linear(select: Select) -> None:
    assert _points(select, "files_on_time") == [32, 36, 24]


def test_linear_where_lower_is_better_is_clipped_at_zero(select: Select) -> None:
    assert _points(select, "poverty_rate") == [10, 15, 0]


def test_target_is_the_wards_own_and_capped(select: Select) -> None:
    assert _points(select, "green_space") == [10, 6, 20]


def test_a_ward_without_target_where_the_criterion_has_none_either_is_missing(small: Folder, select: Select) -> None:
    """Missing is never a silent zero."""
    small.set_cell(CRITERIA, "green_space", "full_at", "")
    assert _points(select, "green_space") == [10, None, None]


def test_empty_ratio_full(select: Select) -> None:
    assert _points(select, "petitions_answered") == [10, 7.5, None]


@pytest.mark.parametrize(("if_empty", "points"), [("zero", 0), ("missing", None)])
def test_empty_ratio(small: Folder, select: Select, if_empty: str, points: float | None) -> None:
    small.set_cell(CRITERIA, "petitions_answered", "if_empty", if_empty)
    assert _points(select, "petitions_answered") == [points, 7.5, None]


def test_as_scored_is_capped_at_the_maximum(small: Folder, select: Select) -> None:
    small.set_cell(CRITERIA, "green_space", "rule", "as_scored").set_cell(CRITERIA, "green_space", "max_points", "10")
    small.replace("block.toml", "total_points = 90", "total_points = 80")
    assert _points(select, "green_space") == [6, 3, 10]


def test_yes_no(small: Folder, select: Select) -> None:
    small.set_cell("indicators.csv", "green_space", "unit", "yes_no").set_cell(
        "indicators.csv", "green_space", "decimals", "0"
    )
    small.set_cell(CRITERIA, "green_space", "rule", "yes_no")
    demonstration = "values/demonstration.csv"
    for unit, value in {"w01": "1", "w02": "0", "w03": "1"}.items():
        small.set_cell(demonstration, f"{unit},green_space,2026-03", "value", value)
        small.set_cell(demonstration, f"{unit},green_space,2026-04", "value", value)
    assert _points(select, "green_space") == [20, 0, 20]


def test_points_are_rounded_as_printf_does_where_the_block_says_so(small: Folder, select: Select) -> None:
    """40 x 2/3 = 26.666...; 40 x 0.501125 = 20.045, whose binary value lies just above, and rounds up."""
    small.replace("block.toml", "[years.2025]", "[scoring]\npoints_decimals = 2\n\n[years.2025]")
    small.set_cell("values/2026.csv", "w01,files_on_time,2026-04", "numerator", "2")
    small.set_cell("values/2026.csv", "w01,files_on_time,2026-04", "denominator", "3")
    small.set_cell("values/2026.csv", "w02,files_on_time,2026-04", "numerator", "400900")
    small.set_cell("values/2026.csv", "w02,files_on_time,2026-04", "denominator", "800000")
    assert _points(select, "files_on_time") == [26.67, round(40 * 50.1125 / 100, 2), 24]
    assert _points(select, "petitions_answered")[2] is None


def test_a_value_is_rounded_before_the_rule_where_the_criterion_says_so(small: Folder, select: Select) -> None:
    small.set_cell(CRITERIA, "files_on_time", "value_decimals", "0")
    small.set_cell("values/2026.csv", "w01,files_on_time,2026-04", "numerator", "2")
    small.set_cell("values/2026.csv", "w01,files_on_time,2026-04", "denominator", "3")
    assert _points(select, "files_on_time")[0] == pytest.approx(40 * 0.67)


def test_weight_defaults_to_one(select: Select) -> None:
    found = select("select weight from normalised where period = '2025-12' and indicator_code = 'files_on_time'")
    assert found["weight"].tolist() == [1, 1, 1]
