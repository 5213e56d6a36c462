from __future__ import annotations

import pytest

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_top_level_themes_in_the_order_of_their_position(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("theme_score", period="2026-04", parent="total")
    assert rows(frame, "node_code", "unit_code", "score", "max_score", "rank", "status") == [
        ("service", "w01", 52, 60, 1, "verified"),
        ("service", "w02", 51, 60, 2, "verified"),
        ("service", "w03", 36, 60, 3, "official"),
        ("living", "w02", 21, 40, 1, "demonstration"),
        ("living", "w01", 20, 40, 2, "demonstration"),
        ("living", "w03", 20, 40, 2, "demonstration"),
    ]


def test_sub_themes_of_a_theme_before_their_weight(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("theme_score", period="2026-04", parent="service")
    assert rows(frame, "node_code", "unit_code", "score", "max_score", "coverage") == [
        ("files", "w02", 36, 40, 1),
        ("files", "w01", 32, 40, 1),
        ("files", "w03", 24, 40, 1),
        ("petitions", "w01", 10, 10, 1),
        ("petitions", "w02", 7.5, 10, 1),
        ("petitions", "w03", None, 10, 0),
    ]


def test_the_themes_of_a_block_add_up_to_its_total(laocai: Snapshot) -> None:
    parts = laocai.query("theme_score", period="2026-10", parent="total").groupby("unit_code")["score"].sum()
    total = laocai.query("ranking", period="2026-10", node="total", language="vi").set_index("unit_code")["score"]
    assert parts.to_dict() == pytest.approx(total.to_dict())
