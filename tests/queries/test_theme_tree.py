from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_themes_in_reading_order_with_their_depth(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("theme_tree", language="en")
    assert rows(frame, "node_code", "parent_code", "depth", "theme_name", "colour") == [
        ("service", "total", 1, "Service", "#0b5d43"),
        ("files", "service", 2, "Files", None),
        ("petitions", "service", 2, "Petitions", None),
        ("living", "total", 1, "Living", "#8cc3a6"),
    ]


def test_names_follow_the_language(small_snapshot: Snapshot) -> None:
    assert small_snapshot.query("theme_tree", language="vi")["theme_name"].iloc[0] == "Phục vụ"
    assert small_snapshot.query("theme_tree", language="hi")["theme_name"].iloc[0] == "सेवा"
