from __future__ import annotations

from tests.small_block import Folder, build_and_publish, rows
from wardstats.snapshot.store import Snapshot

COLUMNS = ("area_name", "indicator_code", "value", "max_points", "measured_period", "source_id")


def test_the_provinces_figure_of_a_scored_indicator(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("benchmark_figure", period="2026-04")
    assert rows(frame, *COLUMNS) == [("Tỉnh", "poverty_rate", 5.5, 20, "2026", "report")]


def test_no_figure_of_a_later_year_and_none_that_is_not_scored(small_snapshot: Snapshot) -> None:
    assert small_snapshot.query("benchmark_figure", period="2025-12").empty


def test_the_periods_own_figure_and_never_that_of_a_later_month(small: Folder) -> None:
    small.append("benchmarks.csv", "Tỉnh,poverty_rate,2026-03,7,report", "Tỉnh,poverty_rate,2026-05,2,report")
    snapshot = build_and_publish(small.path, small.path.parent / "var")
    for period, measured in (("2026-03", "2026-03"), ("2026-04", "2026-03")):
        frame = snapshot.query("benchmark_figure", period=period)
        assert frame["measured_period"].tolist() == [measured]


def test_the_latest_figure_of_each_area(small: Folder) -> None:
    small.append(
        "benchmarks.csv",
        "Tỉnh,poverty_rate,2025,20,report",  # an older one
        "Tỉnh,poverty_rate,2027,1,report",  # not known by then
        "Tỉnh,green_space,2025,25,report",
        "Cả nước,files_on_time,2026,90,report",
    )
    snapshot = build_and_publish(small.path, small.path.parent / "var")
    frame = snapshot.query("benchmark_figure", period="2026-04")
    assert rows(frame, *COLUMNS) == [
        ("Tỉnh", "green_space", 25, 20, "2025", "report"),
        ("Tỉnh", "poverty_rate", 5.5, 20, "2026", "report"),
        ("Cả nước", "files_on_time", 90, 40, "2026", "report"),
    ]
