"""Whether a sign-in counts: by time, sign-out and what the provider says; and every role with every action by it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.intake_files import ENGLISH, OTHER, UNIT
from tests.ledger.access.test_rights import ALLOWED
from wardstats.frontend.sign_in import Answer, RefusedError, UnreachableError
from wardstats.ledger.access import ACTIONS, ROLES, AccessError, actor_of, read_people, require
from wardstats.ledger.access.signed_out import CLAIM, SignedOut
from wardstats.session import signin
from wardstats.session.sign_ins import ASK_AGAIN_S, SignInOverError, SignIns

HOUR_S, MINUTE_S = 3600.0, 60.0
PATIENT = 60.0
COOKIES = "cookies, Origin, callback, session ids, sign-out"


@dataclass
class Provider:
    """A provider in the hands of a test: what it says of people by their sub, or that it says nothing."""

    now: float = 1_000_000.0
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    is_away: bool = False
    lasts_s: float | None = None
    gives_refresh: bool = True
    asked: int = 0
    gate: threading.Event | None = None

    def sign_in(self, sign_ins: SignIns, sub: str, lasts_s: float = 300.0) -> dict[str, Any]:
        """Return what stands in the cookie afterwards."""
        claims = {"iss": "https://id.test", "sub": sub, "exp": self.now + lasts_s} | self.people.get(sub, {})
        token = {"userinfo": claims, "access_token": f"access-{sub}"}
        if self.gives_refresh:
            token["refresh_token"] = f"refresh-{sub}"
        sign_ins.mark(token)
        return token["userinfo"] | {"provider": "default", "is_logged_in": True}

    def ask(self, provider: str, claims: Any, access_token: str | None, refresh_token: str | None) -> Answer:
        self.asked += 1
        if self.gate is not None:
            assert self.gate.wait(PATIENT)
        sub = claims["sub"]
        if self.is_away:
            raise UnreachableError("ConnectError")
        if sub in self.refused or not (access_token or refresh_token):
            raise RefusedError("invalid_grant")
        expires_at = None if self.lasts_s is None else self.now + self.lasts_s
        said = {"iss": "https://id.test", "sub": sub} | self.people.get(sub, {})
        return Answer(said, f"access-{sub}", refresh_token, expires_at)


@pytest.fixture
def provider() -> Provider:
    return Provider()


def process(provider: Provider, path: Path) -> SignIns:
    """Return the sign-ins of one process of the server."""
    signed_out = SignedOut(path / "signed-out.json", lambda: provider.now)
    return SignIns(signed_out, provider.ask, lambda: provider.now, 12 * HOUR_S, 5 * MINUTE_S)


def stands(sign_ins: SignIns, claims: Any, access_token: str | None = None) -> bool:
    """Tell whether a sign-in counts enough to act upon."""
    found = sign_ins.standing(claims, lambda: access_token, PATIENT)
    return found is not None and found.is_confirmed


def test_it_lasts_as_long_as_the_setting_says_while_the_provider_renews_it(provider: Provider, tmp_path: Path) -> None:
    sign_ins = process(provider, tmp_path)
    provider.lasts_s = 300.0
    claims = provider.sign_in(sign_ins, "a")
    for _ in range(12 * 4 - 1):
        provider.now += HOUR_S / 4
        assert stands(sign_ins, claims)
    provider.now += HOUR_S / 4
    assert not stands(sign_ins, claims)


def test_without_a_renewal_it_ends_with_its_token(provider: Provider, tmp_path: Path) -> None:
    provider.gives_refresh = False
    sign_ins = process(provider, tmp_path)
    claims = provider.sign_in(sign_ins, "a", lasts_s=HOUR_S)
    provider.now += HOUR_S - 1
    assert stands(sign_ins, claims)
    provider.now += 1
    assert sign_ins.standing(claims, lambda: None, PATIENT) is None


@pytest.mark.parametrize("expiry", [None, "tomorrow", True, -1, float("nan")])
@pytest.mark.hostile(COOKIES)
def test_a_token_without_a_proper_end_has_ended(provider: Provider, tmp_path: Path, expiry: object) -> None:
    provider.gives_refresh = False
    provider.people["a"] = {"exp": expiry}
    sign_ins = process(provider, tmp_path)
    assert not stands(sign_ins, provider.sign_in(sign_ins, "a"))


def test_the_provider_is_asked_once_in_the_time_of_the_setting(provider: Provider, tmp_path: Path) -> None:
    sign_ins = process(provider, tmp_path)
    claims = provider.sign_in(sign_ins, "a", lasts_s=HOUR_S)
    for _ in range(10):
        provider.now += 29
        assert stands(sign_ins, claims)
    assert provider.asked == 0
    provider.now += 29
    assert stands(sign_ins, claims) and stands(sign_ins, claims)
    assert provider.asked == 1


def test_only_what_the_provider_says_now_counts(provider: Provider, tmp_path: Path) -> None:
    provider.people["a"] = {"groups": ["board-secretariat"], "email": "a@x.test", "email_verified": True}
    sign_ins = process(provider, tmp_path)
    claims = provider.sign_in(sign_ins, "a", lasts_s=HOUR_S)
    provider.people["a"] = {"name": "A"}
    provider.now += 5 * MINUTE_S
    found = sign_ins.standing(claims, lambda: None, PATIENT)
    assert found is not None
    assert found.claims == {"iss": "https://id.test", "sub": "a", "name": "A"}


def test_somebody_whom_the_provider_has_shut_out_is_out_for_good(provider: Provider, tmp_path: Path) -> None:
    sign_ins = process(provider, tmp_path)
    claims = provider.sign_in(sign_ins, "a", lasts_s=HOUR_S)
    provider.refused.add("a")
    provider.now += 5 * MINUTE_S
    assert sign_ins.standing(claims, lambda: None, PATIENT) is None
    provider.refused.clear()
    assert sign_ins.standing(claims, lambda: None, PATIENT) is None


def test_while_the_provider_is_away_nothing_is_done_and_it_is_not_asked_at_every_click(
    provider: Provider, tmp_path: Path
) -> None:
    sign_ins = process(provider, tmp_path)
    claims = provider.sign_in(sign_ins, "a", lasts_s=HOUR_S)
    provider.is_away = True
    provider.now += 5 * MINUTE_S
    for _ in range(20):
        found = sign_ins.standing(claims, lambda: None, PATIENT)
        assert found is not None and not found.is_confirmed and not found.is_stale
    assert provider.asked == 1
    provider.now += 5 * MINUTE_S
    found = sign_ins.standing(claims, lambda: None, PATIENT)
    assert found is not None and found.is_stale
    provider.is_away = False
    assert not stands(sign_ins, claims)
    provider.now += ASK_AGAIN_S
    assert stands(sign_ins, claims)


def test_a_slow_provider_keeps_no_reader_waiting_and_is_asked_once_for_all_tabs(
    provider: Provider, tmp_path: Path
) -> None:
    sign_ins = process(provider, tmp_path)
    claims = provider.sign_in(sign_ins, "a", lasts_s=HOUR_S)
    provider.gate = threading.Event()
    provider.now += 5 * MINUTE_S
    for _ in range(5):
        found = sign_ins.standing(claims, lambda: None, 0.0)
        assert found is not None and not found.is_confirmed
    heard: list[bool] = []
    tabs = [threading.Thread(target=lambda: heard.append(stands(sign_ins, claims))) for _ in range(4)]
    for tab in tabs:
        tab.start()
    provider.gate.set()
    for tab in tabs:
        tab.join()
    assert heard == [True] * 4
    assert provider.asked == 1


def test_after_a_restart_it_is_asked_with_what_the_browser_keeps(provider: Provider, tmp_path: Path) -> None:
    claims = provider.sign_in(process(provider, tmp_path), "a", lasts_s=HOUR_S)
    assert stands(process(provider, tmp_path), claims, "access-a")
    assert not stands(process(provider, tmp_path), claims, None)
    provider.now += HOUR_S  # the token in the cookie has ended, and no other is known any more
    assert process(provider, tmp_path).standing(claims, lambda: "access-a", PATIENT) is None


@pytest.mark.hostile(COOKIES)
@pytest.mark.parametrize(
    "mark", [None, {}, {"id": "x"}, {"id": "", "at": 1e6}, {"id": "x", "at": "now"}, "x", ["x", 1e6]]
)
def test_a_cookie_without_a_mark_is_nobody(provider: Provider, tmp_path: Path, mark: object) -> None:
    sign_ins = process(provider, tmp_path)
    claims = provider.sign_in(sign_ins, "a") | {CLAIM: mark}
    assert sign_ins.standing(claims, lambda: "access-a", PATIENT) is None
    assert provider.asked == 0


def test_a_claim_of_the_provider_is_not_taken_for_the_mark(provider: Provider, tmp_path: Path) -> None:
    provider.people["a"] = {CLAIM: {"id": "chosen", "at": 1e12}}
    found = provider.sign_in(process(provider, tmp_path), "a")[CLAIM]
    assert found["id"] != "chosen" and found["at"] == provider.now


# Every role with every action, as the program lists them: a new one of either is in the table by itself. What each
# may is written out by hand in tests/ledger/access/test_rights.py, which fails for an action that it does not know.


@pytest.fixture
def people(provider: Provider, tmp_path: Path) -> Path:
    """Every role by a claim of the provider, for a ward of its own."""
    path = tmp_path / "access.toml"
    grants = "".join(f'[[grant]]\nvalue = "{role}"\nrole = "{role}"\nunit = "{UNIT}"\n' for role in ROLES)
    path.write_text(f'claim = "groups"\n{grants}', encoding="utf-8")
    for role in ROLES:
        provider.people[role] = {"groups": [role]}
    return path


class Tabs:
    """The pages' own check, for a visitor whose cookie and server a test holds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, sign_ins: SignIns, people: Path) -> None:
        self.monkeypatch, self.sign_ins = monkeypatch, sign_ins
        monkeypatch.setattr(signin, "is_configured", lambda: True)
        monkeypatch.setattr(signin, "people_path", lambda _: people)
        monkeypatch.setattr(signin, "sign_ins", lambda _: self.sign_ins)
        monkeypatch.setattr(signin, "limits", lambda: {"step": _Unlimited()})

    def allowed(self, cookie: dict[str, Any]) -> set[tuple[str, str]]:
        """Return the actions and wards that go through, tried one by one."""
        self.monkeypatch.setattr(signin.st, "user", _User(cookie))
        found = set()
        for action in ACTIONS:
            for unit in (UNIT, OTHER):
                try:
                    require(signin.acting(), action, unit)
                except AccessError:
                    continue
                found.add((action, unit))
        return found


class _Unlimited:
    def count(self, identity: str) -> None:
        """Let it pass."""


class _User(dict[str, Any]):
    def to_dict(self) -> dict[str, Any]:
        return dict(self)


@pytest.fixture
def tabs(monkeypatch: pytest.MonkeyPatch, provider: Provider, people: Path, tmp_path: Path) -> Iterator[Tabs]:
    yield Tabs(monkeypatch, process(provider, tmp_path), people)


def agreed(role: str) -> set[tuple[str, str]]:
    own, other = ALLOWED[role]
    return {(action, UNIT) for action in own} | {(action, OTHER) for action in other}


@pytest.mark.hostile("forged widgets, roles, frames, messages")
@pytest.mark.parametrize("role", ROLES)
def test_every_role_does_exactly_what_it_may_until_it_is_out(
    provider: Provider, tabs: Tabs, tmp_path: Path, role: str, record_property: Any
) -> None:
    record_property("tried", 9 * 2 * len(ACTIONS))
    here, elsewhere = provider.sign_in(tabs.sign_ins, role), provider.sign_in(tabs.sign_ins, role)
    assert tabs.allowed(here) == tabs.allowed(elsewhere) == agreed(role)  # two browsers
    copied = dict(here)
    tabs.sign_ins.end(here)
    assert tabs.allowed(here) == set()  # the tab in which nobody has signed out
    assert tabs.allowed(copied) == set()
    assert tabs.allowed(elsewhere) == agreed(role)
    tabs.sign_ins = process(provider, tmp_path)  # after a restart
    assert tabs.allowed(copied) == set()
    again = provider.sign_in(tabs.sign_ins, role)
    assert tabs.allowed(again) == agreed(role)
    tabs.sign_ins.end(again, everywhere=True)
    assert tabs.allowed(again) == tabs.allowed(elsewhere) == set()


@pytest.mark.hostile("forged widgets, roles, frames, messages")
@pytest.mark.parametrize("role", ROLES)
def test_every_role_is_gone_in_time_once_it_is_taken_at_the_provider(
    provider: Provider, tabs: Tabs, role: str, record_property: Any
) -> None:
    record_property("tried", 4 * 2 * len(ACTIONS))
    cookie = provider.sign_in(tabs.sign_ins, role, lasts_s=HOUR_S)
    assert tabs.allowed(cookie) == agreed(role)
    provider.people[role] = {"groups": []}
    provider.now += 5 * MINUTE_S
    assert tabs.allowed(cookie) == set()
    provider.people[role] = {"groups": [role]}
    provider.now += 5 * MINUTE_S
    assert tabs.allowed(cookie) == agreed(role)
    provider.is_away = True
    provider.now += 5 * MINUTE_S
    assert tabs.allowed(cookie) == set()


def test_who_is_out_is_told_so_and_not_about_roles(provider: Provider, tabs: Tabs) -> None:
    cookie = provider.sign_in(tabs.sign_ins, "secretariat")
    tabs.sign_ins.end(cookie)
    tabs.allowed(cookie)
    assert signin.is_over()
    with pytest.raises(SignInOverError, match="Nothing was recorded"):
        signin.acting()


def test_the_table_has_every_role_and_action(people: Path) -> None:
    assert set(ALLOWED) == set(ROLES)
    for role in ROLES:
        assert actor_of({"sub": "x", "groups": [role]}, read_people(people)).role == role


def test_faults_of_the_file_of_roles_are_for_administrators(provider: Provider, tabs: Tabs, people: Path) -> None:
    cookies = {role: provider.sign_in(tabs.sign_ins, role) for role in ROLES}
    whole = people.read_text(encoding="utf-8")
    for role in ROLES:
        tabs.allowed(cookies[role])
    people.write_text(whole + '[[person]]\nemail = "officer@sapa.test"\nrole = "king"\n', encoding="utf-8")
    for role in ROLES:
        tabs.monkeypatch.setattr(signin.st, "user", _User(cookies[role]))
        with pytest.raises(AccessError) as caught:
            signin.acting()
        told = signin.access_fault(caught.value, ENGLISH)
        assert "nobody has any right" in told
        assert ("king" in told) is (role == "administrator")


def test_long_lists_stay_out_of_the_cookie_unless_they_give_roles(provider: Provider, tmp_path: Path) -> None:
    groups = [f"/tinh-lao-cai/khoi-phuong/{number:024x}" for number in range(120)]
    provider.people["a"] = {"groups": groups, "realm_access": {"roles": groups}, "name": "Sùng A Páo"}

    def faulty() -> str:
        raise SignInOverError  # as any error of access.toml

    expected = {"": set(), "groups": {"groups"}, "realm_access": {"realm_access"}}
    both = {"groups", "realm_access"}
    for role_claim, kept in [*((lambda name=name: name, kept) for name, kept in expected.items()), (faulty, both)]:
        signed_out = SignedOut(tmp_path / "signed-out.json", lambda: provider.now)
        sign_ins = SignIns(signed_out, provider.ask, lambda: provider.now, role_claim=role_claim)
        claims = provider.sign_in(sign_ins, "a")
        assert both & set(claims) == kept
        assert claims["name"] == "Sùng A Páo"
        standing = sign_ins.standing(claims, lambda: None, PATIENT)
        assert standing is not None and standing.claims["groups"] == groups  # this process knows them
