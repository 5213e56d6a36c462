from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_each_decision_stands_with_its_reason_and_source(small_snapshot: Snapshot) -> None:
    found = small_snapshot.query("adjustment", periods=("2026-03", "2026-04"), language="en")
    assert rows(found, "period", "unit_code", "points", "reason", "source_id") == [
        ("2026-04", "w03", 0.5, "Sáng kiến được công nhận", "decision"),
        ("2026-04", "w03", -2.0, "Nộp báo cáo muộn", "decision"),
    ]
    assert found["source_title"].str.len().min() > 0
    assert small_snapshot.query("adjustment", periods=("2026-03",), language="vi").empty
