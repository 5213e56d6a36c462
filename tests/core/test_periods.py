from __future__ import annotations

from datetime import date

import pytest

from wardstats.core.periods import KINDS, Kind, parse_period, period_containing


@pytest.mark.parametrize(
    ("text", "kind", "starts_on", "ends_on"),
    [
        ("2026", "year", date(2026, 1, 1), date(2026, 12, 31)),
        ("2026-Q1", "quarter", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026-Q4", "quarter", date(2026, 10, 1), date(2026, 12, 31)),
        ("2026-02", "month", date(2026, 2, 1), date(2026, 2, 28)),
        ("2028-02", "month", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-12", "month", date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_first_and_last_day(text: str, kind: Kind, starts_on: date, ends_on: date) -> None:
    period = parse_period(text)
    assert (period.text, period.kind, period.starts_on, period.ends_on) == (text, kind, starts_on, ends_on)
    assert period.year == starts_on.year


@pytest.mark.parametrize(
    "text",
    ["", "2026-13", "2026-00", "2026-1", "2026-Q5", "2026-Q0", "2026Q1", "2026-10-01", " 2026", "2026\n", "26", "٢٠٢٦"],
)
def test_what_is_no_period(text: str) -> None:
    with pytest.raises(ValueError, match="not a period"):
        parse_period(text)


@pytest.mark.parametrize(
    ("text", "previous"),
    [("2026", "2025"), ("2026-Q1", "2025-Q4"), ("2026-Q3", "2026-Q2"), ("2026-01", "2025-12"), ("2026-10", "2026-09")],
)
def test_previous_is_of_the_same_kind(text: str, previous: str) -> None:
    assert parse_period(text).previous() == parse_period(previous)


def test_order_is_by_last_day_then_by_first() -> None:
    """Of periods that end on the same day, the longest comes first: it began first."""
    texts = ["2026", "2026-Q4", "2026-12", "2026-11", "2027-01", "2025"]
    assert [period.text for period in sorted(map(parse_period, texts))] == [
        "2025", "2026-11", "2026", "2026-Q4", "2026-12", "2027-01",
    ]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_day_lies_in_its_period(kind: Kind) -> None:
    for month in range(1, 13):
        period = period_containing(date(2026, month, 15), kind)
        assert period.kind == kind
        assert period.starts_on <= date(2026, month, 15) <= period.ends_on
    assert period_containing(date(2026, 9, 30), "quarter").text == "2026-Q3"
    assert period_containing(date(2026, 10, 1), "quarter").text == "2026-Q4"
