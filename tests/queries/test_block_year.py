from __future__ import annotations

from datetime import date

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_years_with_their_head_newest_first(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("block_year", language="vi")
    names = ("year", "head_unit", "head_name", "deputy_name", "decision")
    assert rows(frame, *names) == [
        (2026, "w01", "Bắc Sơn", "Ân Hà", "12/QĐ-UBND"),
        (2025, None, None, None, None),
    ]
    assert frame["head_since"].iloc[0].date() == date(2026, 1, 5)
    assert small_snapshot.query("block_year", language="hi")["head_name"].iloc[0] == "बाक सोन"
