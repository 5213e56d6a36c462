from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_indicators_with_the_criteria_of_a_year(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("indicator", year=2026, language="en")
    columns = ("indicator_code", "node_code", "indicator_name", "rule", "max_points", "zero_at", "full_at", "if_empty")
    assert rows(frame, *columns) == [
        ("files_on_time", "files", "Files on time", "linear", 40, 0, 100, "zero"),
        ("petitions_answered", "petitions", "Petitions answered", "linear", 10, 0, 100, "full"),
        ("green_space", "living", "Green space", "target", 20, 0, 10, "missing"),
        ("poverty_rate", "living", "Poverty rate", "linear", 20, 10, 0, "missing"),
    ]
    assert rows(frame, "unit", "frequency", "decimals", "source_id") == [
        ("%", "month", 1, "decision"),
        ("%", "month", 1, "decision"),
        ("m2_per_person", "month", 2, "decision"),
        ("%", "quarter", 1, "decision"),
    ]


def test_an_indicator_that_is_not_scored_that_year_has_no_rule(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("indicator", year=2025, language="vi").set_index("indicator_code")
    assert rows(frame, "rule", "max_points") == [("linear", 50), ("linear", 50), (None, None), (None, None)]


def test_names_and_definitions_follow_the_language(small_snapshot: Snapshot) -> None:
    first = {code: small_snapshot.query("indicator", year=2026, language=code).iloc[0] for code in ("vi", "hi")}
    assert first["vi"]["indicator_name"] == "Hồ sơ đúng hạn"
    assert first["vi"]["definition"] == "Số hồ sơ đúng hạn, trên tổng số"
    assert first["hi"]["indicator_name"] == "समय पर आवेदन"
