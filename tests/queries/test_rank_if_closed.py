"""Places if an open period closed now; how they come about is in tests/snapshot/test_closing.py."""

from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_only_members_with_gaps_are_listed(small_snapshot: Snapshot) -> None:
    """In 2026-04 w03 lacks petitions_answered: 24 + 20 - 1.5 = 42.5 would still be last."""
    found = small_snapshot.query("rank_if_closed", period="2026-04", node="total")
    assert rows(found, "unit_code", "rank_if_closed") == [("w03", 3)]
    assert small_snapshot.query("rank_if_closed", period="2026-03", node="total").empty
    assert small_snapshot.query("rank_if_closed", period="2025-12", node="total").empty  # gaps count nothing there
