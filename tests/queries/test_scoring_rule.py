from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_rules_with_the_range_of_each_unit(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("scoring_rule", year=2026)
    columns = ("indicator_code", "theme_code", "max_points", "rule", "zero_at", "full_at", "lower_limit", "upper_limit")
    assert rows(frame, *columns) == [
        ("files_on_time", "files", 40, "linear", 0, 100, 0, 100),
        ("petitions_answered", "petitions", 10, "linear", 0, 100, 0, 100),
        ("green_space", "living", 20, "target", 0, 10, 0, None),
        ("poverty_rate", "living", 20, "linear", 10, 0, 0, 100),
    ]
    assert rows(frame, "direction", "weight", "if_empty", "value_decimals") == [
        (None, 1, "zero", None),
        (None, 1, "full", None),
        (None, 1, "missing", None),
        (None, 1, "missing", None),
    ]
    assert small_snapshot.query("scoring_rule", year=2025)["indicator_code"].tolist() == [
        "files_on_time", "petitions_answered",
    ]  # fmt: skip
