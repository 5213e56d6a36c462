from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_the_figures_behind_a_members_pledges(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("contract_figure", year=2026, unit="w01")
    assert rows(frame, "indicator_code", "period", "value", "status") == [
        ("green_space", "2026-03", 12, "demonstration"),
        ("green_space", "2026-04", 6, "demonstration"),
    ]
    assert small_snapshot.query("contract_figure", year=2026, unit="w02").empty
