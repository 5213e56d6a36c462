"""What one entry of the ledger is, and how it stands in its file.

Owns the format. Plain dataclasses: a harvest of a whole province brings thousands of figures in one entry.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from hashlib import sha256
from typing import Any, Self

from wardstats.core.errors import WardStatsError
from wardstats.ledger.rows import row_places

Key = tuple[str, str, str]  # unit_code, indicator_code, period


class LedgerError(WardStatsError):
    """The ledger cannot be read or written, or an entry is not what it should be."""


class StaleError(LedgerError):
    """Somebody else acted on the same thing in the meantime. ``entries`` are theirs."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        """Keep the entries that came in between."""
        self.entries = list(entries)
        told = "; ".join(f"{entry.at} {entry.actor}: {entry.action} (entry {entry.number})" for entry in entries)
        super().__init__(f"Not done, because in the meantime: {told}. Look at the present state, then decide again.")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure as it counts: a value in the indicator's unit, or the counts it is made of.

    Attributes:
        status: official, verified or reported.
        source_id: A code of sources.toml, or of the entry's own details["sources"].
    """

    value: float | None
    numerator: float | None
    denominator: float | None
    status: str
    source_id: str
    note: str = ""

    def same_as(self, other: Figure | None) -> bool:
        """Tell whether two figures say the same number."""
        return other is not None and (self.value, self.numerator, self.denominator) == (
            other.value,
            other.numerator,
            other.denominator,
        )


@dataclass(frozen=True, slots=True)
class Change:
    """What an entry does to one figure; None is no figure."""

    unit_code: str
    indicator_code: str
    period: str
    before: Figure | None
    after: Figure | None

    @property
    def key(self) -> Key:
        """Which figure it is about."""
        return self.unit_code, self.indicator_code, self.period


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file kept beside the ledger under its own digest."""

    name: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True)
class Draft:
    """An entry that is to be written.

    Attributes:
        action: What was done: handin, return, accept, withdraw, correct, adjust, harvest, upkeep, publish, ...
        actor: Who did it: an e-mail address, or the name given on the command line.
        role: What they acted as.
        unit_code: The unit it is about, if one.
        period: The period it is about, if one.
        subject: What it belongs to (a hand-in, a practice, an adjustment), so that its story can be followed.
        note: Why, in the actor's words.
        changes: What it does to figures.
        attachments: Files that belong to it.
        details: Whatever else the action needs; JSON.
    """

    action: str
    actor: str
    role: str
    unit_code: str | None = None
    period: str | None = None
    subject: str | None = None
    note: str = ""
    changes: tuple[Change, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry(Draft):
    """An entry that is written.

    Attributes:
        number: 1, 2, 3, ... without a gap.
        at: When, UTC.
        previous_sha256: Digest of the file of the entry before; of nothing for the first.
        sha256: Digest of its own file; not in it.
    """

    number: int = 0
    at: str = ""
    previous_sha256: str = ""
    sha256: str = field(default="", compare=False)

    @classmethod
    def of(cls, draft: Draft, number: int, at: str, previous_sha256: str) -> Self:
        """Return the entry that a draft becomes."""
        own = {item.name: getattr(draft, item.name) for item in fields(Draft)}
        return cls(**own, number=number, at=at, previous_sha256=previous_sha256)

    @classmethod
    def read(cls, content: bytes) -> Self:
        """Return the entry that stands in a file.

        Raises:
            ValueError, TypeError, KeyError: It is not one.
        """
        found = json.loads(content)
        changes = tuple(_change(**item) for item in found.pop("changes"))
        attachments = tuple(Attachment(**item) for item in found.pop("attachments"))
        return cls(**found, changes=changes, attachments=attachments, sha256=sha256(content).hexdigest())

    def written(self) -> bytes:
        """Return the bytes of its file: one key a line and one change a line, to be read in a diff."""
        parts = {item.name: getattr(self, item.name) for item in fields(self) if item.name != "sha256"}
        ordered = {name: parts[name] for name in ("number", "at", "previous_sha256")} | parts
        lines = []
        for name, value in ordered.items():
            if name in ("changes", "attachments") and value:
                text = "[\n  " + ",\n  ".join(_json(asdict(item)) for item in value) + "\n ]"
            else:
                text = _json(dict(value) if name == "details" else value)
            lines.append(f" {_json(name)}: {text}")
        return ("{\n" + ",\n".join(lines) + "\n}\n").encode()

    def touches(self, draft: Draft, keys: set[Key]) -> bool:
        """Tell whether this entry is about the same thing as a draft, whose figures are ``keys``."""
        if draft.subject is not None and draft.subject == self.subject:
            return True
        if row_places(self.details) & row_places(draft.details):
            return True
        return any(change.key in keys for change in self.changes)


def _json(value: Any) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise LedgerError(f"An entry holds what JSON cannot: {error}.") from error


def _change(
    unit_code: str,
    indicator_code: str,
    period: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> Change:
    return Change(unit_code, indicator_code, period, _figure(before), _figure(after))


def _figure(found: Mapping[str, Any] | None) -> Figure | None:
    if found is None:
        return None
    figure = Figure(**found)
    for number in (figure.value, figure.numerator, figure.denominator):
        if number is not None and not math.isfinite(number):
            raise ValueError(f"{number} is not a finite number")
    return figure
