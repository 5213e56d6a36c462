from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_every_rule_and_limit_in_the_order_of_the_themes(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("criterion", year=2026, language="vi")
    columns = ("indicator_code", "node_code", "rule", "max_points", "zero_at", "full_at", "weight", "if_empty")
    assert rows(frame, *columns) == [
        ("files_on_time", "files", "linear", 40, 0, 100, 1, "zero"),
        ("petitions_answered", "petitions", "linear", 10, 0, 100, 1, "full"),
        ("green_space", "living", "target", 20, 0, 10, 1, "missing"),
        ("poverty_rate", "living", "linear", 20, 10, 0, 1, "missing"),
    ]
    assert frame["note"].iloc[3] == "Thấp hơn là tốt hơn"


def test_what_is_not_scored_that_year_has_no_rule(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("criterion", year=2025, language="vi")
    assert rows(frame, "indicator_code", "rule", "weight") == [
        ("files_on_time", "linear", None),
        ("petitions_answered", "linear", 1),
        ("green_space", None, None),
        ("poverty_rate", None, None),
    ]


def test_names_follow_the_language_and_the_search_text_holds_them_all(small_snapshot: Snapshot) -> None:
    first = small_snapshot.query("criterion", year=2026, language="en").iloc[0]
    assert (first["indicator_name"], first["definition"]) == ("Files on time", "Files on time out of all")
    for text in ("files_on_time", "Hồ sơ đúng hạn", "Files on time", "समय पर आवेदन", "trên tổng số"):
        assert text in first["search_text"]
