from __future__ import annotations

from datetime import date

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_years_newest_first_with_their_points(small_snapshot: Snapshot) -> None:
    """Points as the criteria file gives them, before any weight: 40 + 10 + 20 + 20 and 50 + 50."""
    frame = small_snapshot.query("criteria_set")
    assert rows(frame, "year", "is_sample", "missing", "decision", "source_id", "indicator_count", "max_points") == [
        (2026, False, "renormalise", "12/QĐ-UBND", "decision", 4, 90),
        (2025, True, "zero", None, None, 2, 100),
    ]
    assert frame["deadline"].iloc[0].date() == date(2027, 1, 15)
