"""The seal: stopped anywhere a ledger stays whole, ledgers of before are taken over, a held lock is told in words."""

from __future__ import annotations

import json
import shutil
import stat
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.ledger.test_book_damage import accepted, assert_refused, path_of
from wardstats.core import durable_files
from wardstats.core.settings import Settings
from wardstats.ledger import Draft, Entry, Ledger, LedgerError, accept_loss, ledger_of
from wardstats.ledger.seal import NO_ENTRY, Head

STEPS = 14  # more than the longest of what is stopped here has


class Stopped(BaseException):
    """Stands for the end of the process: nothing catches it."""


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger")


def stop_at(step: int, monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> bool:
    """Do something and stop right before its n-th change of the disk; tell whether it was stopped."""
    left = [step]

    def counted(change: Callable[..., object]) -> Callable[..., object]:
        def changed(*arguments: object, **named: object) -> object:
            if not left[0]:
                raise Stopped
            left[0] -= 1
            return change(*arguments, **named)

        return changed

    with monkeypatch.context() as patch:
        for name in ("replace", "rename", "mkdir", "unlink"):
            patch.setattr(Path, name, counted(getattr(Path, name)))
        try:
            act()
        except Stopped:
            return True
    return False


def make_plain(ledger: Ledger, count: int) -> None:
    """Write a ledger as the program did before there were seals."""
    ledger.folder.mkdir(parents=True)
    previous = NO_ENTRY
    for number in range(1, count + 1):
        content = Entry.of(accepted(number), number, "2026-11-01T00:00:00.000+00:00", previous).written()
        path_of(ledger, number).write_bytes(content)
        previous = sha256(content).hexdigest()
    head = {"number": count, "sha256": previous}
    (ledger.folder / "head.json").write_text(json.dumps(head) + "\n", encoding="ascii")


@pytest.mark.hostile("SIGKILL during publish")
@pytest.mark.parametrize("count", [0, 3])
@pytest.mark.parametrize("step", range(STEPS))
def test_an_append_stopped_anywhere_is_done_or_not_done(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, count: int, step: int
) -> None:
    before = [ledger.append(accepted(number)) for number in range(count)]
    was_stopped = stop_at(step, monkeypatch, lambda: Ledger(ledger.folder).append(accepted(9)))
    for reader in (ledger, Ledger(ledger.folder)):
        assert reader.verify() == []
        entries = reader.entries()
        assert entries[:count] == before
        assert len(entries) in ((count, count + 1) if was_stopped else (count + 1,))
    done = ledger.entries()
    after = Ledger(ledger.folder).append(accepted(10))
    assert ledger.entries() == [*done, after]
    assert Ledger(ledger.folder).verify() == []
    assert not list(ledger.folder.parent.rglob(".writing-*"))


@pytest.mark.hostile("SIGKILL during publish")
@pytest.mark.parametrize("step", range(STEPS))
def test_taking_over_stopped_anywhere_is_taken_up_again(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    make_plain(ledger, 3)
    stop_at(step, monkeypatch, lambda: Ledger(ledger.folder).append(accepted(9)))
    assert ledger.verify() == []
    Ledger(ledger.folder).append(accepted(10))
    assert ledger.verify() == []
    actions = [entry.action for entry in ledger.entries()]
    assert actions[:4] == ["accept"] * 3 + ["adopt"]
    assert set(actions[4:]) == {"accept"}


@pytest.mark.hostile("SIGKILL during publish")
@pytest.mark.parametrize("harm", ["entry", "seal"])
@pytest.mark.parametrize("step", range(STEPS))
def test_accepting_a_loss_stopped_anywhere_is_taken_up_again(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, step: int, harm: str
) -> None:
    for number in range(4):
        ledger.append(accepted(number))
    if harm == "entry":
        path_of(ledger, 4).write_bytes(b"{}")
    else:
        ledger.seal.path.unlink()
    kept = 3 if harm == "entry" else 4
    digests = [sha256(path_of(ledger, number).read_bytes()).hexdigest() for number in range(1, kept + 1)]

    def accept() -> Entry:
        return accept_loss(Ledger(ledger.folder), "Head", "administrator", "the disk broke")

    if stop_at(step, monkeypatch, accept) and ledger.verify():
        assert_refused(ledger)
        accept()
    assert ledger.verify() == []
    entries = ledger.entries()
    assert [entry.sha256 for entry in entries[:kept]] == digests
    assert {entry.action for entry in entries[kept:]} == {"loss"}
    assert entries[kept].number == 5 or entries[kept].details["lost"] == [
        [5, 5]
    ]  # announced in the new seal, then lost
    assert ledger.append(accepted(1)).number == ledger.head


@pytest.mark.hostile("current.json / snapshot / ledger damage")
def test_only_the_announced_entry_is_believed(ledger: Ledger) -> None:
    for number in range(3):
        ledger.append(accepted(number))
    entry = Entry.of(accepted(9), 4, "2026-11-01T00:00:00.000+00:00", ledger.entries()[-1].sha256)
    digest = sha256(entry.written()).hexdigest()
    ledger.seal.write(Head(3, ledger.entries()[-1].sha256, digest))
    assert ledger.head == 3
    path_of(ledger, 4).write_bytes(entry.written().replace(b"9", b"8"))
    assert_refused(ledger)
    path_of(ledger, 4).write_bytes(entry.written())
    assert ledger.head == 4
    path_of(ledger, 5).write_bytes(Entry.of(accepted(9), 5, entry.at, digest).written())
    assert_refused(ledger)


def test_a_ledger_of_before_is_read_and_then_sealed(ledger: Ledger) -> None:
    make_plain(ledger, 3)
    assert ledger.verify() == []
    assert (ledger.head, ledger.seal.is_made) == (3, False)
    last = ledger.entries()[-1]
    assert ledger.append(accepted(4)).number == 5
    adopted = ledger.entries()[3]
    assert (adopted.action, adopted.actor, adopted.role) == ("adopt", "ledger", "program")
    assert adopted.details == {"number": 3, "sha256": last.sha256}
    assert not (ledger.folder / "head.json").exists()
    assert ledger.seal.is_made
    assert ledger.append(accepted(5)).number == 6
    assert [entry.action for entry in ledger.entries()].count("adopt") == 1
    assert Ledger(ledger.folder).verify() == []


PLAIN_HARMS: dict[str, Callable[[Ledger], object]] = {
    "last deleted": lambda ledger: path_of(ledger, 3).unlink(),
    "last changed": lambda ledger: path_of(ledger, 3).write_bytes(path_of(ledger, 3).read_bytes() + b" "),
    "middle deleted": lambda ledger: path_of(ledger, 2).unlink(),
    "first emptied": lambda ledger: path_of(ledger, 1).write_bytes(b""),
    "one more": lambda ledger: path_of(ledger, 4).write_bytes(b"{}"),
    "note deleted": lambda ledger: (ledger.folder / "head.json").unlink(),
    "note emptied": lambda ledger: (ledger.folder / "head.json").write_bytes(b""),
    "note of no kind": lambda ledger: (ledger.folder / "head.json").write_bytes(b'"x"'),
}


@pytest.mark.hostile("current.json / snapshot / ledger damage")
@pytest.mark.parametrize("harm", PLAIN_HARMS)
def test_a_damaged_ledger_of_before_is_not_taken_over(ledger: Ledger, harm: str) -> None:
    make_plain(ledger, 3)
    PLAIN_HARMS[harm](ledger)
    assert_refused(ledger)
    assert not ledger.seal.is_made
    accept_loss(ledger, "Head", "administrator", "found so when the program was renewed")
    assert ledger.verify() == []
    assert ledger.seal.is_made
    assert ledger.append(accepted(1)).number == ledger.head
    assert "adopt" not in {entry.action for entry in ledger.entries()}


@pytest.mark.hostile("current.json / snapshot / ledger damage")
def test_a_plain_note_cannot_stand_in_for_a_seal(ledger: Ledger) -> None:
    for number in range(3):
        ledger.append(accepted(number))
    digest = sha256(path_of(ledger, 2).read_bytes()).hexdigest()
    path_of(ledger, 3).unlink()
    (ledger.folder / "head.json").write_text(json.dumps({"number": 2, "sha256": digest}), encoding="ascii")
    assert_refused(ledger)
    ledger.seal.path.unlink()
    assert_refused(ledger)


def test_files_are_not_for_everybody(ledger: Ledger) -> None:
    attachment = ledger.store("a.pdf", b"one", "application/pdf")
    ledger.append(Draft("note", "an", "officer", attachments=(attachment,)))

    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    assert mode(ledger.seal.key_path) == 0o600
    kept = ledger.path(attachment.sha256)
    for path in (kept, path_of(ledger, 1), ledger.seal.path):
        assert mode(path) == 0o600
    for folder in (ledger.folder, kept.parent, kept.parent.parent, ledger.seal.folder, ledger.seal.folder.parent):
        assert mode(folder) == 0o700


def test_the_seal_is_apart_and_its_place_can_be_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = Settings(tmp_path / "block", tmp_path / "var", None)
    ledger_of(places).append(accepted(1))
    assert (tmp_path / "var" / "seals" / "block" / "key").is_file()
    shutil.move(tmp_path / "var" / "seals", tmp_path / "elsewhere")
    with pytest.raises(LedgerError, match="found neither key nor seal"):
        ledger_of(places).entries()
    monkeypatch.setenv("WARDSTATS_SEALS", str(tmp_path / "elsewhere"))
    assert ledger_of(places).append(accepted(2)).number == 2


def test_threads_share_a_ledger_and_read_while_others_write(ledger: Ledger) -> None:
    ledger.append(accepted(0))
    other, errors, is_done = Ledger(ledger.folder), [], threading.Event()

    def write(who: str, own: Ledger) -> None:
        try:
            for number in range(12):
                own.append(Draft("note", who, "officer", note=str(number)))
        except LedgerError as error:
            errors.append(error)

    def read(own: Ledger) -> None:
        try:
            while not is_done.is_set():
                numbers = [entry.number for entry in own.entries()]
                assert numbers == list(range(1, len(numbers) + 1))
                assert own.verify() == []
        except (LedgerError, AssertionError) as error:
            errors.append(error)

    writers = [threading.Thread(target=write, args=pair) for pair in (("a", ledger), ("b", ledger), ("c", other))]
    readers = [threading.Thread(target=read, args=(own,)) for own in (ledger, Ledger(ledger.folder))]
    for thread in (*readers, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    is_done.set()
    for thread in readers:
        thread.join()
    assert errors == []
    notes = sorted((entry.actor, int(entry.note)) for entry in ledger.entries()[1:])
    assert notes == [(who, number) for who in "abc" for number in range(12)]
    assert Ledger(ledger.folder).verify() == []
    assert durable_files.PREFIX not in "".join(path.name for path in ledger.folder.iterdir())
