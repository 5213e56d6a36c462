"""The ledger's folder: appends entries one at a time, reads them, proves that they are whole.

Whatever moment a writer is killed at, every entry whose ``append`` returned is there, and none is half.
"""

from __future__ import annotations

import json
import re
import threading
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from filelock import FileLock

from wardstats.durable import clear_left_overs, write_durably
from wardstats.ledger.entry import Attachment, Draft, Entry, LedgerError, StaleError
from wardstats.paths import Settings

NO_ENTRY = sha256(b"").hexdigest()
_RESTORE = "Restore it from a backup."
_ENTRY_FILE = re.compile(r"\d{8}\.json")


def ledger_of(places: Settings) -> Ledger:
    """Return the ledger of a data folder: each block has its own, named after its folder."""
    return Ledger(places.var / "ledger" / places.data.resolve().name)


class Ledger:
    """A folder of entries (00000001.json, ...), with ``head.json`` that says which is the last, and ``files/``."""

    def __init__(self, folder: Path) -> None:
        """Remember the folder; nothing is read, and nothing made, yet."""
        self.folder = folder
        self._entries: list[Entry] = []
        self._reading = threading.Lock()

    @property
    def head(self) -> int:
        """Number of the last entry; 0 where there is none."""
        return len(self.entries())

    def entries(self) -> list[Entry]:
        """Return all entries, oldest first; a file is read once.

        Raises:
            LedgerError: An entry cannot be read, or one is missing in between.
        """
        with self._reading:
            while (path := self._path(len(self._entries) + 1)).is_file():
                self._entries.append(_read(path, len(self._entries) + 1))
            return list(self._entries)

    def append(self, draft: Draft, *, expected: int | None = None) -> Entry:
        """Write an entry. When this returns, it is on disk.

        Args:
            draft: What to write.
            expected: The last entry that the actor knew. Later ones about other things do not matter.

        Raises:
            StaleError: Later ones are about the same figures, or the same subject.
            LedgerError: The entry before cannot be read, or a file that the draft names is not stored.
        """
        for attachment in draft.attachments:
            if not self.path(attachment.sha256).is_file():
                raise LedgerError(f"{attachment.name}: not stored yet. Store the file first, then the entry.")
        self.folder.mkdir(parents=True, exist_ok=True)
        with FileLock(self.folder / "write.lock"):
            clear_left_overs(self.folder)
            entries = self.entries()
            if expected is not None:
                keys = {change.key for change in draft.changes}
                if between := [entry for entry in entries[expected:] if entry.touches(draft, keys)]:
                    raise StaleError(between)
            now = datetime.now(UTC).isoformat(timespec="milliseconds")
            entry = Entry.of(draft, len(entries) + 1, now, entries[-1].sha256 if entries else NO_ENTRY)
            content = entry.written()
            write_durably(self._path(entry.number), content)
            digest = sha256(content).hexdigest()
            write_durably(
                self.folder / "head.json", json.dumps({"number": entry.number, "sha256": digest}).encode() + b"\n"
            )
        return self.entries()[entry.number - 1]

    def store(self, name: str, content: bytes, media_type: str) -> Attachment:
        """Keep a file under its digest, once. What is stored and never named by an entry does no harm."""
        digest = sha256(content).hexdigest()
        path = self.path(digest)
        if not path.is_file():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_durably(path, content)
        return Attachment(name, digest, len(content), media_type)

    def path(self, digest: str) -> Path:
        """Return where the file of a digest is, or would be.

        Raises:
            LedgerError: It is no digest.
        """
        if not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise LedgerError(f"{digest!r}: found no SHA-256 digest; expected 64 hexadecimal digits.")
        return self.folder / "files" / digest[:2] / digest

    def verify(self) -> list[str]:
        """Check the chain from the first entry to the last, and every file that entries name.

        Returns:
            One line for each thing that is not as it was written; empty where all is.
        """
        problems, previous, count = [], NO_ENTRY, 0
        names = sorted(path.name for path in self.folder.glob("*.json") if _ENTRY_FILE.fullmatch(path.name))
        for number, name in enumerate(names, 1):
            if name != self._path(number).name:
                return [*problems, f"{self._path(number)}: no such file; expected entry {number}. {_RESTORE}"]
            try:
                entry = _read(self.folder / name, number)
            except LedgerError as error:
                return [*problems, str(error)]
            if entry.previous_sha256 != previous:
                problems.append(
                    f"{self.folder / name}: names {entry.previous_sha256[:12]} as the entry before; expected "
                    f"{previous[:12]}. Entry {number - 1} was altered, or this one. Restore both from a backup."
                )
            problems += self._wrong_files(entry)
            previous, count = entry.sha256, number
        return problems + self._wrong_head(count)

    def _wrong_files(self, entry: Entry) -> list[str]:
        problems = []
        for attachment in entry.attachments:
            path = self.path(attachment.sha256)
            found = sha256(path.read_bytes()).hexdigest() if path.is_file() else "no such file"
            if found != attachment.sha256:
                problems.append(
                    f"{path}: found {found}; expected {attachment.name!r} of entry {entry.number}. Restore it."
                )
        return problems

    def _wrong_head(self, count: int) -> list[str]:
        """Compare the end of the chain with the note of it; a kill may leave the note one behind."""
        path = self.folder / "head.json"
        if not path.is_file():
            return [f"{path}: no such file; expected the number of the last entry. {_RESTORE}"] if count > 1 else []
        try:
            noted = json.loads(path.read_bytes())
            number, digest = int(noted["number"]), str(noted["sha256"])
        except (ValueError, KeyError, TypeError) as error:
            return [f"{path}: not a note of the last entry ({error}). {_RESTORE}"]
        if number > count:
            return [f"{self.folder}: found {count} entries; expected {number}. {_RESTORE}"]
        if number < count - 1:
            return [f"{path}: names entry {number} as the last; there are {count}. {_RESTORE}"]
        found = sha256(self._path(number).read_bytes()).hexdigest()
        if found != digest:
            return [f"{self._path(number)}: found {found[:12]}; expected {digest[:12]}. It was altered. {_RESTORE}"]
        return []

    def _path(self, number: int) -> Path:
        return self.folder / f"{number:08d}.json"


def _read(path: Path, number: int) -> Entry:
    try:
        entry = Entry.read(path.read_bytes())
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise LedgerError(f"{path}: found no entry ({error}); expected entry {number}. {_RESTORE}") from error
    if entry.number != number:
        raise LedgerError(f"{path}: found entry {entry.number}; expected entry {number}. {_RESTORE}")
    return entry
