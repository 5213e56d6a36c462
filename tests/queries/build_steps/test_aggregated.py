"""Step 06: from points to themes to the total."""

from __future__ import annotations

import pytest

from tests.small_block import Folder, Select, rows


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
    assert [scores["w03", node] for node in ("petitions", "service", "total")] == [0, 24, 44]


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
