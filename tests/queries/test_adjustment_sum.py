from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_bonus_and_penalty_are_added_up(small_snapshot: Snapshot) -> None:
    assert rows(small_snapshot.query("adjustment_sum", period="2026-04"), "unit_code", "points") == [("w03", -1.5)]
    assert small_snapshot.query("adjustment_sum", period="2026-03").empty
