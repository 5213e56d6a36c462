"""What is wrong with the folder of state as one process sees it, and how people are told.

Owns the kinds of trouble and their words: for /healthz, for the notices of those who may act, and for a step that is
refused. Mends nothing.
"""

from __future__ import annotations

import logging
import os
from pathlib import Path

from wardstats.core.durable_files import StorageError, can_write, room_bytes
from wardstats.core.errors import DataError, HistoryError, SnapshotError, WardStatsError
from wardstats.core.languages import Translator, translator
from wardstats.core.locks import LockedError, held_by, stuck_holder
from wardstats.core.pointer import LOCK
from wardstats.core.spoken_errors import SpokenError
from wardstats.intake import publishing
from wardstats.intake.words import moment
from wardstats.intake.workspace import Workspace
from wardstats.ledger import LedgerError, StaleError
from wardstats.snapshot import build
from wardstats.snapshot.store import Store, Trouble

_LOG = logging.getLogger(__name__)
REFUSING = frozenset({"ledger", "read_only", "full", "held"})  # while one of these lasts, nothing can be recorded
_ROOM_NEEDED_BYTES = 1_000_000  # a hand-in with its entry, its file and a little evidence


def troubles(store: Store, workspace: Workspace) -> list[Trouble]:
    """Return everything that is wrong, boards first; empty on a good day."""
    try:
        found = list(store.standing().troubles)
    except SnapshotError:
        found = []  # there is no board at all: whoever asks for one is told so
    return found + _of_the_folder(store.var) + _of_the_locks(workspace) + _of_the_ledger(workspace)


def _of_the_folder(var: Path) -> list[Trouble]:
    if not var.is_dir():
        return []
    if not can_write(var):
        return [Trouble("read_only", f"{var}: read-only for this process.")]
    if (room := room_bytes(var)) < _ROOM_NEEDED_BYTES:
        return [Trouble("full", f"{var}: found room for {room:,} bytes; expected {_ROOM_NEEDED_BYTES:,}. Make room.")]
    return []


def _of_the_locks(workspace: Workspace) -> list[Trouble]:
    var = workspace.places.var
    for path in (workspace.ledger.lock, var / publishing.LOCK, var / LOCK, var / build.LOCK):
        if holder := stuck_holder(path):
            return [Trouble("held", f"{path}: {held_by(holder, translator('en'))}")]
    return []


def _of_the_ledger(workspace: Workspace) -> list[Trouble]:
    try:
        begun = publishing.unfinished(workspace)
    except LedgerError as error:
        return [Trouble("ledger", str(error))]
    except SnapshotError:
        return []  # the pointer's damage, which the store tells
    if begun is None:
        return []
    return [Trouble("unfinished", f"Entry {begun.number} of the ledger: a publication was begun and is not up.")]


def notice(trouble: Trouble, published_at: str, speak: Translator) -> str:
    """Return what somebody who may act is told about a trouble, and what to do.

    Args:
        published_at: When the newest board was published; empty where that is not known.
    """
    if trouble.kind == "behind":
        time = moment(published_at, speak) if published_at else ""
        return speak(
            "The board published {time} cannot be read on this server, so the one before it is shown. Whoever runs the "
            "server restores its file from a backup, or the board is published again.",
            time=time,
        )
    return {
        "pointer": speak(
            "The list of what was published (current.json) is damaged. Its copy is in use and nothing is lost; the "
            "next publication puts the list right and keeps the damaged file."
        ),
        "history": speak(
            "The list of what was published (current.json) and its copy are damaged or missing. The last board stays "
            "up, and nothing can be published. Whoever runs the server restores one of the two from a backup; neither "
            "is to be deleted."
        ),
        "ledger": speak(
            "The ledger cannot be read in full, so nothing can be submitted, checked or published. What is published "
            "stays up. Whoever runs the server finds the fault with: python -m wardstats ledger verify"
        ),
        "unfinished": speak(
            "A publication is recorded and its board is not up yet. It is put up when a server that may write starts, "
            "or with the next publication."
        ),
        "read_only": speak(
            "This server may only read, so nothing can be submitted, checked or published here. Use the server that "
            "may write, or tell whoever runs this one."
        ),
        "held": speak(
            "A process on the server has locked the folder of state and does not go on, so nothing can be submitted, "
            "checked or published. Whoever runs the server lets it go on or ends it; /healthz says which one it is."
        ),
        "full": speak(
            "The disk of the server is full, so nothing can be submitted, checked or published until whoever runs the "
            "server has made room."
        ),
    }[trouble.kind]


def refusal(error: WardStatsError, speak: Translator) -> str:
    """Return why a step was refused, in the reader's language where the fault is the server's and not theirs.

    Whoever runs the server finds such a fault in the log.
    """
    if isinstance(error, SpokenError):
        return error.told(speak)
    if isinstance(error, DataError):
        found = speak("The data folder has faults. Whoever runs the server mends them:")
        return f"{found}\n{error}"
    if isinstance(error, StorageError | LockedError | HistoryError | LedgerError) and not isinstance(error, StaleError):
        _LOG.error("%s", error)
    if isinstance(error, StorageError):
        return f"{_recorded(error, speak)} {notice(Trouble(error.obstacle, ''), '', speak)}"
    if isinstance(error, LockedError):
        return f"{_recorded(error, speak)} {held_by(error.holder, speak)}"
    if isinstance(error, HistoryError):
        return notice(Trouble("history", ""), "", speak)
    if isinstance(error, LedgerError) and not isinstance(error, StaleError):
        return f"{notice(Trouble('ledger', ''), '', speak)}\n{fault(error)}"
    return str(error)


def without_folder(text: str, var: Path) -> str:
    """Return a text for people outside, who need not know where the folder of state lies."""
    return text.replace(f"{var}{os.sep}", "").replace(str(var), "var")


def fault(error: LedgerError) -> str:
    """Return which entry of the ledger is at fault, and how; without where the folder of state lies."""
    place, colon, rest = str(error).partition(": ")
    return f"{Path(place).name}{colon}{rest}"


def _recorded(error: StorageError | LockedError, speak: Translator) -> str:
    numbers = ", ".join(map(str, error.recorded))
    if error.is_waiting:
        return speak(
            "The publication is recorded as entry {number} of the ledger, and its board is not up yet: do not publish "
            "again. Once the server can write, it is put up when you open this part again, or when the server starts.",
            number=numbers,
        )
    if error.recorded:
        return speak(
            "It is recorded all the same, as entry {number} of the ledger: do not do it again.", number=numbers
        )
    return speak("Nothing was recorded. Do it again later; what you typed may have to be entered anew.")
