from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_models_in_the_order_of_the_file(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("block_model", language="en")
    assert rows(frame, "model_code", "model_name", "definition", "is_definition_sample") == [
        ("green", "Green ward", "Many trees", True),
        ("friendly", "Chính quyền thân thiện", None, False),
    ]
