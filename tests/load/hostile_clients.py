"""Clients that mean harm or know no better, each an endless loop in one process; every answer is counted by kind."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from functools import partial
from typing import Any
from urllib.parse import urlencode

import httpx2
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.load.tab import Shown, Tab, browser
from wardstats.intake.handing_in import Upload

Act = Callable[[str], Awaitable[None]]
LOST = (OSError, httpx2.HTTPError, websockets.WebSocketException, TimeoutError)
SILENT = 200  # sockets of either kind, open at once
BOMBS = (
    "select count(*) from range(100000) a, range(100000) b, range(100000) c",
    "with recursive t as (select 1 as x union all select x + 1 from t) select count(*) from t",
    "select list_sum(range(300000000))",
    "select repeat('x', 1000000000)",
    "select count(*) from raw a, raw b, raw c, normalised d, value e",
    "select max(list_reduce(range(2000000), lambda a, b: a + b)) from range(50)",
    "select regexp_matches(repeat('a', 100000), '(a*)*b') from range(1000)",
    "select string_agg(repeat('x', 10000), '') from range(100000)",
)
BIG = (
    "select " + ", ".join(f"repeat('x', 2000) a{number}" for number in range(90)) + " from range(500)",
    "select a.*, b.* from raw a cross join value b",
    "select repeat('Đ', 2000) from range(5000)",
    "select list_value(1, 2, 3), map {'a': repeat('x', 1500)} from range(5000)",
)
# What the page says, in English, by the first words of it; everything else is "another page", with its notice.
SAYS = {
    "Stopped after": "stopped: time",
    "Stopped: it needed": "stopped: memory",
    "Others are running": "asked to wait",
    "The database did not": "not understood",
    "Nothing was submitted": "refused with its faults",
    "no fault. What would change": "judged as whole",
    "times within": "asked to wait",
    "rows in": "answered",
    "row in": "answered",
    "Sign in to go on": "signed out",
}


class Hostile:
    """Everything that is done to a server beside its readers.

    Attributes:
        counts: Of each kind, how often it was answered in which way.
    """

    def __init__(self, url: str, port: int) -> None:
        """Remember the server."""
        self.url, self.port = url, port
        self.counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._sources = itertools.count(1)

    def everything(
        self, workbooks: list[Upload], officers: list[tuple[str, httpx2.AsyncClient]], units: list[str]
    ) -> Iterator[Coroutine[Any, Any, None]]:
        """Return all clients, not yet running: some for each thing that can be done.

        Args:
            workbooks: What officers upload.
            officers: Who is signed in, and in which browser; each gets a tab.
            units: Codes of units, to be asked for in ever other orders.
        """
        several: list[tuple[int, str, Act, float]] = [
            (1, "clear_cache", self._clear_cache, 1),
            (2, "upload by nobody", self._upload, 1),
            (4, "SQL", self._ask_sql, 1),
            (4, "API in another order", lambda source: self._ask_api(source, units), 0.1),
            (SILENT, "silent socket", lambda source: self._wait(source, "silent socket", b""), 2),
            (SILENT, "half a header", lambda source: self._wait(source, "half a header", HALF), 2),
        ]
        for count, kind, act, pause_s in several:
            yield from (self._again(kind, act, pause_s) for _ in range(count))
        for number, (subject, jar) in enumerate(officers):
            start = number * len(workbooks) // len(officers)
            act = partial(self._hand_in, subject=subject, jar=jar, workbooks=workbooks[start:] + workbooks[:start])
            yield self._again("junk workbook", act, 1)

    async def _again(self, kind: str, act: Act, pause_s: float) -> None:
        """Do something until cancelled, from an address that ten clients share; a lost line is an answer, too."""
        number = next(self._sources)
        source = f"127.66.{number // 10}.1"
        await asyncio.sleep(random.random() * 5)
        while True:
            try:
                await act(source)
            except LOST as error:
                self.counts[kind][f"line closed ({type(error).__name__})"] += 1
            await asyncio.sleep(pause_s)

    async def _clear_cache(self, source: str) -> None:
        async with Tab(self.url, source=source) as tab:
            for number in range(20):
                await tab.send(BackMsg(clear_cache=True))
                shown = await tab.run("explore", _sql(f"select {number} as number"), seconds=60)
                self.counts["clear_cache"][_outcome(shown)] += 1
                await asyncio.sleep(2)

    async def _upload(self, source: str) -> None:
        content = b"x" * 9_900_000
        async with Tab(self.url, source=source) as tab:
            await tab.run("", seconds=60)
            for _ in range(30):
                status, _info = await tab.upload("figures.xlsx", content)
                self.counts["upload by nobody"][f"status {status}"] += 1
                await asyncio.sleep(2)

    async def _ask_sql(self, source: str) -> None:
        async with Tab(self.url, source=source) as tab:
            asked = [("SQL bomb", sql) for sql in BOMBS] + [("SQL with a large answer", sql) for sql in BIG]
            random.shuffle(asked)
            for kind, sql in asked:
                shown = await tab.run("explore", _sql(f"{sql} -- {random.random()}"), seconds=60)
                self.counts[kind][_outcome(shown)] += 1
                await asyncio.sleep(1)

    async def _ask_api(self, source: str, units: list[str]) -> None:
        async with browser(source) as jar:
            for name in ("values", "values", "scores", "ranking", "indicators", "board", "stage"):
                asked = random.sample(units, random.randint(2, len(units))) if name == "values" else []
                query: list[tuple[str, str]] = [("unit", code) for code in asked] + [
                    ("lang", random.choice(["vi", "en", "hi"]))
                ]
                if name != "board" and name != "stage":
                    query.append(("format", random.choice(["json", "csv"])))
                random.shuffle(query)
                answer = await jar.get(f"{self.url}/api/v1/{name}?{urlencode(query)}")
                self.counts["API in another order"][f"status {answer.status_code}"] += 1
                await asyncio.sleep(0.1)

    async def _hand_in(self, source: str, *, subject: str, jar: httpx2.AsyncClient, workbooks: list[Upload]) -> None:
        async with Tab(self.url, jar, source) as tab:
            for book in workbooks:
                shown = await tab.run("submit", seconds=60)
                field = next((key for key in shown.widgets if key.startswith("workbook_")), None)
                if field is None:
                    self.counts["junk workbook"][f"no uploader: {_outcome(shown)}"] += 1
                    await asyncio.sleep(5)
                    if "Sign in" in shown.labels:  # a session ends after a time
                        await tab.sign_in(subject)
                    return
                status, info = await tab.upload(book.name, book.content)
                if status != 204:
                    self.counts["junk workbook"][f"status {status}"] += 1
                    continue
                state = WidgetState(id=shown.widgets[field])
                state.file_uploader_state_value.uploaded_file_info.append(info)
                self.counts["junk workbook"][_outcome(await tab.run("submit", "lang=en", state, seconds=60))] += 1
                await asyncio.sleep(6)

    async def _wait(self, source: str, kind: str, sent: bytes) -> None:
        """Connect, say nothing or half of something, and wait for the server to end it."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, local_addr=(source, 0))
        try:
            writer.write(sent)
            async with asyncio.timeout(180):
                while await reader.read(1000):
                    pass
            self.counts[kind]["ended by the server"] += 1
        except TimeoutError:
            self.counts[kind]["open after 180 s"] += 1
        except asyncio.CancelledError:
            self.counts[kind]["open at the end"] += 1
            raise
        finally:
            writer.close()


HALF = b"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Half: "


def _sql(text: str) -> str:
    return urlencode({"lang": "en", "tab": "sql", "sql": text})


def _outcome(shown: Shown) -> str:
    """Return in a word or two what a page said."""
    if shown.has_error:
        return "ERROR"
    said = "\n".join(shown.texts)
    if found := next((told for words, told in SAYS.items() if words in said), ""):
        return found
    if not shown.is_finished:
        return "no end within a minute"
    return f"another page: {shown.notices[-1][:70]}" if shown.notices else "another page"
