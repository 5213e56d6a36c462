"""Tells which entries of the ledger a board is built from, so that one more can be put on it and nothing besides.

A publication's entry records it: every entry up to ``built_from``, and those of ``built_also_from``. For a board whose
entry does not say, it is found again by the digest that ends the snapshot's id.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Literal

from wardstats.catalogue.ledger_figures import UNDO
from wardstats.catalogue.load import entries_that_count, former_content_digest
from wardstats.intake.workspace import Workspace
from wardstats.ledger import Entry
from wardstats.snapshot import build

PUBLICATIONS = ("publish", "rollback")
_LIKELY = 10  # entries may be written while a board is being built; more than these are not
# Why an entry is not on the board at once: the board is final; it cannot be made again; the entry rests on others
# that wait; what it takes back was never up.
Waits = Literal["final", "changed", "entangled", "absent"]


@dataclass(frozen=True)
class Basis:
    """Which entries count on a board.

    Attributes:
        up_to: All up to this number.
        also: These later ones.
    """

    up_to: int
    also: tuple[int, ...] = ()

    def __contains__(self, entry: Entry) -> bool:
        """Tell whether an entry that counts is on the board."""
        return entry.number <= self.up_to or entry.number in self.also

    def with_more(self, entries: Iterable[Entry]) -> Basis:
        """Return the basis of the board with more entries on it."""
        return Basis(self.up_to, tuple(sorted({*self.also, *(entry.number for entry in entries)})))

    def chosen(self, entries: Sequence[Entry]) -> list[Entry]:
        """Return the entries of the ledger that the board is built from, with the story of those that came later."""
        subjects = {entry.subject for entry in entries if entry.number in self.also and entry.subject}
        left_out = {entry.number for entry in self.left_out(entries)}
        return [
            entry for entry in entries if entry in self or (entry.subject in subjects and entry.number not in left_out)
        ]

    def left_out(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return the entries that count and are not on the board."""
        return [entry for entry in entries_that_count(entries) if entry not in self]

    def details(self) -> dict[str, Any]:
        """Return it as a publication's entry records it."""
        return {"built_from": self.up_to, "built_also_from": list(self.also)}


def recorded_basis(entries: Iterable[Entry], snapshot_id: str) -> Basis | None:
    """Return what the ledger says a snapshot was built from, or None.

    The last entry about it counts: one that changes nothing of the board gives the same snapshot again.
    """
    for entry in reversed(list(entries)):
        if entry.action in PUBLICATIONS and entry.details.get("snapshot_id") == snapshot_id:
            if (up_to := entry.details.get("built_from")) is not None:
                return Basis(up_to, tuple(entry.details.get("built_also_from", ())))
    return None


def find_basis(
    workspace: Workspace, entries: Sequence[Entry], snapshot_id: str, closed_up_to: date | None
) -> Basis | None:
    """Return what a snapshot was built from, where the data folder and the program would give the same one again.

    Args:
        entries: Those of the ledger.
        closed_up_to: The deadlines that were over when it was built; see ``publications.closed_up_to``.

    Returns:
        The basis, or None: the files or the program's rules have changed since.

    Raises:
        DataError: The folder is faulty.
    """

    def is_it(content_sha256: str) -> bool:
        return snapshot_id.endswith(f"-{build.snapshot_digest(content_sha256, closed_up_to)[:12]}")

    settling = [*entries_that_count(entries), *(entry for entry in entries if entry.action == UNDO)]
    numbers = [len(entries), *sorted({entry.number - 1 for entry in settling}, reverse=True)]
    recorded = recorded_basis(entries, snapshot_id)
    candidates = [recorded] if recorded else list(map(Basis, numbers))
    files = workspace.catalogue().files
    for basis in candidates:  # boards of earlier versions first: those take no reading of the folder
        if is_it(former_content_digest(files, basis.chosen(entries))):
            return basis
    built_at = snapshot_id[:16]
    last = max((entry.number for entry in entries if _stamp(entry) <= built_at), default=0)
    likely = [Basis(last), *(basis for basis in candidates if basis.up_to < last)][:_LIKELY]
    for basis in [recorded] if recorded else likely:
        if is_it(workspace.catalogue_of(basis.chosen(entries)).content_sha256):
            return basis
    return None


def _stamp(entry: Entry) -> str:
    """Return when an entry was written, as the ids of snapshots tell it: 20261130T190000Z."""
    return f"{datetime.fromisoformat(entry.at).astimezone(UTC):%Y%m%dT%H%M%SZ}"


def was_published(entries: Iterable[Entry], entry: Entry) -> bool:
    """Tell whether a board was ever up with an entry on it, or may have been: an entry of before does not say."""
    later = [found for found in entries if found.action in PUBLICATIONS and found.number > entry.number]
    bases = [recorded_basis([found], found.details["snapshot_id"]) for found in later]
    return any(basis is None or entry in basis for basis in bases)


def waiting_entries(entries: Sequence[Entry], snapshot_id: str | None) -> list[Entry]:
    """Return the entries that count and are not on a board; where its entry does not say, those after it."""
    basis = recorded_basis(entries, snapshot_id) if snapshot_id else None
    last = max((entry.number for entry in entries if entry.action in PUBLICATIONS), default=0)
    return (basis or Basis(last)).left_out(entries)
