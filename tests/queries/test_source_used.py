from __future__ import annotations

from datetime import date

import pandas as pd

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_sources_with_the_number_of_figures_from_each(small_snapshot: Snapshot) -> None:
    """The petitions of w03 were asked for and not there: that line is no figure."""
    frame = small_snapshot.query("source_used", periods=["2026-04"], language="vi")
    assert rows(frame, "source_id", "title", "producer", "figure_count") == [
        ("report", "Báo cáo của phường", "Phường", 5),
        ("made_up", "Số liệu minh họa", "Chương trình", 3),
        ("portal", "Cổng dịch vụ", "Bộ A", 3),
    ]
    portal = frame.set_index("source_id").loc["portal"]
    assert (portal["url"], portal["licence"]) == ("https://example.org/portal", "public")
    assert portal["accessed"].date() == date(2026, 5, 2)
    assert pd.isna(portal["published"])


def test_titles_follow_the_language_where_there_is_a_translation(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("source_used", periods=["2026-04"], language="en").set_index("source_id")
    assert frame["title"].to_dict() == {
        "portal": "Service portal", "report": "Báo cáo của phường", "made_up": "Số liệu minh họa",
    }  # fmt: skip
