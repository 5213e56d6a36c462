"""Addresses that act for a person without a sign-in: the web feed, and the way out of e-mail. Signed with our key.

Whoever has such an address can read that feed, or stop that e-mail, and nothing else.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from pathlib import Path
from secrets import token_bytes
from typing import Literal

from wardstats.core.durable_files import PRIVATE, make_private, write_durably
from wardstats.core.locks import locked

FEED, UNSUBSCRIBE = "/notices/feed", "/notices/unsubscribe"  # each with ?token=
Purpose = Literal["feed", "unsubscribe"]


class Links:
    """Makes and reads tokens; its key lies beside the outbox and is made with the first one."""

    def __init__(self, folder: Path) -> None:
        """Remember the folder of the notices."""
        self._path = folder / "key"

    def token(self, purpose: Purpose, person: str, number: int = 0) -> str:
        """Return a token.

        Args:
            person: Key of the person.
            number: Of the address; a new number makes the token before void.
        """
        if not self._path.is_file():
            make_private(self._path.parent)
            with locked(self._path.with_name("key.lock"), "notify"):
                if not self._path.is_file():
                    write_durably(self._path, token_bytes(32), PRIVATE)
        return f"{person}.{number}.{self._signature(purpose, person, number)}"

    def read(self, purpose: Purpose, token: str) -> tuple[str, int] | None:
        """Return the person and the number of a token; None where it is none of ours."""
        person, _, rest = token.partition(".")
        number, _, signature = rest.partition(".")
        if not (self._path.is_file() and number.isascii() and number.isdigit() and len(number) < 10):
            return None
        expected = self._signature(purpose, person, int(number))
        return (person, int(number)) if hmac.compare_digest(expected.encode(), signature.encode()) else None

    def _signature(self, purpose: Purpose, person: str, number: int) -> str:
        signed = f"{purpose}.{person}.{number}".encode()
        return hmac.new(self._path.read_bytes(), signed, sha256).hexdigest()
