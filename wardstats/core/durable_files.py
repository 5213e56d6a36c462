"""Writes files that survive a kill: to a temporary name, on disk, then renamed.

A reader sees the old file or the new one, never half of one. Owns, too, how it is told that nothing can be written.
"""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path
from secrets import token_hex
from typing import Literal

from wardstats.core.errors import WardStatsError

PREFIX = ".writing-"
PRIVATE = 0o600  # mode of what nobody but the service's own user reads
Obstacle = Literal["full", "read_only"]
OBSTACLES: dict[int, Obstacle] = {
    errno.ENOSPC: "full",
    errno.EDQUOT: "full",
    errno.EROFS: "read_only",
    errno.EACCES: "read_only",
    errno.EPERM: "read_only",
}
_SAID: dict[Obstacle, str] = {
    "full": "the disk is full. Make room on it first",
    "read_only": "this process may only read there. Use the machine that may write, or give this one the right",
}


class StorageError(WardStatsError):
    """A file cannot be written: there is no room, or no right to. Told together with what was recorded before.

    Attributes:
        obstacle: What is in the way.
        place: The file or folder that could not be written.
        recorded: Numbers of the ledger's entries that the same step had written by then.
        is_waiting: They hold a publication whose board is not up yet.
    """

    def __init__(
        self, obstacle: Obstacle, place: Path | str, recorded: tuple[int, ...] = (), *, is_waiting: bool = False
    ) -> None:
        """Keep what is told."""
        self.obstacle: Obstacle = obstacle
        self.place, self.recorded, self.is_waiting = str(place), recorded, is_waiting
        super().__init__(
            f"{place}: cannot be written, because {_SAID[obstacle]}. "
            f"{what_is_recorded(recorded, is_waiting=is_waiting)}"
        )


def what_is_recorded(recorded: tuple[int, ...], *, is_waiting: bool) -> str:
    """Return what a step that could not be finished has in the ledger all the same, for the command line and a log."""
    if not recorded:
        return "Nothing was recorded."
    told = f"What was done before that is recorded: entry {', '.join(map(str, recorded))} of the ledger."
    if is_waiting:
        told += " The board is not up yet: the next start of a server that can write puts it up."
    return told


def storage_error(error: OSError, place: Path | str = "The folder of state") -> StorageError | None:
    """Return what an error of the system means for whoever wanted to write; None where it is about something else.

    Args:
        place: Where it was to be written, for errors that do not name it.
    """
    obstacle = OBSTACLES.get(error.errno or 0)
    return StorageError(obstacle, error.filename or place) if obstacle else None


def can_write(folder: Path) -> bool:
    """Tell whether this process may write in a folder; nobody may on a read-only file system."""
    return os.access(folder, os.W_OK)


def room_bytes(folder: Path) -> int:
    """Return how much can still be written in a folder."""
    return shutil.disk_usage(folder).free


def write_durably(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Write a whole file. When this returns, it is on disk under its name; killed before, the old one is untouched.

    Args:
        mode: Who may read and write it, before the umask.
    """
    draft = path.with_name(f"{PREFIX}{token_hex(4)}")
    try:
        draft.touch(mode)
        with draft.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync(path.parent)


def make_private(folder: Path) -> None:
    """Make a folder for this user alone, where the system has modes; one that is there keeps its own."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def sync(path: Path) -> None:
    """Have a file or folder on disk before going on. Windows syncs only what is open for writing, and no folder."""
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def clear_left_overs(folder: Path) -> None:
    """Remove what killed writers left in a folder. Only for whoever holds the lock on writing there."""
    for left_over in folder.glob(f"{PREFIX}*"):
        left_over.unlink()
