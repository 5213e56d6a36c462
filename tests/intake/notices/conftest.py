"""The mail server that tests of notices send to, and the block whose people are told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mail_server import PEOPLE, MailServer, block_with_people, mail_server
from wardstats.intake.workspace import Workspace


@pytest.fixture
def server() -> Iterator[MailServer]:
    """Serve as long as a test runs."""
    with mail_server() as found:
        yield found


@pytest.fixture
def workspace(tmp_path: Path, server: MailServer) -> Workspace:
    """Return a block with two officers and the secretariat, which sends to that server."""
    return block_with_people(tmp_path, PEOPLE, server.port)
