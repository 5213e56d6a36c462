from __future__ import annotations

from datetime import date

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_targets_of_a_year(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("signed_target", year=2026)
    assert rows(frame, "unit_code", "indicator_code", "target") == [("w01", "green_space", 12)]
    assert frame["signed_on"].iloc[0].date() == date(2026, 1, 20)
    assert small_snapshot.query("signed_target", year=2025).empty
