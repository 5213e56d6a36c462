"""Whom a notice concerns: every role, own ward and another one."""

from __future__ import annotations

from pathlib import Path

import pytest

from wardstats.intake.notices.outbox import KINDS
from wardstats.intake.notices.recipients import TO_THE_BLOCK, Recipient, person_key, recipients
from wardstats.ledger.access import ROLES, read_people
from wardstats.ledger.access.people import Person, listed_as
from wardstats.ledger.access.rights import Role

ASKING_THE_WARD = {"due", "late", "position_asked"}
ABOUT_A_WARD = set(KINDS) - {"published"}


def recipient(role: Role, unit: str | None) -> Recipient:
    person = Person(email="somebody@block.test", role=role, unit=unit)
    return Recipient(person_key(listed_as(person)), person)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_is_told_of_its_own_ward_what_it_has_a_right_to(role: Role) -> None:
    own = recipient(role, "w01")
    told = {kind for kind in ABOUT_A_WARD if own.may_be_told(kind, "w01")}
    expected = {
        "viewer": {"rank_fell", "contract_behind"},
        "checker": ABOUT_A_WARD - ASKING_THE_WARD,
    }
    assert told == expected.get(role, ABOUT_A_WARD)
    assert own.may_be_told("published", None)
    assert not any(own.may_be_told(kind, "w02") for kind in ABOUT_A_WARD)


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"ward_officer"}))
def test_who_belongs_to_no_ward_is_told_who_is_late_and_what_is_published(role: Role) -> None:
    found = recipient(role, None)
    told = {kind for kind in ABOUT_A_WARD if found.may_be_told(kind, "w01")}
    assert told == (set(TO_THE_BLOCK) if role in ("secretariat", "administrator") else set())
    assert found.may_be_told("published", None)


def test_people_are_known_by_keys_that_tell_nothing(tmp_path: Path) -> None:
    path = tmp_path / "access.toml"
    path.write_text(
        '[[person]]\nemail = "Officer@Sapa.test"\nrole = "ward_officer"\nunit = "w01"\n'
        '[[person]]\nsubject = "officer@sapa.test"\nrole = "viewer"\n',
        encoding="utf-8",
    )
    found = recipients(read_people(path))
    assert len(found) == 2
    assert not any("sapa" in key for key in found)
    assert [item.address for item in found.values()] == ["Officer@Sapa.test", ""]
    assert (
        person_key(listed_as(Person(email="officer@sapa.TEST", role="viewer"))) in found
    )  # one address, however it is written
