"""A dashboard with sign-in: a real OpenID Connect provider on this machine, people with roles, and who signs in."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Page

from tests.browser.conftest import settle
from tests.ports import free_port
from tests.serving import Server, environment, running
from wardstats.core.settings import PROJECT

PEOPLE = {
    "officer@sapa.test": ("ward_officer", "03006"),
    "officer@yenbai.test": ("ward_officer", "04252"),
    "checker@block.test": ("checker", "04252"),
    "secretariat@block.test": ("secretariat", None),
    "admin@block.test": ("administrator", None),
    "viewer@example.test": ("viewer", None),
}
CLIENT_SECRET, COOKIE_SECRET = "c1ient-s3cret-of-the-test", "c00kie-s3cret-of-the-test-0123456789abcdef"


@dataclass(frozen=True)
class SignedServer:
    """A running dashboard with sign-in.

    Attributes:
        server: The dashboard.
        var: Its folder of state.
        data: Its data folder.
    """

    server: Server
    var: Path
    data: Path

    @property
    def url(self) -> str:
        """Its address."""
        return self.server.url


@contextmanager
def serve_with_sign_in(folder: Path, data: Path) -> Iterator[SignedServer]:
    """Publish a data folder and serve it beside an identity provider that knows PEOPLE."""
    users = [User(sub=email, claims={"email": email, "email_verified": True, "name": email}) for email in PEOPLE]
    var = folder / "var"
    var.mkdir()
    access = "".join(
        f'[[person]]\nemail = "{email}"\nrole = "{role}"\n' + (f'unit = "{unit}"\n' if unit else "")
        for email, (role, unit) in PEOPLE.items()
    )
    (var / "access.toml").write_text(access, encoding="utf-8")
    with run_server_in_thread(user_claims=users, require_nonce=True) as provider:
        port = free_port()
        secrets = folder / "secrets.toml"
        secrets.write_text(
            f"""
            [auth]
            redirect_uri = "http://localhost:{port}/oauth2callback"
            cookie_secret = "{COOKIE_SECRET}"
            client_id = "wardstats"
            client_secret = "{CLIENT_SECRET}"
            server_metadata_url = "http://localhost:{provider.server_port}/.well-known/openid-configuration"
            """,
            encoding="utf-8",
        )
        here = "127.0.0.1,localhost"
        own = environment(var, WARDSTATS_DATA=str(data), NO_PROXY=here, no_proxy=here)
        subprocess.run([sys.executable, "-m", "wardstats", "build"], cwd=PROJECT, env=own, check=True)
        log, secret = folder / "server.log", ("--secrets.files", str(secrets))
        with running(log, own, *secret, host="localhost", port=port) as server:
            yield SignedServer(server, var, data)


def sign_in(page: Page, server: SignedServer, email: str, path: str = "/submit") -> None:
    """Sign in through the provider as one of PEOPLE, then open a page."""
    page.goto(f"{server.url}/submit?lang=en")
    settle(page)
    page.get_by_test_id("stMain").get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=email, exact=True).click()
    page.wait_for_url(f"{server.url}/**")
    settle(page)
    page.goto(f"{server.url}{path}?lang=en")
    settle(page)
