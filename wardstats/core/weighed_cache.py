"""A cache that is bounded by what it weighs, and by how long nobody has asked for a thing.

Making one thing never holds up another: whoever asks for what is being made waits for it, everybody else goes on.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

import pandas as pd

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")

_OVERHEAD_BYTES = 500  # a key with its place in the cache
_FRAME_BYTES = 8_000  # what an empty frame takes beside its cells, measured
IDLE_S = 300.0  # what nobody has asked for so long is mostly of a board that is no longer up


class WeighedCache(Generic[Key, Value]):
    """Things by what they were made from; those asked for last are kept. Any number of threads may ask.

    What nobody has asked for in ``IDLE_S`` goes when the next thing comes: boards follow one another, and
    what was made of the former ones would otherwise stay until the cache is full.

    Attributes:
        bytes: What is kept weighs so much now.
    """

    def __init__(
        self,
        at_most_bytes: int,
        weigh: Callable[[Value], int],
        largest: float = 0.25,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Keep nothing yet.

        Args:
            at_most_bytes: What everything kept may weigh together.
            weigh: Tells the weight of one thing in bytes.
            largest: The share of this that one thing may weigh; what is heavier is made anew each time, so that it
                does not push out everything else.
            clock: Tells the time in seconds.
        """
        self.bytes, self._clock = 0, clock
        self._at_most, self._weigh, self._largest = at_most_bytes, weigh, at_most_bytes * largest
        self._kept: OrderedDict[Key, _Kept[Value]] = OrderedDict()  # what was asked for last at the end
        self._making: dict[Key, _Making[Value]] = {}
        self._lock = threading.Lock()  # held for moments only, never while something is made

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, key: Key) -> Value | None:
        """Return what is kept under a key, or None."""
        with self._lock:
            found = self._asked_for(key)
            return None if found is None else found.value

    def get(self, key: Key, make: Callable[[], Value]) -> Value:
        """Return what is kept under a key, made now if nothing is; whoever asks meanwhile gets the same.

        An error of ``make`` is that of whoever makes; those who waited try for themselves.
        """
        while True:
            with self._lock:
                if (found := self._asked_for(key)) is not None:
                    return found.value
                making = self._making.get(key)
                if is_mine := making is None:
                    making = self._making[key] = _Making()
            if is_mine:
                return self._make(key, make, making)
            making.is_over.wait()
            if making.made:
                return making.made[0]

    def _make(self, key: Key, make: Callable[[], Value], making: _Making[Value]) -> Value:
        try:
            made = make()
            weight = self._weigh(made) + _OVERHEAD_BYTES
            making.made.append(made)
            if weight <= self._largest:
                self._keep(key, made, weight)
            return made
        finally:
            with self._lock:
                del self._making[key]
            making.is_over.set()

    def clear(self) -> None:
        """Forget everything that is kept."""
        with self._lock:
            self._kept.clear()
            self.bytes = 0

    def _asked_for(self, key: Key) -> _Kept[Value] | None:
        """Return what is kept under a key, and note that it was asked for. Under the lock."""
        if (found := self._kept.get(key)) is not None:
            found.asked_at = self._clock()
            self._kept.move_to_end(key)
        return found

    def _keep(self, key: Key, made: Value, weight: int) -> None:
        with self._lock:
            now = self._clock()
            self._kept[key] = _Kept(made, weight, now)
            self.bytes += weight
            while self._kept:
                oldest, kept = next(iter(self._kept.items()))
                if self.bytes <= self._at_most and now - kept.asked_at <= IDLE_S:
                    break
                del self._kept[oldest]
                self.bytes -= kept.weight


@dataclass(slots=True)
class _Kept(Generic[Value]):
    value: Value
    weight: int
    asked_at: float


class _Making(Generic[Value]):
    """One thing while it is made: ``made`` holds it at the end, unless there was an error."""

    def __init__(self) -> None:
        self.is_over = threading.Event()
        self.made: list[Value] = []


def frame_bytes(frame: pd.DataFrame) -> int:
    """Return what a frame takes in memory."""
    return int(frame.memory_usage(deep=True).sum()) + _FRAME_BYTES


def handed_out(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a copy of a frame that is kept, for one reader: what is done to it is not noted in the one that stays.

    pandas notes in a frame each column that was taken from it, and each copy in its names and rows, up to hundreds for
    each of them: that grew to many times the frame, and every collection of garbage walked it. Texts are shared: they
    never change.

    Args:
        frame: With its rows numbered from 0.
    """
    frame.columns, frame.index = frame.columns.copy(deep=True), pd.RangeIndex(len(frame))  # the same, without notes
    return frame.copy(deep=True)
