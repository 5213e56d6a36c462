from __future__ import annotations

from pathlib import Path

import pytest

from tests.small_block import Folder, build_and_publish, rows
from wardstats.snapshot.store import Snapshot

NAMES = ("unit_code", "indicator_code", "target", "baseline", "baseline_period", "current_value", "current_period")


def test_a_pledge_with_the_figures_it_is_judged_by(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("contract_target", year=2026, period="2026-04")
    assert rows(frame, *NAMES) == [("w01", "green_space", 12, 12, "2026-03", 6, "2026-04")]
    assert rows(frame, "pace", "signed_by", "is_sample", "direction", "status") == [
        ("level", "UBND Bắc Sơn", True, 1, "demonstration")
    ]


def test_only_figures_up_to_the_period_count(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("contract_target", year=2026, period="2026-03")
    assert rows(frame, *NAMES) == [("w01", "green_space", 12, None, None, 12, "2026-03")]
    before = small_snapshot.query("contract_target", year=2026, period="2025-12")
    assert rows(before, "current_value", "status") == [(None, None)]


@pytest.fixture
def pledged(small: Folder, tmp_path: Path) -> Snapshot:
    small.append(
        "targets.csv",
        "w01,poverty_rate,2026,4,2026-01-20,,,,",
        "w02,files_on_time,2026,200,,,sum,,",
        "w03,petitions_answered,2026,90,,,hold,,",
    )
    return build_and_publish(small.path, tmp_path / "var")


def test_last_years_last_figure_is_the_baseline_and_less_may_be_better(pledged: Snapshot) -> None:
    frame = pledged.query("contract_target", year=2026, period="2026-04")
    found = frame[frame["indicator_code"] == "poverty_rate"]
    assert rows(found, *NAMES) == [("w01", "poverty_rate", 4, 9, "2025-Q4", 5, "2026-Q1")]
    assert rows(found, "direction", "pace", "is_sample", "status") == [(-1, "level", False, "reported")]


def test_figures_that_add_up_are_added(pledged: Snapshot) -> None:
    frame = pledged.query("contract_target", year=2026, period="2026-04")
    found = frame[frame["indicator_code"] == "files_on_time"]
    assert rows(found, "current_value", "current_period") == [(25 + 90, "2026-04")]


def test_a_figure_that_is_not_there_is_not_taken_for_one(pledged: Snapshot) -> None:
    frame = pledged.query("contract_target", year=2026, period="2026-04")
    found = frame[frame["indicator_code"] == "petitions_answered"]
    assert rows(found, "current_value", "current_period") == [(100, "2026-03")]
