"""The ways out: notices.toml names the mail server and what webhooks may reach. Outside the repository, never shown.

What stands in the file is never told in an error, because a password may stand there. Format: docs/notices.md.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from wardstats.core.data_files import Reader
from wardstats.core.errors import DataError
from wardstats.core.records import OptionalText, Record, Text
from wardstats.core.settings import Settings, public_url
from wardstats.ledger.access.addresses import address_key

_HIDDEN = "something else"


def _address(text: str) -> str:
    if address_key(text) is None:
        raise PydanticCustomError("address", "an e-mail address of plain letters, such as board@example.vn")
    return text


def _site(text: str) -> str:
    if urlsplit(text).scheme not in ("http", "https") or not urlsplit(text).hostname:
        raise PydanticCustomError("site", "the address of the board, such as https://board.example.vn")
    return text.rstrip("/")


class MailServer(Record):
    """The table [mail]: the server that takes messages, and in whose name they go.

    Attributes:
        sender: The address in From.
        name: The name beside it; the block's own unless given.
        encryption: ``starttls``, ``tls`` (from the first byte), or ``none`` for a server on the same machine.
        password: Or ``password_file``, which holds nothing else.
    """

    host: Text
    sender: Annotated[Text, AfterValidator(_address)]
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    encryption: Literal["starttls", "tls", "none"] = "starttls"
    name: OptionalText = None
    user: OptionalText = None
    password: OptionalText = Field(default=None, repr=False)
    password_file: OptionalText = None

    @model_validator(mode="after")
    def _login(self) -> Self:
        if (self.user is None) != (self.password is None and self.password_file is None):
            raise PydanticCustomError("login", "a user with password or password_file, or none of the three")
        return self


class Webhooks(Record):
    """The table [webhooks].

    Attributes:
        allow_loopback: Receivers on this very machine may be named too, without encryption; for tests and relays.
    """

    allow_loopback: bool = False


class WaysFile(Record):
    """notices.toml.

    Attributes:
        site: Where the board is reached; links in messages begin with it. WARDSTATS_PUBLIC_URL unless given.
    """

    site: Annotated[Text, AfterValidator(_site)] | None = None
    mail: MailServer | None = None
    webhooks: Webhooks = Webhooks()

    @property
    def address(self) -> str:
        """Where links in messages lead; empty where nobody said."""
        return self.site or public_url()


def ways_path(places: Settings) -> Path:
    """Return where the ways stand: ``WARDSTATS_NOTICES``, else notices.toml in the folder of state."""
    return Path(os.environ.get("WARDSTATS_NOTICES") or places.var / "notices.toml")


def read_ways(path: Path) -> WaysFile:
    """Read notices.toml; without one nothing leaves, and notices stand on the page alone.

    Raises:
        DataError: The file is faulty; every problem is listed, without what stands there.
    """
    reader = Reader(path.parent)
    if not path.is_file():
        return WaysFile()
    found = reader.toml(path.name)
    file = reader.toml_record(path.name, WaysFile, *found) if found else None
    if file is not None and file.mail is not None and not file.address:
        reader.report(
            path.name, None, "site", "nothing", "the address of the board, which links to unsubscribe need",
            'Add site = "https://..." above [mail], or set WARDSTATS_PUBLIC_URL.',
        )  # fmt: skip
    if reader.problems or file is None:
        raise DataError([replace(item, found=_shown(item.found)) for item in reader.problems])
    return file


def password_of(server: MailServer, folder: Path) -> str | None:
    """Return the password of the mail server.

    Args:
        folder: Where a relative ``password_file`` is looked for: that of notices.toml.

    Raises:
        DataError: The file that holds it cannot be read.
    """
    if server.password_file is None:
        return server.password
    reader = Reader(folder)
    text = reader.text(server.password_file)
    if text is None or reader.problems:
        raise DataError([replace(item, found=_shown(item.found)) for item in reader.problems])
    return text.strip()


def _shown(found: str) -> str:
    return found if found in ("nothing", "no such file") else _HIDDEN
