"""The event stream: who gets what and when, slow readers, full houses, and the way a server stops."""

from __future__ import annotations

import asyncio
import json
import re
import threading
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.asynchronous import run as run_to_its_end
from wardstats.core.errors import SnapshotError
from wardstats.core.pointer import Published
from wardstats.core.settings import PROJECT
from wardstats.live import stream
from wardstats.live.broadcaster import BEAT, Broadcaster, Limits
from wardstats.live.workers import Workers

FAST = Limits(clients=3, poll_s=0.01, beat_s=0.2, slow_s=0.1)


def published(number: int) -> Published:
    return Published(f"snapshot-{number:012}", f"2026-11-14T03:42:{number:02}.000+00:00")


@dataclass
class Pointer:
    """What is up, and what rendering it costs."""

    now: Published | Exception
    renderings: list[tuple[str, str]] = field(default_factory=list)

    def publication(self) -> Published:
        if isinstance(self.now, Exception):
            raise self.now
        return self.now

    def render(self, entry: Published, language: str) -> dict[str, Any]:
        self.renderings.append((entry.snapshot_id, language))
        if entry.snapshot_id.endswith("13"):
            raise ValueError("a board that cannot be rendered")
        return {"snapshot_id": entry.snapshot_id, "language": language}


class Reader:
    """A client of the ASGI endpoint; ``is_stuck`` makes its line take nothing."""

    def __init__(self, caster: Broadcaster, lang: str = "vi", last_event_id: str = "") -> None:
        self.scope = {
            "type": "http", "method": "GET", "path": "/api/v1/events", "http_version": "1.1",
            "query_string": f"lang={lang}".encode(), "headers": [(b"last-event-id", last_event_id.encode())],
        }  # fmt: skip
        self.gone, self.free = asyncio.Event(), asyncio.Event()
        self.free.set()
        self.status, self.headers, self.text, self.is_ended = 0, {}, "", False
        self.task = asyncio.create_task(caster.serve(self.scope, self.receive, self.send))

    async def receive(self) -> dict[str, Any]:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        await self.free.wait()
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
        else:
            self.text += message["body"].decode()
            self.is_ended = not message.get("more_body", False)

    @property
    def boards(self) -> list[str]:
        return [json.loads(line[6:])["snapshot_id"] for line in self.text.splitlines() if line.startswith("data: {")]

    @property
    def events(self) -> list[str]:
        return [event for event in self.text.split("\n\n") if "event: snapshot" in event]

    async def leave(self) -> None:
        self.gone.set()
        await self.task


async def until(is_true: Callable[[], bool], seconds: float = 60.0) -> None:
    async with asyncio.timeout(seconds):
        while not is_true():
            await asyncio.sleep(0.005)


def play(pointer: Pointer, scene: Callable[[Broadcaster], Coroutine[Any, Any, None]], limits: Limits = FAST) -> None:
    async def run() -> None:
        caster = Broadcaster(pointer.publication, pointer.render, limits=limits)
        task = asyncio.create_task(caster.run())
        try:
            await scene(caster)
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    run_to_its_end(run())


def test_a_publish_reaches_everybody_rendered_once_for_each_language() -> None:
    pointer = Pointer(published(1))

    async def scene(caster: Broadcaster) -> None:
        await until(lambda: caster.current is not None)
        readers = [Reader(caster, "vi"), Reader(caster, "vi"), Reader(caster, "hi")]
        await until(lambda: all(reader.boards for reader in readers))
        pointer.now = published(2)
        await until(lambda: all(len(reader.boards) == 2 for reader in readers))
        assert readers[0].boards == ["snapshot-000000000001", "snapshot-000000000002"]
        assert '"language":"hi"' in readers[2].text
        assert readers[0].events == readers[1].events  # the same bytes to all
        assert readers[0].headers[b"content-type"] == b"text/event-stream; charset=utf-8"
        await until(lambda: len(pointer.renderings) >= 6)  # nobody waits for the English one: it may come last
        assert sorted(pointer.renderings) == sorted(
            (f"snapshot-{number:012}", language) for number in (1, 2) for language in ("vi", "en", "hi")
        )
        for reader in readers:
            await reader.leave()
        assert caster.client_count == 0

    play(pointer, scene)


def test_the_same_snapshot_published_as_final_is_news() -> None:
    pointer = Pointer(published(1))

    async def scene(caster: Broadcaster) -> None:
        reader = Reader(caster)
        await until(lambda: len(reader.boards) == 1)
        pointer.now = Published(published(1).snapshot_id, "2026-11-14T04:00:00.000+00:00", is_final=True)
        await until(lambda: len(reader.boards) == 2)

    play(pointer, scene)


def test_who_has_the_newest_board_is_not_sent_it_again() -> None:
    async def scene(caster: Broadcaster) -> None:
        await until(lambda: caster.current is not None)
        known, old = Reader(caster, last_event_id=published(1).key), Reader(caster, last_event_id="something else")
        await until(lambda: bool(old.boards))
        assert known.boards == []
        assert BEAT.plain.decode() in known.text
        assert "retry: " in known.text

    play(Pointer(published(1)), scene)


def test_signs_of_life_come_by_themselves() -> None:
    async def scene(caster: Broadcaster) -> None:
        reader = Reader(caster)
        await until(lambda: reader.text.count("event: beat") >= 3)

    play(Pointer(published(1)), scene)


def test_one_too_many_is_told_so() -> None:
    async def scene(caster: Broadcaster) -> None:
        readers = [Reader(caster) for _ in range(3)]
        await until(lambda: caster.client_count == 3)
        refused = Reader(caster)
        await refused.task
        assert refused.status == 503
        assert refused.headers[b"retry-after"] == b"15"
        assert json.loads(refused.text)["status"] == 503
        await readers[0].leave()
        welcome = Reader(caster)
        await until(lambda: welcome.status == 200)

    play(Pointer(published(1)), scene)


@pytest.mark.hostile("raw HTTP")
def test_one_address_has_so_many_and_others_are_welcome() -> None:
    async def scene(caster: Broadcaster) -> None:
        caster.address_of = lambda scope: dict(scope["headers"])[b"last-event-id"].decode() or None
        hall = [Reader(caster, last_event_id="hall") for _ in range(2)]
        await until(lambda: caster.client_count == 2)
        refused = Reader(caster, last_event_id="hall")
        await refused.task
        assert refused.status == 503
        assert refused.headers[b"retry-after"] == b"15"
        assert "One network may have 2" in refused.text
        others = [Reader(caster, last_event_id="home"), *(Reader(caster) for _ in range(5))]  # who is not known counts
        await until(lambda: caster.client_count == 8)  # for the server only
        await hall[0].leave()
        welcome = Reader(caster, last_event_id="hall")
        await until(lambda: welcome.status == 200)
        for each in (hall[1], welcome, *others):
            await each.leave()
        assert not caster._by_address

    play(Pointer(published(1)), scene, Limits(clients=50, per_address=2, poll_s=0.01))


def test_a_slow_reader_gets_the_newest_board_only() -> None:
    pointer = Pointer(published(1))

    async def scene(caster: Broadcaster) -> None:
        reader, quick = Reader(caster), Reader(caster)
        await until(lambda: bool(reader.boards and quick.boards))
        reader.free.clear()
        for number in (2, 3, 4, 5):
            pointer.now = published(number)
            await until(lambda number=number: quick.boards[-1].endswith(str(number)))  # nobody waits for the slow one
        reader.free.set()
        await until(lambda: reader.boards[-1].endswith("5"))
        assert len(reader.boards) <= 3

    play(pointer, scene, Limits(clients=3, poll_s=0.01, beat_s=0.2, slow_s=30))


def test_a_stuck_reader_is_let_go() -> None:
    pointer = Pointer(published(1))

    async def scene(caster: Broadcaster) -> None:
        stuck, fine = Reader(caster), Reader(caster)
        await until(lambda: bool(stuck.boards and fine.boards))
        stuck.free.clear()
        pointer.now = published(2)
        await until(stuck.task.done)
        assert caster.dropped_count == 1
        assert caster.client_count == 1
        assert not fine.task.done()

    play(pointer, scene)


def test_a_publish_waits_for_nobody_elses_threads() -> None:
    """Whatever fills the loop's own threads, and those of answers, the board is rendered and sent beside it."""
    pointer, free = Pointer(published(1)), threading.Event()

    async def scene(caster: Broadcaster) -> None:
        heavy = Workers("heavy", threads=2)
        blocked = [asyncio.ensure_future(asyncio.to_thread(free.wait, 60)) for _ in range(40)]
        blocked += [asyncio.ensure_future(heavy.run(lambda: free.wait(60))) for _ in range(30)]
        try:
            reader = Reader(caster)
            await until(lambda: len(reader.boards) == 1)
            pointer.now = published(2)
            await until(lambda: len(reader.boards) == 2, 30)
            assert not any(each.done() for each in blocked)
        finally:
            free.set()
            await asyncio.gather(*blocked)

    play(pointer, scene)


def test_what_gives_way_begins_once_a_publish_is_out() -> None:
    order: list[str] = []
    ask: list[Callable[[], object]] = []

    class Watched(Pointer):
        def render(self, now: Published, language: str) -> dict[str, Any]:
            for each in ask:
                each()
            order.append("rendered")
            return super().render(now, language)

    pointer = Watched(published(1))

    async def scene(caster: Broadcaster) -> None:
        await until(lambda: caster.current is not None)
        caster.right_of_way.patience_s = 60
        loop, workers = asyncio.get_running_loop(), Workers("giving", threads=3, gives_way=caster.right_of_way)
        order.clear()
        ask.append(
            lambda: asyncio.run_coroutine_threadsafe(workers.run(lambda: order.append("answered"), "same"), loop)
        )
        pointer.now = published(2)
        await until(lambda: "answered" in order)
        assert order == ["rendered"] * 3 + ["answered"]

    play(pointer, scene)


def test_a_board_that_cannot_be_rendered_leaves_the_one_before() -> None:
    pointer = Pointer(published(1))

    async def scene(caster: Broadcaster) -> None:
        reader = Reader(caster)
        await until(lambda: len(reader.boards) == 1)
        pointer.now = published(13)
        await until(lambda: any(name.endswith("13") for name, _ in pointer.renderings))
        late = Reader(caster)
        await until(lambda: bool(late.boards))
        assert late.boards[-1].endswith("1")
        pointer.now = published(14)
        await until(lambda: reader.boards[-1].endswith("14") and late.boards[-1].endswith("14"))

    play(pointer, scene)


def test_the_language_of_most_readers_comes_first_and_none_of_the_others_holds_up_another() -> None:
    free = threading.Event()

    class Slow(Pointer):
        def render(self, now: Published, language: str) -> dict[str, Any]:
            board = super().render(now, language)
            if now.snapshot_id.endswith("2") and language == "en":
                assert free.wait(60)
                raise ValueError("a board that cannot be rendered")
            return board

    pointer = Slow(published(1))

    async def scene(caster: Broadcaster) -> None:
        readers = [Reader(caster, "hi"), Reader(caster, "hi"), Reader(caster, "vi")]
        await until(lambda: all(reader.boards for reader in readers))
        pointer.now = published(2)
        try:
            await until(lambda: all(len(reader.boards) == 2 for reader in readers))
            assert next(language for name, language in pointer.renderings if name.endswith("2")) == "hi"
            assert caster.current == published(1)  # the English board is still on its way
        finally:
            free.set()
        pointer.now = published(3)
        await until(lambda: all(len(reader.boards) == 3 for reader in readers))

    play(pointer, scene)


def test_readers_wait_for_the_first_publish() -> None:
    pointer = Pointer(SnapshotError("nothing yet"))

    async def scene(caster: Broadcaster) -> None:
        reader = Reader(caster)
        await until(lambda: reader.status == 200)
        assert reader.boards == []
        pointer.now = published(1)
        await until(lambda: len(reader.boards) == 1)

    play(pointer, scene)


def test_closing_ends_every_stream_properly() -> None:
    async def scene(caster: Broadcaster) -> None:
        readers = [Reader(caster), Reader(caster)]
        await until(lambda: all(reader.boards for reader in readers))
        caster.close()
        await asyncio.gather(*(reader.task for reader in readers))
        assert all(reader.is_ended for reader in readers)
        late = Reader(caster)
        await late.task
        assert late.status == 503

    play(Pointer(published(1)), scene)


class Line(asyncio.Transport):
    """A connection as uvicorn has it."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting, self.written, self.is_cut = 0, b"", False

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.is_cut

    def abort(self) -> None:
        self.is_cut = True


def test_on_a_connection_of_its_own_bytes_are_framed_and_the_newest_is_owed() -> None:
    async def run() -> None:
        line, task = Line(), asyncio.create_task(asyncio.sleep(0))
        client = stream.Client(send=lambda _: asyncio.sleep(0), transport=line, request=task, turn=0)
        assert client.give(stream.chunk(b"a" * 17), now=1.0)
        assert line.written == b"11\r\n" + b"a" * 17 + b"\r\n"
        line.waiting = 9
        assert not client.give(stream.chunk(b"old"), now=2.0)
        assert not client.give(stream.chunk(b"new"), now=5.0)
        assert client.stuck_for(6.0) == pytest.approx(4.0)
        assert not client.is_idle
        line.waiting = 0
        assert client.give_owed(now=7.0)
        assert line.written.endswith(b"3\r\nnew\r\n")
        assert b"old" not in line.written
        assert client.stuck_for(8.0) == 0.0
        client.end("slow")
        await client.finish()
        assert line.is_cut

    run_to_its_end(run())


def test_only_uvicorn_and_chunks_are_written_to_directly() -> None:
    class RequestResponseCycle:
        transport = Line()

        async def send(self, _: Any) -> None: ...

    cycle = RequestResponseCycle()
    assert stream.transport_of({"http_version": "1.1"}, cycle.send) is None  # somebody else's
    RequestResponseCycle.__module__ = "uvicorn.protocols.http.h11_impl"
    assert stream.transport_of({"http_version": "1.1"}, cycle.send) is cycle.transport
    assert stream.transport_of({"http_version": "1.0"}, cycle.send) is None  # an old proxy, which takes no chunks


def test_a_board_that_takes_long_holds_up_no_sign_of_life() -> None:
    free = threading.Event()

    class Slow(Pointer):
        def render(self, now: Published, language: str) -> dict[str, Any]:
            assert now == published(1) or free.wait(60)
            return super().render(now, language)

    pointer = Slow(published(1))

    async def scene(caster: Broadcaster) -> None:
        reader = Reader(caster)
        await until(lambda: len(reader.boards) == 1)
        pointer.now = published(2)
        heard = reader.text.count("event: beat")
        try:
            await until(lambda: reader.text.count("event: beat") >= heard + 3)
            assert len(reader.boards) == 1
        finally:
            free.set()
        await until(lambda: len(reader.boards) == 2)

    play(pointer, scene)


@pytest.mark.parametrize("script", ["live.js", "live_stage.js"])
def test_pages_tell_a_lost_line_within_eight_seconds_and_two_signs_of_life_may_be_late(script: str) -> None:
    text = (PROJECT / "static" / script).read_text("utf-8")
    silent_s, look_s = (int(re.findall(rf"\b{name} = (\d+)", text)[0]) / 1000 for name in ("SILENT_MS", "LOOK_MS"))
    assert silent_s + look_s < 8
    assert silent_s > 2 * Limits().beat_s
    assert len(BEAT.framed) < 40  # for 15,000 readers
