"""Writes files that survive a kill: to a temporary name, on disk, then renamed.

A reader sees the old file or the new one, never half of one.
"""

from __future__ import annotations

import os
from pathlib import Path
from secrets import token_hex

PREFIX = ".writing-"


def write_durably(path: Path, content: bytes, mode: int = 0o666) -> None:
    """Write a whole file. When this returns, it is on disk under its name; killed before, the old one is untouched.

    Args:
        path: Where.
        content: What.
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
