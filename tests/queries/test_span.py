from __future__ import annotations

from datetime import date

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_quarters_hold_the_ranked_periods_and_say_how_many_are_missing(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("span", kind="quarter")
    assert rows(frame, "span", "expected_count", "previous_span") == [
        ("2026-Q2", 3, "2026-Q1"),
        ("2026-Q1", 3, "2025-Q4"),
        ("2025-Q4", 3, None),
    ]
    assert frame["periods"].map(list).tolist() == [["2026-04"], ["2026-03"], ["2025-12"]]
    assert frame["starts_on"].dt.date.tolist() == [date(2026, 4, 1), date(2026, 1, 1), date(2025, 10, 1)]
    assert frame["ends_on"].dt.date.tolist() == [date(2026, 6, 30), date(2026, 3, 31), date(2025, 12, 31)]


def test_years_go_from_their_first_ranked_period_to_the_last(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("span", kind="year")
    assert rows(frame, "span", "expected_count", "previous_span") == [("2026", 12, "2025"), ("2025", 12, None)]
    assert frame["periods"].map(list).tolist() == [["2026-03", "2026-04"], ["2025-12"]]
    assert frame["left_out"].map(list).tolist() == [[], []]


def test_a_block_that_ranks_by_the_year_has_whole_years(provinces: Snapshot) -> None:
    frame = provinces.query("span", kind="year")
    assert rows(frame, "span", "expected_count") == [("2026", 1)]
    assert len(frame["periods"].iloc[0]) == 1
