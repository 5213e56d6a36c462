"""Threads of one kind of work: the same asked twice is done once, and the queue is bounded."""

from __future__ import annotations

import asyncio
import threading

import pytest

from tests.asynchronous import run
from wardstats.live.workers import BusyError, RightOfWay, Workers

LONG_S = 60  # only what hangs takes so long


def test_a_crowd_has_the_same_done_once_and_takes_one_place() -> None:
    workers, free, done = Workers("test", threads=1, waiting_at_most=2), threading.Event(), []

    def work() -> str:
        assert free.wait(LONG_S)
        done.append(1)
        return "done"

    async def scene() -> None:
        crowd = [asyncio.create_task(workers.run(work, "key")) for _ in range(50)]
        await asyncio.sleep(0)
        assert workers.under_way == 1
        free.set()
        assert await asyncio.gather(*crowd) == ["done"] * 50
        assert await workers.run(work, "key") == "done"  # asked later, it is done again

    run(scene())
    assert len(done) == 2


def test_one_too_many_is_told_at_once_and_who_leaves_frees_nobody_elses_work() -> None:
    workers, free = Workers("test", threads=1, waiting_at_most=2), threading.Event()

    async def scene() -> None:
        first, second = (asyncio.create_task(workers.run(lambda: free.wait(LONG_S), key)) for key in "ab")
        await asyncio.sleep(0)
        with pytest.raises(BusyError, match="2 pieces"):
            await workers.run(lambda: True, "c")
        leaving = asyncio.create_task(workers.run(lambda: False, "a"))
        await asyncio.sleep(0)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        free.set()
        assert await asyncio.gather(first, second) == [True, True]
        assert await workers.run(lambda: True, "c")
        assert workers.under_way == 0

    run(scene())


def test_an_error_reaches_whoever_asked() -> None:
    workers = Workers("test", threads=1)

    async def scene() -> None:
        with pytest.raises(ZeroDivisionError):
            await workers.run(lambda: 1 // 0)
        assert workers.under_way == 0

    run(scene())


def test_what_gives_way_begins_once_the_way_is_free() -> None:
    way = RightOfWay(LONG_S)
    giving, other = Workers("giving", threads=1, gives_way=way), Workers("other", threads=1)

    async def scene() -> None:
        with way.taken():
            waiting = asyncio.create_task(giving.run(lambda: "given"))
            assert await other.run(lambda: "at once") == "at once"
            assert not waiting.done()
        assert await waiting == "given"
        with pytest.raises(ZeroDivisionError), way.taken():
            raise ZeroDivisionError
        assert await giving.run(lambda: "after an error") == "after an error"

    run(scene())


def test_nobody_gives_way_for_ever() -> None:
    way = RightOfWay(patience_s=0.01)

    async def scene() -> None:
        with way.taken():
            assert await Workers("giving", threads=1, gives_way=way).run(lambda: "done") == "done"

    run(scene())
