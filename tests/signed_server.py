"""A dashboard with sign-in: a real OpenID Connect provider on this machine, and people with roles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from oidc_provider_mock import User, run_server_in_thread

from tests.ports import free_port
from tests.serving import Server, environment, running
from tests.small_block import build_by_command

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
    """A dashboard with sign-in.

    Attributes:
        server: The dashboard, as it runs.
        var: Its folder of state.
        data: Its data folder.
        provider: Address of the provider.
        own: Its environment.
    """

    server: Server
    var: Path
    data: Path
    provider: str
    own: dict[str, str]

    @property
    def url(self) -> str:
        """Its address."""
        return self.server.url

    @contextmanager
    def served(self, **settings: str) -> Iterator[SignedServer]:
        """Serve it at its address until the block ends; may be done again, as after a restart."""
        folder, port = self.var.parent, int(self.url.rpartition(":")[2])
        secret, own = ("--secrets.files", str(folder / "secrets.toml")), self.own | settings
        with running(folder / "server.log", own, *secret, host="localhost", port=port) as server:
            yield replace(self, server=server)


@contextmanager
def prepared_with_sign_in(
    folder: Path, data: Path, access: str = "", port: int | None = None, **settings: str
) -> Iterator[SignedServer]:
    """Publish a data folder beside an identity provider that knows PEOPLE; what is served of it starts later.

    Args:
        folder: Where everything goes.
        data: The data folder.
        access: The file of roles; without it that of PEOPLE.
        port: Of the dashboard; a free one if None.
        settings: Of the server's environment.
    """
    users = [User(sub=email, claims={"email": email, "email_verified": True, "name": email}) for email in PEOPLE]
    var = folder / "var"
    var.mkdir()
    access = access or "".join(
        f'[[person]]\nemail = "{email}"\nrole = "{role}"\n' + (f'unit = "{unit}"\n' if unit else "")
        for email, (role, unit) in PEOPLE.items()
    )
    (var / "access.toml").write_text(access, encoding="utf-8")
    with run_server_in_thread(user_claims=users, require_nonce=True) as provider:
        port, address = port or free_port(), f"http://localhost:{provider.server_port}"
        (folder / "secrets.toml").write_text(
            f"""
            [auth]
            redirect_uri = "http://localhost:{port}/oauth2callback"
            cookie_secret = "{COOKIE_SECRET}"
            client_id = "wardstats"
            client_secret = "{CLIENT_SECRET}"
            server_metadata_url = "{address}/.well-known/openid-configuration"
            """,
            encoding="utf-8",
        )
        here = "127.0.0.1,localhost"
        own = environment(var, WARDSTATS_DATA=str(data), NO_PROXY=here, no_proxy=here, **settings)
        build_by_command(data, var)
        nobody = Server(f"http://localhost:{port}", folder / "server.log", 0)
        yield SignedServer(nobody, var, data, address, own)


@contextmanager
def serve_with_sign_in(folder: Path, data: Path, port: int | None = None) -> Iterator[SignedServer]:
    """Publish a data folder and serve it beside an identity provider that knows PEOPLE; on a free port if None."""
    with prepared_with_sign_in(folder, data, port=port) as prepared, prepared.served() as signed:
        yield signed
