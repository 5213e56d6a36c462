"""A visitor without a browser: speaks Streamlit's protocol over a WebSocket and sends whatever it likes.

What a hostile visitor can do, and what a test wants to see without Chromium.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx2
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_server_config import XSRF_COOKIE_NAME
from websockets.sync.client import ClientConnection, connect

PATIENCE_S = 120
_FINISHED = ForwardMsg.ScriptFinishedStatus.Value("FINISHED_SUCCESSFULLY")


@dataclass
class Visitor:
    """One open tab.

    Attributes:
        url: The server.
        cookies: What the browser has, beside the token against forged requests.
        session_id: What the server calls the tab.
        heard: Every message so far.
    """

    url: str
    cookies: dict[str, str] = field(default_factory=dict)
    session_id: str = ""
    heard: list[ForwardMsg] = field(default_factory=list)
    _open: ExitStack = field(default_factory=ExitStack)
    _line: ClientConnection | None = None

    def __enter__(self) -> Visitor:
        answer = httpx2.get(f"{self.url}/_stcore/health", trust_env=False)
        self.cookies = {XSRF_COOKIE_NAME: answer.cookies[XSRF_COOKIE_NAME], **self.cookies}
        opened = connect(
            self.url.replace("http", "ws", 1) + "/_stcore/stream",
            subprotocols=["streamlit", self.cookies[XSRF_COOKIE_NAME]],  # pyright: ignore[reportArgumentType]
            additional_headers={"Cookie": self._cookies()},
            origin=self.url,  # pyright: ignore[reportArgumentType]
            max_size=None,
            proxy=None,
            close_timeout=1,
        )
        self._line = self._open.enter_context(opened)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._open.close()

    def _cookies(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def send(self, message: BackMsg) -> None:
        """Send a message."""
        assert self._line is not None
        self._line.send(message.SerializeToString())

    def wait_for(self, wanted: Callable[[ForwardMsg], Any]) -> ForwardMsg:
        """Listen until a message is wanted; return it."""
        assert self._line is not None
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            message = ForwardMsg()
            raw = self._line.recv(timeout=PATIENCE_S)
            message.ParseFromString(raw if isinstance(raw, bytes) else raw.encode())
            self.heard.append(message)
            if message.WhichOneof("type") == "new_session":
                self.session_id = message.new_session.initialize.session_id
            if wanted(message):
                return message
        raise TimeoutError(f"not heard within {PATIENCE_S} s")

    def ask(self, page: str = "", query: str = "lang=en") -> None:
        """Ask for a page."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = page
        self.send(message)

    def look(self, page: str = "", query: str = "lang=en") -> str:
        """Ask for a page and wait until it is drawn; return what was heard of it, as text."""
        first = len(self.heard)
        self.ask(page, query)
        self.wait_for(
            lambda message: message.script_finished == _FINISHED and message.WhichOneof("type") == "script_finished"
        )
        return "\n".join(map(str, self.heard[first:]))

    def beats(self) -> bool:
        """Tell whether the session still answers: everything sent before has been dealt with by then."""
        self.send(BackMsg(app_heartbeat=True))
        return self.wait_for(lambda message: message.WhichOneof("type") == "heartbeat_ack").heartbeat_ack

    def upload(self, size: int, file_id: str = "x", session_id: str = "", **headers: str) -> httpx2.Response:
        """Put a file of so many bytes to a session, this one's where no other is named."""
        return httpx2.put(
            f"{self.url}/_stcore/upload_file/{session_id or self.session_id}/{file_id}",
            files={"file": ("file.xlsx", b"x" * size)},
            headers={"X-Xsrftoken": self.cookies[XSRF_COOKIE_NAME], "Cookie": self._cookies(), **headers},
            trust_env=False,
            timeout=PATIENCE_S,
        )

    def delete(self, file_id: str) -> None:
        """Take an uploaded file away."""
        httpx2.delete(
            f"{self.url}/_stcore/upload_file/{self.session_id}/{file_id}",
            headers={"X-Xsrftoken": self.cookies[XSRF_COOKIE_NAME], "Cookie": self._cookies()},
            trust_env=False,
        ).raise_for_status()


def sql_children(pid: int) -> list[int]:
    """Return the children of a process that answer queries of the SQL box, or fork those that do."""
    found = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError, ProcessLookupError):  # a thread, or a child, that has just ended
            for child in (thread / "children").read_text(encoding="ascii").split():
                if b"wardstats.snapshot.sql_child" in Path(f"/proc/{child}/cmdline").read_bytes():
                    found.append(int(child))
    return found
