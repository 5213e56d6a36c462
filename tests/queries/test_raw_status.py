from __future__ import annotations

from wardstats.snapshot.store import Snapshot


def test_a_line_for_each_unit_and_indicator_in_their_order(small_snapshot: Snapshot) -> None:
    """files_on_time, green_space, petitions_answered, poverty_rate of w01, then of w02 and w03."""
    frame = small_snapshot.query("raw_status", period="2026-04")
    assert frame["status_rank"].tolist() == [3, 0, 2, 1] * 3


def test_no_line_for_a_figure_is_null(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("raw_status", period="2025-12")
    assert frame["status_rank"].isna().tolist()[-2:] == [True, True]
