from __future__ import annotations

from pathlib import Path

from tests.small_block import Folder, rows
from wardstats.catalogue.load import load_catalogue
from wardstats.ledger import Change, Draft, Figure, Ledger
from wardstats.snapshot.build import build_snapshot
from wardstats.snapshot.store import Store

KEY = ("w01", "files_on_time", "2026-04")


def _figure(numerator: float) -> Figure:
    return Figure(None, numerator, 100, "verified", "report")


def test_what_was_accepted_otherwise_than_handed_in(small: Folder, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    for action, numerator, note in (("handin", 95, ""), ("accept", 85, "Ten files were late")):
        change = Change(*KEY, None, _figure(numerator))
        ledger.append(Draft(action, "clerk", "secretariat", "w01", "2026-04", "handin-1", note, (change,)))
    same = Change("w02", "files_on_time", "2026-04", None, _figure(70))
    for action in ("handin", "accept"):
        ledger.append(Draft(action, "clerk", "secretariat", "w02", "2026-04", "handin-2", "", (same,)))
    var = tmp_path / "var"
    found = Store(var).snapshot(build_snapshot(load_catalogue(small.path, ledger), var))
    frame = found.query("hand_in_difference", year=2026)
    names = ("unit_code", "indicator_code", "period", "handed_in", "accepted", "note")
    assert rows(frame, *names) == [(*KEY, 95, 85, "Ten files were late")]
    assert found.query("hand_in_difference", year=2025).empty
