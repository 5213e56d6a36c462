"""Every damage to one file of a ledger: found by verify, refused by the next step, and never made up for by a build."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from tests.small_block import SMALL
from wardstats.catalogue.load import load_catalogue
from wardstats.ledger import Change, Draft, Entry, Figure, Ledger, LedgerError, accept_loss

COUNT = 30
SOURCE = {"handin": {"title": "Báo cáo", "producer": "UBND phường"}}
Harm = Callable[[Ledger, int], None]


def accepted(value: float) -> Draft:
    """Return an entry by which a figure of the small block counts."""
    change = Change("w01", "green_space", "2026-04", None, Figure(value, None, None, "verified", "handin"))
    return Draft("accept", "an@example.vn", "secretariat", changes=(change,), details={"sources": SOURCE})


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a ledger of 30 entries and its seal."""
    folder = tmp_path_factory.mktemp("whole")
    ledger = Ledger(folder / "ledger")
    for number in range(1, COUNT + 1):
        ledger.append(accepted(number / 10))
    return folder


@pytest.fixture
def ledger(whole: Path, tmp_path: Path) -> Ledger:
    """Return a copy of it that has not been read yet."""
    shutil.copytree(whole, tmp_path / "copy")
    return Ledger(tmp_path / "copy" / "ledger")


def path_of(ledger: Ledger, number: int) -> Path:
    return ledger.folder / f"{number:08d}.json"


def written(ledger: Ledger, number: int) -> Entry:
    return Entry.read(path_of(ledger, number).read_bytes())


def delete(ledger: Ledger, number: int) -> None:
    path_of(ledger, number).unlink()


def truncate(ledger: Ledger, number: int) -> None:
    path_of(ledger, number).write_bytes(path_of(ledger, number).read_bytes()[:-20])


def empty(ledger: Ledger, number: int) -> None:
    path_of(ledger, number).write_bytes(b"")


def edit_a_byte(ledger: Ledger, number: int) -> None:
    content = path_of(ledger, number).read_bytes()
    assert content.count(b'"value": ') == 1
    path_of(ledger, number).write_bytes(content.replace(b'"value": ', b'"value": 9'))


def swap(ledger: Ledger, number: int) -> None:
    one, other = path_of(ledger, number), path_of(ledger, number - 1 if number > 1 else 2)
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)


def swap_with_numbers(ledger: Ledger, number: int) -> None:
    """Let two entries change places, each under the number of its new place."""
    other = number - 1 if number > 1 else 2
    first, second = written(ledger, number), written(ledger, other)
    path_of(ledger, number).write_bytes(replace(second, number=number).written())
    path_of(ledger, other).write_bytes(replace(first, number=other).written())


def forge_chained(ledger: Ledger, number: int) -> None:
    """Put another figure into an entry, and chain all that follow to it."""
    previous = written(ledger, number).previous_sha256
    for here in range(number, COUNT + 1):
        entry = replace(written(ledger, here), previous_sha256=previous)
        if here == number:
            entry = replace(entry, changes=accepted(99).changes)
        path_of(ledger, here).write_bytes(entry.written())
        previous = sha256(entry.written()).hexdigest()


def cut_from(ledger: Ledger, number: int) -> None:
    for here in range(number, COUNT + 1):
        path_of(ledger, here).unlink()


def close_the_gap(ledger: Ledger, number: int) -> None:
    """Take an entry out, and let the later ones move up, chained anew."""
    previous = written(ledger, number).previous_sha256
    for here in range(number, COUNT):
        entry = replace(written(ledger, here + 1), number=here, previous_sha256=previous)
        path_of(ledger, here).write_bytes(entry.written())
        previous = sha256(entry.written()).hexdigest()
    path_of(ledger, COUNT).unlink()


HARMS: list[Harm] = [
    delete, truncate, empty, edit_a_byte, swap, swap_with_numbers, forge_chained, cut_from, close_the_gap,
]  # fmt: skip


def assert_refused(ledger: Ledger) -> None:
    """Found by verify, by reading, by the next step and by a build; and nothing is written by any of them."""
    before = {path: path.read_bytes() for path in ledger.folder.rglob("*.json")}
    assert Ledger(ledger.folder).verify()
    for refused in (
        lambda: Ledger(ledger.folder).entries(),
        lambda: ledger.append(accepted(5)),
        lambda: load_catalogue(SMALL, ledger),
        lambda: load_catalogue(SMALL, Ledger(ledger.folder)),
    ):
        with pytest.raises(LedgerError, match=r"(?s)found|no such file.*backup.*accept-loss"):
            refused()
    assert {path: path.read_bytes() for path in ledger.folder.rglob("*.json")} == before


@pytest.mark.hostile("current.json / snapshot / ledger damage")
@pytest.mark.parametrize("is_read", [False, True], ids=["unread", "read before"])
@pytest.mark.parametrize("number", [1, 15, COUNT])
@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_damage_to_entries_is_refused(ledger: Ledger, harm: Harm, number: int, is_read: bool) -> None:
    if is_read:
        assert len(ledger.entries()) == COUNT
    harm(ledger, number)
    assert_refused(ledger)


@pytest.mark.hostile("current.json / snapshot / ledger damage")
@pytest.mark.parametrize("number", [COUNT + 1, COUNT + 2, 99_999_999])
@pytest.mark.parametrize("is_read", [False, True], ids=["unread", "read before"])
def test_a_forged_entry_at_the_end_is_refused(ledger: Ledger, number: int, is_read: bool) -> None:
    last = ledger.entries()[-1] if is_read else written(ledger, COUNT)
    forged = Entry.of(accepted(99), number, last.at, sha256(path_of(ledger, COUNT).read_bytes()).hexdigest())
    path_of(ledger, number).write_bytes(forged.written())
    if number == COUNT + 1:
        with pytest.raises(LedgerError, match="00000031.json: found an entry to which no number was given"):
            ledger.entries()
    assert Ledger(ledger.folder).verify() == [
        f"{path_of(ledger, number)}: found an entry to which no number was given; expected none. It is forged, or "
        "older than the seal."
    ]
    with pytest.raises(LedgerError, match="no number was given"):
        ledger.append(accepted(5))
    with pytest.raises(LedgerError, match="no number was given"):
        load_catalogue(SMALL, ledger)


def seal_of(ledger: Ledger) -> dict[str, object]:
    return json.loads(ledger.seal.path.read_bytes())


def write_seal(ledger: Ledger, **changes: object) -> None:
    ledger.seal.path.write_text(json.dumps(seal_of(ledger) | changes, indent=1) + "\n", encoding="ascii")


SEAL_HARMS: dict[str, Callable[[Ledger], object]] = {
    "seal deleted": lambda ledger: ledger.seal.path.unlink(),
    "seal emptied": lambda ledger: ledger.seal.path.write_bytes(b""),
    "seal cut off": lambda ledger: ledger.seal.path.write_bytes(ledger.seal.path.read_bytes()[:-30]),
    "seal of no kind": lambda ledger: ledger.seal.path.write_bytes(b"[]\n"),
    "seal names an earlier one": lambda ledger: write_seal(ledger, number=29, sha256=written(ledger, 29).sha256),
    "seal announces another": lambda ledger: write_seal(ledger, next_sha256="0" * 64),
    "seal with more in it": lambda ledger: write_seal(ledger, more=1),
    "key deleted": lambda ledger: ledger.seal.key_path.unlink(),
    "key emptied": lambda ledger: ledger.seal.key_path.write_bytes(b""),
    "key cut off": lambda ledger: ledger.seal.key_path.write_bytes(ledger.seal.key_path.read_bytes()[:-9]),
    "key of no text": lambda ledger: ledger.seal.key_path.write_bytes(b"\xff" * 64),
    "another key": lambda ledger: ledger.seal.key_path.write_text("0" * 64, encoding="ascii"),
    "both deleted": lambda ledger: shutil.rmtree(ledger.seal.folder),
    "entries deleted": lambda ledger: shutil.rmtree(ledger.folder),
}


@pytest.mark.hostile("current.json / snapshot / ledger damage")
@pytest.mark.parametrize("is_read", [False, True], ids=["unread", "read before"])
@pytest.mark.parametrize("harm", SEAL_HARMS)
def test_damage_to_the_seal_is_refused(ledger: Ledger, harm: str, is_read: bool) -> None:
    if is_read:
        assert len(ledger.entries()) == COUNT
    SEAL_HARMS[harm](ledger)
    assert_refused(ledger)


@pytest.mark.hostile("current.json / snapshot / ledger damage")
def test_an_older_state_put_back_is_refused(whole: Path, tmp_path: Path) -> None:
    shutil.copytree(whole, tmp_path / "copy")
    ledger = Ledger(tmp_path / "copy" / "ledger")
    ledger.append(accepted(7))
    shutil.rmtree(ledger.folder)
    shutil.copytree(whole / "ledger", ledger.folder)  # the entries of yesterday beside the seal of today
    assert_refused(ledger)
    shutil.rmtree(ledger.seal.folder)
    shutil.copytree(whole / "ledger-seal", ledger.seal.folder)  # and the seal of the same backup: whole again
    assert ledger.verify() == []
    assert len(ledger.entries()) == COUNT
    ledger.append(accepted(8))
    shutil.rmtree(ledger.seal.folder)
    shutil.copytree(whole / "ledger-seal", ledger.seal.folder)  # the entries of today beside the seal of yesterday
    assert_refused(ledger)


def test_what_was_noted_elsewhere_is_compared(ledger: Ledger) -> None:
    digest = ledger.entries()[11].sha256
    assert ledger.verify((12, digest)) == ledger.verify((12, digest[:8])) == []
    assert ledger.verify((12, "0" * 64)) == [
        f"{ledger.folder}, entry 12: found {digest}; expected {'0' * 64}, as was noted."
    ]
    assert "entry 31: found no such entry" in ledger.verify((31, digest))[0]


def test_what_is_taken_back_from_a_backup_is_whole_again(whole: Path, ledger: Ledger) -> None:
    edit_a_byte(ledger, 15)
    with pytest.raises(LedgerError, match=r"00000015.json: found SHA-256 \w{12}; expected \w{12}, as entry 15"):
        ledger.entries()
    shutil.copy(whole / "ledger" / "00000015.json", path_of(ledger, 15))
    assert len(ledger.entries()) == COUNT
    assert ledger.append(accepted(4)).number == COUNT + 1
    assert ledger.verify() == []


# --- without a backup -------------------------------------------------------------------------------------------------


def go_on(ledger: Ledger, last: int = 0) -> Entry:
    """Accept the loss, and see that the ledger is whole for old and new readers, and takes entries again."""
    entry = accept_loss(ledger, "Head", "administrator", "the disk broke", last)
    assert (entry.action, entry.note, entry.actor) == ("loss", "the disk broke", "Head")
    for reader in (ledger, Ledger(ledger.folder)):
        assert reader.verify() == []
        assert entry in reader.entries()[-2:]
        assert reader.append(accepted(6)).number == reader.head
    assert ledger.head == entry.number + 2
    assert load_catalogue(SMALL, ledger).figures["source_id"].eq("handin").sum() == 1
    return entry


@pytest.mark.hostile("current.json / snapshot / ledger damage")
@pytest.mark.parametrize("is_read", [False, True], ids=["unread", "read before"])
@pytest.mark.parametrize("number", [1, 15, COUNT])
@pytest.mark.parametrize("harm", [delete, empty, edit_a_byte, cut_from])
def test_an_accepted_loss_leaves_numbers_unused(ledger: Ledger, harm: Harm, number: int, is_read: bool) -> None:
    before = ledger.entries() if is_read else Ledger(ledger.folder).entries()
    harm(ledger, number)
    entry = go_on(ledger)
    end = COUNT if harm is cut_from else number
    assert entry.number == COUNT + 1
    assert entry.details["lost"] == [[number, end]]
    kept = [e for e in before if not number <= e.number <= end]
    assert [e.sha256 for e in ledger.entries()[: len(kept)]] == [e.sha256 for e in kept]


@pytest.mark.hostile("current.json / snapshot / ledger damage")
def test_a_second_loss_beside_the_first(ledger: Ledger) -> None:
    delete(ledger, 10)
    delete(ledger, 20)
    first = go_on(ledger)
    assert first.details["lost"] == [[10, 10], [20, 20]]
    assert first.details["unproved"] == [9, 19]
    delete(ledger, 9)
    delete(ledger, 25)
    assert [line.partition(":")[0][-8:] for line in Ledger(ledger.folder).verify()] == ["009.json", "025.json"]
    assert go_on(ledger).details["lost"] == [[9, 9], [25, 25]]
    delete(ledger, first.number)
    assert go_on(ledger).details["lost"] == [[10, 10], [20, 20], [first.number] * 2]


@pytest.mark.hostile("current.json / snapshot / ledger damage")
def test_a_lost_number_taken_again_is_refused(whole: Path, ledger: Ledger) -> None:
    delete(ledger, 10)
    go_on(ledger)
    shutil.copy(whole / "ledger" / "00000010.json", path_of(ledger, 10))
    assert_refused(ledger)


@pytest.mark.hostile("current.json / snapshot / ledger damage")
def test_forged_entries_are_set_aside_and_their_numbers_left(ledger: Ledger) -> None:
    last = written(ledger, COUNT)
    for number in (COUNT + 1, COUNT + 2, 99_999_999):
        path_of(ledger, number).write_bytes(Entry.of(accepted(99), number, last.at, last.sha256).written())
    entry = go_on(ledger)
    assert (entry.number, entry.details["lost"]) == (COUNT + 3, [[COUNT + 1, COUNT + 2]])
    kept = sorted(path.name for path in (ledger.folder / "lost").rglob("*.json"))
    assert kept == ["00000031.json", "00000032.json", "99999999.json"]


@pytest.mark.hostile("current.json / snapshot / ledger damage")
@pytest.mark.parametrize("harm", [harm for harm in SEAL_HARMS if harm != "entries deleted"])
def test_a_lost_seal_is_made_anew(ledger: Ledger, harm: str) -> None:
    SEAL_HARMS[harm](ledger)
    entry = go_on(ledger)
    assert (entry.number, entry.details["lost"]) == (COUNT + 1, [])
    assert entry.details["unproved"] == [COUNT]


@pytest.mark.hostile("current.json / snapshot / ledger damage")
def test_where_everything_is_lost_the_last_number_is_given_by_hand(ledger: Ledger) -> None:
    cut_from(ledger, 21)
    shutil.rmtree(ledger.seal.folder)
    entry = go_on(ledger, last=COUNT)
    assert (entry.number, entry.details["lost"]) == (COUNT + 1, [[21, COUNT]])


@pytest.mark.hostile("current.json / snapshot / ledger damage")
def test_deleted_entries_with_a_whole_seal(ledger: Ledger) -> None:
    shutil.rmtree(ledger.folder)
    entry = go_on(ledger)
    assert (entry.number, entry.details["lost"]) == (COUNT + 1, [[1, COUNT]])


def test_no_loss_is_recorded_where_there_is_none(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="Nothing is lost"):
        accept_loss(ledger, "Head", "administrator", "to be safe")
    with pytest.raises(LedgerError, match="--reason"):
        accept_loss(ledger, "Head", "administrator", " ")
    assert ledger.head == COUNT
