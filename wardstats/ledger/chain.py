"""Follows the chain of entries from the signed end back to the first one, and tells what does not hold.

Going backwards, each entry is proved by the one after it, so an entry that records a loss is proved before the gap it
speaks of is reached.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from wardstats.ledger.entry import Entry, LedgerError
from wardstats.ledger.seal import NO_ENTRY, Head, Seal, parsed

LOSS = "loss"
_LARGEST_GAP = 1000
_ENTRY_FILE = re.compile(r"\d{8}\.json")


@dataclass
class Chain:
    """What was found.

    Attributes:
        entries: Those that are as they were written, oldest first.
        bad: What is wrong, by the number of the entry.
        loose: Digests of entries that stand right below a bad one: nothing proves them, nor what is below them.
        strangers: Files of entries to which no number was given, or whose number was given up.
        number: The last entry, from which was followed.
        lost: Numbers that were given up, as entries say.
    """

    number: int
    entries: list[Entry] = field(default_factory=list)
    bad: dict[int, str] = field(default_factory=dict)
    loose: dict[int, str] = field(default_factory=dict)
    strangers: list[Path] = field(default_factory=list)
    lost: set[int] = field(default_factory=set)

    @property
    def has_loss(self) -> bool:
        """Whether an entry records a loss."""
        return any(entry.action == LOSS for entry in self.entries)

    def problems(self) -> list[str]:
        """Return one line for each thing that is wrong."""
        return [self.bad[number] for number in sorted(self.bad)] + [
            f"{path}: found an entry to which no number was given; expected none. It is forged, or older than the seal."
            for path in self.strangers
        ]


def entry_path(folder: Path, number: int) -> Path:
    """Return the file of an entry."""
    return folder / f"{number:08d}.json"


def follow(
    folder: Path, number: int, digest: str | None, known: Mapping[int, Entry], floor: Entry | None = None
) -> Chain:
    """Read the entries from the last one down.

    Args:
        digest: Its digest; None if nothing proves it.
        known: Entries that were read before; a file with the same digest is not parsed again.
        floor: Where to stop: an entry that is known to be proved. Strangers are not looked for then.
    """
    chain, anchors = Chain(number), dict[int, str]()
    first, expected = (floor.number if floor else 0), digest
    for here in range(number, first, -1):
        if here in chain.lost:
            expected = anchors.get(here - 1)
            continue
        path = entry_path(folder, here)
        entry, wrong = _read(path, here, expected, known.get(here))
        if entry is None:
            chain.bad[here], expected = f"{path}: {wrong}", None
            continue
        if expected is None:
            chain.loose[here] = entry.sha256
        chain.entries.append(entry)
        expected = entry.previous_sha256
        if entry.action == LOSS:
            for start, end in entry.details["lost"]:
                chain.lost.update(range(start, min(end + 1, here)))
            anchors |= {int(number): digest for number, digest in entry.details["anchors"].items()}
    end = floor.sha256 if floor else NO_ENTRY
    if number == first and digest not in (None, end):
        chain.bad[number] = f"{folder}: found {digest} as what it ends with; expected {end}."
    if chain.entries and chain.entries[-1].number == first + 1 and expected != end:
        last = chain.entries.pop()
        path = entry_path(folder, last.number)
        chain.bad[last.number] = f"{path}: names {expected} as the entry before; expected {end}."
    chain.entries.reverse()
    if floor is None:
        given = set(range(1, number + 1)) - chain.lost
        chain.strangers = [path for path in _entry_files(folder) if int(path.stem) not in given]
    return chain


def highest(folder: Path) -> int:
    """Return the highest number of an entry's file, 0 where there is none; what stands far behind a gap is no entry."""
    found = 0
    for path in _entry_files(folder):
        if int(path.stem) > found + _LARGEST_GAP:
            break
        found = int(path.stem)
    return found


def plain_head(folder: Path) -> Path:
    """Return the file that said what a ledger ends with before there were seals."""
    return folder / "head.json"


def ending(folder: Path, seal: Seal, content: bytes | None) -> Head:
    """Return what a ledger ends with, by the bytes of its seal.

    An entry that was announced in the seal and is there as announced is the last one: its writer was stopped before it
    could say so. A ledger without key and seal ends with nothing, or with what its plain note of the end says.

    Raises:
        LedgerError: The seal is missing, or is not what it should be.
    """
    if content is not None or seal.is_made:
        head = seal.read(content)
        following = entry_path(folder, head.number + 1)
        if head.next_sha256 and following.is_file() and sha256(_bytes(following)).hexdigest() == head.next_sha256:
            return Head(head.number + 1, head.next_sha256)
        return head
    if (plain := plain_head(folder)).is_file():
        if (head := parsed(_bytes(plain))) is None:
            raise LedgerError(f"{plain}: found no note of the last entry; expected number and sha256.")
        return head
    if any(_entry_files(folder)):
        raise LedgerError(f"{seal.folder}: found neither key nor seal; expected both, as there are entries.")
    return Head(0, NO_ENTRY)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise LedgerError(f"{path}: cannot be read ({error.strerror}). Let this process read it.") from error


def _entry_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.json") if _ENTRY_FILE.fullmatch(path.name))


def _read(path: Path, number: int, expected: str | None, known: Entry | None) -> tuple[Entry | None, str]:
    """Return the entry of a file, or None and what is wrong with it."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None, f"no such file; expected entry {number}."
    except OSError as error:
        return None, f"cannot be read ({error.strerror}); expected entry {number}."
    digest = sha256(content).hexdigest()
    if expected is not None and digest != expected:
        return None, f"found SHA-256 {digest[:12]}; expected {expected[:12]}, as entry {number} was written."
    if known is not None and known.sha256 == digest:
        return known, ""
    try:
        entry = Entry.read(content)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        return None, f"found no entry ({error}); expected entry {number}."
    if entry.number != number:
        return None, f"found entry {entry.number}; expected entry {number}."
    if entry.action == LOSS and not _is_loss(entry):
        return None, "found no list of lost entries; expected details with lost and anchors."
    return entry, ""


def _is_loss(entry: Entry) -> bool:
    lost, anchors = entry.details.get("lost"), entry.details.get("anchors")
    return (
        isinstance(lost, list)
        and all(isinstance(pair, list) and [type(number) for number in pair] == [int, int] for pair in lost)
        and isinstance(anchors, dict)
        and all(str(number).isdecimal() and isinstance(digest, str) for number, digest in anchors.items())
    )
