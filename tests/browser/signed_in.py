"""Signing in with Chromium, at the dashboard and the provider of ``tests.signed_server``."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.conftest import settle
from tests.signed_server import SignedServer

_DOORS = {"/submit", "/check", "/log"}  # pages that ask for a sign-in first, and lead back to themselves


def sign_in(page: Page, server: SignedServer, email: str, path: str = "/submit") -> None:
    """Sign in from a page, or else from that of hand-ins, through the provider, as one of PEOPLE; then be on it."""
    door = path if path in _DOORS else "/submit"
    page.goto(f"{server.url}{door}?lang=en")
    settle(page)
    page.get_by_test_id("stMain").get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=email, exact=True).click()
    page.wait_for_url(f"{server.url}{door}?*lang=en*")
    settle(page)
    if door != path:
        page.goto(f"{server.url}{path}?lang=en")
        settle(page)
