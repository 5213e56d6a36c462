from __future__ import annotations

import pytest

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_a_tie_shares_the_better_rank_and_the_next_one_is_skipped(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("ranking", period="2026-04", node="total", language="vi")
    assert rows(frame, "rank", "unit_code", "score", "previous_rank", "previous_score", "adjustment") == [
        (1, "w02", 72, 3, 55, 0),
        (1, "w01", 72, 2, 60, 0),
        (3, "w03", 54.5, 1, 80, -1.5),
    ]


def test_units_of_equal_rank_stand_in_the_order_of_the_vietnamese_alphabet(small_snapshot: Snapshot) -> None:
    """Â comes before B for a Vietnamese reader, after it in Unicode and by code."""
    frame = small_snapshot.query("ranking", period="2026-04", node="total", language="vi")
    assert frame["unit_name"].tolist() == ["Ân Hà", "Bắc Sơn", "Đông An"]


def test_coverage_is_the_share_of_points_with_a_figure(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("ranking", period="2026-04", node="total", language="vi")
    assert rows(frame, "max_score", "coverage", "indicator_count", "missing_count", "demonstration_count") == [
        (100, 1, 4, 0, 1),
        (100, 1, 4, 0, 1),
        (100, 0.8, 4, 1, 1),  # petitions: 2 x 10 of 100 points
    ]


def test_one_theme_is_ranked_by_itself_and_without_adjustments(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("ranking", period="2026-04", node="service", language="en")
    assert rows(frame, "rank", "unit_code", "score", "max_score", "previous_rank", "adjustment") == [
        (1, "w01", 52, 60, 2, 0),
        (2, "w02", 51, 60, 2, 0),
        (3, "w03", 36, 60, 1, 0),
    ]
    assert frame["coverage"].tolist() == pytest.approx([1, 1, 40 / 60])


def test_the_weakest_status_marks_a_score(small_snapshot: Snapshot) -> None:
    total = small_snapshot.query("ranking", period="2026-04", node="total", language="vi")
    service = small_snapshot.query("ranking", period="2026-04", node="service", language="vi")
    assert dict(rows(total, "unit_code", "status")) == {
        "w01": "demonstration", "w02": "demonstration", "w03": "demonstration",
    }  # fmt: skip
    assert dict(rows(service, "unit_code", "status")) == {"w01": "verified", "w02": "verified", "w03": "official"}


def test_a_missing_figure_counts_zero_where_the_year_says_so(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("ranking", period="2025-12", node="total", language="vi")
    assert rows(frame, "rank", "unit_code", "score", "status", "previous_rank") == [
        (1, "w02", 85, "verified", None),
        (2, "w01", 40, "official", None),
        (None, "w03", None, None, None),
    ]
    assert frame["coverage"].tolist() == pytest.approx([1, 50 / 150, 0])
    assert frame["max_score"].tolist() == [150, 150, 150]


def test_names_follow_the_language_and_fall_back_to_vietnamese(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("ranking", period="2026-04", node="total", language="hi")
    assert frame["unit_name"].tolist() == ["अन हा", "बाक सोन", "Đông An"]


def test_units_outside_the_block_are_not_ranked(laocai: Snapshot) -> None:
    frame = laocai.query("ranking", period="2026-10", node="total", language="vi")
    assert len(frame) == 10
    assert frame["rank"].min() == 1
