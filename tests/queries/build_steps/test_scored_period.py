"""Step 02: which periods are ranked."""

from __future__ import annotations

from tests.small_block import Folder, Select, rows

PERIODS = "select period, year from scored_period order by ends_on"


def test_periods_of_the_blocks_frequency(select: Select) -> None:
    assert rows(select(PERIODS), "period", "year") == [("2025-12", 2025), ("2026-03", 2026), ("2026-04", 2026)]


def test_a_period_whose_demonstration_figures_were_dropped_is_not_ranked(select: Select) -> None:
    """2026-02 holds one made-up figure of an indicator that has real ones."""
    assert "2026-02" not in select(PERIODS)["period"].tolist()


def test_a_year_without_criteria_is_not_ranked(small: Folder, select: Select) -> None:
    small.append("values/2026.csv", "w01,files_on_time,2027-01,50,,,official,portal,")
    assert "2027-01" not in select(PERIODS)["period"].tolist()


def test_figures_that_score_nobody_make_no_ranking(small: Folder, select: Select) -> None:
    small.append(
        "values/2026.csv",
        "x99,files_on_time,2026-05,50,,,official,portal,",  # not a member
        "w01,files_on_time,2026-06,,,,official,portal,",  # nothing there
        "w01,green_space,2025-11,50,,,reported,report,",  # not scored in 2025
    )
    assert select(PERIODS)["period"].tolist() == ["2025-12", "2026-03", "2026-04"]


def test_a_block_that_ranks_by_quarter(small: Folder, select: Select) -> None:
    small.replace("block.toml", 'frequency = "month"', 'frequency = "quarter"').replace(
        "adjustments.csv",
        "w03,2026-04,-2,Nộp báo cáo muộn,decision\nw03,2026-04,0.5,Sáng kiến được công nhận,decision\n",
        "",
    )
    assert select(PERIODS)["period"].tolist() == ["2026-Q1"]
