"""A whole harvest: what is recorded, how it counts on the board, what later readings change, what raises an alarm."""

from __future__ import annotations

import gzip
import json
import os
from hashlib import sha256

import pytest

from tests.harvest.conftest import HASTY, Harvested
from tests.harvest.stand_in import DEPARTMENTS, GROUPS, Json, World, on_time, received
from tests.harvest.test_client import DIGITISED, PROGRESS, edited
from wardstats.catalogue.load import load_catalogue
from wardstats.core.locks import locked
from wardstats.core.periods import parse_period
from wardstats.core.records import Unit
from wardstats.core.settings import Settings
from wardstats.harvest.faults import BusyError, HarvestError
from wardstats.harvest.workflow import Options, harvest_provinces, latest_period, periods_between
from wardstats.ledger import Change, Draft, Figure, StaleError, ledger_of
from wardstats.snapshot.build import build_snapshot
from wardstats.snapshot.publications import publish_snapshot
from wardstats.snapshot.store import Snapshot, Store

SA_PA = "03006"


def units_of(places: Settings) -> dict[str, tuple[int, Unit]]:
    """Return each unit with the number that decides its made-up figures."""
    return {
        unit.unit_code: (number, unit) for number, unit in enumerate(load_catalogue(places.data).units, DEPARTMENTS + 1)
    }


def built(places: Settings) -> Snapshot:
    publish_snapshot(places.var, build_snapshot(load_catalogue(places.data, ledger_of(places)), places.var))
    return Store(places.var).current()


def test_99_units_become_one_entry_with_every_answer_beside_it(
    harvested: Harvested, places: Settings, world: World
) -> None:
    outcome = harvested(is_all=True)
    (entry,) = outcome.entries
    assert (entry.action, entry.period, len(entry.changes)) == ("harvest", "2026-10", 99 * 17)
    assert {change.unit_code for change in entry.changes} == set(units_of(places))
    for code, (number, unit) in units_of(places).items():
        figure = next(c.after for c in entry.changes if c.key == (code, "dossiers_on_time", "2026-10"))
        assert figure is not None
        expected = on_time(number, 10), received(number, 10)
        assert (figure.numerator, figure.denominator) == expected, unit.name_vi
        assert figure.value == 100 * expected[0] / expected[1]
        assert (figure.status, figure.source_id) == ("official", "dvcqg_2026-10")
    assert len(entry.attachments) == len(entry.details["answers"]) == len(world.asked) == 10
    ledger = ledger_of(places)
    for attachment, answer in zip(entry.attachments, entry.details["answers"], strict=True):
        raw = gzip.decompress(ledger.path(attachment.sha256).read_bytes())
        assert sha256(raw).hexdigest() == answer["sha256"]
        assert json.loads(raw)["code"] == "OK"
    assert ledger.verify() == []
    assert not list((places.var / "harvest").rglob("*.gz"))  # they have moved into the ledger


def test_copies_of_the_province_and_quality_flags_are_said(harvested: Harvested) -> None:
    outcome = harvested()
    figures = {change.key[:2]: change.after for change in outcome.entries[0].changes}
    notes = {code: figure.note for (unit, code), figure in figures.items() if unit == SA_PA and figure}
    assert notes["public_update_on_time"] == "PROVINCE_FIGURE"
    assert notes["dossier_sync"] == "TEMP_NATIONAL_REPORT_DENOMINATOR"
    assert notes["dossiers_on_time"] == ""
    flagged = [finding.place for finding in outcome.harvest.findings if finding.code == "flag"]
    assert flagged == ["PROVINCE_FIGURE", "TEMP_NATIONAL_REPORT_DENOMINATOR"]


def test_the_board_ranks_the_ten_wards_on_official_values_only(harvested: Harvested, places: Settings) -> None:
    before = built(places)
    share = before.query("demonstration_share", periods=["2026-10"], earlier=[]).iloc[0]
    harvested(is_all=True)
    after = built(places)
    left = after.query("demonstration_share", periods=["2026-10"], earlier=[]).iloc[0]
    assert share["demonstration_count"] - left["demonstration_count"] == 17
    assert left["indicator_count"] == share["indicator_count"]
    figures = after.query("figure_points", period="2026-10", unit=[], indicator=[])
    harvested_ones = figures[figures["source_id"] == "dvcqg_2026-10"]
    assert set(harvested_ones["status"]) == {"official"}
    assert harvested_ones["unit_code"].nunique() == 99
    assert harvested_ones["indicator_code"].nunique() == 17
    assert "demonstration" not in set(
        figures.loc[figures["indicator_code"].isin(harvested_ones["indicator_code"]), "status"]
    )
    board = after.query("ranking", period="2026-10", node="administrative_reform", language="vi")
    assert (len(board), set(board["status"])) == (10, {"official"})
    assert board["rank"].min() == 1
    assert sorted(board["score"], reverse=True) == board.sort_values("rank")["score"].tolist()
    progress = after.query("theme_score", period="2026-10", parent="administrative_reform")
    own = progress[progress["node_code"] == "group_progress"].set_index("unit_code")["score"]
    for code, (number, unit) in units_of(places).items():
        if unit.is_member:
            assert own[code] == pytest.approx(9 * on_time(number, 10) / received(number, 10)), unit.name_vi


def test_a_later_reading_records_what_changed(harvested: Harvested, places: Settings, world: World) -> None:
    harvested()
    first = harvested()
    assert first.entries[0].changes == ()  # the same figures again: an entry that says so, and no change
    assert first.entries[0].details["unchanged"] == 170
    world.shift = 1
    outcome = harvested()
    (entry,) = outcome.entries
    change = next(change for change in entry.changes if change.key == (SA_PA, "dossiers_on_time", "2026-10"))
    number = units_of(places)[SA_PA][0]
    assert change.before is not None
    assert change.after is not None
    assert (change.before.denominator, change.after.denominator) == (received(number, 10), received(number, 10, 1))
    assert not any(change.indicator_code == "electronic_certified_copy" for change in entry.changes)
    assert {finding.code for finding in outcome.harvest.findings} >= {"revised"}
    revisions = built(places).query("revision", indicator="dossiers_on_time").set_index("unit_code")
    told = revisions.loc[SA_PA]
    assert told["old_value"] == pytest.approx(100 * on_time(number, 10) / received(number, 10))
    assert told["new_value"] == pytest.approx(100 * on_time(number, 10, 1) / received(number, 10, 1))
    assert told["changed_at"].isoformat()[:19] == entry.at[:19]


def test_counts_that_shrink_are_an_alarm_until_somebody_accepts(
    harvested: Harvested, places: Settings, world: World
) -> None:
    harvested()
    world.shift = -100
    outcome = harvested()
    assert (outcome.state, outcome.entries, ledger_of(places).head) == ("alarmed", (), 1)
    assert any(finding.code == "shrunk" and finding.severity == "alarm" for finding in outcome.harvest.findings)
    asked = len(world.asked)
    accepted = harvested(accepted="Cổng đã loại hồ sơ trùng", actor="secretariat@example.vn")
    assert len(world.asked) == asked  # nothing is asked again
    assert (accepted.state, accepted.entries[0].note) == ("recorded", "Cổng đã loại hồ sơ trùng")
    assert any(finding["code"] == "shrunk" for finding in accepted.entries[0].details["findings"])


def test_a_vanished_figure_is_an_alarm(harvested: Harvested, world: World) -> None:
    harvested()

    def edit(name: str, data: Json) -> None:
        for row in data.get("evaluation") or ():
            if name == "service-results":
                row["totalScore"] = None
            if name == DIGITISED and row["departmentName"] == "UBND phường Sa Pa":
                row["totalScore"] -= row["metrics"][0]["score"]
                row["metrics"][0] |= {"numerator": None, "denominator": None, "ratio": None, "score": None}

    world.edit = edit
    outcome = harvested()
    alarms = [finding for finding in outcome.harvest.findings if finding.severity == "alarm"]
    assert [finding.code for finding in alarms] == ["vanished"]
    assert "03006 Sa Pa, original_result_available" in alarms[0].place


ALARMS = {
    "score_differs": (PROGRESS, lambda row: row.update(score=row["score"] + 0.02)),
    "ratio_differs": (PROGRESS, lambda row: row.update(ratio=row["ratio"] + 0.03)),
    "group_differs": (DIGITISED, lambda row: row.update(totalScore=row["totalScore"] + 0.02)),
    "impossible_counts": (PROGRESS, lambda row: row.update(totalOnTime=row["totalReceived"] + 1)),
    "received_differs": (PROGRESS, lambda row: row.update(totalOverdue=row["totalOverdue"] + 1)),
    "total_differs": ("service-results", lambda row: row.update(totalScore=row["totalScore"] + 0.02)),
    "rules_changed": (PROGRESS, lambda row: row.update(maxScore=25)),
    "no_score": (PROGRESS, lambda row: row.update(score=None)),
}


@pytest.mark.parametrize("code", ALARMS)
def test_what_does_not_fit_is_an_alarm(code: str, harvested: Harvested, places: Settings, world: World) -> None:
    endpoint, change = ALARMS[code]
    edited(world, endpoint, lambda data: [change(row) for row in (data.get("evaluation") or data["children"])])
    outcome = harvested()
    assert outcome.state == "alarmed"
    assert code in {finding.code for finding in outcome.harvest.findings if finding.severity == "alarm"}
    assert ledger_of(places).head == 0


def test_a_difference_the_portals_rounding_explains_is_none(harvested: Harvested, world: World) -> None:
    edited(world, PROGRESS, lambda data: [row.update(score=round(row["score"] + 0.01, 2)) for row in data["children"]])
    edited_progress = world.edit

    def edit(name: str, data: Json) -> None:
        assert edited_progress
        edited_progress(name, data)
        if name == "service-results":
            for row in data["evaluation"]:
                row["totalScore"] = round(row["totalScore"] + 0.01, 2)

    world.edit = edit
    assert harvested().state == "recorded"


def test_an_answer_of_another_month_is_an_alarm(harvested: Harvested, world: World) -> None:
    edited(
        world,
        PROGRESS,
        lambda data: [bar.update(onTimePct=50 if bar["month"] == "10" else 0) for bar in data["monthlyChart"]],
    )
    assert "wrong_period" in {finding.code for finding in harvested().harvest.findings}


def test_the_figures_of_the_month_before_are_an_alarm(harvested: Harvested, world: World) -> None:
    harvested("2026-09")
    honest = world.payload

    def stale(endpoint: str, _count: int, body: Json, _payload: Json) -> Json:
        if "fromDate" in body:
            return honest(endpoint, body | {"fromDate": "2026-09-01"})
        return honest(endpoint, body | {"month": 9})

    world.mischief = stale
    outcome = harvested("2026-10")
    assert {"stale"} <= {finding.code for finding in outcome.harvest.findings if finding.severity == "alarm"}


def test_a_month_nobody_counted_yet_is_an_alarm(harvested: Harvested, world: World) -> None:
    def empty(name: str, data: Json) -> None:
        for row in data.get("children") or ():
            if name == PROGRESS:
                row.update(totalReceived=0, totalOnTime=0, totalOverdue=0, ratio=0, score=0)
        if name == "service-results":
            for row in data["evaluation"]:
                row["totalScore"] = None

    world.edit = empty
    assert [f.code for f in harvested().harvest.findings if f.severity == "alarm"] == ["empty_period"]


def test_a_figure_that_jumps_is_an_alarm(harvested: Harvested, world: World) -> None:
    harvested("2026-09")

    def jump(name: str, data: Json) -> None:
        for row in data.get("evaluation") or ():
            if name == "service-results":
                row["totalScore"] = None
            if name == DIGITISED:
                metric = row["metrics"][3]  # nothing of all
                metric |= {"numerator": metric["denominator"], "ratio": 100, "score": 4}
                row["totalScore"] = round(row["totalScore"] + 4, 2)

    world.edit = jump
    alarms = {finding.code for finding in harvested("2026-10").harvest.findings if finding.severity == "alarm"}
    assert alarms == {"jump"}


def test_a_dry_run_records_nothing_and_the_next_run_asks_nothing(
    harvested: Harvested, places: Settings, world: World
) -> None:
    assert harvested(is_dry=True).state == "checked"
    assert ledger_of(places).head == 0
    asked = len(world.asked)
    assert harvested().state == "recorded"
    assert len(world.asked) == asked


def test_fresh_asks_for_everything_again(harvested: Harvested, world: World) -> None:
    harvested(is_dry=True)
    asked = len(world.asked)
    harvested(is_fresh=True)
    assert len(world.asked) == 2 * asked


def test_the_running_month_is_marked(harvested: Harvested) -> None:
    from datetime import datetime

    from wardstats.core.languages import TIME_ZONE
    from wardstats.core.periods import period_containing

    month = period_containing(datetime.now(TIME_ZONE).date(), "month").text
    outcome = harvested(month)
    assert all("PERIOD_NOT_OVER" in c.after.note for c in outcome.entries[0].changes if c.after)
    assert "not_over" in {finding.code for finding in outcome.harvest.findings}
    assert outcome.entries[0].details["is_over"] is False


@pytest.mark.parametrize("period", ["2026", "2026-Q3", "2031-01"])
def test_a_period_that_does_not_fit_is_refused(period: str, harvested: Harvested, world: World) -> None:
    with pytest.raises(HarvestError):
        harvested(period)
    assert world.asked == []


def test_two_harvests_at_once_do_not_mix(harvested: Harvested, places: Settings, world: World) -> None:
    from filelock import FileLock

    folder = places.var / "harvest" / "laocai"
    folder.mkdir(parents=True)
    with FileLock(folder / "harvest.lock"), pytest.raises(BusyError, match="left no note") as caught:
        harvested()
    assert caught.value.holder is None
    with locked(folder / "harvest.lock", "harvest"), pytest.raises(BusyError, match=f"Process {os.getpid()} "):
        harvested()
    assert world.asked == []


def test_a_correction_made_meanwhile_is_not_overwritten(harvested: Harvested, places: Settings, world: World) -> None:
    ledger = ledger_of(places)
    figure = Figure(90.0, None, None, "verified", "demonstration")

    def correct(endpoint: str, count: int, *_: object) -> None:
        if (endpoint, count) == (DIGITISED, 1):
            change = Change(SA_PA, "dossiers_on_time", "2026-10", None, figure)
            ledger.append(Draft("correct", "someone@example.vn", "secretariat", changes=(change,)))

    world.mischief = correct
    with pytest.raises(StaleError, match="someone@example.vn"):
        harvested()
    assert [entry.action for entry in ledger_of(places).entries()] == ["correct"]


def test_the_province_becomes_a_benchmark_line(harvested: Harvested, places: Settings) -> None:
    harvested()
    lines = built(places).query("benchmark_figure", period="2026-10").set_index(["area_name", "indicator_code"])
    line = lines.loc[("Lào Cai (tỉnh)", "dossiers_on_time")]
    assert (line["measured_period"], line["source_id"]) == ("2026-10", "dvcqg_2026-10")
    assert line["value"] == pytest.approx(100 * on_time(21, 10) / received(21, 10))


def test_the_provinces_become_lines_of_the_nation_and_a_block_of_their_own(
    served: tuple[World, str], world: World, places: Settings
) -> None:
    del world
    options = Options(served[1], manners=HASTY, accepted="Thử nghiệm với số liệu giả")
    outcome = harvest_provinces(places, parse_period("2026"), options)
    assert outcome.state == "recorded", [str(f) for f in outcome.harvest.findings]
    theirs, own = outcome.entries
    assert len({change.unit_code for change in theirs.changes}) == 34
    changed = next(c for c in theirs.changes if c.key == ("H38", "dossiers_on_time", "2026"))
    assert changed.before is not None
    assert changed.before.denominator == 280591  # what data/provinces_766 says as of 10 October
    assert (own.changes, {line["area_name"] for line in own.details["benchmarks"]}) == (
        (),
        {"Lào Cai (tỉnh)", "Việt Nam"},
    )
    nation = next(
        line["value"]
        for line in own.details["benchmarks"]
        if (line["area_name"], line["indicator_code"]) == ("Việt Nam", "dossiers_on_time")
    )
    numbers = range(1, 35)
    expected = 100 * sum(on_time(n, 1) for n in numbers) / sum(received(n, 1) for n in numbers)
    assert nation == pytest.approx(expected)
    from wardstats.core.settings import PROJECT

    provinces = built(Settings(PROJECT / "data" / "provinces_766", places.var, None))
    assert len(provinces.query("ranking", period="2026", node="total", language="vi")) == 34


def test_a_month_of_the_provinces_brings_lines_only(served: tuple[World, str], world: World, places: Settings) -> None:
    asked_before = len(world.asked)
    outcome = harvest_provinces(places, parse_period("2026-09"), Options(served[1], manners=HASTY))
    assert outcome.state == "recorded", [str(f) for f in outcome.harvest.findings]
    assert [len(entry.changes) for entry in outcome.entries] == [0]
    assert len(world.asked) - asked_before == 1 + 34 * len(GROUPS)


def test_the_latest_period_is_the_last_one_that_has_ended() -> None:
    from datetime import date

    assert latest_period("month", date(2026, 11, 24)).text == "2026-10"
    assert latest_period("year", date(2026, 11, 24)).text == "2025"
    assert [p.text for p in periods_between("2025-11", "2026-02")] == ["2025-11", "2025-12", "2026-01", "2026-02"]
    with pytest.raises(HarvestError):
        periods_between("2026-02", "2025-11")
