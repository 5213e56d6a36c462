"""Rows of the plain files kept up through the ledger: written, refused, taken back, counted, exported."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.intake_files import CHECKER, OFFICER, SECRETARIAT
from tests.small_block import SMALL, Folder, rows
from wardstats.catalogue.export import export_folder
from wardstats.catalogue.load import load_catalogue
from wardstats.core.settings import Settings
from wardstats.intake import publishing, upkeep
from wardstats.intake.faults import IntakeError
from wardstats.intake.upkeep import UnfitError, Wanted
from wardstats.intake.workspace import Workspace
from wardstats.ledger import StaleError
from wardstats.ledger.access import AccessError
from wardstats.snapshot.build import build_snapshot
from wardstats.snapshot.store import Store

YEAR = ("years", "2027")
NAME = Wanted("units.csv", ("w01",), {"name_vi": "Bắc Sơn mới"})


@pytest.fixture
def desk(small: Folder, tmp_path: Path) -> Workspace:
    with (small.path / "block.toml").open("a", encoding="utf-8") as block:
        block.write("\n[robustness]\ndraws = 0\n")
    return Workspace.of(Settings(small.path, tmp_path / "var", None))


def digest(desk: Workspace) -> str:
    return load_catalogue(desk.places.data, desk.ledger).content_sha256


def unit_names(desk: Workspace) -> dict[str, str]:
    return {unit.unit_code: unit.text("vi") for unit in desk.catalogue().units}


def test_a_name_is_changed_seen_in_the_ledger_on_the_next_board_and_taken_back(desk: Workspace) -> None:
    before = digest(desk)
    assert before == load_catalogue(desk.places.data).content_sha256
    own = (desk.places.data / "units.csv").read_bytes()
    entry = upkeep.keep_up(desk, SECRETARIAT, [NAME], "Nghị quyết 5")
    [row] = entry.details["rows"]
    assert row == {
        "file": "units.csv", "key": ["w01"], "before": {"name_vi": "Bắc Sơn"}, "after": {"name_vi": "Bắc Sơn mới"},
    }  # fmt: skip
    assert (entry.action, entry.note, entry.actor) == ("upkeep", "Nghị quyết 5", SECRETARIAT.email)
    assert unit_names(desk)["w01"] == "Bắc Sơn mới"
    assert digest(desk) != before
    publishing.publish(desk, SECRETARIAT)
    shown = Store(desk.places.var).current().query("unit", language="vi")
    assert ("w01", "Bắc Sơn mới") in rows(shown, "unit_code", "unit_name")
    back = upkeep.undo(desk, SECRETARIAT, entry.number, "nhầm")
    assert back.details["undoes"] == entry.number
    assert digest(desk) == before
    assert unit_names(desk)["w01"] == "Bắc Sơn"
    assert (desk.places.data / "units.csv").read_bytes() == own
    again = upkeep.undo(desk, SECRETARIAT, back.number, "vẫn đúng")
    assert unit_names(desk)["w01"] == "Bắc Sơn mới"
    assert desk.ledger.verify() == [] and again.number == desk.ledger.head


def test_a_new_year_is_one_entry(desk: Workspace) -> None:
    year = {"criteria": "criteria/2027.csv", "is_sample": True, "missing": "zero", "total_points": 100}
    lines = [
        Wanted("criteria/2027.csv", (code,), {"max_points": points, "rule": "linear", "zero_at": "0", "full_at": "100",
                                              "if_empty": "zero"})
        for code, points in (("files_on_time", "60"), ("petitions_answered", "40"))
    ]  # fmt: skip
    before = digest(desk)
    upkeep.keep_up(desk, SECRETARIAT, [Wanted("block.toml", YEAR, year), *lines], "năm mới")
    assert [item.max_points for item in desk.catalogue().criteria[2027]] == [60, 40]
    upkeep.undo(desk, SECRETARIAT, 1, "chưa")
    assert digest(desk) == before
    wrong = [Wanted("block.toml", YEAR, year | {"total_points": 99}), *lines]
    with pytest.raises(UnfitError) as refused:
        upkeep.keep_up(desk, SECRETARIAT, wrong, "năm mới")
    [problem] = refused.value.problems
    assert (problem.file, problem.column) == ("criteria/2027.csv", "max_points")
    assert "100 points in all" in problem.found
    assert desk.ledger.head == 2


def test_everything_that_would_be_wrong_is_told_and_nothing_is_written(desk: Workspace) -> None:
    wanted = [
        Wanted("units.csv", ("w02",), {"population": "nhiều"}),
        Wanted("documents.csv", ("new",), {"kind": "decision", "title_vi": "Mới", "source_id": "nowhere"}),
        Wanted("indicators.csv", ("green_space",), None),
    ]
    with pytest.raises(UnfitError) as refused:
        upkeep.keep_up(desk, SECRETARIAT, wanted, "thử")
    told = {(problem.file, problem.column) for problem in refused.value.problems}
    assert ("units.csv, ledger entry 1", "population") in told
    assert ("documents.csv, ledger entry 1", "source_id") in told
    assert ("criteria/2026.csv", "indicator_code") in told
    assert "Nothing was written" in str(refused.value)
    assert desk.ledger.head == 0


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (Wanted("values/2026.csv", ("w01",), {"value": "1"}), "not kept up here"),
        (Wanted("../block.toml", (), {"frequency": "year"}), "not kept up here"),
        (Wanted("units.csv", ("w01", "x"), {"name_vi": "x"}), "not kept up here"),
        (Wanted("units.csv", ("w01",), {"colour": "red"}), "unknown columns"),
        (Wanted("units.csv", ("w01",), {"name_vi": "Bắc Sơn "}), "same already"),
        (Wanted("units.csv", ("w77",), None), "same already"),
    ],
)
def test_what_cannot_be_kept_up_is_refused(desk: Workspace, wanted: Wanted, told: str) -> None:
    with pytest.raises(IntakeError, match=told):
        upkeep.keep_up(desk, SECRETARIAT, [wanted], "thử")
    assert desk.ledger.head == 0


def test_a_reason_is_asked_for_and_a_right(desk: Workspace) -> None:
    with pytest.raises(IntakeError, match="No reason"):
        upkeep.keep_up(desk, SECRETARIAT, [NAME], " ")
    for actor in (OFFICER, CHECKER):
        for work in (lambda a: upkeep.keep_up(desk, a, [NAME], "x"), lambda a: upkeep.undo(desk, a, 1, "x"),
                     lambda a: upkeep.supposed_draft(desk, a, [NAME])):  # fmt: skip
            with pytest.raises(AccessError):
                work(actor)
    assert desk.ledger.head == 0


def test_of_two_editors_the_second_is_told_what_changed(desk: Workspace) -> None:
    seen = desk.ledger.head
    upkeep.keep_up(desk, SECRETARIAT, [Wanted("units.csv", ("w02",), {"population": "5"})], "other row")
    upkeep.keep_up(desk, SECRETARIAT, [NAME], "first", expected=seen)
    with pytest.raises(StaleError) as told:
        upkeep.keep_up(desk, SECRETARIAT, [Wanted("units.csv", ("w01",), {"population": "9"})], "x", expected=seen)
    assert [entry.note for entry in told.value.entries] == ["first"]


def test_what_was_changed_again_is_not_taken_back_before_that(desk: Workspace) -> None:
    first = upkeep.keep_up(desk, SECRETARIAT, [NAME], "first")
    other = upkeep.keep_up(desk, SECRETARIAT, [Wanted("units.csv", ("w01",), {"population": "9"})], "other column")
    second = upkeep.keep_up(desk, SECRETARIAT, [Wanted("units.csv", ("w01",), {"name_vi": "Khác"})], "second")
    with pytest.raises(IntakeError, match=rf"entries {other.number}, {second.number}"):
        upkeep.undo(desk, SECRETARIAT, first.number, "x")
    upkeep.undo(desk, SECRETARIAT, second.number, "x")
    upkeep.undo(desk, SECRETARIAT, first.number, "x")
    assert (unit_names(desk)["w01"], desk.catalogue().units[0].population) == ("Bắc Sơn", 9)
    with pytest.raises(IntakeError, match="no change of the data"):
        upkeep.undo(desk, SECRETARIAT, 99, "x")


def test_what_others_rest_on_is_not_taken_back(desk: Workspace) -> None:
    document = {"kind": "plan", "title_vi": "Kế hoạch", "source_id": "new_source"}
    source = Wanted("sources.toml", ("new_source",), {"title": "Nguồn mới", "producer": "Khối"})
    first = upkeep.keep_up(desk, SECRETARIAT, [source], "source")
    upkeep.keep_up(desk, SECRETARIAT, [Wanted("documents.csv", ("plan",), document)], "document")
    with pytest.raises(UnfitError, match="new_source"):
        upkeep.undo(desk, SECRETARIAT, first.number, "x")


def test_a_change_of_a_row_that_was_taken_out_of_the_file_names_its_entry(desk: Workspace) -> None:
    upkeep.keep_up(desk, SECRETARIAT, [Wanted("documents.csv", ("rules",), {"issuer": "Khối mới"})], "x")
    path = desk.places.data / "documents.csv"
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("rules,")]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    problems = Folder(desk.places.data)
    assert problems.problems() == []
    with pytest.raises(Exception, match=r"documents.csv, ledger entry 1: found no row rules"):
        load_catalogue(desk.places.data, desk.ledger)


def test_a_practice_put_up_alone_leaves_rows_waiting(desk: Workspace) -> None:
    publishing.publish(desk, SECRETARIAT)
    entry = upkeep.keep_up(desk, SECRETARIAT, [NAME], "waits")
    other = upkeep.keep_up(desk, SECRETARIAT, [Wanted("units.csv", ("w02",), {"population": "7"})], "alone")
    shown = publishing.publish_only(desk, SECRETARIAT, [other])
    assert shown.snapshot_id
    frame = Store(desk.places.var).current().query("unit", language="vi")
    assert ("w01", "Bắc Sơn") in rows(frame, "unit_code", "unit_name")
    publishing.publish(desk, SECRETARIAT)
    frame = Store(desk.places.var).current().query("unit", language="vi")
    assert ("w01", "Bắc Sơn mới") in rows(frame, "unit_code", "unit_name")
    assert entry.number < other.number


Make = Callable[[random.Random], list[Wanted]]
_NAMES = ("Bắc Sơn", "Ân Hà, mới", 'Đông "An"', "Suối\nGiàng", "")
_SAMPLE = {"is_sample": "true", "source_id": "decision"}
_UNIT = {"kind": "ward", "is_member": "false", "source_id": "decision"}
_LINE = {"rule": "linear", "zero_at": "0", "full_at": "100", "if_empty": "zero"}
_SOURCE = {"title": "Nguồn", "producer": "Khối"}
_NEXT = {"criteria": "criteria/2027.csv", "is_sample": True, "missing": "zero"}
_THEME = {"name_vi": "Lĩnh vực", "weight": "1", "aggregation": "sum"}
_STANCES = ("agree", "abstain")
_AWARDS = ([], [{"places": 2, "name": {"vi": "Cờ"}}])


def _row(file: str, key: tuple[str, ...], **cells: Any) -> list[Wanted]:
    return [Wanted(file, key, cells)]


RANDOM: list[Make] = [
    lambda r: _row("units.csv", (r.choice(("w01", "w02", "x99", "n1", "n2")),), name_vi=r.choice(_NAMES), **_UNIT),
    lambda r: _row("units.csv", (r.choice(("w01", "w02")),), population=str(r.randrange(99)), member_from=""),
    lambda r: [Wanted("units.csv", (r.choice(("n1", "n2")),), None)],
    lambda r: _row("documents.csv", (r.choice(("rules", "d1")),), kind="plan", title_vi=r.choice(_NAMES), **_SAMPLE),
    lambda r: [Wanted("documents.csv", (r.choice(("rules", "decision_12", "d1", "d2")),), None)],
    lambda r: _row("block.toml", ("years", "2026"), deadline=f"2027-0{r.randrange(1, 9)}-15"),
    lambda r: _row("block.toml", ("years", "2026"), awards=r.choice(_AWARDS), hand_in_days=r.choice((None, 10, 20))),
    lambda r: _row("block.toml", (), hand_in_days=r.choice((None, 5, 15)), two_persons=r.random() < 0.5),
    lambda r: [
        Wanted("block.toml", YEAR, _NEXT),
        Wanted("criteria/2027.csv", ("files_on_time",), {"max_points": str(r.randrange(1, 9)), **_LINE}),
    ],
    lambda r: [Wanted("block.toml", YEAR, None), Wanted("criteria/2027.csv", ("files_on_time",), None)],
    lambda r: _row("targets.csv", ("w01", "files_on_time", r.choice(("2026", "2027"))), target=str(r.randrange(100))),
    lambda r: _row("sources.toml", (r.choice(("s1", "s.2")),), note=r.choice(("a", "")), **_SOURCE),
    lambda r: _row("themes.csv", (r.choice(("t1", "t2")),), position=str(r.randrange(9)), **_THEME),
    lambda r: _row("topics.csv", ("q1",), field="land", opened_on="2026-05-01", question_vi="Gì?", **_SAMPLE),
    lambda r: _row("positions.csv", ("q1", r.choice(("w01", "w02"))), stance=r.choice(_STANCES), **_SAMPLE),
]  # fmt: skip


@given(seed=st.integers(0, 10**6))
@settings(max_examples=1, deadline=None, phases=[Phase.generate])
def test_a_hundred_random_entries_are_exported_and_taken_back(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A build of the export has the same digest; taking the entries back gives each digest of before."""
    chance, folder = random.Random(seed), tmp_path_factory.mktemp("random")
    data = Path(shutil.copytree(SMALL, folder / "small"))
    for name in ("2025.csv", "demonstration.csv"):  # figures are not what is tried, and take most of a reading
        (data / "values" / name).unlink()
    with (data / "block.toml").open("a", encoding="utf-8") as block:
        block.write("\n[robustness]\ndraws = 0\n")
    desk = Workspace.of(Settings(data, folder / "var", None))
    digests, numbers = {0: desk.catalogue().content_sha256}, list[int]()  # before so many entries; every fifth
    while len(numbers) < 100:
        wanted = [item for make in chance.sample(RANDOM, chance.choice((1, 1, 2))) for item in make(chance)]
        try:
            numbers.append(upkeep.keep_up(desk, SECRETARIAT, wanted, "thử").number)
        except IntakeError:
            assert desk.ledger.head == len(numbers)
            continue
        if len(numbers) % 5 == 0:
            digests[len(numbers)] = desk.catalogue().content_sha256
    exported, _ = export_folder(data, desk.ledger, folder / "export")
    assert exported == digests[100]
    elsewhere = load_catalogue(folder / "export")
    ids = [build_snapshot(found, folder / name) for name, found in (("a", desk.catalogue()), ("b", elsewhere))]
    assert ids[0].partition("-")[2] == ids[1].partition("-")[2]
    for count in range(99, -1, -1):
        upkeep.undo(desk, SECRETARIAT, numbers[count], "lùi")
        if count in digests:
            assert desk.catalogue().content_sha256 == digests[count]
    assert desk.ledger.verify() == []
