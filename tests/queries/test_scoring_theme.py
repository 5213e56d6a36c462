from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_every_theme_by_its_position(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("scoring_theme")
    assert rows(frame, "theme_code", "parent_code", "weight", "aggregation", "position") == [
        ("files", "service", 1, "sum", 1),
        ("service", None, 1, "sum", 1),
        ("living", None, 1, "sum", 2),
        ("petitions", "service", 2, "sum", 2),
    ]
