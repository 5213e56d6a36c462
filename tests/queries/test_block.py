from __future__ import annotations

from tests.small_block import SMALL, rows
from wardstats import __version__
from wardstats.snapshot.store import Snapshot


def test_names_follow_the_language(small_snapshot: Snapshot) -> None:
    names = {
        language: rows(small_snapshot.query("block", language=language), "block_name", "club_name", "unit_kind")
        for language in ("vi", "en", "hi")
    }
    assert names == {
        "vi": [("Khối thử", "Câu lạc bộ thử", "phường")],
        "en": [("Test block", "Test club", "ward")],
        "hi": [("परीक्षण खंड", "परीक्षण क्लब", "वार्ड")],
    }


def test_it_says_which_snapshot_this_is(small_snapshot: Snapshot) -> None:
    block = small_snapshot.query("block", language="vi").iloc[0]
    assert block["snapshot_id"] == small_snapshot.id
    assert small_snapshot.id.endswith(block["content_sha256"][:12])
    assert block["program_version"] == __version__
    assert (block["folder"], block["default_language"], block["frequency"]) == (SMALL.name, "vi", "month")
    assert (block["range_draws"], block["range_spread"], block["range_seed"]) == (10_000, 0.25, 766)
    assert small_snapshot.id.startswith(f"{block['built_at']:%Y%m%dT%H%M%S}Z")
