from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_score_and_rank_over_time(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("score_history", period="2026-04", node="total")
    assert rows(frame, "period", "unit_code", "score", "rank", "max_score") == [
        ("2025-12", "w02", 85, 1, 150),
        ("2025-12", "w01", 40, 2, 150),
        ("2025-12", "w03", None, None, 150),
        ("2026-03", "w03", 80, 1, 100),
        ("2026-03", "w01", 60, 2, 100),
        ("2026-03", "w02", 55, 3, 100),
        ("2026-04", "w01", 72, 1, 100),
        ("2026-04", "w02", 72, 1, 100),
        ("2026-04", "w03", 54.5, 3, 100),
    ]


def test_it_ends_with_the_period_asked_for(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("score_history", period="2026-03", node="living")
    assert rows(frame, "period", "unit_code", "score", "rank", "coverage", "status") == [
        ("2026-03", "w01", 30, 1, 1, "demonstration"),
        ("2026-03", "w02", 25, 2, 1, "demonstration"),
        ("2026-03", "w03", 20, 3, 1, "demonstration"),
    ]
