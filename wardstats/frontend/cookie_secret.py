"""Refuses a cookie secret that can be guessed: whoever knows it signs a cookie as anybody, administrators included."""

from __future__ import annotations

from itertools import pairwise

from streamlit.auth_util import get_secrets_auth_section

from wardstats.core.errors import WardStatsError

COMMAND = 'python -c "import secrets; print(secrets.token_hex(32))"'
SHORTEST = 32
_FEWEST_PAIRS = 24  # of two signs in a row: 32 random hexadecimal digits have 29 on average
_FEWEST_STEPS = 8  # from one sign to the next: a row such as abcdef... has one
_PLACEHOLDERS = (
    "...",
    "xxxx",
    "changeme",
    "change-me",
    "change_me",
    "example",
    "your-",
    "your_",
    "placeholder",
    "<",
    ">",
)


class WeakSecretError(WardStatsError):
    """The server is not to start with this secret."""


def weakness(secret: object) -> str | None:
    """Return what is wrong with a cookie secret, without the secret; None where nothing is."""
    if not isinstance(secret, str) or not secret.strip():
        return "none"
    if any(part in secret.lower() for part in _PLACEHOLDERS) or (secret[0], secret[-1]) == ("<", ">"):
        return "a placeholder of the documents"
    if len(secret) < SHORTEST:
        return f"one of {len(secret)} signs"
    if len(set(pairwise(secret))) < _FEWEST_PAIRS:
        return "one that repeats itself"
    if len({ord(after) - ord(before) for before, after in pairwise(secret)}) < _FEWEST_STEPS:
        return "one whose signs follow in order"
    return None


def require_strong_secret() -> None:
    """Let a server start that has no sign-in, or whose cookie secret cannot be guessed.

    Raises:
        WeakSecretError: It can.
    """
    section = get_secrets_auth_section()
    if section and (found := weakness(section.get("cookie_secret"))):
        raise WeakSecretError(
            f".streamlit/secrets.toml, [auth] cookie_secret: found {found}; expected at least {SHORTEST} random signs, "
            f"because whoever guesses it is signed in as anybody. Make one with: {COMMAND}"
        )
