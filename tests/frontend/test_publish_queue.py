"""Turns after a publish: one page after another, and nobody can block the rest."""

from __future__ import annotations

import threading
import time

import pytest

from wardstats.frontend.publish_queue import PublishQueue


def test_pages_run_one_after_another() -> None:
    queue = PublishQueue(head_start_s=0, at_once=1, lease_s=300)
    running, most, lock = 0, 0, threading.Lock()

    def page() -> None:
        nonlocal running, most
        turn = queue.wait(time.time())
        with lock:
            running += 1
            most = max(most, running)
        time.sleep(0.01)
        with lock:
            running -= 1
        queue.done(turn)

    threads = [threading.Thread(target=page) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_a_turn_that_nobody_gives_back_ends_by_itself() -> None:
    queue = PublishQueue(head_start_s=0, at_once=1, lease_s=0.05)
    started = time.monotonic()
    queue.wait(time.time())
    queue.done(queue.wait(time.time()))
    assert time.monotonic() - started >= 0.05
    queue.done(object())  # one that ended long ago does no harm


def test_phones_get_a_head_start_that_no_clock_can_stretch(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("wardstats.frontend.publish_queue.time.sleep", slept.append)
    queue = PublishQueue(head_start_s=0.1)
    for published_at in (time.time() + 3600, time.time() - 3600):
        queue.done(queue.wait(published_at))
    assert slept == [pytest.approx(0.1, abs=1e-6), 0.0]
