"""Threads of one kind of work, with a bounded queue before them.

Whoever asks for what is being made already takes no thread and no place. Each kind of work has threads of its own, so
that none waits for another: what is heavy never holds up a page, and nothing holds up the broadcaster.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


class BusyError(Exception):
    """The queue is full."""


class Workers:
    """Some threads and their queue.

    Attributes:
        name: What the threads are called.
        waiting_at_most: Different pieces of work that may be under way, those that wait included.
    """

    def __init__(self, name: str, threads: int, waiting_at_most: int = 1000) -> None:
        """Begin no thread yet."""
        self.name, self.waiting_at_most = name, waiting_at_most
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._under_way: dict[Hashable, Future[Any]] = {}
        self._lock = threading.Lock()

    @property
    def under_way(self) -> int:
        """Pieces of work that are done now or wait."""
        return len(self._under_way)

    async def run(self, work: Callable[[], T], key: Hashable = None) -> T:
        """Have something done, and wait for it without holding up the event loop.

        Args:
            key: Tells which work is the same, done once for all who ask meanwhile; None for work of its own.

        Raises:
            BusyError: There is too much under way.
        """
        # Shielded: a reader who goes away does not take the answer from the others.
        return await asyncio.shield(asyncio.wrap_future(self._begin(work, key)))

    def _begin(self, work: Callable[[], T], key: Hashable) -> Future[T]:
        with self._lock:
            key = object() if key is None else key
            if (known := self._under_way.get(key)) is not None:
                return known
            if len(self._under_way) >= self.waiting_at_most:
                raise BusyError(f"{self.name}: {self.waiting_at_most} pieces of work are waiting")
            begun = self._under_way[key] = self._threads.submit(work)
        begun.add_done_callback(lambda _: self._end(key))  # outside the lock: it may be done, and is called at once
        return begun

    def _end(self, key: Hashable) -> None:
        with self._lock:
            del self._under_way[key]
