from __future__ import annotations

from datetime import date

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_ranked_periods_newest_first_with_the_rules_of_their_year(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("ranked_period")
    assert frame["is_leading"].tolist() == [True, False, False]
    assert rows(frame, "period", "year", "previous_period", "is_sample", "missing", "head_unit", "decision") == [
        ("2026-04", 2026, "2026-03", False, "renormalise", "w01", "12/QĐ-UBND"),
        ("2026-03", 2026, "2025-12", False, "renormalise", "w01", "12/QĐ-UBND"),
        ("2025-12", 2025, None, True, "zero", None, None),
    ]
    assert frame["deadline"].iloc[0].date() == date(2027, 1, 15)
