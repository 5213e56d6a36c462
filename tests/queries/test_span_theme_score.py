from __future__ import annotations

import pytest

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_themes_are_means_over_the_same_periods(small_snapshot: Snapshot) -> None:
    """Service: 30, 30 and 60 in 2026-03, then 52, 51 and 36. Living: 30, 25 and 20, then 20, 21 and 20."""
    frame = small_snapshot.query("span_theme_score", kind="year", span="2026", parent="total")
    assert rows(frame, "node_code", "unit_code", "score", "max_score", "rank") == [
        ("service", "w03", 48, 60, 1),
        ("service", "w01", 41, 60, 2),
        ("service", "w02", 40.5, 60, 3),
        ("living", "w01", 25, 40, 1),
        ("living", "w02", 23, 40, 2),
        ("living", "w03", 20, 40, 3),
    ]


def test_themes_add_up_to_the_mean_total(laocai: Snapshot) -> None:
    total = laocai.query("span_ranking", kind="quarter", span="2026-Q2", previous=None, node="total", language="vi")
    themes = laocai.query("span_theme_score", kind="quarter", span="2026-Q2", parent="total")
    added = themes.groupby("unit_code")["score"].sum()
    complete = total[total["missing_count"] == 0]  # elsewhere the themes present take over the others' points
    assert len(complete)
    for row in complete.to_dict("records"):
        assert added[row["unit_code"]] == pytest.approx(row["score"])


def test_a_leaf_has_no_parts(laocai: Snapshot) -> None:
    assert laocai.query("span_theme_score", kind="year", span="2026", parent="social_security").empty
