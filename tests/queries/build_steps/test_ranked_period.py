"""Step 05: how complete each ranked period is, which one leads, and which one it is compared with."""

from __future__ import annotations

import pytest

from tests.small_block import Folder, Select, rows

JUDGED = "select * from ranked_period order by position"
MAY = "w01,files_on_time,2026-05,90,,,official,portal,"


def test_coverage_is_the_mean_of_the_members(select: Select) -> None:
    """In 2025-12 w01 has a third of the points, w02 all, w03 none; in 2026-04 w03 lacks a fifth."""
    found = select(JUDGED)
    assert found["coverage"].tolist() == pytest.approx([(1 / 3 + 1) / 3, 1, (1 + 1 + 0.8) / 3])
    assert found["is_finished"].all()
    assert rows(found, "period", "previous_period") == [
        ("2025-12", None), ("2026-03", "2025-12"), ("2026-04", "2026-03"),
    ]  # fmt: skip


def test_one_early_figure_does_not_take_the_lead(small: Folder, select: Select) -> None:
    small.append("values/2026.csv", MAY)
    found = select(JUDGED)
    assert rows(found, "period", "is_finished", "is_leading", "previous_period")[-2:] == [
        ("2026-04", True, True, "2026-03"), ("2026-05", False, False, None),
    ]  # fmt: skip


def test_the_period_after_an_unfinished_one_is_compared_with_the_one_before_it(small: Folder, select: Select) -> None:
    june = [f"{unit},{code},2026-06,9,,,official,portal," for unit in ("w01", "w02", "w03")
            for code in ("files_on_time", "petitions_answered")]  # fmt: skip
    small.append("values/2026.csv", MAY, *june)
    found = select(JUDGED)
    assert rows(found, "period", "is_leading", "previous_period")[-1] == ("2026-06", True, "2026-04")


@pytest.mark.parametrize(("limit", "leader"), [("0", "2026-05"), ("0.2", "2026-05"), ("0.21", "2026-04")])
def test_the_limit_itself_is_enough(small: Folder, select: Select, limit: str, leader: str) -> None:
    """In 2026-05 w01 has 40 and the 20 of the quarter before, of 100; the others have nothing of their own: 20 %."""
    small.replace("block.toml", "leading_coverage = 0.4", f"leading_coverage = {limit}")
    small.append("values/2026.csv", MAY)
    found = select(JUDGED)
    assert found.loc[found["is_leading"], "period"].tolist() == [leader]


def test_where_no_period_is_finished_the_newest_leads_and_none_is_compared(small: Folder, select: Select) -> None:
    small.replace("block.toml", "leading_coverage = 0.4", "leading_coverage = 1").append("values/2026.csv", MAY)
    small.set_cell("values/2026.csv", "w03,files_on_time,2026-03", "denominator", "")
    small.set_cell("values/2026.csv", "w03,files_on_time,2026-03", "numerator", "")
    found = select(JUDGED)
    assert not found["is_finished"].any()
    assert found.loc[found["is_leading"], "period"].tolist() == ["2026-05"]
    assert found["previous_period"].isna().all()
    assert select("select previous_rank from score")["previous_rank"].isna().all()
