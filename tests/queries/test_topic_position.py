from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_positions_of_members(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("topic_position", language="en")
    assert rows(frame, "topic_id", "unit_code", "stance", "position") == [
        ("fees", "w01", "agree", "Half is right"),
        ("fees", "w02", "amend", None),
    ]
