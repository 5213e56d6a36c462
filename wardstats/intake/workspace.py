"""The place where hand-ins are worked on: the data folder with its ledger, and the catalogue the two give.

Owns what all steps share. The steps themselves: ``handing_in``, ``checking``, ``publishing``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from wardstats.catalogue.load import Catalogue, entries_that_count, load_catalogue
from wardstats.catalogue.upkeep import Rows, file_rows
from wardstats.core.languages import local_today, translator
from wardstats.core.settings import Settings
from wardstats.intake.form import Form, form_of
from wardstats.intake.workbook import unit_title
from wardstats.ledger import Attachment, Change, Draft, Entry, Figure, Ledger, ledger_of
from wardstats.ledger.access import Actor
from wardstats.ledger.entry import Key
from wardstats.ledger.interrupted import telling_what_is_recorded

Stamp = tuple[tuple[str, int, int], ...]
P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Workspace:
    """One data folder and its ledger."""

    places: Settings
    ledger: Ledger = field(repr=False)

    @classmethod
    def of(cls, places: Settings) -> Workspace:
        """Return the workspace of the settings in force."""
        return cls(places, ledger_of(places))

    def catalogue(self) -> Catalogue:
        """Return the data folder with what the ledger adds; read again only where one of the two has changed."""
        return _catalogue(self.places.data, _stamp(self.places.data), self.ledger, self.ledger.head)

    def state(self) -> tuple[Stamp, tuple[str, ...]]:
        """Return what changes with everything that changes a board."""
        digests = tuple(entry.sha256 for entry in entries_that_count(self.ledger.entries()))
        return _stamp(self.places.data), digests

    def supposed(self, entries: Sequence[Entry]) -> Catalogue:
        """Return the catalogue as it would be with more entries in the ledger."""
        return self.catalogue_of([*self.ledger.entries(), *entries])

    def kept_rows(self, file: str, entries: Sequence[Entry] | None = None) -> Rows:
        """Return the rows of a plain file, the folder's own and those in force; with other entries than those written.

        Raises:
            ValueError: It cannot be kept up, or cannot be read.
        """
        return file_rows(self.places.data, file, self.ledger.entries() if entries is None else entries)

    def catalogue_of(self, entries: Sequence[Entry]) -> Catalogue:
        """Return the catalogue as it would be if these entries were the whole ledger."""
        return load_catalogue(self.places.data, _Supposed(self.ledger, entries))

    def form(self, unit_code: str, period: str) -> Form:
        """Return what a unit is asked for a period; errors as in ``form_of``."""
        return form_of(self.catalogue(), unit_code, period)

    def unit_name(self, unit_code: str | None, language: str) -> str:
        """Return a unit's name with what it is."""
        catalogue = self.catalogue()
        for unit in catalogue.units:
            if unit.unit_code == unit_code:
                return unit_title(unit, catalogue.block.unit_kind, translator(language))
        return unit_code or ""

    def in_force(self, keys: Sequence[Key]) -> dict[Key, Figure]:
        """Return the figures that count now, of those asked for; a real one before a demonstration one."""
        from wardstats.intake.form import figure_of

        frame, wanted = self.catalogue().figures, set(keys)
        units = {unit for unit, _, _ in wanted}
        found: dict[Key, Figure] = {}
        rows = frame[frame["unit_code"].isin(units)].astype(object).to_dict("records")
        for row in sorted(rows, key=lambda row: row["status"] != "demonstration"):
            key = (str(row["unit_code"]), str(row["indicator_code"]), str(row["period"]))
            if key in wanted:
                found[key] = figure_of(row)
        return found


class _Supposed(Ledger):
    """A ledger of other entries than those that are written."""

    def __init__(self, ledger: Ledger, entries: Sequence[Entry]) -> None:
        super().__init__(ledger.folder)
        self._all = list(entries)

    def entries(self) -> list[Entry]:
        """Return the supposed entries."""
        return list(self._all)

    def proved_entries(self) -> list[Entry]:
        """Return the same."""
        return self.entries()


def recorded(step: Callable[Concatenate[Workspace, Actor, P], T]) -> Callable[Concatenate[Workspace, Actor, P], T]:
    """Let a step say what it had recorded where it cannot write on; see ``telling_what_is_recorded``."""

    @wraps(step)
    def told(workspace: Workspace, actor: Actor, *args: P.args, **options: P.kwargs) -> T:
        with telling_what_is_recorded(workspace.places.var, actor.identity, workspace.ledger):
            return step(workspace, actor, *args, **options)

    return told


def supposed_entry(ledger: Ledger, draft: Draft) -> Entry:
    """Return the entry that a draft would become next."""
    return Entry.of(draft, ledger.head + 1, now_text(), "")


def now_text() -> str:
    """Return this moment as the ledger writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def today() -> str:
    """Return the day it is in Vietnam."""
    return local_today().isoformat()


def signed(
    actor: Actor,
    action: str,
    *,
    details: Mapping[str, Any] | None = None,
    unit_code: str | None = None,
    period: str | None = None,
    subject: str | None = None,
    note: str = "",
    changes: tuple[Change, ...] = (),
    attachments: tuple[Attachment, ...] = (),
) -> Draft:
    """Return a draft in an actor's name."""
    named = {"actor_name": actor.name} if actor.email and actor.name != actor.email else {}
    return Draft(
        action, actor.identity, actor.role, unit_code, period, subject, note, changes, attachments,
        dict(details or {}) | named,
    )  # fmt: skip


def _stamp(folder: Path) -> Stamp:
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            status = path.stat()
            found.append((str(path), status.st_mtime_ns, status.st_size))
    return tuple(found)


@lru_cache(maxsize=2)
def _catalogue(folder: Path, stamp: Stamp, ledger: Ledger, head: int) -> Catalogue:
    return load_catalogue(folder, ledger)
