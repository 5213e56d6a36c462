"""The mail server that tests of notices send to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.mail_server import MailServer, mail_server


@pytest.fixture
def server() -> Iterator[MailServer]:
    """Serve as long as a test runs."""
    with mail_server() as found:
        yield found
