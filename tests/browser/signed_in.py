"""Signing in with Chromium, at the dashboard and the provider of ``tests.signed_server``."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.conftest import settle
from tests.signed_server import SignedServer


def sign_in(page: Page, server: SignedServer, email: str, path: str = "/submit") -> None:
    """Sign in from the page of hand-ins, through the provider, as one of PEOPLE; then open a page."""
    page.goto(f"{server.url}/submit?lang=en")
    settle(page)
    page.get_by_test_id("stMain").get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=email, exact=True).click()
    page.wait_for_url(f"{server.url}/submit?*lang=en*")
    settle(page)
    page.goto(f"{server.url}{path}?lang=en")
    settle(page)
