from __future__ import annotations

from typing import Any

import pandas as pd

from tests.small_block import Folder, build_and_publish, rows
from wardstats.snapshot.store import Snapshot

ALL: dict[str, Any] = {
    "since": "2025-12", "period": "2026-04", "unit": [], "indicator": [], "cluster": "", "language": "vi",
}  # fmt: skip


def _ask(snapshot: Snapshot, **changed: Any) -> pd.DataFrame:
    return snapshot.query("explored_figure", **(ALL | changed))


def test_every_scored_figure_of_the_members_missing_ones_too(small_snapshot: Snapshot) -> None:
    counts = _ask(small_snapshot).groupby("period", sort=False).size()
    assert counts.to_dict() == {"2026-04": 4 * 3, "2026-03": 4 * 3, "2025-12": 2 * 3}


def test_one_indicator_over_time_newest_first_units_by_name(small_snapshot: Snapshot) -> None:
    frame = _ask(small_snapshot, since="2026-03", indicator=["poverty_rate"])
    assert rows(frame, "period", "unit_name", "value", "points", "max_points", "measured_period", "status") == [
        ("2026-04", "Ân Hà", 2.5, 15, 20, "2026-Q1", "reported"),
        ("2026-04", "Bắc Sơn", 5, 10, 20, "2026-Q1", "reported"),
        ("2026-04", "Đông An", 20, 0, 20, "2026-Q1", "reported"),
        ("2026-03", "Ân Hà", 2.5, 15, 20, "2026-Q1", "reported"),
        ("2026-03", "Bắc Sơn", 5, 10, 20, "2026-Q1", "reported"),
        ("2026-03", "Đông An", 20, 0, 20, "2026-Q1", "reported"),
    ]


def test_filters_by_unit_and_by_cluster(small_snapshot: Snapshot) -> None:
    south = _ask(small_snapshot, cluster="south", since="2026-04")
    assert set(south["unit_code"]) == {"w03"}
    pair = _ask(small_snapshot, unit=["w01", "w03"], cluster="north", since="2026-04", indicator=["files_on_time"])
    assert rows(pair, "unit_code", "cluster", "numerator", "denominator") == [("w01", "north", 80, 100)]


def test_a_figure_that_is_not_scored_that_year_has_no_points(small: Folder) -> None:
    small.append("values/2025.csv", "w02,green_space,2025-12,4,,,reported,report,")
    snapshot = build_and_publish(small.path, small.path.parent / "var")
    frame = _ask(snapshot, period="2025-12", indicator=["green_space"], language="en")
    assert rows(frame, "unit_code", "indicator_name", "value", "points", "max_points") == [
        ("w02", "Green space", 4, None, None),
    ]
