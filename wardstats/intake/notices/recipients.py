"""Whom a notice concerns: the persons of access.toml, and what their role and ward let them be told.

Asked when a notice is written, and again right before each sending. Who has their role by a claim of the provider
stands in no list, so nobody can ask whether they still have it: they get no notices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from wardstats.intake.notices.outbox import Kind
from wardstats.ledger.access import Action, Actor, may
from wardstats.ledger.access.people import People, Person, listed_as

# What a person must be able to do for the ward that a notice is about; None: boards that anybody may read.
NEEDED: Mapping[Kind, Action | None] = {
    "due": "handin",
    "late": "handin",
    "returned": "read_queue",
    "accepted": "read_queue",
    "published": None,
    "rank_fell": None,
    "contract_behind": None,
    "position_asked": "handin",
    "digest": None,
}
TO_THE_BLOCK: tuple[Kind, ...] = ("late",)  # also told to who belongs to no ward and may act for all


@dataclass(frozen=True)
class Recipient:
    """One person of access.toml.

    Attributes:
        key: By what files and links know them; tells nothing of who they are.
    """

    key: str
    person: Person

    @property
    def address(self) -> str:
        """Their e-mail address; empty for who is known by a subject."""
        return self.person.email or ""

    @property
    def actor(self) -> Actor:
        """Who they would act as."""
        identity = self.person.email or self.person.subject or ""
        return Actor(self.person.name or identity, self.person.role, identity, self.person.unit)

    def may_be_told(self, kind: Kind, unit_code: str | None) -> bool:
        """Tell whether a notice concerns them, and whether they have the right to it, by their role at this moment."""
        needed = NEEDED[kind]
        if unit_code is not None and self.person.unit != unit_code:
            if self.person.unit is not None or kind not in TO_THE_BLOCK:
                return False
        return needed is None or may(self.actor, needed, unit_code)


def person_key(identity: str) -> str:
    """Return the key of a person.

    Args:
        identity: By what access.toml names them: ``listed_as``.
    """
    return sha256(identity.encode()).hexdigest()[:32]


def recipients(people: People) -> dict[str, Recipient]:
    """Return all persons by their keys."""
    found = (Recipient(person_key(listed_as(person)), person) for person in people.file.person)
    return {recipient.key: recipient for recipient in found}
