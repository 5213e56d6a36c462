"""Step 06: which ranked periods count in a quarter and in a year."""

from __future__ import annotations

import pytest

from tests.small_block import Folder, Select, rows

COUNTED = "select kind, span, period, is_counted from span_period order by kind, position"


def test_each_period_lies_in_a_quarter_and_in_a_year(select: Select) -> None:
    assert rows(select(COUNTED), "kind", "span", "period", "is_counted") == [
        ("quarter", "2025-Q4", "2025-12", True), ("quarter", "2026-Q1", "2026-03", True),
        ("quarter", "2026-Q2", "2026-04", True), ("year", "2025", "2025-12", True),
        ("year", "2026", "2026-03", True), ("year", "2026", "2026-04", True),
    ]  # fmt: skip


def test_an_unfinished_period_counts_only_where_there_is_no_finished_one(small: Folder, select: Select) -> None:
    small.append(
        "values/2026.csv",
        "w01,files_on_time,2026-05,90,,,official,portal,",
        "w01,files_on_time,2026-08,90,,,official,portal,",
    )
    found = select(COUNTED).set_index(["kind", "period"])["is_counted"]
    assert not found["quarter", "2026-05"]
    assert found["quarter", "2026-08"]
    assert not found["year", "2026-08"]


@pytest.mark.parametrize(("after", "is_counted"), [("zero", True), ("renormalise", False)])
def test_a_closed_period_counts_however_thin_where_gaps_count_nothing(
    small: Folder, select: Select, after: str, is_counted: bool
) -> None:
    """Else who withholds figures of a bad month could take it out of everybody's year."""
    rule = f'deadline = 2025-01-15\nmissing_after_deadline = "{after}"\nmissing = "zero"'
    small.replace("block.toml", 'missing = "zero"', rule)
    small.append("values/2026.csv", "w01,files_on_time,2025-11,90,,,official,portal,")
    found = select(COUNTED).set_index(["kind", "period"])["is_counted"]
    assert found["year", "2025-11"] == is_counted
