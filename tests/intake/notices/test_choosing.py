"""What somebody does about their own notices: exactly the people of the list, each for themselves."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.mail_server import block_with_people, give_roles
from wardstats.intake.faults import IntakeError
from wardstats.intake.notices.choosing import choose, own, renew_feed, renew_secret
from wardstats.intake.notices.desk import Desk
from wardstats.intake.notices.webhook import AddressError
from wardstats.ledger.access import ROLES, AccessError, Actor, actor_of, people_path, read_people

ADDRESS = "somebody@block.test"
CHOSEN = {"kinds": ["late", "due"], "mail": "digest", "language": "hi", "webhook": "", "has_feed": False}


def desk_with(folder: Path, role: str, unit: str | None = None) -> Desk:
    return Desk(block_with_people(folder, [(ADDRESS, role, unit), ("other@block.test", "viewer", None)]))


def signed_in(desk: Desk, address: str = ADDRESS, subject: str = "7") -> Actor:
    claims = {"email": address, "email_verified": True, "sub": subject}
    return actor_of(claims, read_people(people_path(desk.workspace.places)))


@pytest.mark.parametrize("role", ROLES)
def test_each_role_of_the_list_chooses_for_itself(role: str, tmp_path: Path) -> None:
    desk = desk_with(tmp_path, role, "w01" if role == "ward_officer" else None)
    made = choose(desk, signed_in(desk, ADDRESS.upper()), **CHOSEN)
    assert (made.kinds, made.mail, made.language) == (("due", "late"), "digest", "hi")
    assert desk.choices(own(desk, signed_in(desk)).key) == made
    assert desk.choices(own(desk, signed_in(desk, "other@block.test")).key).mail == "at_once"  # is somebody else's


@pytest.mark.parametrize("step", [lambda desk, actor: choose(desk, actor, **CHOSEN), renew_feed, renew_secret, own])
def test_nobody_else_does(tmp_path: Path, step: object) -> None:
    """Not signed in with an address of the list; or taken off it after the page was drawn; or a role by a claim."""
    desk = desk_with(tmp_path, "secretariat")
    listed = signed_in(desk)
    strangers = [signed_in(desk, "stranger@x.test"), Actor("Clerk", "administrator", ADDRESS)]
    give_roles(desk.workspace, [("other@block.test", "viewer", None)])
    for actor in [*strangers, listed]:
        with pytest.raises(AccessError):
            step(desk, actor)  # pyright: ignore[reportCallIssue]
    assert not (desk.outbox.folder / "people").exists()


def test_somebody_known_by_a_subject_chooses_though_the_provider_tells_an_address(tmp_path: Path) -> None:
    desk = desk_with(tmp_path, "viewer")
    people_path(desk.workspace.places).write_text('[[person]]\nsubject = "S7"\nrole = "checker"\n', encoding="utf-8")
    actor = signed_in(desk, "new@x.test", "S7")
    choose(desk, actor, **CHOSEN)
    assert own(desk, actor).address == ""
    assert desk.choices(own(desk, actor).key).mail == "digest"


def test_a_feed_that_was_switched_off_comes_back_under_another_address(tmp_path: Path) -> None:
    desk = desk_with(tmp_path, "viewer")
    actor, numbers = signed_in(desk), []
    for has_feed in (True, True, False, False, True):
        numbers.append(choose(desk, actor, **(CHOSEN | {"has_feed": has_feed})).feed)
    assert numbers == [1, 1, -1, -1, 2]
    assert renew_feed(desk, actor).feed == 3


def test_a_webhook_gets_a_secret_which_stays_until_a_new_one_is_asked_for(tmp_path: Path) -> None:
    desk = desk_with(tmp_path, "viewer")
    actor = signed_in(desk)
    made = choose(desk, actor, **(CHOSEN | {"webhook": " https://a.test/hook "}))
    assert made.webhook == "https://a.test/hook" and made.secret.startswith("whsec_")
    assert choose(desk, actor, **(CHOSEN | {"webhook": "https://b.test/"})).secret == made.secret
    assert renew_secret(desk, actor).secret != made.secret


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"webhook": "https://user:pass@a.test/"}, AddressError),
        ({"webhook": "ftp://a.test/"}, AddressError),
        ({"kinds": ["digest"]}, IntakeError),
        ({"mail": "always"}, IntakeError),
        ({"language": "xx"}, IntakeError),
    ],
)
def test_what_there_is_not_is_refused_and_nothing_changes(
    tmp_path: Path, wrong: dict[str, object], error: type[Exception]
) -> None:
    desk = desk_with(tmp_path, "viewer")
    before = choose(desk, signed_in(desk), **CHOSEN)
    with pytest.raises(error):
        choose(desk, signed_in(desk), **(CHOSEN | wrong))
    assert desk.choices(own(desk, signed_in(desk)).key) == before == replace(before)
