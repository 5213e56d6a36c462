"""Reads access.toml: which e-mail address, subject or claim has which role. A faulty file gives nobody any right.

Format, an example and the settings of identity providers: docs/handin.md.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from wardstats.core.data_files import Reader
from wardstats.core.errors import DataError
from wardstats.core.records import Code, Record, Text
from wardstats.core.settings import Settings
from wardstats.ledger.access.addresses import address_key
from wardstats.ledger.access.rights import AccessError, Actor, Role


class _Grant(Record):
    role: Role
    unit: Code | None = None

    @model_validator(mode="after")
    def _has_unit(self) -> Self:
        if self.role == "ward_officer" and self.unit is None:
            raise PydanticCustomError("unit", "a unit, which a ward_officer needs")
        return self


class Person(_Grant):
    """One person's role, by the address or the subject that the identity provider vouches for."""

    email: Text | None = None
    subject: Text | None = None
    name: Text | None = None

    @model_validator(mode="after")
    def _has_key(self) -> Self:
        if (self.email is None) == (self.subject is None):
            raise PydanticCustomError("key", "either email or subject")
        if self.email is not None and address_key(self.email) is None:
            raise PydanticCustomError(
                "address",
                "an address of plain letters (ASCII) such as officer@example.vn, its domain in the form xn--... if it "
                "has others, or else the person's subject",
            )
        return self


class ClaimGrant(_Grant):
    """The role of everybody whose claim holds a value, such as a group of the identity provider."""

    value: Text


class AccessFile(Record):
    """access.toml.

    Attributes:
        person: Roles by person; they win over roles by claim.
        claim: Name of the claim that ``grant`` looks at; dots lead into nested claims (realm_access.roles).
        grant: Roles by the claim's value; the first that fits counts.
        issuers: Identity providers that are believed; empty for every one that is configured.
        require_verified_email: An address counts only if the provider says that it has checked it.
    """

    person: list[Person] = []
    claim: Text | None = None
    grant: list[ClaimGrant] = []
    issuers: list[Text] = []
    require_verified_email: bool = Field(default=True)


class PeopleError(AccessError):
    """The file of roles is faulty. What is told holds no address.

    Attributes:
        faults: Every problem, with the addresses that stand there: for administrators only.
    """

    def __init__(self, faults: str) -> None:
        """Keep the faults."""
        self.faults = faults
        super().__init__(
            lambda speak: speak(
                "access.toml: found faults. Until they are mended nobody has any right. Whoever runs the server finds "
                "each one with: python -m wardstats access"
            )
        )


@dataclass(frozen=True)
class People:
    """Roles by address, subject and claim."""

    file: AccessFile
    by_email: Mapping[str, Person]
    by_subject: Mapping[str, Person]


_LAST_WHOLE: dict[Path, People] = {}


def people_path(places: Settings) -> Path:
    """Return where the roles stand: ``WARDSTATS_ACCESS``, else access.toml in the folder of state."""
    return Path(os.environ.get("WARDSTATS_ACCESS") or places.var / "access.toml")


def read_people(path: Path) -> People:
    """Read the file of roles; one that is not there gives nobody a role. A changed file counts at once.

    Raises:
        PeopleError: The file is faulty; every problem is listed.
    """
    try:
        content = path.read_bytes()  # a few kilobytes; size and time of a file may stay the same when it is edited
    except FileNotFoundError:
        return People(AccessFile(), {}, {})
    people = _LAST_WHOLE[path] = _parsed(path, content)
    return people


def is_administrator_of_before(claims: Mapping[str, Any], path: Path) -> bool:
    """Tell whether somebody was an administrator when this process last read the file without a fault."""
    before = _LAST_WHOLE.get(path)
    return before is not None and actor_of(claims, before).role == "administrator"


@lru_cache(maxsize=4)
def _parsed(path: Path, content: bytes) -> People:
    reader = Reader(path.parent)
    text = reader.decoded(path.name, content)
    found = reader.toml_of(path.name, text) if text is not None else None
    file = reader.toml_record(path.name, AccessFile, *found) if found else None
    people: dict[str, dict[str, Person]] = {"email": {}, "subject": {}}
    for person in file.person if file else ():
        for kind, key in (("email", address_key(person.email)), ("subject", person.subject)):
            if key and people[kind].setdefault(key, person) is not person:
                reader.report(path.name, None, f"person.{kind}", repr(key), "each one once", "Remove one of the two.")
    if reader.problems or file is None:
        raise PeopleError(str(DataError(reader.problems)))
    return People(file, people["email"], people["subject"])


def listed_as(person: Person) -> str:
    """Return by what access.toml names somebody: their address, letters folded, or their subject."""
    return address_key(person.email) or f"sub {person.subject}"


def actor_of(claims: Mapping[str, Any], people: People) -> Actor:
    """Return who signed in, with their role; a viewer where nothing grants another one.

    They are known by their address as it was verified, and without one by the claim sub. A sub that is itself like an
    address is marked as a sub, so that the ledger names nobody else.

    Args:
        claims: What the identity provider vouches for (an ID token's content).
    """
    key = address_key(claims.get("email"))
    address = str(claims["email"]) if key else ""
    subject = str(claims.get("sub") or "")
    name = str(claims.get("name") or claims.get("preferred_username") or address or subject)
    is_verified = claims.get("email_verified") is True or not people.file.require_verified_email
    by_subject = f"sub {subject}" if "@" in subject else subject
    identity = address if is_verified and address else by_subject
    nobody = Actor(name, "viewer", address or by_subject)
    if people.file.issuers and claims.get("iss") not in people.file.issuers:
        return nobody
    person = people.by_email.get(key) if key and is_verified else None
    person = person or people.by_subject.get(subject)
    grant: _Grant | None = person
    if grant is None and people.file.claim:
        held = set(_values(claims, people.file.claim.split(".")))
        grant = next((grant for grant in people.file.grant if grant.value in held), None)
    if grant is None:
        return nobody
    name = (person and person.name) or name
    return Actor(name, grant.role, identity, grant.unit, listed_as(person) if person else "")


def _values(claims: Any, path: Sequence[str]) -> Iterator[str]:
    for part in path:
        claims = claims.get(part) if isinstance(claims, Mapping) else None
    if isinstance(claims, str):
        yield claims
    elif isinstance(claims, Sequence):
        yield from (item for item in claims if isinstance(item, str))
