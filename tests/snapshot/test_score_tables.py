"""The relations that the scoring library fills, by hand on the small block: from imputed to aggregated."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.folders import write_folder
from tests.small_block import Folder, Select, rows
from wardstats.catalogue.load import load_catalogue
from wardstats.snapshot.build import build_snapshot
from wardstats.snapshot.publications import snapshot_path

# --- imputed: what is missing, filled in only where block.toml asks for it

# Petitions in 2026-04: w01 0/0 with an answer of its own (full), w02 75 %, w03 missing; w03 had 100 % in 2026-03.
PETITIONS = """
    select unit_code, value, is_imputed from imputed
    where indicator_code = 'petitions_answered' and period = '2026-04' order by unit_code
"""


def test_nothing_is_filled_in_by_default(select: Select) -> None:
    assert rows(select(PETITIONS), "unit_code", "value", "is_imputed") == [
        ("w01", None, False), ("w02", 75, False), ("w03", None, False),
    ]  # fmt: skip
    assert not select("select is_imputed from imputed")["is_imputed"].any()


@pytest.mark.parametrize(("method", "value"), [("mean", 75), ("median", 75), ("group_mean", None), ("latest", 100)])
def test_a_gap_is_filled_by_the_method_asked_for(
    small: Folder, select: Select, method: str, value: float | None
) -> None:
    """w03 is alone in its cluster, so that group_mean has nothing to go by."""
    small.replace("block.toml", "[scoring]", f'[scoring]\nimputation = "{method}"')
    assert rows(select(PETITIONS), "unit_code", "value", "is_imputed") == [
        ("w01", None, False), ("w02", 75, False), ("w03", value, value is not None),
    ]  # fmt: skip


# --- treated: outliers of relative indicators; nothing is touched unless block.toml asks for it

UNLIKE = """
    select count(*) as cells from treated inner join imputed using (period, unit_code, indicator_code)
    where treated.value is distinct from imputed.value
"""


def test_nothing_is_treated_by_default(select: Select) -> None:
    assert select(UNLIKE)["cells"].item() == 0
    assert len(select("select * from treated")) == len(select("select * from imputed")) == 30


def test_rules_with_limits_of_their_own_are_not_treated(small: Folder, select: Select) -> None:
    """An absolute rule clips by itself: 20 of 10 square metres is no more than full marks."""
    small.replace("block.toml", "[scoring]", '[scoring]\ntreatment = "winsorise"')
    small.set_cell("values/demonstration.csv", "w03,green_space,2026-04", "value", "9999")
    assert select(UNLIKE)["cells"].item() == 0


# --- normalised: points by each rule, on the figures of 2026-04

CRITERIA = "criteria/2026.csv"


def _points(select: Select, indicator: str) -> list[object]:
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
    small.replace("block.toml", "[scoring]", "[scoring]\npoints_decimals = 2")
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


# --- aggregated: from points to themes to the total


def _scores(select: Select, period: str = "2026-04") -> dict[tuple[object, object], object]:
    found = select("select * from aggregated").query("period == @period")
    return {(unit, node): score for unit, node, score in rows(found, "unit_code", "node_code", "score")}


def test_each_node_of_the_tree(select: Select) -> None:
    scores = _scores(select)
    nodes = ("files", "petitions", "service", "living", "total")
    assert {unit: [scores[unit, node] for node in nodes] for unit in ("w01", "w02", "w03")} == {
        "w01": [32, 10, 32 + 2 * 10, 20, 72],
        "w02": [36, 7.5, 36 + 2 * 7.5, 21, 72],
        "w03": [24, None, 24 * 60 / 40, 20, 56],
    }


def test_an_indicators_weight_multiplies_its_points_and_what_can_be_had(small: Folder, select: Select) -> None:
    small.set_cell("criteria/2026.csv", "poverty_rate", "weight", "3")
    found = select("select score, max_score from aggregated where period = '2026-04' and node_code = 'living'")
    assert sorted(rows(found, "score", "max_score")) == [(20, 80), (3 * 10 + 10, 80), (3 * 15 + 6, 80)]


def test_coverage_counts_points_not_indicators(select: Select) -> None:
    found = select("select * from aggregated where period = '2026-04' and unit_code = 'w03' order by node_code")
    assert rows(found, "node_code", "indicator_count", "missing_count", "demonstration_count") == [
        ("files", 1, 0, 0),
        ("living", 2, 0, 1),
        ("petitions", 1, 1, 0),
        ("service", 2, 1, 0),
        ("total", 4, 1, 1),
    ]
    assert found["coverage"].tolist() == pytest.approx([1, 1, 0, 40 / 60, 80 / 100])


def test_missing_counts_zero_where_the_year_says_so(small: Folder, select: Select) -> None:
    small.replace("block.toml", 'missing = "renormalise"', 'missing = "zero"')
    scores = _scores(select)
    assert [scores["w03", node] for node in ("petitions", "service", "total")] == [None, 24, 44]


def test_a_ward_without_any_figure_has_no_score(small: Folder, select: Select) -> None:
    small.append("values/2026.csv", "w01,files_on_time,2026-01,50,,,official,portal,")
    scores = _scores(select, "2026-01")
    assert (scores["w02", "total"], scores["w02", "service"]) == (None, None)
    assert scores["w01", "total"] == pytest.approx(20 * 60 / 40 * 100 / 60)


def test_an_indicator_may_hang_beside_sub_themes(small: Folder, select: Select) -> None:
    small.set_cell("indicators.csv", "green_space", "theme_code", "service")
    scores = _scores(select)
    assert (scores["w01", "service"], scores["w01", "living"], scores["w01", "total"]) == (62, 10, 72)


def test_the_weakest_status_of_what_is_known(select: Select) -> None:
    found = select("select * from aggregated where period = '2026-04' and unit_code = 'w03' order by node_code")
    assert rows(found, "node_code", "weakest_status") == [
        ("files", 3), ("living", 0), ("petitions", None), ("service", 3), ("total", 0),
    ]  # fmt: skip


# --- all of them


def test_their_columns_are_those_that_queries_have_always_found(small_tables: duckdb.DuckDBPyConnection) -> None:
    def columns(table: str) -> str:
        found = small_tables.execute(f"describe {table}").fetchall()
        return ", ".join(f"{name} {kind}" for name, kind, *_ in found).lower()

    key = "period varchar, unit_code varchar, indicator_code varchar, "
    assert columns("imputed") == key + "value double, is_imputed boolean"
    assert columns("treated") == key + "value double"
    assert columns("normalised") == key + "node_code varchar, points double, max_points double, weight double"
    assert columns("aggregated") == (
        "period varchar, unit_code varchar, node_code varchar, score double, max_score double, coverage double, "
        "indicator_count bigint, missing_count bigint, demonstration_count bigint, weakest_status integer"
    )


def test_imputation_by_time_builds_where_there_is_one_period_alone(small: Folder, select: Select) -> None:
    """Nothing earlier is there to go by; a gap stays a gap, and the block is built."""
    small.replace("block.toml", "[scoring]", '[scoring]\nimputation = "latest"')
    small.replace("block.toml", 'frequency = "month"', 'frequency = "quarter"').replace(
        "adjustments.csv",
        "w03,2026-04,-2,Nộp báo cáo muộn,decision\nw03,2026-04,0.5,Sáng kiến được công nhận,decision\n",
        "",
    )
    found = select("select * from imputed where period = '2026-Q1' and is_imputed")
    assert select("select period from scored_period")["period"].tolist() == ["2026-Q1"]
    assert found.empty


def test_what_was_done_to_an_outlier(tmp_path: Path) -> None:
    """1 to 9 and 1000 by min-max: the furthest one is pulled in to 9, the next."""
    figures = {f"u{number}": float(number) for number in range(1, 10)} | {"u10": 1000.0}
    folder = write_folder(
        tmp_path / "block",
        units=[{"unit_code": unit} for unit in figures],
        themes=[{"theme_code": "t"}],
        indicators=[{"indicator_code": "a", "theme_code": "t"}],
        criteria={2026: [{"indicator_code": "a", "rule": "minmax"}]},
        values=[
            {"unit_code": unit, "indicator_code": "a", "period": "2026", "value": value}
            for unit, value in figures.items()
        ],
        scoring={"treatment": "winsorise"},
    )
    path = snapshot_path(tmp_path / "var", build_snapshot(load_catalogue(folder), tmp_path / "var"))
    with duckdb.connect(str(path), read_only=True) as connection:
        notes = connection.execute("select method, low, high, log_offset, is_mirrored, treated_count from treatment")
        assert notes.fetchall() == [("winsorised", 1, 9, None, None, 1)]
        treated = connection.execute("select value from treated where unit_code = 'u10'").fetchall()
        assert treated == [(9,)]
