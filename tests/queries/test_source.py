from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_sources_by_the_number_of_their_figures_in_all_periods(small_snapshot: Snapshot) -> None:
    """Dropped demonstration figures, and the line that says nothing was there, are no figures."""
    frame = small_snapshot.query("source", language="en")
    assert rows(frame, "source_id", "title", "figure_count") == [
        ("report", "Báo cáo của phường", 2 + 3 + 5 + 4),
        ("portal", "Service portal", 2 + 6),
        ("made_up", "Số liệu minh họa", 6),
        ("decision", "Quyết định 12/QĐ-UBND", 0),
    ]
    assert small_snapshot.query("source", language="vi")["title"].iloc[1] == "Cổng dịch vụ"
