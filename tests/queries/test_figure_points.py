from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot

COLUMNS = ("unit_code", "indicator_code", "value", "points", "max_points", "status", "measured_period", "age_months")


def test_every_figure_with_its_points_in_the_order_of_the_themes(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("figure_points", period="2026-04", unit=[], indicator=[])
    assert rows(frame, *COLUMNS) == [
        ("w01", "files_on_time", 80, 32, 40, "official", "2026-04", 0),
        ("w01", "petitions_answered", None, 10, 10, "verified", "2026-04", 0),
        ("w01", "green_space", 6, 10, 20, "demonstration", "2026-04", 0),
        ("w01", "poverty_rate", 5, 10, 20, "reported", "2026-Q1", 1),
        ("w02", "files_on_time", 90, 36, 40, "official", "2026-04", 0),
        ("w02", "petitions_answered", 75, 7.5, 10, "verified", "2026-04", 0),
        ("w02", "green_space", 3, 6, 20, "demonstration", "2026-04", 0),
        ("w02", "poverty_rate", 2.5, 15, 20, "reported", "2026-Q1", 1),
        ("w03", "files_on_time", 60, 24, 40, "official", "2026-04", 0),
        ("w03", "petitions_answered", None, None, 10, "verified", "2026-04", 0),
        ("w03", "green_space", 15, 20, 20, "demonstration", "2026-04", 0),
        ("w03", "poverty_rate", 20, 0, 20, "reported", "2026-Q1", 1),
    ]
    assert set(frame["period"]) == {"2026-04"}


def test_a_missing_figure_has_a_line_without_status_and_source(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("figure_points", period="2025-12", unit=["w03"], indicator=[])
    assert rows(frame, "indicator_code", "value", "points", "max_points", "status", "source_id") == [
        ("files_on_time", None, None, 50, None, None),
        ("petitions_answered", None, None, 50, None, None),
    ]


def test_lists_of_units_and_indicators_narrow_it_down(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query(
        "figure_points", period="2026-04", unit=["w03", "w01"], indicator=["petitions_answered", "nothing"]
    )
    assert rows(frame, "unit_code", "numerator", "denominator", "source_id") == [
        ("w01", 0, 0, "report"),
        ("w03", None, None, "report"),
    ]


def test_a_period_that_is_not_ranked_shows_its_figures_without_points(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("figure_points", period="2026-Q1", unit=[], indicator=[])
    assert rows(frame, *COLUMNS) == [
        ("w01", "poverty_rate", 5, None, None, "reported", "2026-Q1", 0),
        ("w02", "poverty_rate", 2.5, None, None, "reported", "2026-Q1", 0),
        ("w03", "poverty_rate", 20, None, None, "reported", "2026-Q1", 0),
        ("x99", "poverty_rate", 30, None, None, "reported", "2026-Q1", 0),
    ]


def test_a_dropped_demonstration_figure_is_not_shown(small_snapshot: Snapshot) -> None:
    assert small_snapshot.query("figure_points", period="2026-02", unit=[], indicator=[]).empty
