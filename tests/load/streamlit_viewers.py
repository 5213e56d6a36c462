"""Viewers of the Streamlit pages over its own WebSocket protocol: one session each, polling as the browser would."""

from __future__ import annotations

import asyncio
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.load.viewers import Clock, Tally

_FULL_RUN = ForwardMsg.ScriptFinishedStatus.Value("FINISHED_SUCCESSFULLY")


@dataclass
class PageViewer:
    """One open ranking page.

    Attributes:
        headlines: The page's headline of each board, by snapshot; tells which board is shown.
        shown: The headline shown now.
        runs: Full runs of the page's script so far.
        polls: Polls sent so far.
    """

    port: int
    language: str
    clock: Clock
    tally: Tally
    headlines: dict[str, str]
    shown: str = ""
    runs: int = 0
    polls: int = 0
    first_view_s: float = 0.0
    _timers: dict[str, asyncio.Task[None]] = field(default_factory=dict)

    async def watch(self) -> None:
        """Look at the page until cancelled; connect again when the line drops."""
        while True:
            try:
                await self._session()
            except (OSError, websockets.WebSocketException):
                if not self.clock.is_down:
                    self.tally.fail("lost")
            self._stop_polling()
            await asyncio.sleep(1.0)

    async def _session(self) -> None:
        address = f"ws://127.0.0.1:{self.port}/_stcore/stream"
        started = time.time()
        async with websockets.connect(
            address, subprotocols=[websockets.Subprotocol("streamlit")], max_size=None, proxy=None
        ) as line:
            await self._ask(line)
            async for raw in line:
                message = ForwardMsg()
                message.ParseFromString(raw if isinstance(raw, bytes) else raw.encode())
                kind = message.WhichOneof("type")
                if kind == "new_session" and not message.new_session.ByteSize():
                    continue
                if kind == "delta":
                    self._read(message)
                elif kind == "auto_rerun":
                    self._poll(line, message.auto_rerun.fragment_id, message.auto_rerun.interval)
                elif kind == "script_finished" and message.script_finished == _FULL_RUN:
                    self.runs += 1
                    self._finished()
                    self.first_view_s = self.first_view_s or time.time() - started

    async def _ask(self, line: websockets.ClientConnection, fragment_id: str = "") -> None:
        message = BackMsg()
        message.rerun_script.query_string = f"lang={self.language}"
        message.rerun_script.fragment_id = fragment_id
        message.rerun_script.is_auto_rerun = bool(fragment_id)
        await line.send(message.SerializeToString())

    def _read(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        if element.WhichOneof("type") == "html" and (found := re.search(r"<h1>(.*?)</h1>", element.html.body)):
            self.shown = found[1].replace("\u00a0", " ")  # names are kept whole on the screen

    def _finished(self) -> None:
        """Count the delay of the newest board, the first time it is shown."""
        newest = max(self.clock.published, key=self.clock.published.__getitem__, default="")
        expected = next((text for key, text in self.headlines.items() if newest.endswith(key[-12:])), None)
        if expected is not None and self.shown == expected and newest != self._last:
            self._last = newest
            self.tally.delays.setdefault(newest, []).append(time.time() - self.clock.published[newest])

    _last: str = ""

    def _poll(self, line: websockets.ClientConnection, fragment_id: str, interval: float) -> None:
        """Start asking for a part of the page again and again; a new run of the page starts anew."""
        self._stop_polling()

        async def poll() -> None:
            with suppress(websockets.WebSocketException):  # ``watch`` notices too, and connects again
                while True:
                    await asyncio.sleep(interval)
                    self.polls += 1
                    await self._ask(line, fragment_id)

        self._timers[fragment_id] = asyncio.create_task(poll())

    def _stop_polling(self) -> None:
        for task in self._timers.values():
            task.cancel()
        self._timers.clear()
