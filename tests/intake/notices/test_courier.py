"""The courier: hears the server's answer after its sender has gone, and ends when there is nothing more to bring."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.mail_server import SENDER, MailServer, block_with_people, owe
from wardstats.core.settings import PROJECT, Settings
from wardstats.intake.notices.courier import Courier, CourierError
from wardstats.intake.notices.outbox import Notice, Outbox
from wardstats.intake.workspace import Workspace

OFFICER = "officer@one.test"
MESSAGE = b"Message-ID: <1@block.test>\r\nSubject: x\r\n\r\n.\r\nFrom a line\r\n"


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(block_with_people(tmp_path, [(OFFICER, "ward_officer", "w01")]).places.var)


@pytest.fixture
def notice(outbox: Outbox, tmp_path: Path) -> Notice:
    return owe(Workspace.of(Settings(tmp_path / "small", tmp_path / "var", None)), 1)[0]


def reached(port: int) -> dict[str, Any]:
    return {"hostname": "127.0.0.1", "port": port, "start_tls": False}


def order(notice: Notice) -> dict[str, str]:
    told = {"person": notice.person, "notice": notice.id, "from": SENDER, "to": OFFICER}
    return told | {"message": MESSAGE.decode(), "message_id": "<1@block.test>"}


def test_a_message_is_brought_as_it_is_and_noted(outbox: Outbox, notice: Notice, server: MailServer) -> None:
    courier = Courier(outbox, reached(server.port))
    assert courier.carry(notice, SENDER, OFFICER, MESSAGE, "<1@block.test>") == "sent"
    assert outbox.read(notice.person, notice.id).ways["mail"].state == "sent"
    courier.close()
    assert server.messages[0].get_content().splitlines() == [".", "From a line"]
    assert outbox.courier_log.read_bytes() == b""


def test_it_ends_its_work_when_the_sender_is_gone(outbox: Outbox, notice: Notice, server: MailServer) -> None:
    """The sender ends without hearing an answer; half an order that it left is none."""
    process = subprocess.Popen(
        [sys.executable, "-m", "wardstats.intake.notices.courier", str(outbox.folder.parent)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=PROJECT,
    )  # fmt: skip
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps({"server": reached(server.port)}).encode() + b"\n")
    process.stdin.flush()
    assert json.loads(process.stdout.readline()) == {"ready": True}
    process.stdout.close()
    whole = json.dumps(order(notice)).encode()
    process.stdin.write(whole + b"\n" + whole[:-40])
    process.stdin.close()
    assert process.wait(60) == 0
    assert len(server.messages) == 1
    assert outbox.read(notice.person, notice.id).ways["mail"].state == "sent"


def test_what_a_killed_courier_had_in_hand_is_told(outbox: Outbox, notice: Notice, server: MailServer) -> None:
    courier = Courier(outbox, reached(server.port))
    courier.carry(notice, SENDER, OFFICER, MESSAGE, "<1@block.test>")
    process = courier._process
    assert process is not None
    process.kill()
    process.wait()
    with pytest.raises(CourierError, match="ended by itself"):
        courier.carry(notice, SENDER, OFFICER, MESSAGE, "<1@block.test>")


def test_it_is_not_stopped_by_what_stops_the_service(outbox: Outbox, notice: Notice, server: MailServer) -> None:
    """systemd sends SIGTERM to all processes of a service first."""
    courier = Courier(outbox, reached(server.port))
    courier.carry(notice, SENDER, OFFICER, MESSAGE, "<1@block.test>")
    assert courier._process is not None
    courier._process.terminate()
    time.sleep(0.2)
    assert courier.carry(notice, SENDER, OFFICER, MESSAGE, "<1@block.test>") == "sent"
    courier.close()
    assert len(server.messages) == 2


def test_a_line_that_is_lost_before_the_answer_leaves_the_message_in_doubt(
    outbox: Outbox, notice: Notice, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang_up(self: MailServer, smtp: Any, session: Any, envelope: Any) -> str:
        smtp.transport.abort()
        return "250 OK"

    monkeypatch.setattr(MailServer, "handle_DATA", hang_up)
    courier = Courier(outbox, reached(server.port))
    assert courier.carry(notice, SENDER, OFFICER, MESSAGE, "<1@block.test>") == "failed"
    courier.close()
    delivery = outbox.read(notice.person, notice.id).ways["mail"]
    assert (delivery.state, delivery.doubts, delivery.tries) == ("waiting", 1, 1)
