from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_figures_that_count_from_one_period_to_another(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("raw_figure", first="2025-12", last="2026-03")
    frame = frame.sort_values(["period", "unit_code", "indicator_code"])
    assert frame.groupby("period", sort=False).size().to_dict() == {"2025-12": 2 * 3, "2026-03": 4 * 3}
    assert rows(frame, "unit_code", "indicator_code", "value", "is_empty")[:6] == [
        ("w01", "files_on_time", 80, False),
        ("w01", "petitions_answered", None, True),
        ("w02", "files_on_time", 70, False),
        ("w02", "petitions_answered", 50, False),
        ("w03", "files_on_time", None, False),
        ("w03", "petitions_answered", None, False),
    ]


def test_a_quarterly_figure_is_there_in_later_months(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("raw_figure", first="2026-04", last="2026-04")
    poverty = frame[frame["indicator_code"] == "poverty_rate"].sort_values("unit_code")
    assert rows(poverty, "unit_code", "value") == [("w01", 5), ("w02", 2.5), ("w03", 20)]
