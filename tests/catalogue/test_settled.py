"""What a ledger settled, written as files and read again: the same rows, the same bytes."""

from __future__ import annotations

from pathlib import Path

from tests.ledger.test_book import accept, figure
from wardstats.catalogue.settled import FIGURES, Settled, read_settled_files
from wardstats.core.data_files import Reader
from wardstats.ledger import Change, Draft, Ledger


def written(folder: Path, files: dict[str, bytes]) -> Reader:
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content)
    return Reader(folder)


def test_files_are_read_to_what_they_were_written_from(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    ledger.append(accept(Change("w02", "b", "2026-04", None, figure(0.1 + 0.2))))
    ledger.append(accept(Change("w01", "a", "2026-04", None, figure(None, numerator=3, denominator=7))))
    ledger.append(accept(Change("w02", "b", "2026-04", figure(0.3), figure(5e-324))))
    points = {"points": -1, "reason": "Nộp muộn, hai lần", "source_id": "handin"}
    ledger.append(Draft("adjust", "a", "secretariat", "w01", "2026-04", "x", details=points))
    settled = Settled().with_entries(ledger.entries(), "vi")
    files = settled.files()
    reader = written(tmp_path, files)
    again = read_settled_files(reader)
    assert reader.problems == []
    assert again.files() == files
    assert again.figures["value"].dropna().tolist() == [5e-324]
    assert files[FIGURES].decode().splitlines()[1].startswith("w01,a,2026-04,,3.0,7.0,verified,handin")
    assert [item.points for item in again.adjustments()] == [-1]
    assert len(again.records("revisions")) == 1
    assert again.with_entries(ledger.entries(), "vi").files() == files  # nothing counts twice


def test_what_is_lifted_later_is_gone(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    points = {"points": 2, "reason": "x", "source_id": "handin"}
    ledger.append(Draft("adjust", "a", "secretariat", "w01", "2026-04", "x", details=points))
    first = Settled().with_entries(ledger.entries(), "vi")
    ledger.append(Draft("adjust", "a", "secretariat", "w01", "2026-04", "x", details={"points": 0}))
    assert first.adjustments() and first.with_entries(ledger.entries(), "vi").adjustments() == []


def test_without_entries_there_is_no_file(tmp_path: Path) -> None:
    assert Settled().with_entries([], "vi").files() == {}
    assert read_settled_files(Reader(tmp_path)).files() == {}
