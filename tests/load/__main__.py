"""Runs a load test and prints what it measured; see ``--help``."""

from __future__ import annotations

import asyncio
import json
import resource
import signal
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from tests.load.served import Served, build_boards, publish
from tests.load.streamlit_viewers import PageViewer
from tests.load.viewers import Clock, StreamViewer, Tally, moment_of, open_streams, read_api
from tests.ports import free_port
from wardstats.core.settings import settings
from wardstats.live.board import live_board
from wardstats.live.reader import Reader


def main(
    streams: Annotated[int, typer.Option(help="Viewers of the event stream.")] = 5000,
    pages: Annotated[int, typer.Option(help="Viewers of the Streamlit ranking page.")] = 50,
    readers: Annotated[int, typer.Option(help="Readers of the API, once a second each.")] = 10,
    seconds: Annotated[float, typer.Option(help="How long to publish.")] = 120.0,
    every: Annotated[float, typer.Option(help="Seconds between two publishes.")] = 5.0,
    idle: Annotated[float, typer.Option(help="Seconds without a publish, to measure what waiting costs.")] = 20.0,
    boards: Annotated[int, typer.Option(help="Different boards, put up in turn; a new one costs more.")] = 8,
    kill: Annotated[bool, typer.Option(help="Kill the server (SIGKILL) half way and start it again.")] = False,
    alone: Annotated[bool, typer.Option(help="The live part alone, without Streamlit.")] = False,
    output: Annotated[Path | None, typer.Option(help="Write the figures there as JSON.")] = None,
) -> None:
    """Measure the live part under load, on this machine, with a server of its own."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory(prefix="wardstats-load-") as folder:
        served = Served(Path(folder), free_port(), with_streamlit=not alone)
        _log(f"building {boards} boards ...")
        ids = build_boards(Path(folder), boards)
        first = publish(served.var, ids[0], "")
        served.start()
        try:
            run = _Run(served, ids, Clock({first: time.time()}), 0 if alone else pages)
            result = asyncio.run(run.measure(streams, readers, seconds, every, idle, kill))
        finally:
            code = served.stop()
        result["server_exit_code"] = code
        log = served.log.read_text(encoding="utf-8", errors="replace")
        result["server_errors"] = sum("Traceback" in line or "ERROR" in line for line in log.splitlines())
        if result["server_errors"]:
            print(log[-3000:], file=sys.stderr)
    print(json.dumps(result, indent=1, ensure_ascii=False))
    if output:
        output.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


class _Run:
    """One run against one server."""

    def __init__(self, served: Served, ids: list[str], clock: Clock, pages: int) -> None:
        self.served, self.ids, self.clock = served, ids, clock
        self.streams, self.pages, self.api = Tally(), Tally(), Tally()
        self.api_delays: list[float] = []
        self.viewers: list[StreamViewer] = []
        reader = Reader(settings(var=served.var))
        published = reader.publication()
        self.headlines = {
            snapshot_id: live_board(reader, _of(published, snapshot_id), "vi")["headline"] for snapshot_id in ids
        }
        self.page_viewers = [PageViewer(served.port, "vi", clock, self.pages, self.headlines) for _ in range(pages)]

    async def measure(
        self, streams: int, readers: int, seconds: float, every: float, idle: float, kill: bool
    ) -> dict[str, Any]:
        served = self.served
        empty_mb = served.memory_mb()
        tasks = [
            asyncio.create_task(read_api(served.port, self.clock, self.api, self.api_delays)) for _ in range(readers)
        ]
        opened = time.time()
        self.viewers = await open_streams(served.port, streams, self.clock, self.streams)
        opening_s = time.time() - opened
        streams_mb = served.memory_mb()
        for number, viewer in enumerate(self.page_viewers):
            tasks.append(asyncio.create_task(viewer.watch()))
            if number % 5 == 4:
                await asyncio.sleep(0.5)
        await self._until(lambda: all(viewer.runs for viewer in self.page_viewers), 90)
        await self._until(lambda: all(viewer.key for viewer in self.viewers), 60)
        _log(f"{streams} streams in {opening_s:.1f} s and {len(self.page_viewers)} pages are open")
        result: dict[str, Any] = {"opening_s": round(opening_s, 1), "idle": await self._idle(idle)}
        self._forget()
        started, cpu = time.time(), served.cpu_s()
        own_cpu = time.process_time()
        result |= await self._publish(seconds, every, kill)
        lasted = time.time() - started
        await asyncio.sleep(5)
        newest = max(self.clock.published, key=self.clock.published.__getitem__)
        result |= {
            "streams": len(self.viewers),
            "pages": len(self.page_viewers),
            "readers": readers,
            "publishes": len(self.streams.delays),
            "published_to_stream_s": _spread(self.streams.delays),
            "published_to_stream_p95_each_s": [_spread({"": group})["p95"] for group in self.streams.delays.values()],
            "published_to_page_s": _spread(self.pages.delays),
            "page_first_view_s": _spread({"": [v.first_view_s for v in self.page_viewers if v.first_view_s]}),
            "api_answer_s": _spread({"": self.api_delays}),
            "errors": {"streams": self.streams.errors, "pages": self.pages.errors, "api": self.api.errors},
            "streams_without_newest": sum(viewer.key != newest for viewer in self.viewers),
            "pages_without_newest": sum(not self._shows(viewer, newest) for viewer in self.page_viewers),
            "server_cpu_share": None if kill else round((served.cpu_s() - cpu) / lasted, 3),
            "harness_cpu_share": round((time.process_time() - own_cpu) / lasted, 3),
            "server_mb": {
                "empty": round(empty_mb), "streams": round(streams_mb), "end": round(served.memory_mb()),
                "kb_a_stream": round(1024 * (streams_mb - empty_mb) / max(streams, 1), 1),
            },
        }  # fmt: skip
        for task in tasks:
            task.cancel()
        for viewer in self.viewers:
            viewer.close()
        await asyncio.sleep(0.5)
        return result

    async def _idle(self, seconds: float) -> dict[str, float]:
        """Measure what it costs when nothing happens: signs of life to streams, polls of pages."""
        polls, cpu = sum(viewer.polls for viewer in self.page_viewers), self.served.cpu_s()
        await asyncio.sleep(seconds)
        polls = sum(viewer.polls for viewer in self.page_viewers) - polls
        spent = self.served.cpu_s() - cpu
        return {
            "cpu_share": round(spent / max(seconds, 0.1), 3),
            "polls": polls,
            "cpu_ms_a_poll_at_most": round(1000 * spent / polls, 2) if polls else 0,
            "cpu_ms_a_second_and_viewer": round(
                1000 * spent / max(seconds, 0.1) / max(len(self.viewers) + len(self.page_viewers), 1), 4
            ),
        }

    async def _publish(self, seconds: float, every: float, kill: bool) -> dict[str, Any]:
        result: dict[str, Any] = {}
        memory: list[int] = []
        rounds = max(1, round(seconds / every))
        for number in range(1, rounds + 1):
            due = time.time() + every
            await self._put_up(self.ids[number % len(self.ids)], number)
            if kill and number == rounds // 2:
                result["restart"] = await self._kill_and_restart(self.ids[(number + 2) % len(self.ids)], number)
            await asyncio.sleep(max(0.0, due - time.time()))
            memory.append(round(self.served.memory_mb()))
        result["memory_over_time_mb"] = memory[:: max(1, len(memory) // 20)]
        return result

    async def _put_up(self, snapshot_id: str, number: int) -> str:
        # The time of a publication is set before its file is written: what is measured is not too short.
        key = await asyncio.to_thread(publish, self.served.var, snapshot_id, f"{number}")
        return self._note(key)

    def _note(self, key: str) -> str:
        self.clock.published[key] = moment_of(key)
        return key

    async def _kill_and_restart(self, snapshot_id: str, number: int) -> dict[str, Any]:
        """Kill the server, publish while it is down, start it, and see when everybody shows that board."""
        await asyncio.sleep(1)
        self.clock.is_down = True
        await asyncio.to_thread(self.served.stop, signal.SIGKILL)
        await asyncio.sleep(2)
        key = await self._put_up(snapshot_id, number)
        begun = time.time()
        await asyncio.to_thread(self.served.start)
        ready = time.time()
        done = await self._until(
            lambda: (
                all(viewer.key == key for viewer in self.viewers)
                and all(self._shows(viewer, key) for viewer in self.page_viewers)
            ),
            30,
        )
        times = sorted(viewer.seen_at - ready for viewer in self.viewers if viewer.key == key)
        self.streams.delays.pop(key, None)  # measured from the restart, not from the publish
        self.pages.delays.pop(key, None)
        self.clock.is_down = False
        return {
            "server_ready_after_s": round(ready - begun, 2),
            "everybody_shows_the_newest_after_s": round(time.time() - ready, 2) if done else None,
            "streams_p95_s": round(times[int(len(times) * 0.95)], 2) if times else None,
            "streams_with_newest": len(times),
            "pages_with_newest": sum(self._shows(viewer, key) for viewer in self.page_viewers),
        }

    def _shows(self, viewer: PageViewer, key: str) -> bool:
        return any(key.endswith(board[-12:]) and viewer.shown == text for board, text in self.headlines.items())

    def _forget(self) -> None:
        """Leave the opening out of the figures."""
        self.streams.delays.clear()
        self.pages.delays.clear()
        self.api_delays.clear()

    async def _until(self, is_done: Any, seconds: float) -> bool:
        end = time.time() + seconds
        while time.time() < end:
            if is_done():
                return True
            await asyncio.sleep(0.1)
        _log("not everybody got there in time")
        return False


def _of(published: Any, snapshot_id: str) -> Any:
    from dataclasses import replace

    return replace(published, snapshot_id=snapshot_id)


def _spread(delays: dict[str, list[float]]) -> dict[str, float | int]:
    values = sorted(value for group in delays.values() for value in group)
    if not values:
        return {"count": 0}
    at = lambda share: round(values[min(len(values) - 1, int(len(values) * share))], 3)  # noqa: E731
    return {
        "count": len(values), "mean": round(statistics.fmean(values), 3),
        "p50": at(0.5), "p95": at(0.95), "p99": at(0.99), "max": round(values[-1], 3),
    }  # fmt: skip


def _log(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    typer.run(main)
