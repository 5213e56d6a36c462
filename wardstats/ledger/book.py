"""The ledger's folder: appends entries one at a time, reads them, proves that they are whole.

Whatever moment a writer is killed at, every entry whose ``append`` returned is there, and none is half: the seal names
the entry that is to come, then the entry is written, then the seal names it as the last one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from wardstats.core.durable_files import PRIVATE, clear_left_overs, make_private, sync, write_durably
from wardstats.core.locks import locked
from wardstats.core.settings import Settings
from wardstats.ledger.chain import LOSS, Chain, ending, entry_path, follow, highest, plain_head
from wardstats.ledger.entry import Draft, Entry, LedgerError, StaleError
from wardstats.ledger.files import Files
from wardstats.ledger.seal import NO_ENTRY, Head, Seal

ADOPT = "adopt"
_TOLD = 5
_WAY_ON = (
    "Nothing was written. Take these files back from a backup, or the folders of entries and seal together. Without a "
    'backup: python -m wardstats ledger accept-loss --by "NAME" --reason "WHY" records what is lost, and goes on '
    "(docs/ledger.md)."
)


def ledger_of(places: Settings) -> Ledger:
    """Return the ledger of a data folder: each block has its own, named after its folder."""
    name = places.data.resolve().name
    return Ledger(places.var / "ledger" / name, places.seals / name)


@dataclass(frozen=True)
class Moment:
    """What a ledger ends with at a moment: the bytes of its seal, and what they say or what is wrong with them."""

    content: bytes | None
    head: Head | None
    problem: str = ""


class Ledger(Files):
    """A folder of entries (00000001.json, ...) and ``files/``; the seal is kept apart."""

    def __init__(self, folder: Path, seal: Path | None = None) -> None:
        """Remember the folders; nothing is read, and nothing made, yet. By default the seal is in one beside it."""
        super().__init__(folder)
        self.seal = Seal(seal or folder.with_name(f"{folder.name}-seal"))
        self._entries: list[Entry] = []
        self._top = 0
        self._seen: bytes | None = None
        self._reading = threading.RLock()

    @property
    def lock(self) -> Path:
        """Whoever writes holds it."""
        return self.folder / "write.lock"

    @property
    def head(self) -> int:
        """Number of the last entry; 0 where there is none."""
        entries = self.entries()
        return entries[-1].number if entries else 0

    def entries(self) -> list[Entry]:
        """Return all entries, oldest first; a file is read once, and proved by the seal before it is believed.

        Raises:
            LedgerError: An entry, or the seal, is not as it was written.
        """
        with self._reading:
            if self.seal.content() != self._seen or self._path(self._top + 1).exists() or not self._top:
                self._steady(self._read_on)
            return list(self._entries)

    def proved_entries(self) -> list[Entry]:
        """Return all entries after reading every file again: what a build relies on, and what follows an entry.

        Raises:
            LedgerError: An entry, or the seal, is not as it was written.
        """
        with self._reading:
            self._steady(self._read_all)
            return list(self._entries)

    def append(
        self, draft: Draft, *, expected: int | None = None, check: Callable[[list[Entry]], None] | None = None
    ) -> Entry:
        """Write an entry. When this returns, it is on disk.

        Args:
            expected: The last entry that the actor knew. Later ones about other things do not matter.
            check: Called with all entries when no other can come between; nothing is written where it raises an error.

        Raises:
            StaleError: Later ones are about the same figures, rows of files, or the same subject.
            LedgerError: An entry or the seal is damaged, or a file that the draft names is not stored.
            LockedError: Another process does not let go of the lock.
        """
        for attachment in draft.attachments:
            if not self.path(attachment.sha256).is_file():
                raise LedgerError(f"{attachment.name}: not stored yet. Store the file first, then the entry.")
        with self.locked():
            entries = self.proved_entries()
            if expected is not None:
                keys = {change.key for change in draft.changes}
                later = (entry for entry in entries if entry.number > expected)
                if between := [entry for entry in later if entry.touches(draft, keys)]:
                    raise StaleError(between)
            if check is not None:
                check(entries)
            last = Head(entries[-1].number, entries[-1].sha256) if entries else Head(0, NO_ENTRY)
            if not self.seal.is_made:
                self.seal.begin(last)
            if (plain := plain_head(self.folder)).exists():
                last = self._adopt(entries, last, plain)
            self.write(draft, last)
            return self.entries()[-1]

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the lock on writing.

        Raises:
            LockedError: Another process holds it for too long.
        """
        make_private(self.folder)
        with locked(self.lock, "entry"):
            clear_left_overs(self.folder)
            self.seal.clear_left_overs()
            yield

    def write(self, draft: Draft, last: Head, *, begins_seal: bool = False) -> Head:
        """Write an entry after the last one. Only for whoever holds the lock and has proved the last one.

        A new seal in place of a lost one names the entry at once: stopped before the entry is there, the ledger must
        not seem whole.
        """
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        entry = Entry.of(draft, last.number + 1, now, last.sha256)
        content = entry.written()
        written = Head(entry.number, sha256(content).hexdigest())
        if begins_seal:
            self.seal.begin(written)
        else:
            self.seal.write(Head(last.number, last.sha256, written.sha256))
        write_durably(self._path(entry.number), content, PRIVATE)
        if not begins_seal:
            self.seal.write(written)
        return written

    def verify(self, known: tuple[int, str] | None = None) -> list[str]:
        """Check the seal, the chain from the last entry to the first, and every file that entries name.

        Args:
            known: Number and digest (or its beginning) of an entry, from a note that was kept elsewhere.

        Returns:
            One line for each thing that is not as it was written; empty where all is.
        """
        while True:
            moment = self.moment()
            problems, chain = self.examined(moment)
            problems += [line for entry in chain.entries for line in self.wrong_files(entry)]
            if not problems or self.moment() == moment:  # otherwise somebody wrote in the meantime
                break
        if known is not None:
            found = next((entry.sha256 for entry in chain.entries if entry.number == known[0]), "no such entry")
            if not found.startswith(known[1]):
                problems.append(f"{self.folder}, entry {known[0]}: found {found}; expected {known[1]}, as was noted.")
        return problems

    def moment(self) -> Moment:
        """Return what the ledger ends with right now."""
        content = self.seal.content()
        try:
            return Moment(content, ending(self.folder, self.seal, content))
        except LedgerError as error:
            return Moment(content, None, str(error))

    def examined(self, moment: Moment, last: int = 0) -> tuple[list[str], Chain]:
        """Return what is wrong, and the chain as far as it holds.

        Args:
            moment: What the ledger ends with.
            last: The last number that is known to have been given, for where the seal does not say so any more.
        """
        if moment.head is None:
            chain = follow(self.folder, max(last, highest(self.folder)), None, {})
            return [moment.problem, *chain.problems()], chain
        chain = follow(self.folder, moment.head.number, moment.head.sha256, {})
        return chain.problems(), chain

    def _adopt(self, entries: list[Entry], last: Head, plain: Path) -> Head:
        """Record that entries of before there were seals were taken over, as the plain note of the end had them."""
        if not any(entry.action in (ADOPT, LOSS) for entry in entries):
            details = {"number": last.number, "sha256": last.sha256}
            last = self.write(Draft(ADOPT, "ledger", "program", details=details), last)
        plain.unlink()
        sync(self.folder)
        return last

    def _steady(self, read: Callable[[Head], list[Entry]]) -> None:
        """Read until nobody has written in the meantime: what looks like damage then is damage."""
        while True:
            moment = self.moment()
            try:
                if moment.head is None:
                    raise LedgerError(moment.problem)
                self._entries = read(moment.head)
                self._seen, self._top = moment.content, moment.head.number
                return
            except LedgerError as error:
                if self.moment() == moment:
                    self._seen, self._top, self._entries = None, 0, []
                    raise LedgerError(f"{error} {_WAY_ON}") from error

    def _read_on(self, head: Head) -> list[Entry]:
        """Read what is new."""
        floor = self._entries[-1] if self._entries else None
        if floor is not None and head.number >= floor.number:
            chain = follow(self.folder, head.number, head.sha256, {}, floor)
            if not chain.bad and not chain.has_loss and not self._path(head.number + 1).exists():
                return [*self._entries, *chain.entries]
        return self._read_all(head)

    def _read_all(self, head: Head) -> list[Entry]:
        chain = follow(self.folder, head.number, head.sha256, {entry.number: entry for entry in self._entries})
        if problems := chain.problems():
            raise LedgerError(_some(problems))
        return chain.entries

    def _path(self, number: int) -> Path:
        return entry_path(self.folder, number)


def _some(problems: list[str]) -> str:
    more = len(problems) - _TOLD
    return "\n".join(problems[:_TOLD]) + (f"\nAnd {more} more: python -m wardstats ledger verify." if more > 0 else "")
