from __future__ import annotations

from tests.laocai import criteria
from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_one_of_four_indicators_is_made_up(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("demonstration_share", periods=["2026-04"])
    assert rows(frame, "demonstration_count", "indicator_count") == [(1, 4)]


def test_a_period_of_real_figures_only(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("demonstration_share", periods=["2025-12"])
    assert rows(frame, "demonstration_count", "indicator_count") == [(0, 2)]


def test_the_demonstration_board_says_that_all_of_it_is_made_up(laocai: Snapshot) -> None:
    frame = laocai.query("demonstration_share", periods=["2026-10"])
    assert rows(frame, "demonstration_count", "indicator_count") == [(len(criteria()), len(criteria()))]
