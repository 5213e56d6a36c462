from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_the_bands_come_highest_first_in_the_language_asked_for(laocai: Snapshot) -> None:
    frame = laocai.query("band", language="vi")
    assert rows(frame, "band_name", "above_percent", "source_id") == [
        ("Dẫn dắt", 75, "decision_684"),
        ("Nâng cao", 50, "decision_684"),
        ("Hình thành", 25, "decision_684"),
        ("Khởi động", 0, "decision_684"),
    ]
    assert laocai.query("band", language="hi")["band_name"].tolist()[0] == "अग्रणी"


def test_a_block_may_have_none(small_snapshot: Snapshot) -> None:
    assert small_snapshot.query("band", language="vi").empty
