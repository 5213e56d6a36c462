"""The courier: a process of its own that speaks to the mail server, takes one message at a time, and notes the answer.

It outlives the sender that started it: killed at any moment, the sender leaves no message of which nobody knows whether
the server took it, because the courier hears the answer, notes it, and ends. The next sender waits for that
(``Outbox.courier_lock``). Only where the courier itself is killed, or the line is lost, between the last byte of a
message and the server's answer, one message is in doubt; what follows then: docs/notices.md.

Spoken to by ``Courier``: one JSON object a line, in and out.
"""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, Literal

from wardstats.core.errors import WardStatsError
from wardstats.core.locks import locked
from wardstats.core.settings import PROJECT
from wardstats.intake.notices.outbox import Notice, Outbox, now

Outcome = Literal["sent", "failed", "given_up", "unreachable"]
MESSAGES_A_CONNECTION = 50
COMMAND_S = 60.0
ACCEPT_S = 600.0  # RFC 5321, 4.5.3.2.6: who waits less sends twice what a slow server has taken
_LETTERS = 160


class CourierError(WardStatsError):
    """The courier cannot be started, or has ended by itself."""


class Courier:
    """The sender's side: starts the process with the first message, ends it with the last."""

    def __init__(self, outbox: Outbox, server: Mapping[str, Any]) -> None:
        """Remember what the process is told.

        Args:
            server: Arguments of ``aiosmtplib.SMTP``.
        """
        self._outbox, self._server = outbox, server
        self._process: subprocess.Popen[bytes] | None = None

    def carry(self, notice: Notice, sender: str, recipient: str, message: bytes, message_id: str) -> Outcome:
        """Have a message brought to the mail server; how far it got stands in the outbox when this returns.

        Args:
            notice: Whose delivery by e-mail is noted.
            message: The whole message, in ASCII.

        Raises:
            CourierError: The process has ended by itself; the message may be in doubt.
        """
        if self._process is None:
            self._process = self._started()
        order = {"person": notice.person, "notice": notice.id, "from": sender, "to": recipient}
        order |= {"message": message.decode("ascii"), "message_id": message_id}
        return self._ask(self._process, order)["outcome"]

    def close(self) -> None:
        """Let the process end, after the message it has in hand."""
        if self._process is not None:
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    with suppress(BrokenPipeError):  # what could not be said to who has gone
                        stream.close()
            self._process.wait()
            self._process = None

    def _started(self) -> subprocess.Popen[bytes]:
        # A session of its own: what is sent to the sender's group, such as Ctrl+C, does not reach it.
        # Its errors go into a file: who waits for the sender's output is not to wait for the courier.
        with self._outbox.courier_log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(self._outbox.folder.parent.resolve())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
                cwd=PROJECT,
            )
        self._ask(process, {"server": dict(self._server)})
        return process

    def _ask(self, process: subprocess.Popen[bytes], told: Mapping[str, Any]) -> Any:
        assert process.stdin is not None and process.stdout is not None
        try:
            process.stdin.write(json.dumps(told).encode() + b"\n")
            process.stdin.flush()
            answer = process.stdout.readline()
        except BrokenPipeError:
            answer = b""
        if not answer.endswith(b"\n"):
            self.close()
            raise CourierError(
                f"The courier ended by itself. What it had in hand is tried again, and noted as in doubt where the "
                f"server may have taken it already. {self._outbox.courier_log} may say why."
            )
        return json.loads(answer)


class _Connection:
    """The connection to the mail server: opened when a message needs it, renewed after so many."""

    def __init__(self, server: Mapping[str, Any]) -> None:
        self._server, self._client, self._carried = server, None, 0

    async def open(self) -> Any:
        from aiosmtplib import SMTP

        if self._client is not None and self._client.is_connected and self._carried < MESSAGES_A_CONNECTION:
            self._carried += 1
            return self._client
        await self.close()
        self._client = SMTP(timeout=COMMAND_S, **self._server)
        await self._client.connect()
        self._carried = 1
        return self._client

    async def close(self) -> None:
        from aiosmtplib import SMTPException

        client, self._client = self._client, None
        if client is not None and client.is_connected:
            try:
                await client.quit(timeout=COMMAND_S)
            except (SMTPException, OSError):
                client.close()


async def _carry(outbox: Outbox, connection: _Connection, order: Mapping[str, str]) -> Outcome:
    """Bring one message to the server. The outbox says ``sending`` before its first byte, and the outcome after."""
    from aiosmtplib import SMTPException, SMTPResponseException, SMTPSenderRefused

    notice = outbox.read(order["person"], order["notice"])
    delivery = notice.ways["mail"]
    try:
        client = await connection.open()
    except (SMTPException, OSError) as error:  # nothing of the message has left, and nothing is wrong with it
        outbox.write(notice.with_way("mail", delivery.moved("waiting", now(), _told(error))))
        return "unreachable"
    try:
        await client.mail(order["from"])
        await client.rcpt(order["to"])
        delivery = delivery.moved("sending", now(), message_id=order["message_id"])
        outbox.write(notice.with_way("mail", delivery))
        await client.data(order["message"].encode("ascii"), timeout=ACCEPT_S)
        delivery = delivery.moved("sent", now(), tries=delivery.tries + 1)
    except SMTPSenderRefused as error:  # it refuses us, not this message: the same for all
        await connection.close()
        outbox.write(notice.with_way("mail", delivery.moved("waiting", now(), _told(error))))
        return "unreachable"
    except SMTPResponseException as error:  # it says that it has not taken it
        is_for_good = 500 <= error.code < 600
        failed = delivery.failed(now(), _told(error))
        delivery = failed.moved("given_up", now(), _told(error)) if is_for_good else failed
        await connection.close()
    except (SMTPException, OSError) as error:  # the line is lost: after the last byte nobody knows
        in_doubt = delivery.state == "sending"
        delivery = delivery.failed(now(), "in_doubt" if in_doubt else _told(error), is_doubtful=in_doubt)
        await connection.close()
    outbox.write(notice.with_way("mail", delivery))
    return {"sent": "sent", "given_up": "given_up"}.get(delivery.state, "failed")  # pyright: ignore[reportReturnType]


def _told(error: Exception) -> str:
    """Return what the server said, or what is wrong with the line."""
    code, message = getattr(error, "code", None), getattr(error, "message", None) or str(error)
    text = " ".join(str(message).split())[:_LETTERS] or type(error).__name__
    return f"{code} {text}" if code else text


async def _serve(outbox: Outbox, orders: BinaryIO, answers: BinaryIO) -> None:
    """Take orders until the sender has ended; the first says how the server is reached."""
    connection: _Connection | None = None
    while (line := orders.readline()).endswith(b"\n"):  # half a line: the sender was killed while it wrote
        order = json.loads(line)
        if connection is None:
            connection, answer = _Connection(order["server"]), {"ready": True}
        else:
            answer = {"outcome": await _carry(outbox, connection, order)}
        try:
            answers.write(json.dumps(answer).encode() + b"\n")
            answers.flush()
        except BrokenPipeError:
            break
    if connection is not None:
        await connection.close()


def main() -> None:
    """Run the process; its argument is the folder of state."""
    for number in (signal.SIGTERM, signal.SIGINT):  # the message in hand is brought to its end first
        signal.signal(number, signal.SIG_IGN)
    outbox = Outbox(Path(sys.argv[1]))
    with locked(outbox.courier_lock, "notify"):
        asyncio.run(_serve(outbox, sys.stdin.buffer, sys.stdout.buffer))
        sys.stdout = None  # nobody listens any more: nothing is to be flushed at the end


if __name__ == "__main__":
    main()
