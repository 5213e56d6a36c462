"""The states of a snapshot: draft, checked, published; and whether its file is still what it was.

A check is one small file per snapshot under ``checks/``, written to a temporary name and renamed, so that a kill at any
moment leaves the old one or the new one.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from wardstats.core.durable_files import write_durably
from wardstats.core.errors import SnapshotError
from wardstats.core.pointer import Published, read_history, read_pointer
from wardstats.snapshot.publications import snapshot_path, snapshot_sha256

State = Literal["draft", "checked", "published", "published earlier"]


@dataclass(frozen=True)
class Check:
    """Somebody looked at a snapshot and found it right.

    Attributes:
        checked_at: When, UTC.
        by: Who.
        note: What they said about it.
        file_sha256: Digest of the file they looked at.
    """

    snapshot_id: str
    checked_at: str
    by: str
    note: str
    file_sha256: str


def record_check(var: Path, snapshot_id: str, by: str, note: str = "") -> Check:
    """Record that somebody checked a snapshot; a later check replaces an earlier one.

    Raises:
        SnapshotError: There is no such snapshot, or nobody is named.
    """
    if not by.strip():
        raise SnapshotError("Nobody is named. Say who checked it: --by NAME")
    if not snapshot_path(var, snapshot_id).is_file():
        raise SnapshotError(f"{var}: no snapshot {snapshot_id!r}. List them with: python -m wardstats snapshots")
    now = datetime.now(UTC).isoformat(timespec="milliseconds")
    check = Check(snapshot_id, now, by.strip(), note, snapshot_sha256(var, snapshot_id))
    folder = var / "checks"
    folder.mkdir(exist_ok=True)
    write_durably(folder / f"{snapshot_id}.json", json.dumps(asdict(check), ensure_ascii=False, indent=1).encode())
    return check


def read_check(var: Path, snapshot_id: str) -> Check | None:
    """Return who checked a snapshot, or None. A check of another file than lies there now does not count."""
    try:
        check = Check(**json.loads((var / "checks" / f"{snapshot_id}.json").read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return check if check.file_sha256 == snapshot_sha256(var, snapshot_id) else None


def state_of(var: Path, snapshot_id: str, history: list[Published] | None = None) -> State:
    """Return the state of a snapshot."""
    history = read_history(var) if history is None else history
    if history and history[-1].snapshot_id == snapshot_id:
        return "published"
    if any(entry.snapshot_id == snapshot_id for entry in history):
        return "published earlier"
    return "checked" if read_check(var, snapshot_id) else "draft"


def verify_history(var: Path) -> list[str]:
    """Compare every published file that is still there with the digest recorded when it was put up.

    Returns:
        One line for each that differs; empty where all are what they were.
    """
    pointer = read_pointer(var)
    problems = [pointer.damage] if pointer.damage else []
    for entry in {entry.snapshot_id: entry for entry in pointer.history}.values():
        if not entry.file_sha256 or not snapshot_path(var, entry.snapshot_id).is_file():
            continue  # published before digests were recorded, or cleared away since
        found = snapshot_sha256(var, entry.snapshot_id)
        if found != entry.file_sha256:
            problems.append(
                f"{snapshot_path(var, entry.snapshot_id)}: found SHA-256 {found}; expected {entry.file_sha256}, as "
                f"recorded on {entry.published_at}. Build it again from its data, or restore it from a backup."
            )
    return problems
