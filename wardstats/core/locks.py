"""The locks on the folder of state: one writer at a time, and whoever waits for one is told whom for.

Owns how long others wait, and the note beside a lock that says who holds it. A lock ends with its holder, however that
one ends; a holder that was stopped, or hangs, keeps it, and then those who wait are refused.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Literal, get_args

from filelock import FileLock, Timeout

from wardstats.core.durable_files import what_is_recorded
from wardstats.core.errors import WardStatsError
from wardstats.core.languages import Translator, translator

Step = Literal["entry", "draft", "publish", "list", "build", "harvest", "notify"]
PATIENCE_S = 30.0  # what is done under a lock takes less than one second, a backup some seconds
BUILD_PATIENCE_S = 900.0  # building takes minutes at national size
STOPPED_PATIENCE_S = 6.0  # for somebody who was stopped, whatever for
HASTE_S = 1.0  # of what can be left to the next time
LOOK_S = 3.0  # after so long, and from then on, it is looked who holds the lock
_TOLD_EVERY = 5  # looks


@dataclass(frozen=True)
class Holder:
    """Who holds a lock, by its own note.

    Attributes:
        pid: Of its process, on the machine ``host``.
        since: When it got the lock (UTC).
        step: What it got it for.
    """

    pid: int
    host: str
    since: str
    step: Step

    @property
    def is_here(self) -> bool:
        """Whether it runs on this machine."""
        return self.host == socket.gethostname()

    @property
    def is_gone(self) -> bool:
        """Whether its process has ended, as far as this machine can tell: then somebody else holds the lock."""
        if not self.is_here or os.name == "nt":  # there, asking for a process by ``os.kill`` ends it
            return False
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False  # of another user
        return False

    @property
    def is_stopped(self) -> bool:
        """Whether its process was stopped (SIGSTOP, a debugger), where the system tells: on Linux."""
        about = Path("/proc", str(self.pid), "stat")
        if not self.is_here or not about.is_file():
            return False
        return about.read_text(errors="replace").rpartition(")")[2].split()[0] in ("T", "t")


class LockedError(WardStatsError):
    """Another process does not let go of a lock. Told together with what was recorded before.

    Attributes:
        path: The lock.
        holder: Who holds it; None where it left no note, as a backup by ``flock`` does not.
        waited_s: For how long it was waited for.
        recorded: Numbers of the ledger's entries that the same step had written by then.
        is_waiting: They hold a publication whose board is not up yet.
    """

    def __init__(
        self,
        path: Path,
        holder: Holder | None,
        waited_s: float,
        recorded: tuple[int, ...] = (),
        *,
        is_waiting: bool = False,
    ) -> None:
        """Keep what is told."""
        self.path, self.holder, self.waited_s = path, holder, waited_s
        self.recorded, self.is_waiting = recorded, is_waiting
        super().__init__(
            f"{path}: {held_by(holder, translator('en'))} Waited {waited_s:.0f} seconds for it. "
            f"{what_is_recorded(recorded, is_waiting=is_waiting)} Try again when that process has gone on or was ended."
        )


Waiting = Callable[[Path, Holder | None], None]
_waiting: ContextVar[Waiting | None] = ContextVar("waiting", default=None)


@contextmanager
def while_waiting(tell: Waiting) -> Iterator[None]:
    """Have it told, again and again, that what is done in here waits for a lock, and who holds that."""
    before = _waiting.set(tell)
    try:
        yield
    finally:
        _waiting.reset(before)


@contextmanager
def locked(path: Path, step: Step, patience_s: float | None = None) -> Iterator[None]:
    """Hold a lock, and a note beside it that says who does.

    Args:
        step: What for.
        patience_s: How long to wait; ``PATIENCE_S`` unless given. Who was stopped is not waited for that long.

    Raises:
        LockedError: Somebody else has held it for all that time.
    """
    lock = FileLock(path)
    _acquire(lock, path, PATIENCE_S if patience_s is None else patience_s)
    try:
        note = Holder(os.getpid(), socket.gethostname(), datetime.now(UTC).isoformat(timespec="seconds"), step)
        _note(path).write_text(json.dumps(asdict(note)), encoding="ascii")
        yield
    finally:
        _note(path).unlink(missing_ok=True)
        lock.release()


def _acquire(lock: FileLock, path: Path, patience_s: float) -> None:
    begun, waited_s = time.monotonic(), 0.0
    for look in count():
        try:
            lock.acquire(timeout=max(0.0, min(LOOK_S, patience_s - waited_s)))
            return
        except Timeout:
            waited_s, holder = time.monotonic() - begun, holder_of(path)
            is_stopped = holder is not None and holder.is_stopped
            if waited_s >= (min(patience_s, STOPPED_PATIENCE_S) if is_stopped else patience_s):
                raise LockedError(path, holder, waited_s) from None
            if look % _TOLD_EVERY == 0 and (tell := _waiting.get()):
                tell(path, holder)


def holder_of(path: Path) -> Holder | None:
    """Return who holds a lock by the note beside it; None where there is none, or its process is gone."""
    try:
        found = Holder(**json.loads(_note(path).read_text(encoding="ascii")))
        is_note = found.pid > 0 and found.step in get_args(Step) and bool(datetime.fromisoformat(found.since).tzinfo)
    except (OSError, ValueError, TypeError):  # none, or half of one: it is being written
        return None
    return found if is_note and not found.is_gone else None


def stuck_holder(path: Path) -> Holder | None:
    """Return who holds a lock and will not let go of it by itself, or has not for longer than anybody waits."""
    holder = holder_of(path)
    if holder is None:
        return None
    age_s = (datetime.now(UTC) - datetime.fromisoformat(holder.since)).total_seconds()
    patience_s = BUILD_PATIENCE_S if holder.step in ("build", "harvest") else PATIENCE_S
    return holder if holder.is_stopped or age_s > patience_s else None


def held_by(holder: Holder | None, speak: Translator) -> str:
    """Return who holds a lock, and what whoever runs the server can do about it."""
    if holder is None:
        return speak(
            "Another program has locked the folder of state and left no note which one; a backup does so for a moment."
        )
    since = speak.moment(datetime.fromisoformat(holder.since).replace(tzinfo=None))
    told = speak(
        "Process {pid} on {host} has been at work on the folder of state since {since}: {step}.",
        pid=holder.pid, host=holder.host, since=since, step=step_names(speak)[holder.step],
    )  # fmt: skip
    if holder.is_stopped:
        told += " " + speak(
            "That process was stopped. Whoever runs the server lets it go on (kill -CONT {pid}) or ends it; "
            "neither loses anything that was recorded.",
            pid=holder.pid,
        )
    return told


def step_names(speak: Translator) -> dict[Step, str]:
    """Return what is done under each lock."""
    return {
        "entry": speak("an entry of the ledger"),
        "draft": speak("a draft of figures"),
        "publish": speak("a publication"),
        "list": speak("the list of what was published"),
        "build": speak("building a board"),
        "harvest": speak("asking the portal"),
        "notify": speak("sending notices"),
    }


def _note(path: Path) -> Path:
    return path.with_name(f"{path.name}.holder")
