"""Publishes a snapshot or an earlier one, by swapping one small pointer file."""

from __future__ import annotations

from datetime import UTC, date, datetime
from hashlib import file_digest
from pathlib import Path

import duckdb

from wardstats.core.durable_files import clear_left_overs
from wardstats.core.errors import SnapshotError
from wardstats.core.locks import locked
from wardstats.core.pointer import LOCK, Published, read_history, write_history

# A reader never leaves its file: no other file, no network, no extension, and no way to change that. Every
# connection of a process to one file must be opened alike.
READER_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "access_mode": "READ_ONLY",
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "lock_configuration": True,
}


def snapshot_path(var: Path, snapshot_id: str) -> Path:
    """Return the path of a snapshot's file."""
    return var / "snapshots" / f"{snapshot_id}.duckdb"


def publish_snapshot(
    var: Path, snapshot_id: str, *, by: str = "", note: str = "", is_final: bool = False, file_sha256: str = ""
) -> None:
    """Make a snapshot the one that readers see: one line more in the history, each time.

    Whoever wants to publish calls ``intake.publishing``, which writes the entry of the ledger first.

    Args:
        file_sha256: Digest of the snapshot's file as the entry has it; taken from the file where it is not given.

    Raises:
        SnapshotError: There is no such snapshot.
    """
    if not snapshot_path(var, snapshot_id).is_file():
        raise SnapshotError(f"{var}: no snapshot {snapshot_id!r}. List them with: python -m wardstats snapshots")
    with locked(var / LOCK, "list"):
        clear_left_overs(var)
        history = read_history(var)
        digest, has_demonstration = _content_of(snapshot_path(var, snapshot_id))
        history.append(
            Published(
                snapshot_id,
                datetime.now(UTC).isoformat(timespec="milliseconds"),
                by=by,
                note=note,
                is_final=is_final,
                content_sha256=digest,
                file_sha256=file_sha256 or snapshot_sha256(var, snapshot_id),
                has_demonstration=has_demonstration,
            )
        )
        write_history(var, history)


def snapshot_sha256(var: Path, snapshot_id: str) -> str:
    """Return the digest of a snapshot's file as it lies there now."""
    with snapshot_path(var, snapshot_id).open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def _content_of(path: Path) -> tuple[str, bool]:
    """Return the digest of the data a snapshot was built from, and whether any of its figures are made up."""
    try:
        with duckdb.connect(str(path), config=READER_CONFIG) as connection:
            row = connection.execute(
                "select content_sha256, exists(from raw where status = 'demonstration') from block"
            ).fetchone()
    except duckdb.Error as error:
        raise SnapshotError(f"{path}: cannot be read ({error}). Build again: python -m wardstats build") from error
    return row if row else ("", False)


def closed_up_to(var: Path, snapshot_id: str) -> date | None:
    """Return the last deadline that was over when a snapshot was built; None where none was, or it cannot be read."""
    try:
        with duckdb.connect(str(snapshot_path(var, snapshot_id)), config=READER_CONFIG) as connection:
            row = connection.execute("select closed_up_to from block").fetchone()
    except duckdb.Error:  # damaged, or of a program before there was such a day: its digest is not found again either
        return None
    return row[0] if row else None


def previous_snapshot_id(var: Path) -> str:
    """Return the snapshot that was up before the present one.

    Raises:
        SnapshotError: There is none.
    """
    history = read_history(var)
    earlier = [entry.snapshot_id for entry in history if entry.snapshot_id != history[-1].snapshot_id]
    if not earlier:
        raise SnapshotError(
            f"{var}: nothing was published before the present snapshot, so there is nothing to go back to."
        )
    return earlier[-1]
