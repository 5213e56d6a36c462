"""The hostile mix: phones read and boards are published while everything that can be done to a server is done to it.

``make siege``, or ``python -m tests.load.siege --help``. The server is started as ``make run`` starts it, with sign-in.
Its verdict is the exit code; see ``faults``.
"""

from __future__ import annotations

import asyncio
import json
import logging
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Annotated, Any

import httpx2
import typer

from tests.intake_files import PERIOD, UNIT, desk_in
from tests.load.hostile_clients import Hostile
from tests.load.junk_workbooks import junk
from tests.load.processes import Processes
from tests.load.served import build_boards, publish
from tests.load.tab import Tab, browser
from tests.load.viewers import Clock, StreamViewer, Tally, moment_of, open_streams
from tests.signed_server import SignedServer, serve_with_sign_in
from wardstats.core.pointer import read_history
from wardstats.core.settings import PROJECT

WRITTEN = PROJECT / "test-artefacts" / "siege.json"
OFFICERS = ("officer@sapa.test", "officer@yenbai.test", "officer@sapa.test")
PHONES_AN_ADDRESS = 20  # a hall has a few hundred behind one, homes have one each
LOOK_EVERY_S = 5.0
SETTLING_S = 240  # after everything is closed: Streamlit keeps a closed tab's session two minutes
P95_S, GROWTH_SHARE, GROWTH_MB = 1.0, 0.10, 60.0


@dataclass
class Minute:
    """What was measured in one minute.

    Attributes:
        minute: Since the beginning, from 1.
        to_phone_s: Publish to phone: count, p50, p95, max.
        errors: What went wrong for the phones so far, by kind.
        server_mb: Memory of the server, the median of the minute.
        children_mb: Memory of its children, likewise.
        children_at_most: How many there were at once.
        page_s: An honest visitor's /live: count, p50, p95, max.
        harness_late_s: How late this program itself was, at most: what phones measured may be too long by that.
    """

    minute: int
    to_phone_s: dict[str, float]
    errors: dict[str, int]
    server_mb: float
    children_mb: float
    children_at_most: int
    page_s: dict[str, float]
    harness_late_s: float = 0.0


@dataclass
class Result:
    """What came of it.

    Attributes:
        left_children: Commands of children that were there after everything was closed and had not been before.
        left_processes: Processes of the server that outlived it.
        server_errors: Tracebacks in the server's log.
    """

    streams: int
    minutes: list[Minute] = field(default_factory=list)
    to_phone_s: dict[str, float] = field(default_factory=dict)
    phones_without_newest: int = 0
    start_mb: float = 0.0
    end_mb: float = 0.0
    left_children: list[str] = field(default_factory=list)
    left_processes: list[int] = field(default_factory=list)
    server_errors: int = 0
    hostile: dict[str, dict[str, int]] = field(default_factory=dict)


def main(
    minutes: Annotated[float, typer.Option(help="How long.")] = 60.0,
    streams: Annotated[int, typer.Option(help="Phones that listen.")] = 2000,
    every: Annotated[float, typer.Option(help="Seconds between two publishes.")] = 10.0,
    port: Annotated[int | None, typer.Option(help="Where the server listens; a free port if not given.")] = None,
    output: Annotated[Path, typer.Option(help="Where the figures go, as JSON.")] = WRITTEN,
) -> None:
    """Let a server be besieged, tell each minute how its phones and its memory are, and judge it."""
    logging.getLogger("werkzeug").setLevel(logging.WARNING)  # the identity provider tells each request
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory(prefix="wardstats-siege-") as folder:
        with serve_with_sign_in(Path(folder), PROJECT / "data" / "laocai", port) as server:
            siege = _Siege(server, streams)
            result = asyncio.run(siege.run(minutes, every))
        result.left_processes = siege.processes.alive()
        log = server.server.log  # an upload that is broken off is no fault of the server, and Streamlit logs it as one
        result.server_errors = log.count("Traceback (most recent call last)") - log.count("requests.ClientDisconnect\n")
        if result.server_errors:
            _log(server.server.log[-5000:])
    output.parent.mkdir(exist_ok=True)
    output.write_text(json.dumps(asdict(result), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    _tell(result)
    found = faults(result)
    print("\n".join(found) or "Held.")
    raise typer.Exit(1 if found else 0)


def faults(result: Result) -> list[str]:
    """Return what a server did not hold, a sentence each; empty where it held everything."""
    found = []
    if result.to_phone_s.get("p95", P95_S) >= P95_S:
        found.append(f"publish to phone: p95 {result.to_phone_s.get('p95')} s; wanted under {P95_S:.0f} s.")
    errors = result.minutes[-1].errors if result.minutes else {}
    found += [f"phones: {kind}, {count} times; wanted none." for kind, count in errors.items()]
    if result.phones_without_newest:
        found.append(f"phones: {result.phones_without_newest} do not show the newest board.")
    if growth := memory_growth([minute.server_mb + minute.children_mb for minute in result.minutes]):
        found.append(growth)
    found += [f"left after everything was closed: {command}" for command in result.left_children]
    found += [f"process {pid} outlived the server." for pid in result.left_processes]
    if result.server_errors:
        found.append(f"the server's log has {result.server_errors} tracebacks.")
    if pages := sum(answers.get("ERROR", 0) for answers in result.hostile.values()):
        found.append(f"{pages} pages ended in an error of the program.")
    return found


def memory_growth(each_minute_mb: list[float]) -> str:
    """Tell that memory grew; empty where it did not.

    The median of the last sixth is compared with that of the second and third twelfth (of an hour, the last ten minutes
    with minutes 6 to 15). A tenth more is allowed, or 60 MB where that is more.
    """
    count = len(each_minute_mb)
    if not count:
        return "memory: not measured."
    early = statistics.median(each_minute_mb[count // 12 : max(count // 4, count // 12 + 1)])
    late = statistics.median(each_minute_mb[-max(count // 6, 1) :])
    allowed = max(GROWTH_SHARE * early, GROWTH_MB)
    if late - early <= allowed:
        return ""
    return f"memory: {late:.0f} MB at the end, {early:.0f} MB early on; allowed are {allowed:.0f} MB more."


class _Siege:
    """One run against one server."""

    def __init__(self, server: SignedServer, streams: int) -> None:
        self.server = server
        self.port = int(server.url.rpartition(":")[2])
        self.processes = Processes(server.server.pid)
        self.phones, self.clock = Tally(), Clock()
        self.hostile = Hostile(server.url, self.port)
        self.viewers: list[StreamViewer] = []
        self.result = Result(streams)
        self._pages_s: list[float] = []
        self._looks: list[tuple[float, list[float]]] = []
        self._late_s = 0.0

    async def run(self, minutes: float, every: float) -> Result:
        """Warm up, open the phones, let the hostile in, publish; then close everything and look what is left."""
        var = self.server.var
        self.clock.published |= {entry.key: moment_of(entry.key) for entry in read_history(var)}
        boards = build_boards(var, 8)
        workbooks = junk(desk_in(var.parent / "desk").form(UNIT, PERIOD))
        officers = [(name, await self._officer(name)) for name in OFFICERS]
        units = [row["unit_code"] for row in (await self._get("/api/v1/wards"))["rows"] if row["is_member"]]
        await self._warm_up()
        known = self.processes.children()
        self.result.start_mb = round(self.processes.server_mb())
        self.viewers = await open_streams(
            self.port, self.result.streams, self.clock, self.phones, lambda n: _phone_address(n // PHONES_AN_ADDRESS)
        )
        _log(f"{len(self.viewers)} phones are open; {self.result.start_mb} MB before, {len(known)} children")
        clients = [asyncio.create_task(client) for client in self.hostile.everything(workbooks, officers, units)]
        clients += [
            asyncio.create_task(self._visit()),
            asyncio.create_task(self._look()),
            asyncio.create_task(self._watch_itself()),
        ]
        try:
            await self._publish(boards, minutes, every)
        finally:
            for client in clients:
                client.cancel()
            ended = await asyncio.gather(*clients, return_exceptions=True)
        for error in ended:
            if isinstance(error, Exception):  # not what the server did, which is counted: a fault of this program
                raise error
        await self._close(len(known))
        for _, jar in officers:
            await jar.aclose()
        self.result.hostile = {kind: dict(counts) for kind, counts in sorted(self.hostile.counts.items())}
        return self.result

    async def _officer(self, subject: str) -> httpx2.AsyncClient:
        async with Tab(self.server.url) as tab:
            await tab.run("")
            await tab.sign_in(subject)
            return tab.jar

    async def _get(self, path: str) -> Any:
        async with browser("127.0.0.1") as jar:
            return (await jar.get(self.server.url + path)).raise_for_status().json()

    async def _warm_up(self) -> None:
        """Look at what starts a child that stays: the page of the SQL box keeps one ready."""
        async with Tab(self.server.url) as tab:
            await tab.run("explore", "lang=en&tab=sql&sql=select+1")
        await asyncio.sleep(5)

    async def _publish(self, boards: list[str], minutes: float, every: float) -> None:
        """Put up a board again and again; tell each minute what was measured in it."""
        begun, number = time.monotonic(), 0
        for minute in range(1, max(1, round(minutes)) + 1):
            seen = set(self.phones.delays)
            while time.monotonic() < begun + 60 * minute:
                number += 1
                due = begun + every * number
                # The time of a publication is set before its file is written: what is measured is not too short.
                key = await asyncio.to_thread(publish, self.server.var, boards[number % len(boards)], str(number))
                self.clock.published[key] = moment_of(key)
                await asyncio.sleep(max(0.0, due - time.monotonic()))
            self._note(
                minute, [delay for key, group in self.phones.delays.items() if key not in seen for delay in group]
            )
        await asyncio.sleep(5)
        newest = max(self.clock.published, key=self.clock.published.__getitem__)
        self.result.phones_without_newest = sum(viewer.key != newest for viewer in self.viewers)
        self.result.to_phone_s = spread([delay for group in self.phones.delays.values() for delay in group])

    def _note(self, minute: int, delays: list[float]) -> None:
        looks, self._looks = self._looks or [(self.processes.server_mb(), [])], []
        pages, self._pages_s = self._pages_s, []
        noted = Minute(
            minute,
            spread(delays),
            dict(self.phones.errors),
            round(statistics.median(server for server, _ in looks)),
            round(statistics.median(sum(children) for _, children in looks)),
            max(len(children) for _, children in looks),
            spread(pages),
            round(self._late_s, 2),
        )
        self._late_s = 0.0
        self.result.minutes.append(noted)
        sent = Counter({kind: counts.total() for kind, counts in self.hostile.counts.items()})
        _log(
            f"minute {minute}: to phone {_spread_text(noted.to_phone_s)}; /live {_spread_text(noted.page_s)}; "
            f"server {noted.server_mb:.0f} MB, children {noted.children_mb:.0f} MB, at most {noted.children_at_most}; "
            f"harness late by {noted.harness_late_s} s at most; errors of phones {noted.errors or 'none'}; "
            f"hostile so far {dict(sent)}"
        )

    async def _visit(self) -> None:
        """Open the phone page once a second, as somebody who comes does."""
        async with browser("127.77.0.1") as jar:
            while True:
                started = time.perf_counter()
                try:
                    (await jar.get(f"{self.server.url}/live")).raise_for_status()
                    self._pages_s.append(time.perf_counter() - started)
                except httpx2.HTTPError as error:
                    self.phones.fail(f"/live {type(error).__name__}")
                await asyncio.sleep(1)

    async def _look(self) -> None:
        """Look at the memory of the server and its children again and again."""
        while True:
            self._looks.append((self.processes.server_mb(), [child.mb for child in self.processes.children()]))
            await asyncio.sleep(LOOK_EVERY_S)

    async def _watch_itself(self) -> None:
        """Notice how late this program is: thousands of clients in one process, beside the server on one machine."""
        while True:
            started = time.perf_counter()
            await asyncio.sleep(0.25)
            self._late_s = max(self._late_s, time.perf_counter() - started - 0.25)

    async def _close(self, known: int) -> None:
        """Close the phones, and wait until no more children are there than before."""
        for viewer in self.viewers:
            viewer.close()
        end = time.monotonic() + SETTLING_S
        while len(self.processes.children()) > known and time.monotonic() < end:
            await asyncio.sleep(2)
        self.result.left_children = [child.command for child in self.processes.children()[known:]]
        self.result.end_mb = round(self.processes.server_mb())


def spread(values: list[float]) -> dict[str, float]:
    """Return how seconds are spread: count, p50, p95 and max; the count alone where there are none."""
    ordered = sorted(values)
    if not ordered:
        return {"count": 0}
    at = lambda share: round(ordered[min(len(ordered) - 1, int(len(ordered) * share))], 3)  # noqa: E731
    return {"count": len(ordered), "p50": at(0.5), "p95": at(0.95), "max": round(ordered[-1], 3)}


def _spread_text(found: dict[str, float]) -> str:
    return f"p50 {found['p50']} p95 {found['p95']} max {found['max']} s" if found["count"] else "nothing"


def _phone_address(number: int) -> str:
    return f"127.1.{number // 250}.{number % 250 + 1}"


def _tell(result: Result) -> None:
    width = max(map(len, result.hostile), default=0)
    for kind, answers in result.hostile.items():
        said = ", ".join(f"{answer} {count:,}" for answer, count in sorted(answers.items(), key=lambda pair: -pair[1]))
        print(f"{kind:<{width}} {sum(answers.values()):>7,}  {said}")
    print(f"publish to phone: {_spread_text(result.to_phone_s)}, {result.to_phone_s['count']:,} events")
    print(f"server: {result.start_mb:.0f} MB at the start, {result.end_mb:.0f} MB after everything was closed")


def _log(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    typer.run(main)
