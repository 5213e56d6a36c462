"""What a ledger settled and kept up is written as plain files that give the same board without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ledger.test_book import accept, figure
from tests.small_block import Folder
from wardstats.catalogue.export import ExportError, export_folder
from wardstats.catalogue.figures import KEY
from wardstats.catalogue.load import Catalogue, load_catalogue
from wardstats.core.errors import DataError
from wardstats.ledger import Change, Draft, Ledger

PRACTICE = {
    "title_vi": "Đường dây nóng", "problem_vi": "Chậm", "action_vi": "Nhanh", "indicator_code": "files_on_time",
    "period_before": "2026-01", "period_after": "2026-03", "unit_code": "w01",
}  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger")


def settle(ledger: Ledger) -> None:
    """Write one entry of each kind that changes a board."""
    key = ("w01", "green_space", "2026-04")
    sources = {"handin": {"title": "Số liệu phường", "producer": "Phường", "accessed": "2026-05-01"}}
    handed = Draft("handin", "a", "ward_officer", "w01", "2026-04", "h1", changes=(Change(*key, None, figure(7.1)),))
    ledger.append(handed)
    changes = (Change(*key, figure(5.0), figure(7.300000000000001)),)
    of_ward = ("secretariat", "w01", "2026-04", "h1")
    ledger.append(Draft("accept", "b", *of_ward, note="đã sửa", changes=changes, details={"sources": sources}))
    points = {"points": 1.5, "reason": "Sáng kiến ", "source_id": "handin"}
    ledger.append(Draft("adjust", "b", "secretariat", "w02", "2026-04", "adjustment-1", details=points))
    ledger.append(Draft("adjust", "b", "secretariat", "w03", "2026-04", "adjustment-2", details=points))
    ledger.append(Draft("adjust", "b", "secretariat", "w03", "2026-04", "adjustment-2", details={"points": 0}))
    item = {
        "area_name": "Tỉnh",
        "indicator_code": "green_space",
        "period": "2026-04",
        "value": 9,
        "source_id": "handin",
    }
    ledger.append(Draft("harvest", "t", "harvest", details={"benchmarks": [item]}))
    ledger.append(Draft("practice_draft", "a", "ward_officer", "w01", subject="p-1", details={"practice": PRACTICE}))
    ledger.append(Draft("practice_publish", "b", "secretariat", "w01", subject="p-1"))
    change = {"file": "units.csv", "key": ["w02"], "before": {"population": ""}, "after": {"population": "77"}}
    ledger.append(Draft("upkeep", "b", "secretariat", details={"rows": [change]}))


def contents(catalogue: Catalogue) -> list[object]:
    """Return what a board is built from."""
    figures = catalogue.figures.astype({"unit_code": str, "indicator_code": str, "period": str, "status": str})
    ordered = figures.astype({"source_id": str, "note": str}).sort_values([*KEY, "status"])
    by_code = sorted(catalogue.sources.items())
    parts = [catalogue.block, catalogue.units, catalogue.criteria, catalogue.adjustments, catalogue.benchmarks]
    return [*parts, catalogue.revisions, catalogue.club, by_code, ordered.astype(object).fillna("").to_numpy().tolist()]


def test_the_exported_folder_gives_the_same_without_a_ledger(small: Folder, ledger: Ledger, tmp_path: Path) -> None:
    settle(ledger)
    here = load_catalogue(small.path, ledger)
    digest, changed = export_folder(small.path, ledger, tmp_path / "out")
    there = load_catalogue(tmp_path / "out")
    assert digest == here.content_sha256 == there.content_sha256 != load_catalogue(small.path).content_sha256
    assert contents(there) == contents(here)
    assert [item.points for item in there.adjustments] == [-2, 0.5, 1.5]
    assert there.club.differences[0]["handed_in_value"] == 7.1
    assert there.revisions[0]["new_value"] == 7.300000000000001
    assert changed == sorted(["units.csv", *(f"settled/{name}.csv" for name in (
        "adjustments", "benchmarks", "differences", "figures", "practices", "revisions", "sources"))])  # fmt: skip
    own = {path.relative_to(small.path).as_posix(): path for path in small.path.rglob("*") if path.is_file()}
    for name, path in own.items():
        if name not in changed:
            assert (tmp_path / "out" / name).read_bytes() == path.read_bytes(), name


def test_an_exported_folder_is_exported_again_to_the_same_and_takes_its_own_ledger(
    small: Folder, ledger: Ledger, tmp_path: Path
) -> None:
    settle(ledger)
    digest, _ = export_folder(small.path, ledger, tmp_path / "out")
    assert export_folder(tmp_path / "out", Ledger(tmp_path / "none"), tmp_path / "again")[0] == digest
    assert load_catalogue(tmp_path / "out", ledger).content_sha256 == digest  # nothing counts twice
    key = ("w01", "green_space", "2026-04")
    later = Ledger(tmp_path / "later")
    later.append(accept(Change(*key, figure(7.3), figure(8.0))))
    found = load_catalogue(tmp_path / "out", later).figures
    is_it = (found[["unit_code", "indicator_code", "period"]].astype(str) == list(key)).all(axis=1)
    assert found[is_it & (found["status"] != "demonstration")]["value"].tolist() == [8.0]


def test_without_a_ledger_every_file_is_copied(small: Folder, ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    digest, changed = export_folder(small.path, ledger, tmp_path / "out")
    assert (digest, changed) == (load_catalogue(small.path).content_sha256, [])


def test_a_folder_in_use_is_left_alone(small: Folder, ledger: Ledger, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="something there already"):
        export_folder(small.path, ledger, small.path)
    with pytest.raises(ExportError, match="another place"):
        export_folder(small.path, ledger, small.path / "copy")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(ExportError, match="cannot be written"):
        export_folder(small.path, ledger, tmp_path / "file" / "out")
    small.replace("block.toml", "criteria/2026.csv", "criteria/none.csv")
    with pytest.raises(DataError):
        export_folder(small.path, ledger, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert list(tmp_path.glob(".writing-*")) == []


def test_faults_of_settled_files_are_told_with_their_lines(small: Folder, ledger: Ledger, tmp_path: Path) -> None:
    settle(ledger)
    export_folder(small.path, ledger, tmp_path / "out")
    out = Folder(tmp_path / "out")
    line = (out.path / "settled" / "figures.csv").read_text(encoding="utf-8").splitlines()[1]
    out.append("settled/figures.csv", line.replace("w01", "nowhere"), line.replace("7.3", "x"))
    out.append("settled/adjustments.csv", (out.path / "settled" / "adjustments.csv").read_text().splitlines()[1])
    told = {(problem.file, problem.line, problem.column) for problem in out.problems()}
    assert ("settled/figures.csv", 3, "unit_code") in told
    assert ("settled/figures.csv", 4, "value") in told
    assert ("settled/adjustments.csv", 3, None) in told
