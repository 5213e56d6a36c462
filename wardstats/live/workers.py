"""Threads of one kind of work, with a bounded queue before them.

Whoever asks for what is being made already takes no thread and no place. Each kind of work has threads of its own, so
that none waits for another: what is heavy never holds up a page. Threads share the processor all the same, so that some
kinds of work begin nothing while a publish is on its way: see ``RightOfWay``.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


class BusyError(Exception):
    """The queue is full."""


class RightOfWay:
    """Lets a publish go first: what gives way begins once it is out, or after a time that nobody minds.

    Attributes:
        patience_s: How long others wait at most.
    """

    def __init__(self, patience_s: float = 1.0) -> None:
        """Let everybody go."""
        self.patience_s = patience_s
        self._is_free = threading.Event()
        self._is_free.set()

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Have others wait until the block ends. One at a time takes it."""
        self._is_free.clear()
        try:
            yield
        finally:
            self._is_free.set()

    def give(self) -> None:
        """Wait while somebody has it. Hold nothing meanwhile that they could need."""
        self._is_free.wait(self.patience_s)


class Workers:
    """Some threads and their queue.

    Attributes:
        name: What the threads are called.
        waiting_at_most: Different pieces of work that may be under way, those that wait included.
    """

    def __init__(
        self, name: str, threads: int, waiting_at_most: int = 1000, gives_way: RightOfWay | None = None
    ) -> None:
        """Begin no thread yet.

        Args:
            gives_way: Before each piece of work to whoever takes this.
        """
        self.name, self.waiting_at_most = name, waiting_at_most
        self._gives_way = gives_way
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
            begun = self._under_way[key] = self._threads.submit(self._do, work)
        begun.add_done_callback(lambda _: self._end(key))  # outside the lock: it may be done, and is called at once
        return begun

    def _do(self, work: Callable[[], Any]) -> Any:
        if self._gives_way is not None:
            self._gives_way.give()
        return work()

    def _end(self, key: Hashable) -> None:
        with self._lock:
            del self._under_way[key]
