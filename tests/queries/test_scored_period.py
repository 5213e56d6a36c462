from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_ranked_periods_oldest_first(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("scored_period")
    assert rows(frame, "period", "year") == [("2025-12", 2025), ("2026-03", 2026), ("2026-04", 2026)]
