"""The outbox: one file for each notice of each person, with how far it has got by each way. Durable, never twice.

Owns the files and the states of a delivery. Imports little, because the courier, a process of its own, works on it too:
at any moment only one of the two writes (see ``courier``).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, get_args

from wardstats.core.durable_files import PRIVATE, clear_left_overs, make_private, write_durably
from wardstats.core.errors import WardStatsError

Kind = Literal[
    "due", "late", "returned", "accepted", "published", "rank_fell", "contract_behind", "position_asked", "digest"
]
Way = Literal["mail", "webhook"]
State = Literal["waiting", "sending", "sent", "given_up", "dropped", "bundled"]
KINDS: tuple[Kind, ...] = tuple(kind for kind in get_args(Kind) if kind != "digest")
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 300, 600, 1200))  # between eight tries
_REASON_LETTERS = 200


class OutboxError(WardStatsError):
    """A file of the outbox is not as it was written."""


@dataclass(frozen=True)
class Delivery:
    """How far a notice has got by one way.

    Attributes:
        tries: How often the other side refused it, or nobody can say whether it took it.
        next_at: Not before that moment (ISO 8601, UTC); empty for at once.
        reason: Why it waits, was given up or dropped: a code of ``words.reason_text``, or what the other side said.
        message_id: Under which it goes; the same at every try.
        doubts: How often it was not known whether the other side had taken it.
    """

    state: State = "waiting"
    tries: int = 0
    next_at: str = ""
    reason: str = ""
    message_id: str = ""
    doubts: int = 0
    at: str = ""

    def moved(self, state: State, now: datetime, reason: str = "", **changes: Any) -> Delivery:
        """Return it in another state."""
        at = now.isoformat(timespec="milliseconds")
        return replace(self, state=state, at=at, reason=reason[:_REASON_LETTERS], next_at="", **changes)

    def failed(self, now: datetime, reason: str, *, is_doubtful: bool = False) -> Delivery:
        """Return it after a try that failed: waiting for the next one, or given up after the last."""
        tries, doubts = self.tries + 1, self.doubts + is_doubtful
        if tries > len(PAUSES):
            return self.moved("given_up", now, reason, tries=tries, doubts=doubts)
        waiting = self.moved("waiting", now, reason, tries=tries, doubts=doubts)
        return replace(waiting, next_at=(now + PAUSES[tries - 1]).isoformat(timespec="milliseconds"))

    def is_due(self, now: datetime) -> bool:
        """Tell whether it waits, and may be tried now."""
        return self.state == "waiting" and (not self.next_at or datetime.fromisoformat(self.next_at) <= now)


@dataclass(frozen=True)
class Notice:
    """One thing that one person is told.

    Attributes:
        id: Made of what happened and whom it is told: the same event gives the same id again.
        person: Key of the person; see ``recipients``.
        unit_code: The ward it is about, if one.
        facts: What is needed to tell it in any language.
        made_at: When it was written (UTC).
        ways: How far it has got by each way it leaves by; empty where it is only shown.
    """

    id: str
    kind: Kind
    person: str
    unit_code: str | None
    facts: Mapping[str, Any]
    made_at: str
    ways: Mapping[Way, Delivery] = field(default_factory=dict)

    def with_way(self, way: Way, delivery: Delivery) -> Notice:
        """Return it with another state of one way."""
        return replace(self, ways={**self.ways, way: delivery})

    def delivery(self, way: Way) -> Delivery | None:
        """Return how far it has got by a way; None where it does not leave by it."""
        return self.ways.get(way)


def notice_id(kind: Kind, event: str, person: str) -> str:
    """Return the id of a notice: of what happened, and whom it is told."""
    return sha256("\n".join((kind, event, person)).encode()).hexdigest()[:40]


class Outbox:
    """The folder ``notices/`` of the folder of state."""

    def __init__(self, var: Path) -> None:
        """Remember the folder; nothing is read, and nothing made, yet."""
        self.folder = var / "notices"
        self._notices = self.folder / "outbox"

    @property
    def lock(self) -> Path:
        """Whoever works out what is owed and sends it holds it."""
        return self.folder / "notify.lock"

    @property
    def courier_lock(self) -> Path:
        """A courier holds it as long as it lives."""
        return self.folder / "courier.lock"

    @property
    def courier_log(self) -> Path:
        """Where a courier's errors go."""
        return self.folder / "courier.log"

    def make(self) -> None:
        """Make the folders, for the service's own user alone."""
        for folder in (self.folder, self._notices):
            make_private(folder)

    def clear_left_overs(self) -> None:
        """Remove what killed writers left; only while nobody else writes."""
        for folder in (self.folder, *self._notices.iterdir()):
            clear_left_overs(folder)

    def add(self, notice: Notice) -> bool:
        """Write a notice, unless the same one was written before; tell whether it is new."""
        if self._path(notice.person, notice.id).exists():
            return False
        self.write(notice)
        return True

    def write(self, notice: Notice) -> None:
        """Write a notice over what stood there. When this returns, it is on disk."""
        path = self._path(notice.person, notice.id)
        make_private(path.parent)
        write_durably(path, json.dumps(asdict(notice), ensure_ascii=False).encode(), PRIVATE)

    def read(self, person: str, notice: str) -> Notice:
        """Return a person's notice.

        Raises:
            OutboxError: Its file is damaged, or gone.
        """
        path = self._path(person, notice)
        try:
            found = json.loads(path.read_bytes())
            ways = {way: Delivery(**delivery) for way, delivery in found.pop("ways").items()}
            return Notice(**found, ways=ways)
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise OutboxError(
                f"{path}: found {error or type(error).__name__}; expected a notice. Take the file back from a backup, "
                "or remove it: the notice is then told anew, if it is still owed."
            ) from error

    def notices(self, person: str = "*", tell: Callable[[OutboxError], None] | None = None) -> list[Notice]:
        """Return the notices of one person, or of all, oldest first.

        Args:
            tell: Is told of each that is damaged, which is then left out.

        Raises:
            OutboxError: One is damaged, and nobody is to be told.
        """
        found = []
        for path in self._notices.glob(f"{person}/[!.]*.json"):
            try:
                found.append(self.read(path.parent.name, path.stem))
            except OutboxError as error:
                if not path.exists():  # removed in the meantime, because it was old
                    continue
                if tell is None:
                    raise
                tell(error)
        return sorted(found, key=lambda notice: (notice.made_at, notice.id))

    def remove(self, notice: Notice) -> None:
        """Remove a notice."""
        self._path(notice.person, notice.id).unlink(missing_ok=True)

    def _path(self, person: str, notice: str) -> Path:
        return self._notices / person / f"{notice}.json"


def now() -> datetime:
    """Return this moment, in UTC."""
    return datetime.now(UTC)
