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


@dataclass(frozen=True)
class People:
    """Roles by address, subject and claim."""

    file: AccessFile
    by_email: Mapping[str, Person]
    by_subject: Mapping[str, Person]


def people_path(places: Settings) -> Path:
    """Return where the roles stand: ``WARDSTATS_ACCESS``, else access.toml in the folder of state."""
    return Path(os.environ.get("WARDSTATS_ACCESS") or places.var / "access.toml")


def read_people(path: Path) -> People:
    """Read the file of roles; one that is not there gives nobody a role. A changed file counts at once.

    Raises:
        AccessError: The file is faulty; every problem is listed.
    """
    try:
        changed = path.stat().st_mtime_ns
    except FileNotFoundError:
        return People(AccessFile(), {}, {})
    return _read(path, changed)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int) -> People:
    reader = Reader(path.parent)
    found = reader.toml(path.name)
    file = reader.toml_record(path.name, AccessFile, *found) if found else None
    people: dict[str, dict[str, Person]] = {"email": {}, "subject": {}}
    for person in file.person if file else ():
        for kind, key in (("email", (person.email or "").casefold()), ("subject", person.subject or "")):
            if key and people[kind].setdefault(key, person) is not person:
                reader.report(path.name, None, f"person.{kind}", repr(key), "each one once", "Remove one of the two.")
    if reader.problems or file is None:
        faults = str(DataError(reader.problems))
        raise AccessError(lambda speak: f"{faults}\n{speak('Until this is mended nobody has any right.')}")
    return People(file, people["email"], people["subject"])


def actor_of(claims: Mapping[str, Any], people: People) -> Actor:
    """Return who signed in, with their role; a viewer where nothing grants another one.

    Args:
        claims: What the identity provider vouches for (an ID token's content).
    """
    email = str(claims.get("email") or "").strip().casefold()
    subject = str(claims.get("sub") or "")
    name = str(claims.get("name") or claims.get("preferred_username") or email or subject)
    nobody = Actor(name, "viewer", email or subject)
    if people.file.issuers and claims.get("iss") not in people.file.issuers:
        return nobody
    is_verified = claims.get("email_verified") is True or not people.file.require_verified_email
    grant: _Grant | None = people.by_email.get(email) if email and is_verified else None
    grant = grant or people.by_subject.get(subject)
    if grant is None and people.file.claim:
        held = set(_values(claims, people.file.claim.split(".")))
        grant = next((grant for grant in people.file.grant if grant.value in held), None)
    if grant is None:
        return nobody
    name = getattr(grant, "name", None) or name
    return Actor(name, grant.role, email if is_verified and email else subject, grant.unit)


def _values(claims: Any, path: Sequence[str]) -> Iterator[str]:
    for part in path:
        claims = claims.get(part) if isinstance(claims, Mapping) else None
    if isinstance(claims, str):
        yield claims
    elif isinstance(claims, Sequence):
        yield from (item for item in claims if isinstance(item, str))
