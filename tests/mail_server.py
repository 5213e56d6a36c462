"""A mail server on this machine that keeps what it is given; and a block whose people are owed notices."""

from __future__ import annotations

import shutil
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.ports import free_port
from tests.small_block import SMALL
from wardstats.core.settings import Settings
from wardstats.intake.notices.choices import Choices
from wardstats.intake.notices.desk import Desk
from wardstats.intake.notices.outbox import Delivery, Kind, Notice, Outbox, notice_id, now
from wardstats.intake.notices.recipients import person_key, recipients
from wardstats.intake.notices.sending import notify
from wardstats.intake.workspace import Workspace
from wardstats.ledger.access import people_path, read_people
from wardstats.ledger.entry import Draft

SENDER = "board@block.test"
OFFICER, OTHER, SECRETARIAT = "officer@one.test", "officer@two.test", "office@block.test"
PEOPLE = [(OFFICER, "ward_officer", "w01"), (OTHER, "ward_officer", "w02"), (SECRETARIAT, "secretariat", None)]
MORNING = datetime(2026, 11, 2, 2, tzinfo=UTC)  # 9:00 in Vietnam; nothing is due


@dataclass
class MailServer:
    """What a mail server was given.

    Attributes:
        port: Where it listens.
        messages: Accepted, in their order, each as often as it was accepted.
        refuses: What it says to recipients instead of taking their messages.
    """

    port: int = 0
    messages: list[EmailMessage] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient, or refuse."""
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Keep a message; from the moment of this answer on the sender has no right to send it again."""
        content: Any = envelope.content
        with self._lock:
            self.messages.append(message_from_bytes(content, policy=policy.default))  # pyright: ignore
        return "250 OK"

    @property
    def ids(self) -> list[str]:
        """The Message-ID of each message."""
        with self._lock:
            return [str(message["Message-ID"]) for message in self.messages]

    @property
    def recipients(self) -> list[str]:
        """To whom each message is."""
        with self._lock:
            return [str(message["To"]) for message in self.messages]


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Serve until the block ends."""
    server = MailServer(free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


def block_with_people(folder: Path, people: Sequence[tuple[str, str, str | None]], port: int = 0) -> Workspace:
    """Return the small block with people (address, role, unit), and a mail server where a port is given."""
    data = Path(shutil.copytree(SMALL, folder / "small"))
    workspace = Workspace.of(Settings(data, folder / "var", None))
    workspace.places.var.mkdir(exist_ok=True)
    give_roles(workspace, people)
    ways = 'site = "http://127.0.0.1:8501"\n[webhooks]\nallow_loopback = true\n'
    if port:
        ways += f'[mail]\nhost = "127.0.0.1"\nport = {port}\nencryption = "none"\nsender = "{SENDER}"\n'
    (workspace.places.var / "notices.toml").write_text(ways, encoding="utf-8")
    return workspace


def give_roles(workspace: Workspace, people: Sequence[tuple[str, str, str | None]]) -> None:
    """Write the file of roles anew."""
    lines = []
    for address, role, unit in people:
        lines += ["[[person]]", f'email = "{address}"', f'role = "{role}"', *([f'unit = "{unit}"'] if unit else [])]
    people_path(workspace.places).write_text("\n".join(lines) + "\n", encoding="utf-8")


def owe(workspace: Workspace, count: int, kind: Kind = "returned", unit: str = "w01") -> list[Notice]:
    """Write so many notices for each person into the outbox, which wait to be sent by e-mail."""
    outbox = Outbox(workspace.places.var)
    outbox.make()
    found = []
    for person in recipients(read_people(people_path(workspace.places))):
        for number in range(count):
            facts = {"period": "2026-10", "entry": number, "note": f"Dòng {number}: xem lại", "lines": {}}
            name = notice_id(kind, f"entry {number}", person)
            found.append(Notice(name, kind, person, unit, facts, now().isoformat(), {"mail": Delivery()}))
            outbox.add(found[-1])
    return found


def choose(workspace: Workspace, address: str, **choices: Any) -> None:
    """Have somebody choose; Vietnamese unless said otherwise."""
    made = Choices(**({"language": "vi"} | choices))
    Desk(workspace).change(person_key(address), lambda _: made)


def give_back(workspace: Workspace, note: str = "Đọc lại", unit: str = "w01") -> None:
    """Have a ward hand in for October, and give that back."""
    for action in ("handin", "return"):
        workspace.ledger.append(Draft(action, "x", "secretariat", unit, "2026-10", f"handin-{unit}", note))


def notices(workspace: Workspace) -> list[Notice]:
    """Return the whole outbox."""
    return Outbox(workspace.places.var).notices()


def states(workspace: Workspace) -> dict[str, int]:
    """Count how far e-mail has got."""
    return Counter(notice.ways["mail"].state for notice in notices(workspace) if "mail" in notice.ways)


def send_once(data: Path, var: Path, done: Path) -> None:
    """Run as ``notify`` does, in a process of a test, and say that it came to its end."""
    report = notify(Workspace.of(Settings(data, var, None)))
    done.write_text(f"{report.sent}", encoding="ascii")
