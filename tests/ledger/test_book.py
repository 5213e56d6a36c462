"""The ledger: what is acknowledged stays, what is altered is found, what counts reaches the ranking."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.small_block import Folder
from wardstats.catalogue.ledger_figures import ledger_adjustments, ledger_benchmarks, ledger_figures, ledger_revisions
from wardstats.catalogue.load import load_catalogue
from wardstats.core.errors import DataError
from wardstats.core.settings import PROJECT
from wardstats.ledger import Change, Draft, Figure, Ledger, LedgerError, StaleError
from wardstats.snapshot.build import build_snapshot
from wardstats.snapshot.store import Store

SOURCE = {"handin": {"title": "Báo cáo", "producer": "UBND phường"}}


def figure(value: float | None, status: str = "verified", **counts: float) -> Figure:
    return Figure(value, counts.get("numerator"), counts.get("denominator"), status, "handin")


def accept(*changes: Change, **parts: object) -> Draft:
    return Draft("accept", "an@example.vn", "secretariat", changes=changes, details={"sources": SOURCE}, **parts)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger")


def test_an_entry_reads_back_as_it_was_written(ledger: Ledger) -> None:
    attachment = ledger.store("Biên bản.pdf", b"%PDF-1.7", "application/pdf")
    change = Change("A", "I", "2026-10", figure(1.5), replace(figure(None, numerator=3, denominator=4), note="đã sửa"))
    about = ("A", "2026-10", "h1", "Ghi chú")
    written = ledger.append(Draft("handin", "an@example.vn", "officer", *about, (change,), (attachment,), {"x": [1]}))
    (read,) = Ledger(ledger.folder).entries()
    assert read == written
    assert read.changes == (change,)
    assert ledger.path(read.attachments[0].sha256).read_bytes() == b"%PDF-1.7"
    assert json.loads((ledger.folder / "00000001.json").read_bytes())["note"] == "Ghi chú"
    assert ledger.verify() == []


def test_numbers_and_digests_form_a_chain(ledger: Ledger) -> None:
    entries = [ledger.append(Draft("note", "an", "officer", note=str(number))) for number in range(4)]
    assert [entry.number for entry in entries] == [1, 2, 3, 4]
    assert [entry.previous_sha256 for entry in entries[1:]] == [entry.sha256 for entry in entries[:-1]]
    assert ledger.head == 4


@pytest.mark.hostile("current.json / snapshot / ledger damage")
@pytest.mark.parametrize(
    ("name", "harm"),
    [
        ("altered", lambda path: path.write_bytes(path.read_bytes().replace(b"two", b"TWO"))),
        ("removed", lambda path: path.unlink()),
        ("cut off", lambda path: path.write_bytes(path.read_bytes()[:-20])),
    ],
)
@pytest.mark.parametrize("number", [1, 2, 3])
def test_verify_finds_what_was_done_to_an_entry(ledger: Ledger, number: int, name: str, harm: object) -> None:
    for _ in range(3):
        ledger.append(Draft("note", "an", "officer", note="two"))
    assert callable(harm)
    harm(ledger.folder / f"{number:08d}.json")
    assert len(Ledger(ledger.folder).verify()) >= 1


@pytest.mark.hostile("current.json / snapshot / ledger damage")
def test_verify_finds_an_altered_attachment_and_a_removed_seal(ledger: Ledger) -> None:
    attachment = ledger.store("a.pdf", b"one", "application/pdf")
    for _ in range(2):
        ledger.append(Draft("note", "an", "officer", attachments=(attachment,)))
    ledger.path(attachment.sha256).write_bytes(b"two")
    ledger.seal.path.unlink()
    problems = ledger.verify()
    assert sum("a.pdf" in problem for problem in problems) == 2
    assert sum("seal.json" in problem for problem in problems) == 1


@pytest.mark.hostile("forged widgets, roles, frames, messages")
def test_a_stale_view_is_refused_and_says_what_came_between(ledger: Ledger) -> None:
    one, other = Change("A", "I", "2026-10", None, figure(1)), Change("B", "I", "2026-10", None, figure(2))
    ledger.append(accept(one, subject="h1"))
    seen = ledger.head
    ledger.append(accept(other, subject="h2"))
    ledger.append(accept(one, subject="h1"), expected=seen)  # the other one is no concern of this
    with pytest.raises(StaleError, match=r"an@example.vn: accept \(entry 3\)") as caught:
        ledger.append(accept(one, subject="h9"), expected=seen)
    assert [entry.number for entry in caught.value.entries] == [3]
    with pytest.raises(StaleError):
        ledger.append(Draft("return", "bo", "checker", subject="h2"), expected=seen)
    assert ledger.head == 3


def test_what_is_not_stored_cannot_be_named(ledger: Ledger) -> None:
    attachment = ledger.store("a.pdf", b"one", "application/pdf")
    with pytest.raises(LedgerError, match="not stored"):
        ledger.append(Draft("note", "an", "officer", attachments=(replace(attachment, sha256="0" * 64),)))
    with pytest.raises(LedgerError, match="no SHA-256"):
        ledger.path("../../etc/passwd")
    with pytest.raises(LedgerError, match="JSON"):
        ledger.append(accept(Change("A", "I", "2026", None, figure(float("nan")))))
    assert ledger.entries() == []


def _append_many(folder: Path, who: str) -> None:
    for number in range(15):
        Ledger(folder).append(Draft("note", who, "officer", note=str(number)))


def test_several_writers_lose_nothing(ledger: Ledger) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_append_many, args=(ledger.folder, who)) for who in ("a", "b", "c")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted((e.actor, int(e.note)) for e in ledger.entries()) == [(w, n) for w in "abc" for n in range(15)]
    assert ledger.verify() == []


WRITER = """
import sys
from pathlib import Path
from wardstats.ledger import Draft, Ledger
ledger = Ledger(Path(sys.argv[1]))
while True:
    file = ledger.store("a", str(ledger.head).encode() * 2000, "text/plain")
    print(ledger.append(Draft("note", "an", "officer", note="x" * 20000, attachments=(file,))).sha256, flush=True)
"""


@pytest.mark.hostile("SIGKILL during publish")
def test_a_killed_writer_loses_nothing_that_it_acknowledged(
    ledger: Ledger, record_property: Callable[[str, object], None]
) -> None:
    acknowledged: list[str] = []
    waits = (0.0, 0.004, 0.011, 0.017, 0.023, 0.031)
    record_property("tried", len(waits))
    for wait in waits:
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(ledger.folder)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        acknowledged.append(writer.stdout.readline().strip())
        time.sleep(wait)
        os.kill(writer.pid, signal.SIGKILL)
        acknowledged += [line.strip() for line in writer.stdout if line.endswith("\n")]
        writer.wait()
    fresh = Ledger(ledger.folder)
    assert fresh.verify() == []
    assert set(acknowledged) <= {entry.sha256 for entry in fresh.entries()}
    fresh.append(Draft("note", "an", "officer"))
    assert fresh.verify() == []
    assert not list(ledger.folder.glob(".writing-*"))


# --- what it adds to a data folder ------------------------------------------------------------------------------------


def in_force(ledger: Ledger) -> dict[tuple[str, str, str], float]:
    frame = ledger_figures(ledger.entries())
    keys = frame[["unit_code", "indicator_code", "period"]].itertuples(index=False, name=None)
    return dict(zip(keys, frame["value"], strict=True))


def test_the_last_counting_entry_is_in_force(ledger: Ledger) -> None:
    key = ("A", "I", "2026-10")
    ledger.append(Draft("handin", "an", "officer", changes=(Change(*key, None, figure(1)),)))
    assert in_force(ledger) == {}
    ledger.append(accept(Change(*key, None, figure(2)), Change("B", "I", "2026-10", None, figure(5))))
    ledger.append(Draft("correct", "bo", "secretariat", changes=(Change(*key, figure(2), figure(3)),)))
    assert in_force(ledger) == {key: 3, ("B", "I", "2026-10"): 5}
    ledger.append(Draft("correct", "bo", "secretariat", changes=(Change(*key, figure(3), None),)))
    assert in_force(ledger) == {("B", "I", "2026-10"): 5}
    revisions = ledger_revisions(ledger.entries())
    assert [(item["old_value"], item["new_value"]) for item in revisions] == [(2, 3), (3, None)]


def test_adjustments_can_be_lifted_and_benchmarks_replaced(ledger: Ledger) -> None:
    def adjust(points: float) -> Draft:
        details = {"points": points, "reason": "Thưởng", "source_id": "handin"}
        return Draft("adjust", "bo", "secretariat", "A", "2026-10", "adjustment-1", details=details)

    ledger.append(adjust(2))
    assert [item.points for item in ledger_adjustments(ledger.entries())] == [2]
    ledger.append(adjust(0))
    assert ledger_adjustments(ledger.entries()) == []
    for value in (70.0, 71.0):
        item = {
            "area_name": "Lào Cai",
            "indicator_code": "I",
            "period": "2026-10",
            "value": value,
            "source_id": "handin",
        }
        ledger.append(Draft("harvest", "timer", "administrator", details={"benchmarks": [item]}))
    assert [item.value for item in ledger_benchmarks(ledger.entries())] == [71.0]
    ledger.append(Draft("adjust", "bo", "secretariat", "A", "2026-10", details={"points": "many"}))
    with pytest.raises(LedgerError, match=r"entry 5 \(adjust\): points"):
        ledger_adjustments(ledger.entries())


def test_accepted_figures_reach_the_ranking(small: Folder, ledger: Ledger, tmp_path: Path) -> None:
    before = load_catalogue(small.path, ledger)
    row = before.figures[before.figures["value"].notna()].iloc[0]
    key = (str(row["unit_code"]), str(row["indicator_code"]), str(row["period"]))
    old = figure(float(row["value"]))
    ledger.append(accept(Change(*key, old, figure(0.0))))
    after = load_catalogue(small.path, ledger)
    assert after.content_sha256 != before.content_sha256
    assert len(after.figures) == len(before.figures)
    assert "handin" in after.sources
    is_it = after.figures[["unit_code", "indicator_code", "period"]].astype(str) == list(key)
    chosen = after.figures[is_it.all(axis=1)]
    assert chosen[["value", "status", "source_id"]].to_numpy().tolist() == [[0.0, "verified", "handin"]]
    snapshot = Store(tmp_path).snapshot(build_snapshot(after, tmp_path))
    raw = snapshot.query("revision", indicator=key[1])
    assert raw[["unit_code", "period", "action"]].to_numpy().tolist() == [[key[0], key[2], "accept"]]
    assert load_catalogue(small.path).content_sha256 == load_catalogue(small.path).content_sha256


def test_a_figure_that_no_longer_fits_the_folder_is_named_by_its_entry(small: Folder, ledger: Ledger) -> None:
    period = str(load_catalogue(small.path).figures["period"].iloc[0])
    ledger.append(accept(Change("nowhere", "nothing", period, None, figure(1))))
    with pytest.raises(DataError) as caught:
        load_catalogue(small.path, ledger)
    assert {(p.file, p.line, p.column) for p in caught.value.problems} == {
        ("ledger entry 1, change", 1, "unit_code"),
        ("ledger entry 1, change", 1, "indicator_code"),
    }
