from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_steps_in_the_order_of_time(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("adoption")
    assert rows(frame, "unit_code", "model_code", "stage", "is_sample") == [
        ("w01", "green", "pilot", True),
        ("w02", "green", "pilot", True),
        ("w03", "friendly", "adopted", False),
        ("w01", "green", "recognised", True),
        ("w02", "green", "stopped", True),
    ]
