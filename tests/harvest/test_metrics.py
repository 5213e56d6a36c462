"""The rules found for the portal's scores: against recorded answers, and against what it published of 34 provinces."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from tests.folders import write_folder
from tests.harvest.conftest import HASTY
from tests.harvest.recordings import ARE_THERE, phu_tho, recorded
from tests.harvest.stand_in import serving
from wardstats.core.periods import parse_period
from wardstats.core.settings import PROJECT, Settings
from wardstats.harvest.endpoints import GROUPS
from wardstats.harvest.figures import read_figures
from wardstats.harvest.metrics import METRICS, ratio_points
from wardstats.harvest.portal_json import read_page
from wardstats.harvest.workflow import CODES, Options, Outcome, harvest_units
from wardstats.ledger import ledger_of

with_recordings = pytest.mark.skipif(not ARE_THERE, reason="no recordings of the portal on this machine")


@with_recordings
def test_our_points_equal_the_portals_on_the_recordings() -> None:
    differences, compared = [], 0
    for endpoint in GROUPS:
        page = read_page(endpoint, recorded(endpoint.name)["data"])
        for row in (page.whole, *page.rows):
            assert row
            for reading in read_figures(endpoint, row, is_commune=True):
                if reading.our_points is None or not reading.max_points:
                    continue
                compared += 1
                ours, theirs = reading.our_points, reading.portal_points or 0.0
                if abs(ours - theirs) > 0.01 + 1e-9:
                    differences.append(f"{row.department_name} {reading.indicator_code}: {ours} and {theirs}")
    assert differences == []
    assert compared > 100


@with_recordings
def test_nothing_in_the_recordings_is_unknown() -> None:
    for endpoint in GROUPS:
        assert read_page(endpoint, recorded(endpoint.name)["data"]).unknown == set()


def replay(folder: Path, is_cut: bool) -> Outcome:
    wards = [{"unit_code": "07900", "name_vi": "Việt Trì"}, {"unit_code": "07909", "name_vi": "Nông Trang"}]
    data = write_folder(
        folder / "phu_tho",
        units=[ward | {"kind": "ward", "name_en": ward["name_vi"], "is_member": "true"} for ward in wards],
        themes=[{"theme_code": "all"}],
        indicators=[
            {"indicator_code": code, "theme_code": "all", "unit": "points" if code.startswith("qd766") else "%"}
            for code in sorted(CODES - {"tdgq_avg_processing_days"})
        ],
        criteria={2026: [{"indicator_code": "dossiers_on_time", "zero_at": 0, "full_at": 100}]},
        values=[{"unit_code": "07900", "indicator_code": "dossiers_on_time", "period": "2026-07", "value": ""}],
        frequency="month",
    )
    with serving(phu_tho(is_cut)) as address:
        options = Options(address, "Phú Thọ", is_all=True, manners=HASTY)
        return harvest_units(Settings(data, folder / "var", None), parse_period("2026-08"), options)


@with_recordings
def test_the_recordings_replayed_are_a_whole_harvest_without_alarm(tmp_path: Path) -> None:
    outcome = replay(tmp_path, is_cut=True)
    assert outcome.state == "recorded", [str(finding) for finding in outcome.harvest.findings]
    assert outcome.harvest.province == "Phú Thọ"
    figures = {(change.unit_code, change.indicator_code): change.after for change in outcome.entries[0].changes}
    on_time = figures["07900", "dossiers_on_time"]
    assert on_time is not None
    assert (on_time.numerator, on_time.denominator, on_time.status) == (2348, 2971, "official")
    assert on_time.value == pytest.approx(79.03, abs=0.005)
    empty = figures["07900", "publish_on_time"]
    assert empty is not None
    assert (empty.value, empty.numerator, empty.denominator) == (None, 0, 0)
    synced = figures["07900", "dossier_sync"]
    assert synced is not None
    assert synced.note == "TEMP_NATIONAL_REPORT_DENOMINATOR"
    assert outcome.entries[0].details["portal_scores"]["07909"]["qd766_payment"] == 6.37
    assert not ledger_of(Settings(tmp_path / "phu_tho", tmp_path / "var", None)).verify()


@with_recordings
def test_a_list_shorter_than_announced_is_refused(tmp_path: Path) -> None:
    outcome = replay(tmp_path, is_cut=False)
    assert outcome.state == "refused"
    told = "\n".join(map(str, outcome.harvest.findings))
    assert "found 6 units; expected the 163 that the portal announces" in told


def test_our_points_of_34_provinces_add_up_to_the_portals_totals() -> None:
    folder = PROJECT / "data" / "provinces_766"
    by_code = {metric.indicator_code: metric for metric in METRICS.values()}
    points: dict[str, float] = defaultdict(float)
    for row in rows(folder / "values" / "dvcqg_2026-10-10.csv"):
        code, unit = row["indicator_code"], row["unit_code"]
        counts = [float(row[name]) if row[name] else None for name in ("numerator", "denominator")]
        if code in by_code:
            points[unit] += by_code[code].points(*counts)
        elif code == "dossiers_on_time":
            points[unit] += ratio_points(20, *counts)
        elif code in ("qd766_online", "qd766_payment"):
            points[unit] += float(row["value"])
    totals = {row["unit_code"]: float(row["total"]) for row in rows(folder / "portal_totals.csv")}
    assert {unit: round(total, 2) for unit, total in points.items()} == totals


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
