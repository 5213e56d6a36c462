from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_topics_newest_first(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("topic", language="en")
    assert rows(frame, "topic_id", "field", "question", "decision") == [
        ("plan", "planning", "Quy hoạch chung?", None),
        ("fees", "urban_finance", "How much of the market fees stays?", "Half"),
    ]
