"""What was published, in two files: current.json, which readers follow, and a copy that is used where it is damaged.

Owns both files. Never writes over one that cannot be read: it is kept under another name. Which board is put up, and
when, is ``snapshot``'s.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wardstats.core.durable_files import write_durably
from wardstats.core.errors import HistoryError
from wardstats.core.locks import HASTE_S, locked

_LOG = logging.getLogger(__name__)
LOCK = "publish.lock"  # held by whoever writes the two files
_KINDS: dict[str, type] = {"is_final": bool, "has_demonstration": bool}  # every other field is text


@dataclass(frozen=True)
class Published:
    """One entry of the pointer file's history: which snapshot was put up, when (UTC), by whom and as what.

    Attributes:
        by: Who put it up; empty where nobody said.
        note: What they said about it.
        is_final: It is the result, not a provisional standing.
        content_sha256: Digest of the data and the rules; the same for everybody who builds from the same files.
        file_sha256: Digest of the snapshot's file; a changed byte changes it.
        has_demonstration: Some of its figures are made up.
    """

    snapshot_id: str
    published_at: str
    by: str = ""
    note: str = ""
    is_final: bool = False
    content_sha256: str = ""
    file_sha256: str = ""
    has_demonstration: bool = False

    @property
    def key(self) -> str:
        """What tells this publication from every other one, of the same snapshot too."""
        return f"{self.published_at}_{self.snapshot_id[-12:]}"


@dataclass(frozen=True)
class Pointer:
    """What was published, oldest first, and what is wrong with current.json where the copy had to be taken."""

    history: list[Published]
    damage: str = ""


def pointer_path(var: Path) -> Path:
    """Return the path of the pointer file."""
    return var / "current.json"


def copy_path(var: Path) -> Path:
    """Return the path of the second copy of the pointer file."""
    return var / "current.copy.json"


def read_history(var: Path) -> list[Published]:
    """Return what was published, oldest first; the last entry is the newest. Errors as in ``read_pointer``."""
    return read_pointer(var).history


def read_pointer(var: Path) -> Pointer:
    """Return what was published: from current.json, or where that is damaged or gone, from its copy.

    Raises:
        HistoryError: Neither is whole, though one of them is there.
    """
    history, damage = _read(pointer_path(var))
    if history:
        return Pointer(history)
    copied, copy_damage = _read(copy_path(var))
    if copied:
        return Pointer(copied, f"{pointer_path(var)}: {damage or 'no such file'}; its copy is used.")
    if not damage and not copy_damage:
        return Pointer([])
    raise HistoryError(
        f"{pointer_path(var)}: {damage or 'no such file'}. Its copy {copy_path(var).name}: "
        f"{copy_damage or 'no such file'}. Expected the list of what was published. Restore one of the two from a "
        "backup, and keep what is there: until then nothing can be published."
    )


def write_history(var: Path, history: Sequence[Published]) -> None:
    """Write both files, the copy first; a damaged one is kept aside. Only for whoever holds the lock on publishing."""
    content = {"snapshot_id": history[-1].snapshot_id, "history": [vars(entry) for entry in history]}
    text = f"{json.dumps(content, ensure_ascii=False, indent=1)}\n".encode()
    for path in (copy_path(var), pointer_path(var)):
        _write(path, text)


def keep_copy(var: Path) -> None:
    """Make the copy where it is missing or damaged and current.json is whole; a folder of an older version has none."""
    if _read(copy_path(var))[0] or not _read(pointer_path(var))[0]:
        return
    with locked(var / LOCK, "list", HASTE_S):
        _write(copy_path(var), pointer_path(var).read_bytes())


def _write(path: Path, content: bytes) -> None:
    """Write a file; a damaged one is kept aside."""
    if _read(path)[1]:
        aside = path.with_name(f"{path.stem}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S%f}.json")
        path.rename(aside)
        _LOG.warning("%s was damaged. It is kept as %s", path, aside.name)
    write_durably(path, content)


def _read(path: Path) -> tuple[list[Published], str]:
    """Return the history of a file, and what is wrong with it; neither where there is no file."""
    try:
        return [_entry(item) for item in _listed(json.loads(path.read_text(encoding="utf-8")))], ""
    except FileNotFoundError:
        return [], ""
    except OSError as error:
        return [], f"cannot be read ({error.strerror})"
    except (ValueError, RecursionError) as error:
        return [], f"not a list of what was published ({error})"


def _listed(content: Any) -> list[Any]:
    found = content.get("history") if isinstance(content, dict) else None
    if not isinstance(found, list) or not found:
        raise ValueError("found no entry under 'history'")
    return found


def _entry(item: Any) -> Published:
    if not isinstance(item, dict):
        raise ValueError(f"found {item!r:.60} among its entries")
    kinds = {field.name: _KINDS.get(field.name, str) for field in fields(Published)}
    wrong = [name for name, value in item.items() if name not in kinds or not isinstance(value, kinds[name])]
    wrong += [name for name in ("snapshot_id", "published_at") if not item.get(name)]
    if wrong:
        raise ValueError(f"an entry's {', '.join(dict.fromkeys(wrong))}: unknown, missing or of another kind")
    entry = Published(**item)
    if not re.fullmatch(r"[\w.-]+", entry.snapshot_id) or datetime.fromisoformat(entry.published_at).tzinfo is None:
        raise ValueError(f"found snapshot {entry.snapshot_id!r:.60} published at {entry.published_at!r:.60}")
    return entry
