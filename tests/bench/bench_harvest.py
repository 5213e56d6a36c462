"""A harvest of national size from the stand-in, without the courtesy delay; ``make bench`` runs it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bench.measured import run_python
from tests.folders import write_folder
from wardstats.core.settings import PROJECT, Settings
from wardstats.harvest.workflow import CODES
from wardstats.ledger import ledger_of

UNITS, BUDGET_S, BUDGET_GB = 3321, 120.0, 1.0


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve from another process, so that only the harvest is measured."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.harvest.stand_in", "--units", str(UNITS)],
        cwd=PROJECT, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    yield process.stdout.readline().strip()
    process.terminate()
    process.communicate()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    codes = sorted(CODES - {"tdgq_avg_processing_days"})
    units = [
        {"unit_code": f"{n:05}", "name_vi": f"Thử {n}", "name_en": f"Thử {n}", "kind": "commune"}
        for n in range(1, UNITS + 1)
    ]
    return write_folder(
        tmp_path / "national",
        units=units,
        themes=[{"theme_code": "all"}],
        indicators=[
            {"indicator_code": code, "theme_code": "all", "unit": "points" if code.startswith("qd766") else "%"}
            for code in codes
        ],
        criteria={2026: [{"indicator_code": "dossiers_on_time", "zero_at": 0, "full_at": 100}]},
        values=[{"unit_code": "00001", "indicator_code": "dossiers_on_time", "period": "2026-01", "value": ""}],
        frequency="month",
    )


def test_harvest_of_3321_units(address: str, folder: Path, tmp_path: Path) -> None:
    var = tmp_path / "var"
    asked = ("--period", "2026-10", "--all-units", "--base-url", address, "--delay", "0", "--contact", "bench")
    measured = run_python("-m", "wardstats", "harvest", "--data", str(folder), "--var", str(var), *asked)
    (entry,) = ledger_of(Settings(folder, var, None)).entries()
    size = sum(path.stat().st_size for path in (var / "ledger").rglob("*") if path.is_file()) / 1e6
    print(
        f"\nharvest of {UNITS:,} units, 6 groups, {len(entry.changes):,} figures, {len(entry.attachments)} answers: "
        f"{measured}; ledger {size:.0f} MB; budget {BUDGET_S:.0f} s, {BUDGET_GB:.0f} GB"
    )
    assert len({change.unit_code for change in entry.changes}) == UNITS
    assert measured.seconds < BUDGET_S
    assert measured.gigabytes < BUDGET_GB
