"""Where notices are worked on: one block's workspace, its outbox, its people with their choices, and the ways out."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property

from wardstats.catalogue.load import Catalogue
from wardstats.intake.notices.choices import Choices, change_choices, read_choices
from wardstats.intake.notices.links import Links
from wardstats.intake.notices.outbox import KINDS, Kind, Notice, Outbox
from wardstats.intake.notices.recipients import Recipient, recipients
from wardstats.intake.notices.ways import WaysFile, read_ways, ways_path
from wardstats.intake.workspace import Workspace
from wardstats.ledger.access import people_path, read_people

SHOWN = 50  # notices of one person, on the page and in the feed


@dataclass(frozen=True)
class Desk:
    """What a run, a page and a feed work with. Lives as long as one of them looks; people and choices are read anew."""

    workspace: Workspace

    @cached_property
    def outbox(self) -> Outbox:
        """The outbox of the folder of state."""
        return Outbox(self.workspace.places.var)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The data folder; errors as in ``load_catalogue``."""
        return self.workspace.catalogue()

    @cached_property
    def ways(self) -> WaysFile:
        """The ways out; errors as in ``read_ways``."""
        return read_ways(ways_path(self.workspace.places))

    @property
    def links(self) -> Links:
        """Addresses that act without a sign-in."""
        return Links(self.outbox.folder)

    def people(self) -> dict[str, Recipient]:
        """Return who there is at this moment, by key; errors as in ``read_people``."""
        return recipients(read_people(people_path(self.workspace.places)))

    def choices(self, person: str) -> Choices:
        """Return what somebody chose, as it stands at this moment."""
        return read_choices(self.outbox.folder, person, self.catalogue.block.default_language)

    def change(self, person: str, change: Callable[[Choices], Choices]) -> Choices:
        """Change what somebody chose, and return it."""
        return change_choices(self.outbox.folder, person, self.catalogue.block.default_language, change)

    def shown(self, recipient: Recipient, kinds: Collection[Kind] = KINDS) -> list[Notice]:
        """Return the newest notices of somebody, those of some kinds that they still have a right to, newest first."""
        found = reversed(self.outbox.notices(recipient.key))
        allowed = [n for n in found if n.kind in kinds and recipient.may_be_told(n.kind, n.unit_code)]
        return allowed[:SHOWN]
