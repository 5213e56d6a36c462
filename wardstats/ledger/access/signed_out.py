"""Which sign-ins have been ended before their time, on disk, for every tab, copied cookie, process and start to come.

A sign-in is out by its own id, or because its person, or everybody, is out up to some moment. The file has a bound:
what is beyond becomes such a moment, so that too many sign-outs sign more people out and never fewer. It names nobody.
"""

from __future__ import annotations

import json
import logging
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from filelock import FileLock

from wardstats.core.durable_files import write_durably

CLAIM = "wardstats_sign_in"  # of the signed cookie; this server puts it there
KEPT_S = 32 * 24 * 3600  # a cookie of Streamlit is worth nothing after 31 days
PEOPLE_AT_MOST, SIGN_INS_AT_MOST = 5000, 20  # people, and ids of one person
_LOCK_S = 10
_LOG = logging.getLogger(__name__)
_EVERYBODY = ""


@dataclass(frozen=True)
class SignIn:
    """One time that one person has signed in with one browser.

    Attributes:
        id: Drawn at random.
        person: The digest of issuer and subject.
        at: When, in seconds since 1970 by this server's clock.
    """

    id: str
    person: str
    at: float

    @classmethod
    def of(cls, claims: Mapping[str, Any]) -> Self | None:
        """Return the sign-in that the claims of a cookie are from; None where this server did not make it."""
        mark = claims.get(CLAIM)
        if not isinstance(mark, Mapping) or not isinstance(mark.get("id"), str) or not mark["id"]:
            return None
        at = mark.get("at")
        if isinstance(at, bool) or not isinstance(at, int | float) or not math.isfinite(at):
            return None
        return cls(mark["id"], person_key(claims), float(at))


def person_key(claims: Mapping[str, Any]) -> str:
    """Return what tells one person of one provider from everybody else, without naming them."""
    return sha256(json.dumps([claims.get("iss"), claims.get("sub")]).encode()).hexdigest()[:32]


@dataclass
class _Ended:
    """What the file holds: moments by person ("" for everybody), and by person the moments of ids."""

    before: dict[str, float] = field(default_factory=dict)
    sign_ins: dict[str, dict[str, float]] = field(default_factory=dict)

    def holds(self, sign_in: SignIn) -> bool:
        moment = max(self.before.get(_EVERYBODY, 0.0), self.before.get(sign_in.person, 0.0))
        return sign_in.at <= moment or sign_in.id in self.sign_ins.get(sign_in.person, ())

    def add(self, other: _Ended) -> None:
        for person, moment in other.before.items():
            self.before[person] = max(moment, self.before.get(person, 0.0))
        for person, ids in other.sign_ins.items():
            self.sign_ins.setdefault(person, {}).update(ids)

    def bound(self, now: float) -> None:
        """Forget what can no longer be used, and bring the rest within its bounds."""
        for person, ids in list(self.sign_ins.items()):
            covered = max(self.before.get(person, 0.0), self.before.get(_EVERYBODY, 0.0), now - KEPT_S)
            kept = {name: at for name, at in ids.items() if at > covered}
            for name in sorted(kept, key=kept.__getitem__)[: max(len(kept) - SIGN_INS_AT_MOST, 0)]:
                self.before[person] = max(self.before.get(person, 0.0), kept.pop(name))
            self.sign_ins[person] = kept
            if not kept:
                del self.sign_ins[person]
        everybody = self.before.get(_EVERYBODY, 0.0)
        self.before = {
            person: at for person, at in self.before.items() if at > now - KEPT_S and (not person or at > everybody)
        }
        latest = {person: max(ids.values()) for person, ids in self.sign_ins.items()}
        for person, at in self.before.items():
            latest[person] = max(at, latest.get(person, 0.0))
        latest.pop(_EVERYBODY, None)
        for person in sorted(latest, key=latest.__getitem__)[: max(len(latest) - PEOPLE_AT_MOST, 0)]:
            everybody = max(everybody, latest[person])
            self.before.pop(person, None)
            self.sign_ins.pop(person, None)
            self.before[_EVERYBODY] = everybody


class SignedOut:
    """The file of ended sign-ins, and what this process has ended itself."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        """Remember the place; nothing is read yet."""
        self._path, self._clock = path, clock
        self._own, self._read = _Ended(), _Ended()
        self._signature: tuple[int, ...] | None = None
        self._lock = threading.Lock()

    def holds(self, sign_in: SignIn) -> bool:
        """Tell whether a sign-in has been ended. One ``stat``, unless the file has changed."""
        with self._lock:
            self._refresh()
            return self._own.holds(sign_in) or self._read.holds(sign_in)

    def end(self, sign_in: SignIn, *, everywhere: bool = False) -> None:
        """End a sign-in; or with it every other one of the same person up to now, in all browsers.

        Where the file cannot be written, this process still knows it, and the log says so.
        """
        ended = _Ended(before={sign_in.person: max(self._clock(), sign_in.at)}) if everywhere else _Ended()
        if not everywhere:
            ended.sign_ins[sign_in.person] = {sign_in.id: sign_in.at}
        with self._lock:
            self._own.add(ended)
            self._own.bound(self._clock())
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                with FileLock(f"{self._path}.lock", timeout=_LOCK_S):
                    self._signature = None
                    self._refresh()
                    self._read.add(self._own)
                    self._read.bound(self._clock())
                    content = {"before": self._read.before, "sign_ins": self._read.sign_ins}
                    write_durably(self._path, json.dumps(content).encode(), mode=0o600)
            except (OSError, TimeoutError) as error:
                _LOG.error("A sign-out is known to this process only, until it ends: %s", error)

    def _refresh(self) -> None:
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return
        signature = (found.st_ino, found.st_mtime_ns, found.st_size)
        if signature == self._signature:
            return
        try:
            self._read = _parsed(self._path.read_bytes())
        except ValueError:
            # Nobody knows any more who has signed out, so everybody who was in by then has.
            _LOG.error("%s is damaged: whoever signed in before it was must sign in again", self._path.name)
            self._read.add(_Ended(before={_EVERYBODY: found.st_mtime}))
        self._signature = signature


def _parsed(content: bytes) -> _Ended:
    """Return what the file holds; ValueError where it is damaged."""
    found = json.loads(content)
    try:
        before = {str(person): float(at) for person, at in found["before"].items()}
        sign_ins = {
            str(person): {str(name): float(at) for name, at in ids.items()} for person, ids in found["sign_ins"].items()
        }
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError(str(error)) from error
    return _Ended(before, sign_ins)
