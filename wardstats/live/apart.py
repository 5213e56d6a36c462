"""A process of its own for answers so large that making one would hold up everything else of the interpreter.

While tens of thousands of rows become Python's own objects, no other thread runs for up to a second: neither the event
loop nor whoever renders a board that has just been published. The process has a low priority, so a publish goes first
on a machine with few processors too. It begins with the first such answer and ends with its parent.
"""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

T = TypeVar("T")

_ANSWERS_A_PROCESS = 40  # then another one takes its place, and memory that libraries keep goes back to the system
_LOW_PRIORITY = 10  # a tenth of a processor where all are wanted: it goes on, and a publish goes first
_LOOK_AFTER_PARENT_S = 0.5


class Apart:
    """One other process."""

    def __init__(self) -> None:
        """Begin none yet."""
        self._lock = threading.Lock()
        self._pool: ProcessPoolExecutor | None = None
        self._is_closed = False

    def call(self, function: Callable[..., T], *args: object) -> T:
        """Return what a function of a module makes there; its errors come back. Waits without holding up others.

        Should the process be killed, the call is made once more in a new one.
        """
        pool = self._running()
        try:
            return pool.submit(function, *args).result()
        except BrokenProcessPool:
            return self._running(instead_of=pool).submit(function, *args).result()

    def close(self) -> None:
        """End the process for good, whatever it does."""
        with self._lock:
            pool, self._pool, self._is_closed = self._pool, None, True
        if pool is not None:
            for process in list((pool._processes or {}).values()):
                process.kill()
            pool.shutdown(cancel_futures=True)

    def _running(self, instead_of: ProcessPoolExecutor | None = None) -> ProcessPoolExecutor:
        with self._lock:
            if self._is_closed:
                raise RuntimeError("the server is closing: found a large answer to make; expected none any more")
            if self._pool is None or self._pool is instead_of:
                self._pool = ProcessPoolExecutor(
                    1,
                    multiprocessing.get_context("spawn"),  # a copy of a process with threads may hang
                    initializer=_begin,
                    initargs=(os.getpid(),),
                    max_tasks_per_child=_ANSWERS_A_PROCESS,
                )
            return self._pool


def _begin(parent: int) -> None:
    """Prepare the process: last in line for processors, and gone when its parent is."""
    if hasattr(os, "nice"):
        os.nice(_LOW_PRIORITY)

    def look_after_parent() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_AFTER_PARENT_S)
        os._exit(1)

    threading.Thread(target=look_after_parent, daemon=True).start()
