from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_a_note_stands_with_its_figure_and_so_does_one_that_says_nothing_is_there(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("figure_note", period="2026-04")
    assert rows(frame, "unit_code", "indicator_code", "note", "status", "source_id") == [
        ("w02", "petitions_answered", "Ba trên bốn, một còn hạn", "verified", "report"),
        ("w03", "petitions_answered", "Đã hỏi; chưa có", "verified", "report"),
    ]


def test_a_figure_without_a_note_is_no_line(small_snapshot: Snapshot) -> None:
    assert small_snapshot.query("figure_note", period="2025-12").empty
