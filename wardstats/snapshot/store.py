"""Reads published snapshots: any number of threads, processes and machines, read-only.

Owns the connections. Notices a new pointer by itself; keeps an old file open until nobody reads it any more.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import duckdb
import pandas as pd

from wardstats.core.errors import NothingPublishedError, QueryError, SnapshotError
from wardstats.core.pointer import Published, pointer_path, read_pointer
from wardstats.snapshot.publications import READER_CONFIG, snapshot_path, snapshot_sha256
from wardstats.snapshot.queries import load_query

_LOG = logging.getLogger(__name__)
# For each open file DuckDB notes every block that its joins have used: with eight, a busy server grew by 5 MB a minute.
# A file that is dropped gives it back, and is opened again in some 20 ms.
_OPEN_AT_MOST = 4
_LOOK_AGAIN_S = 2.0
_RESTORE = "Restore it from a backup, or publish again: python -m wardstats publish"


@dataclass(frozen=True)
class Snapshot:
    """One open snapshot. Its answers never change, so whatever is made of them can be cached by its id."""

    id: str
    _connection: duckdb.DuckDBPyConnection = field(repr=False, compare=False)

    def query(self, name: str, **params: Any) -> pd.DataFrame:
        """Run queries/<name>.sql with its own cursor and return its rows; a tuple stands for a list, as caches need it.

        Raises:
            QueryError: No such query, or other parameters than its header declares.
            SnapshotError: The file can no longer be read, or another version of the program built it.
        """
        query = load_query(name)
        if set(params) != set(query.params):
            expected = ", ".join(query.params) or "none"
            raise QueryError(f"queries/{name}.sql: got {', '.join(params) or 'none'}; expected parameters: {expected}.")
        values = {key: list(value) if isinstance(value, tuple) else value for key, value in params.items()}
        try:
            with self._connection.cursor() as cursor:
                return cursor.execute(query.sql, values).df()
        except (duckdb.IOException, duckdb.FatalException) as error:  # the file was damaged after it was opened
            raise SnapshotError(f"Snapshot {self.id}: cannot be read any more ({error}). {_RESTORE}") from error
        except (duckdb.BinderException, duckdb.CatalogException) as error:  # queries/ asks for what this file lacks
            raise SnapshotError(
                f"Snapshot {self.id}: was built by another version of the program ({error}). Build and publish again: "
                "python -m wardstats publish"
            ) from error


@dataclass(frozen=True)
class Trouble:
    """One thing that is wrong with the folder of state: of what kind, and in words for whoever runs the server."""

    kind: Literal["behind", "pointer", "history", "ledger", "unfinished", "read_only", "full", "held"]
    text: str


@dataclass(frozen=True)
class Standing:
    """What one look at the folder found.

    Attributes:
        mark: Tells one state of the pointer file from another; None where it cannot be looked at.
        history: What was published, oldest first, as far as it is known.
        shown: The publication that is shown: the last one whose snapshot is whole.
        troubles: What is wrong; empty on a good day.
        looked_at: When, on a clock of this process.
    """

    mark: tuple[int, int] | None
    history: tuple[Published, ...]
    shown: Published
    troubles: tuple[Trouble, ...] = ()
    looked_at: float = 0.0

    @property
    def is_behind(self) -> bool:
        """An older board is shown than the one that was published."""
        return self.shown.snapshot_id != self.history[-1].snapshot_id


class Store:
    """The snapshots of one folder for state (var).

    Shows the last whole board: where the newest snapshot cannot be read, the one before; where the pointer cannot be
    read, what this process showed last.
    """

    def __init__(self, var: Path) -> None:
        """Remember the folder; nothing is opened yet."""
        self.var = var
        self._open: OrderedDict[str, Snapshot] = OrderedDict()
        self._lock = threading.Lock()
        self._looking = threading.Lock()
        self._standing: Standing | None = None
        self._failed: tuple[tuple[int, int] | None, float, SnapshotError] | None = None

    def current_id(self) -> str:
        """Return the id of the snapshot that is shown. Costs one ``stat`` while nothing changes; errors as there."""
        return self.publication().snapshot_id

    def publication(self) -> Published:
        """Return what is shown: which snapshot, since when, by whom and as what; errors as in ``standing``."""
        return self.standing().shown

    def history(self) -> list[Published]:
        """Return what was published, oldest first, as far as this process knows; empty where nothing was."""
        try:
            return list(self.standing().history)
        except NothingPublishedError:
            return []

    def standing(self) -> Standing:
        """Return what is shown and what is wrong. Costs one ``stat`` while nothing changes.

        Raises:
            NothingPublishedError: Nothing has been published.
            SnapshotError: No board can be shown: neither the pointer nor any published snapshot is whole.
        """
        found = self._standing
        mark = self._mark()
        if found is not None and found.mark == mark and not self._is_due(found):
            return found
        with self._looking:
            found = self._standing
            if found is not None and found.mark == mark and not self._is_due(found):
                return found
            if self._failed and self._failed[0] == mark and time.monotonic() < self._failed[1]:
                raise self._failed[2]
            try:
                now = self._look(mark, found)
            except SnapshotError as error:
                self._failed = (mark, time.monotonic() + _LOOK_AGAIN_S, error)
                raise
            self._tell(found, now)
            self._standing, self._failed = now, None
            return now

    @staticmethod
    def _is_due(found: Standing) -> bool:
        """What is missing may come without the pointer changing, so it is looked for again."""
        return bool(found.troubles) and time.monotonic() - found.looked_at > _LOOK_AGAIN_S

    def _mark(self) -> tuple[int, int] | None:
        try:
            stat = os.stat(pointer_path(self.var))  # noqa: PTH116 - measured: half the cost of Path.stat
        except OSError:
            return None  # gone, or closed to us: ``read_pointer`` says which
        return stat.st_mtime_ns, stat.st_ino

    def _look(self, mark: tuple[int, int] | None, before: Standing | None) -> Standing:
        now = time.monotonic()
        try:
            pointer = read_pointer(self.var)
        except SnapshotError as error:
            if before is None:
                raise
            return replace(before, mark=mark, troubles=(Trouble("history", str(error)),), looked_at=now)
        is_shorter = before is not None and len(pointer.history) < len(before.history)
        if before is not None and (not pointer.history or (pointer.damage and is_shorter)):
            text = pointer.damage or f"{pointer_path(self.var)}: no such file; expected what was published. Restore it."
            return replace(before, mark=mark, troubles=(Trouble("history", text),), looked_at=now)
        if not pointer.history:
            raise NothingPublishedError(
                f"{self.var}: nothing has been published here yet. Build first: python -m wardstats build"
            )
        troubles = [Trouble("pointer", pointer.damage)] if pointer.damage else []
        tried: set[str] = set()
        for entry in reversed(pointer.history):
            if entry.snapshot_id in tried:
                continue
            tried.add(entry.snapshot_id)
            if not (damage := self._damage_of(entry)):
                return Standing(mark, tuple(pointer.history), entry, tuple(troubles), now)
            troubles.append(Trouble("behind", damage))
        if before is not None:
            return Standing(mark, tuple(pointer.history), before.shown, tuple(troubles), now)
        raise SnapshotError("\n".join(trouble.text for trouble in troubles))

    def _damage_of(self, entry: Published) -> str:
        """Return why a published snapshot cannot be shown; empty where it can. What is open already stays good."""
        path = snapshot_path(self.var, entry.snapshot_id)
        try:
            if entry.snapshot_id not in self._open and entry.file_sha256 and path.is_file():
                found = snapshot_sha256(self.var, entry.snapshot_id)
                if found != entry.file_sha256:
                    return f"{path}: found SHA-256 {found[:12]}; expected {entry.file_sha256[:12]}. {_RESTORE}"
            self.snapshot(entry.snapshot_id)
        except SnapshotError as error:
            return str(error)
        except OSError as error:
            return f"{path}: cannot be read ({error.strerror}). {_RESTORE}"
        return ""

    @staticmethod
    def _tell(before: Standing | None, now: Standing) -> None:
        """Write into the log what is newly wrong, or right again."""
        known = before.troubles if before else ()
        for trouble in now.troubles:
            if trouble not in known:
                _LOG.error("%s (shown: %s of %s)", trouble.text, now.shown.snapshot_id, now.shown.published_at)
        if known and not now.troubles:
            _LOG.warning("What was published can be read again. Shown: %s.", now.shown.snapshot_id)

    def current(self) -> Snapshot:
        """Return the snapshot that is shown, open; errors as in ``standing``."""
        return self.snapshot(self.current_id())

    def snapshot(self, snapshot_id: str) -> Snapshot:
        """Return any snapshot of the folder, open.

        Raises:
            SnapshotError: No such snapshot, or its file cannot be read.
        """
        with self._lock:
            if snapshot_id in self._open:
                self._open.move_to_end(snapshot_id)
                return self._open[snapshot_id]
        # Opened outside the lock, so that nobody who reads another one waits; of two threads the first one's stays.
        opened = Snapshot(snapshot_id, _connect(snapshot_path(self.var, snapshot_id)))
        with self._lock:
            snapshot = self._open.setdefault(snapshot_id, opened)
            # Dropped, not closed: a thread may still be reading it; the last reference closes the file.
            while len(self._open) > _OPEN_AT_MOST:
                self._open.popitem(last=False)
            return snapshot


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    if not path.is_file():
        raise SnapshotError(f"{path}: no such snapshot; they are listed by: python -m wardstats snapshots. {_RESTORE}")
    try:
        return duckdb.connect(str(path), config=READER_CONFIG)
    except duckdb.Error as error:
        raise SnapshotError(f"{path}: cannot be read ({error}). {_RESTORE}") from error
