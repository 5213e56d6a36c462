"""The file of roles: who has which, faults, and that every edit of it is noticed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.running import commands_on
from tests.intake_files import desk_in
from wardstats.core.languages import translator
from wardstats.ledger.access import (
    Actor,
    PeopleError,
    actor_of,
    is_administrator_of_before,
    read_people,
)

PEOPLE = """
claim = "realm_access.roles"
issuers = ["https://id.test"]

[[person]]
email = "An.Officer@SaPa.test"
role = "ward_officer"
unit = "03006"
name = "Nguyễn Văn An"

[[person]]
subject = "vneid-0123"
role = "checker"
unit = "04252"

[[grant]]
value = "board-secretariat"
role = "secretariat"
"""


def access_file(folder: Path, text: str = PEOPLE) -> Path:
    path = folder / "access.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_roles_by_address_subject_and_claim(tmp_path: Path) -> None:
    people = read_people(access_file(tmp_path))
    issued = {"iss": "https://id.test"}
    officer = actor_of(issued | {"email": "an.officer@sapa.test", "email_verified": True, "sub": "1"}, people)
    assert officer == Actor("Nguyễn Văn An", "ward_officer", "an.officer@sapa.test", "03006")
    assert actor_of(issued | {"sub": "vneid-0123", "name": "B"}, people) == Actor("B", "checker", "vneid-0123", "04252")
    claims = issued | {"sub": "9", "realm_access": {"roles": ["x", "board-secretariat"]}}
    assert actor_of(claims, people).role == "secretariat"


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {"iss": "https://id.test", "email": "an.officer@sapa.test", "sub": "1"},
        {"iss": "https://id.test", "email": "an.officer@sapa.test", "email_verified": False, "sub": "1"},
        {"iss": "https://id.test", "email": "an.officer@sapa.test", "email_verified": "true", "sub": "1"},
        {"iss": "https://evil.test", "email": "an.officer@sapa.test", "email_verified": True, "sub": "1"},
        {"iss": "https://evil.test", "sub": "vneid-0123"},
        {"iss": "https://id.test", "realm_access": "nonsense", "sub": "1"},
        {"iss": "https://id.test", "realm_access": {"roles": [{"board-secretariat": 1}]}, "sub": "1"},
        {"iss": "https://id.test", "email": ["an.officer@sapa.test"], "email_verified": True, "sub": "1"},
    ],
)
def test_everybody_else_is_a_viewer(tmp_path: Path, claims: dict[str, object]) -> None:
    assert actor_of(claims, read_people(access_file(tmp_path))).role == "viewer"


@pytest.mark.hostile("access.toml states")
@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('[[person]]\nemail = "a@x"\nrole = "king"', "one of 'viewer'"),
        ('[[person]]\nemail = "a@x"\nrole = "ward_officer"', "a unit, which a ward_officer needs"),
        ('[[person]]\nrole = "checker"', "either email or subject"),
        ('[[person]]\nemail = "a@x"\nrole = "checker"\n[[person]]\nemail = "A@X"\nrole = "viewer"', "each one once"),
        ('[[person]]\nemail = "ſecretariat@x"\nrole = "checker"', "an address of plain letters"),
        ('[[person]]\nemail = "a@ví-dụ.vn"\nrole = "checker"', "in the form xn--"),
        ("surprise = 1", "only known keys"),
        ("[[person", "valid TOML"),
    ],
)
def test_a_faulty_file_gives_nobody_any_right(tmp_path: Path, text: str, why: str) -> None:
    with pytest.raises(PeopleError, match="nobody has any right") as caught:
        read_people(access_file(tmp_path, text))
    assert why in caught.value.faults
    for language in ("en", "vi", "hi"):
        assert "@" not in caught.value.told(translator(language))


def test_a_changed_file_counts_at_once_and_a_missing_one_gives_nothing(tmp_path: Path) -> None:
    claims = {"email": "a@x.test", "email_verified": True}
    assert actor_of(claims, read_people(tmp_path / "access.toml")).role == "viewer"
    path = access_file(tmp_path, '[[person]]\nemail = "a@x.test"\nrole = "administrator"')
    assert actor_of(claims, read_people(path)).role == "administrator"
    path.unlink()
    assert actor_of(claims, read_people(path)).role == "viewer"


@pytest.mark.hostile("access.toml states")
def test_an_edit_that_keeps_size_and_time_counts_at_once(tmp_path: Path) -> None:
    claims = {"email": "a@x.test", "email_verified": True}
    path = access_file(tmp_path, '[[person]]\nemail = "a@x.test"\nrole = "checker"')
    before = path.stat()
    assert actor_of(claims, read_people(path)).role == "checker"
    path.write_text('[[person]]\nemail = "b@x.test"\nrole = "checker"', encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    after = path.stat()
    assert (after.st_mtime_ns, after.st_size, after.st_ino) == (before.st_mtime_ns, before.st_size, before.st_ino)
    assert actor_of(claims, read_people(path)).role == "viewer"


def test_who_was_an_administrator_before_the_fault_may_see_it(tmp_path: Path) -> None:
    administrator = {"email": "a@x.test", "email_verified": True}
    other = {"email": "c@x.test", "email_verified": True}
    text = '[[person]]\nemail = "a@x.test"\nrole = "administrator"\n[[person]]\nemail = "c@x.test"\nrole = "checker"\n'
    path = access_file(tmp_path, text)
    assert not is_administrator_of_before(administrator, path)  # nothing was read yet
    read_people(path)
    access_file(tmp_path, text + 'unit = "x y"')
    with pytest.raises(PeopleError):
        read_people(path)
    assert is_administrator_of_before(administrator, path)
    assert not is_administrator_of_before(other, path)


def test_the_command_line_lists_roles_and_faults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    places = desk_in(tmp_path).places
    places.var.mkdir(parents=True)
    command = commands_on(places, monkeypatch, capsys)
    access_file(places.var)
    code, out, _ = command("access")
    assert (code, out.splitlines()[0]) == (0, "ward_officer 03006 An.Officer@SaPa.test")
    assert "secretariat realm_access.roles = board-secretariat" in out
    access_file(places.var, '[[person]]\nemail = "a@x"\nrole = "king"')
    code, out, errors = command("access")
    assert (code, out) == (1, "") and "found 'king'" in errors
