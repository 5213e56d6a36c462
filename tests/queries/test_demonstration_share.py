from __future__ import annotations

from tests.laocai import criteria
from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_one_of_four_indicators_is_made_up(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("demonstration_share", periods=["2026-04"], earlier=[])
    assert rows(frame, "demonstration_count", "indicator_count") == [(1, 4)]


def test_a_period_of_real_figures_only(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("demonstration_share", periods=["2025-12"], earlier=[])
    assert rows(frame, "demonstration_count", "indicator_count") == [(0, 2)]


def test_what_was_made_up_before_is_counted_apart(small_snapshot: Snapshot) -> None:
    """April's one indicator was made up in March too; December, of which nothing is, has it in what follows."""
    frame = small_snapshot.query("demonstration_share", periods=["2026-04"], earlier=["2026-03", "2025-12"])
    assert rows(frame, "demonstration_count", "indicator_count", "earlier_count") == [(1, 4, 0)]
    frame = small_snapshot.query("demonstration_share", periods=["2025-12"], earlier=["2026-03"])
    assert rows(frame, "demonstration_count", "indicator_count", "earlier_count") == [(0, 2, 1)]


def test_the_demonstration_board_says_that_all_of_it_is_made_up(laocai: Snapshot) -> None:
    frame = laocai.query("demonstration_share", periods=["2026-10"], earlier=[])
    assert rows(frame, "demonstration_count", "indicator_count") == [(len(criteria()), len(criteria()))]
