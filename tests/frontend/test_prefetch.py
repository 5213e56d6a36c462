"""What is made in advance: only while nobody asks, the likeliest first, each once, and a failure stops nothing."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from wardstats.frontend.prefetch import Prefetch

SOON_S = 300  # only what hangs takes so long, even where other programs are busy


@pytest.fixture
def prefetch() -> Iterator[Prefetch]:
    prefetch = Prefetch(quiet_s=0)
    prefetch.start()
    yield prefetch
    prefetch.stop()


class Clock:
    """A clock that a test moves on, and which knows how often it was looked at."""

    def __init__(self) -> None:
        self.now_s, self.looks = 1000.0, 0

    def monotonic(self) -> float:
        self.looks += 1
        return self.now_s

    def wait_for_looks(self, count: int) -> None:
        last = self.looks + count
        while self.looks < last:
            time.sleep(0.001)


class Made:
    """Remembers what was made, in which order."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.changed = threading.Condition()

    def job(self, name: str) -> tuple[str, Callable[[], None]]:
        def make() -> None:
            with self.changed:
                self.names.append(name)
                self.changed.notify()

        return name, make

    def wait_for(self, *names: str) -> bool:
        with self.changed:
            return self.changed.wait_for(lambda: self.names == list(names), SOON_S)


@contextmanager
def at_work(prefetch: Prefetch) -> Iterator[None]:
    """Keep it busy with one job, so that what is offered meanwhile waits."""
    begun, may_end = threading.Event(), threading.Event()
    prefetch.offer([("gate", lambda: begun.set() or may_end.wait())])
    begun.wait()
    yield
    may_end.set()


def test_the_likeliest_is_made_first_and_what_was_named_last_before_that(prefetch: Prefetch) -> None:
    made = Made()
    with at_work(prefetch):
        prefetch.offer([made.job("old page, earlier"), made.job("old page, later")])
        prefetch.offer([made.job("new page, earlier"), made.job("new page, later")])
    assert made.wait_for("new page, earlier", "new page, later", "old page, earlier", "old page, later")


def test_nothing_is_made_twice(prefetch: Prefetch) -> None:
    made = Made()
    prefetch.offer([made.job("one")])
    assert made.wait_for("one")
    prefetch.offer([made.job("one"), made.job("two")])
    assert made.wait_for("one", "two")


def test_jobs_wait_while_readers_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr("wardstats.frontend.prefetch.time", clock)
    made, prefetch = Made(), Prefetch(quiet_s=0.02)
    prefetch.start()
    prefetch.asked()
    prefetch.offer([made.job("one")])
    for _ in range(4):
        clock.now_s += 0.019
        prefetch.asked()
        clock.wait_for_looks(3)  # the clock stands: it is not quiet for long enough, however often one looks
        assert made.names == []
    clock.now_s += 0.021
    assert made.wait_for("one")
    prefetch.stop()


def test_a_job_that_fails_is_logged_and_the_next_one_is_made(
    prefetch: Prefetch, caplog: pytest.LogCaptureFixture
) -> None:
    made = Made()
    with caplog.at_level(logging.ERROR):
        prefetch.offer([("bad", lambda: 1 / 0), made.job("good")])
        assert made.wait_for("good")
    assert "ZeroDivisionError" in caplog.text


def test_what_is_offered_before_the_start_or_after_the_end_is_dropped() -> None:
    made, prefetch = Made(), Prefetch(quiet_s=0)
    prefetch.offer([made.job("early")])
    prefetch.start()
    prefetch.offer([made.job("in time")])
    assert made.wait_for("in time")
    prefetch.stop()
    prefetch.offer([made.job("late")])
    assert made.names == ["in time"]


def test_of_too_many_those_named_longest_ago_are_dropped() -> None:
    made, prefetch = Made(), Prefetch(quiet_s=0)
    prefetch.start()
    with at_work(prefetch):
        prefetch.offer(made.job(f"old {number}") for number in range(100))
        prefetch.offer(made.job(f"new {number}") for number in range(90))
    assert made.wait_for(*(f"new {number}" for number in range(90)), *(f"old {number}" for number in range(10)))
    prefetch.stop()
