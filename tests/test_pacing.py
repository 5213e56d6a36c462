"""Turns after a publish: one page after another, and nobody can block the rest."""

from __future__ import annotations

import threading
import time

from wardstats.pacing import PublishQueue


def test_pages_run_one_after_another() -> None:
    queue = PublishQueue(head_start_s=0, at_once=1, lease_s=5)
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
        thread.join(5)
    assert most == 1
    assert not any(thread.is_alive() for thread in threads)


def test_a_turn_that_nobody_gives_back_ends_by_itself() -> None:
    queue = PublishQueue(head_start_s=0, at_once=1, lease_s=0.05)
    queue.wait(time.time())
    started = time.monotonic()
    queue.done(queue.wait(time.time()))
    assert 0.03 < time.monotonic() - started < 2
    queue.done(object())  # one that ended long ago does no harm


def test_phones_get_a_head_start_that_no_clock_can_stretch() -> None:
    queue = PublishQueue(head_start_s=0.1)
    for published_at, least, most in ((time.time() + 3600, 0.09, 1.0), (time.time() - 3600, 0.0, 0.05)):
        started = time.monotonic()
        queue.done(queue.wait(published_at))
        assert least <= time.monotonic() - started < most
