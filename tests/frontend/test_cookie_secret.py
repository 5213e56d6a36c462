"""Which cookie secrets a server starts with."""

from __future__ import annotations

import re
import secrets
import string
import subprocess
from pathlib import Path

import pytest

from tests.ports import free_port
from tests.serving import environment, served_by
from wardstats.core.settings import PROJECT
from wardstats.frontend.cookie_secret import COMMAND, weakness

WEAK = [
    None,
    1,
    True,
    [],
    "",
    " ",
    " " * 64,
    "...",
    "xxx",
    "secret",
    "changeme",
    "change-me-" * 5,
    "your-secret-key-goes-here-0123456789",
    "an example of a cookie secret, long enough",
    "<put 32 random bytes here, please do so>",
    "a" * 32,
    "a" * 500,
    "ab" * 40,
    "0123456789" * 5,
    "0123456789abcdef" * 4,
    "deadbeef" * 8,
    "password" * 8,
    "cookie_secret" * 4,
    "0" * 63 + "1",
    "abcdefghijklmnopqrstuvwxyz" + "{|}~\x7f\x80\x81",
    "1" * 31,
    "9f3c1e07ab54d2886f0e7d19c4b2a5",  # fifteen bytes
    "00000000-0000-0000-0000-000000000000",
    "\u0000" * 64,
    "\u2026" * 40,
]


@pytest.mark.hostile("cookies, Origin, callback, session ids, sign-out")
@pytest.mark.parametrize("secret", WEAK, ids=str)
def test_a_secret_that_can_be_guessed_is_refused(secret: object) -> None:
    assert weakness(secret)


def test_whatever_is_drawn_at_random_is_taken() -> None:
    """Such as the command of the documents makes, and the makers of others' keys."""
    alphabet = string.ascii_letters + string.digits
    for _ in range(500):
        assert weakness(secrets.token_hex(32)) is None
        assert weakness(secrets.token_urlsafe(32)) is None
        assert weakness("".join(secrets.choice(alphabet) for _ in range(40))) is None


def test_what_the_documents_show_is_refused() -> None:
    text = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    found = re.findall(r'^\s*cookie_secret = (".*?")', text, re.MULTILINE)
    assert found
    assert all(weakness(secret.strip('"')) for secret in found)


@pytest.mark.hostile("cookies, Origin, callback, session ids, sign-out")
def test_a_server_does_not_start_with_the_example_and_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "secrets.toml"
    file.write_text(
        '[auth]\nredirect_uri = "http://localhost/oauth2callback"\ncookie_secret = "..."\n', encoding="utf-8"
    )
    command = served_by(free_port(), "server.py", "--secrets.files", str(file))
    found = subprocess.run(command, cwd=PROJECT, env=environment(tmp_path), capture_output=True, text=True, timeout=300)
    assert found.returncode != 0
    told = found.stdout + found.stderr
    assert "expected at least 32 random signs" in told
    assert COMMAND in told
    assert "Traceback" not in told
