"""Step 07: adjustments, ranks and previous ranks."""

from __future__ import annotations

import pandas as pd

from tests.small_block import Folder, Select, rows


def _total(select: Select, period: str) -> pd.DataFrame:
    return select("select * from score order by unit_code").query("node_code == 'total' and period == @period")


def test_adjustments_of_a_period_are_summed_and_count_in_the_total_only(select: Select) -> None:
    assert rows(_total(select, "2026-04"), "unit_code", "adjustment", "score") == [
        ("w01", 0, 72), ("w02", 0, 72), ("w03", -1.5, 54.5),
    ]  # fmt: skip
    parts = select("select sum(abs(adjustment)) as points from score where node_code <> 'total' or period <> '2026-04'")
    assert parts["points"].item() == 0


def test_a_bonus_decides_a_tie(small: Folder, select: Select) -> None:
    small.append("adjustments.csv", "w01,2026-04,0.001,Sáng kiến,decision")
    assert rows(_total(select, "2026-04"), "unit_code", "rank") == [("w01", 1), ("w02", 2), ("w03", 3)]


def test_ranked_before_rounding(small: Folder, select: Select) -> None:
    """72.000001 and 72 read alike on any board, and are not a tie."""
    small.append("adjustments.csv", "w02,2026-04,0.000001,Sáng kiến,decision")
    assert rows(_total(select, "2026-04"), "unit_code", "rank") == [("w01", 2), ("w02", 1), ("w03", 3)]


def test_the_noise_of_binary_sums_does_not_break_a_tie(small: Folder, select: Select) -> None:
    small.append(
        "adjustments.csv",
        *(f"w01,2026-04,{points},Sáng kiến,decision" for points in (0.1, 0.2)),
        "w02,2026-04,0.3,Sáng kiến,decision",
    )
    found = _total(select, "2026-04")
    assert 0.1 + 0.2 != 0.3
    assert rows(found, "unit_code", "rank") == [("w01", 1), ("w02", 1), ("w03", 3)]


def test_the_second_place_is_shared_too(small: Folder, select: Select) -> None:
    small.set_cell("adjustments.csv", "w03,2026-04,-2", "points", "100")
    assert rows(_total(select, "2026-04"), "unit_code", "rank") == [("w01", 2), ("w02", 2), ("w03", 1)]


def test_a_ward_without_score_has_no_rank_and_takes_none(small: Folder, select: Select) -> None:
    small.append("values/2026.csv", "w03,files_on_time,2026-01,50,,,official,portal,")
    found = _total(select, "2026-01")
    assert rows(found, "unit_code", "rank", "score", "status") == [
        ("w01", None, None, None), ("w02", None, None, None), ("w03", 1, 50, "official"),
    ]  # fmt: skip
    assert not found["is_finished"].any()
    following = _total(select, "2026-03")  # compared with the finished period before, not with this one
    assert rows(following, "unit_code", "previous_rank", "previous_score") == [
        ("w01", 2, 40), ("w02", 1, 85), ("w03", None, None),
    ]  # fmt: skip


def test_a_thin_theme_of_a_finished_period_is_compared_with_nothing(small: Folder, select: Select) -> None:
    """In 2025-12 one of three has petitions, less than the limit of 0.4; service has (1/3 + 1 + 0)/3."""
    found = select("select distinct period, node_code, is_finished from score order by all")
    assert rows(found[~found["is_finished"]], "period", "node_code") == [("2025-12", "petitions")]
    previous = select("select node_code, count(previous_rank) as n from score where period = '2026-03' group by all")
    assert previous.set_index("node_code")["n"].to_dict() == {
        "total": 2, "service": 2, "files": 2, "petitions": 0, "living": 0
    }  # fmt: skip


def test_a_bonus_alone_is_no_score(small: Folder, select: Select) -> None:
    small.append("values/2026.csv", "w03,files_on_time,2026-01,50,,,official,portal,")
    small.append("adjustments.csv", "w01,2026-01,5,Sáng kiến,decision")
    assert rows(_total(select, "2026-01"), "unit_code", "score")[0] == ("w01", None)


def test_status_marks_what_rests_on_demonstration_figures(small: Folder, select: Select) -> None:
    small.append("values/2026.csv", "w01,green_space,2026-03,12,,,reported,report,")
    found = select("select distinct status from score where status is not null order by status")
    assert found["status"].tolist() == ["official", "reported", "verified"]
