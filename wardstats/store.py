"""Reads published snapshots: any number of threads, processes and machines, read-only.

Owns the connections. Notices a new pointer by itself; keeps an old file open until nobody reads it any more.
"""

from __future__ import annotations

import os
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from wardstats.errors import QueryError, SnapshotError
from wardstats.queries import load_query
from wardstats.snapshot import READER_CONFIG, Published, pointer_path, read_history, snapshot_path

_OPEN_AT_MOST = 8


@dataclass(frozen=True)
class Snapshot:
    """One open snapshot. Its answers never change, so whatever is made of them can be cached by its id."""

    id: str
    _connection: duckdb.DuckDBPyConnection = field(repr=False, compare=False)

    def query(self, name: str, **params: Any) -> pd.DataFrame:
        """Run queries/<name>.sql with its own cursor and return its rows; a tuple stands for a list, as caches need it.

        Raises:
            QueryError: No such query, or other parameters than its header declares.
        """
        query = load_query(name)
        if set(params) != set(query.params):
            expected = ", ".join(query.params) or "none"
            raise QueryError(f"queries/{name}.sql: got {', '.join(params) or 'none'}; expected parameters: {expected}.")
        values = {key: list(value) if isinstance(value, tuple) else value for key, value in params.items()}
        with self._connection.cursor() as cursor:
            return cursor.execute(query.sql, values).df()


class Store:
    """The snapshots of one folder for state (var)."""

    def __init__(self, var: Path) -> None:
        """Remember the folder; nothing is opened yet."""
        self.var = var
        self._open: OrderedDict[str, Snapshot] = OrderedDict()
        self._lock = threading.Lock()
        self._seen: tuple[tuple[int, int], Published] | None = None

    def current_id(self) -> str:
        """Return the id of the published snapshot. Costs one ``stat`` while nothing changes.

        Raises:
            SnapshotError: Nothing has been published.
        """
        return self.publication().snapshot_id

    def publication(self) -> Published:
        """Return what is up: which snapshot, since when, by whom and as what. Costs one ``stat`` while nothing changes.

        Raises:
            SnapshotError: Nothing has been published.
        """
        try:
            stat = os.stat(pointer_path(self.var))  # noqa: PTH116 - measured: half the cost of Path.stat
        except FileNotFoundError as error:
            raise SnapshotError(
                f"{self.var}: nothing has been published here yet. Build first: python -m wardstats build"
            ) from error
        mark = (stat.st_mtime_ns, stat.st_ino)
        if self._seen is None or self._seen[0] != mark:
            self._seen = (mark, read_history(self.var)[-1])
        return self._seen[1]

    def current(self) -> Snapshot:
        """Return the published snapshot, open."""
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
            snapshot = Snapshot(snapshot_id, _connect(snapshot_path(self.var, snapshot_id)))
            self._open[snapshot_id] = snapshot
            # Dropped, not closed: a thread may still be reading it; the last reference closes the file.
            while len(self._open) > _OPEN_AT_MOST:
                self._open.popitem(last=False)
            return snapshot


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    if not path.is_file():
        raise SnapshotError(f"{path}: no such snapshot. List them with: python -m wardstats snapshots")
    try:
        return duckdb.connect(str(path), config=READER_CONFIG)
    except duckdb.Error as error:
        raise SnapshotError(f"{path}: cannot be read ({error}). Build again: python -m wardstats build") from error


def connect_for_strangers(path: Path, memory_mb: int) -> duckdb.DuckDBPyConnection:
    """Open a snapshot for a query that anybody may have written: little memory, one thread, nothing spilled to disk.

    A DuckDB file has one set of settings in a process, so this is for a process that does nothing else; see sql_box.
    """
    tight = {"memory_limit": f"{memory_mb}MB", "threads": 1, "temp_directory": "", "max_expression_depth": 250}
    return duckdb.connect(str(path), config={**READER_CONFIG, **tight, "python_enable_replacements": False})
