from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_titles_of_a_year(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("award", year=2026, language="en")
    assert rows(frame, "award_name", "from_place", "places", "min_coverage", "is_sample") == [("Flag", 1, 1, 0.5, True)]
    assert small_snapshot.query("award", year=2025, language="en").empty
