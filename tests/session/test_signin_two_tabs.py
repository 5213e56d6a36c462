"""Signing in and out for real: a server, an OpenID Connect provider, and browsers with several tabs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack

import httpx2
import pytest

from tests.bare_browser import Browser, Tab
from tests.intake_files import ENGLISH, PERIOD, UNIT, small_ranges, upload
from tests.ports import free_port
from tests.signed_server import SignedServer, prepared_with_sign_in
from wardstats.core.settings import Settings
from wardstats.intake import handing_in
from wardstats.intake.workspace import Workspace
from wardstats.ledger.access import Actor

SECRETARIAT, GRANTED = "secretariat@block.test", "viewer@example.test"
ACCESS = f"""
claim = "groups"
[[person]]
email = "{SECRETARIAT}"
role = "secretariat"
[[grant]]
value = "board-secretariat"
role = "secretariat"
"""
CHECK = f"check?lang=en&period={PERIOD}&theme=total"
ENDED = "Your sign-in has ended. Sign in to go on."
COOKIES = "cookies, Origin, callback, session ids, sign-out"
PATIENCE_S = 60


class Restarted:
    """The server, which a test may start again with other settings."""

    def __init__(self, prepared: SignedServer, stack: ExitStack) -> None:
        self.prepared, self.stack = prepared, stack
        self.restart()

    def restart(self, **settings: str) -> None:
        self.stack.close()
        self.stack.enter_context(self.prepared.served(**settings))

    @property
    def head(self) -> int:
        return Workspace.of(Settings(self.prepared.data, self.prepared.var, None)).ledger.head

    def browser(self) -> Browser:
        return Browser(self.prepared.url)

    def grant(self, *groups: str) -> None:
        """Say at the provider which groups somebody is in."""
        claims = {"email": GRANTED, "email_verified": True, "name": GRANTED, "groups": list(groups)}
        httpx2.put(f"{self.prepared.provider}/users/{GRANTED}", json=claims, trust_env=False).raise_for_status()

    def revoke(self) -> None:
        """End every session of somebody at the provider."""
        httpx2.post(f"{self.prepared.provider}/users/{GRANTED}/revoke-tokens", trust_env=False).raise_for_status()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Restarted]:
    """A ward has handed in."""
    folder = tmp_path_factory.mktemp("two_tabs")
    with prepared_with_sign_in(folder, small_ranges(folder), ACCESS) as prepared, ExitStack() as stack:
        desk = Workspace.of(Settings(prepared.data, prepared.var, None))
        clerk = Actor("Clerk", "administrator", "clerk@x.test")
        handing_in.hand_in(desk, clerk, UNIT, PERIOD, upload(desk.form(UNIT, PERIOD)), (), ENGLISH)
        yield Restarted(prepared, stack)


def wait_for(tab: Tab, text: str) -> None:
    """Click on a page until it says something."""
    end = time.monotonic() + PATIENCE_S
    while text not in tab.text:
        assert time.monotonic() < end, tab.text
        time.sleep(0.1)
        tab.run()


def test_after_signing_in_one_stands_where_one_was(server: Restarted) -> None:
    browser = server.browser()
    assert browser.sign_in(SECRETARIAT, CHECK) == f"/{CHECK}"
    with browser.tab(CHECK) as tab:
        assert f"{SECRETARIAT} · secretariat" in tab.text
        assert "Sign in" not in tab.buttons
    flags = {line.partition("=")[0]: line.lower() for line in browser.set_cookies}
    for name in ("_streamlit_user", "_streamlit_user_tokens"):
        assert "httponly" in flags[name] and "samesite=lax" in flags[name] and "max-age=43200" in flags[name]
        assert "secure" not in flags[name]  # by http, on this machine
    assert "max-age=0" in flags["wardstats_way_back"]


@pytest.mark.hostile(COOKIES)
def test_signed_out_in_one_tab_is_out_in_the_other_and_with_copied_cookies(server: Restarted) -> None:
    browser = server.browser()
    browser.sign_in(SECRETARIAT)
    copied, before = browser.cookies(), server.head
    with browser.tab(CHECK) as first, browser.tab(CHECK) as second, browser.tab(cookies=copied) as third:
        buttons = [second.buttons[label] for label in ("Accept", "Appraised", "Cross-checked", "Return to the ward")]
        first.click("Sign out")
        assert first.redirect == "/auth/logout"
        for button in buttons:
            second.press(button)
            assert server.head == before
        assert ENDED in second.text
        third.run()
        assert SECRETARIAT not in third.text
        with browser.tab(CHECK, cookies=copied) as fourth:
            assert ENDED in fourth.text
    server.restart()
    with browser.tab(CHECK, cookies=copied) as after_restart:
        assert ENDED in after_restart.text
        after_restart.press(buttons[0])
    assert server.head == before
    browser = server.browser()
    assert browser.sign_in(SECRETARIAT, CHECK) == f"/{CHECK}"
    with browser.tab(CHECK) as tab:
        assert "Accept" in tab.buttons


@pytest.mark.hostile(COOKIES)
def test_a_file_that_is_offered_is_not_made_for_who_has_signed_out(server: Restarted) -> None:
    browser = server.browser()
    browser.sign_in(SECRETARIAT)
    with browser.tab(CHECK) as check, browser.tab("submit?lang=en") as submit, browser.tab("log?lang=en") as log:
        offered = [(tab, file_id) for tab in (check, submit, log) for file_id in tab.downloads.values()]
        assert len(offered) >= 3 and all(file_id for _, file_id in offered)
        for tab, file_id in offered:
            assert (address := tab.download(file_id)).startswith("/media/")
            assert browser.get(address).status_code == 200
        browser.get("/auth/logout")
        for tab, file_id in offered:
            assert tab.download(file_id) == ""


@pytest.mark.hostile("access.toml states")
def test_a_faulty_file_of_roles_tells_its_addresses_to_no_officer(server: Restarted) -> None:
    browser, path = server.browser(), server.prepared.var / "access.toml"
    browser.sign_in(SECRETARIAT)
    try:
        path.write_text(ACCESS + '[[person]]\nemail = "someone@else.test"\nrole = "king"\n', encoding="utf-8")
        with browser.tab(CHECK) as tab:
            assert "Until they are mended nobody has any right" in tab.text
            assert "someone" not in tab.text and "king'" not in tab.text
            assert "Accept" not in tab.buttons and "Sign out" in tab.buttons and "Sign in" not in tab.buttons
    finally:
        path.write_text(ACCESS, encoding="utf-8")
    with browser.tab(CHECK) as tab:
        assert "Accept" in tab.buttons


@pytest.mark.hostile(COOKIES)
def test_the_route_of_signing_out_ends_copied_cookies_and_leads_back(server: Restarted) -> None:
    browser = server.browser()
    browser.sign_in(SECRETARIAT)
    copied = browser.cookies()
    answer = browser.get("/auth/logout", Referer=f"{browser.url}/{CHECK}")
    assert "/oauth2/end_session?" in answer.headers["location"]
    assert browser.get("/oauth2callback").headers["location"] == f"/{CHECK}"
    with browser.tab(CHECK, cookies=copied) as tab:
        assert ENDED in tab.text


@pytest.mark.hostile(COOKIES)
def test_signing_out_everywhere_ends_other_browsers_of_the_same_person_only(server: Restarted) -> None:
    browsers = [server.browser() for _ in range(3)]
    for browser, email in zip(browsers, (SECRETARIAT, SECRETARIAT, GRANTED), strict=True):
        browser.sign_in(email)
    with browsers[0].tab(CHECK) as first, browsers[1].tab(CHECK) as second, browsers[2].tab(CHECK) as other:
        first.click("Sign out everywhere")
        second.run()
        assert ENDED in second.text
        other.run()
        assert ENDED not in other.text and "Sign out" in other.buttons


@pytest.mark.hostile(COOKIES)
def test_a_cookie_without_the_mark_of_this_server_is_nobody(server: Restarted) -> None:
    """Such as one of an older version, or of a server without the bounds."""
    from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

    from tests.signed_server import COOKIE_SECRET

    browser = server.browser()
    claims = (
        f'{{"iss": "{server.prepared.provider}", "sub": "{SECRETARIAT}", "email": "{SECRETARIAT}", '
        f'"email_verified": true, "exp": 9999999999, "origin": "{browser.url}", "is_logged_in": true}}'
    )
    forged = create_signed_value(COOKIE_SECRET, "_streamlit_user", claims).decode()
    with browser.tab(CHECK, cookies=browser.cookies() | {"_streamlit_user": forged}) as tab:
        assert ENDED in tab.text
        assert "Accept" not in tab.buttons


def test_a_role_taken_at_the_provider_is_gone_within_the_time(server: Restarted) -> None:
    server.restart(WARDSTATS_CLAIMS_MINUTES="0.01")
    server.grant("board-secretariat")
    browser, before = server.browser(), server.head
    browser.sign_in(GRANTED)
    with browser.tab(CHECK) as tab, browser.tab(CHECK) as other:
        wait_for(tab, f"{GRANTED} · secretariat")
        accept = other.buttons["Accept"]
        server.grant("another")
        time.sleep(0.7)  # longer than the setting
        other.press(accept)
        assert server.head == before
        assert "This page is not for that role" in other.text
        wait_for(tab, "This page is not for that role")
        server.revoke()
        wait_for(tab, ENDED)
        wait_for(other, ENDED)


def test_while_the_provider_is_away_nobody_acts_and_everybody_reads(server: Restarted) -> None:
    server.grant("board-secretariat")
    browser, before = server.browser(), server.head
    browser.sign_in(GRANTED)
    secrets = server.prepared.var.parent / "secrets.toml"
    kept = secrets.read_text(encoding="utf-8")
    try:
        port = server.prepared.provider.rpartition(":")[2]
        secrets.write_text(kept.replace(f":{port}/", f":{free_port()}/"), encoding="utf-8")
        server.restart()
        with browser.tab(CHECK) as tab, browser.tab("method?lang=en") as public:
            assert "The sign-in provider does not answer" in tab.text
            assert "Accept" not in tab.buttons
            assert "does not answer" not in public.text and len(public.text) > 1000
        assert server.head == before
    finally:
        secrets.write_text(kept, encoding="utf-8")
    server.restart()
    with browser.tab(CHECK) as tab:  # and this process has heard nothing of the sign-in before
        assert "Accept" in tab.buttons
        tab.click("Cross-checked")
        assert server.head == before + 1


def test_a_sign_in_ends_after_the_set_time(server: Restarted) -> None:
    server.restart(WARDSTATS_SIGN_IN_HOURS="0.002")
    browser = server.browser()
    browser.sign_in(SECRETARIAT)
    with browser.tab(CHECK) as tab:
        wait_for(tab, ENDED)
