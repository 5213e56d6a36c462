"""How often one person may do something costly: a sliding window for each of them, in this process."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from wardstats.core.errors import WardStatsError

_PEOPLE_KEPT = 10_000


class RateError(WardStatsError):
    """Too often."""


@dataclass
class RateLimit:
    """So many times in so many seconds.

    Attributes:
        times: How often.
        seconds: Within how long.
        clock: Tells the time; a test brings its own.
    """

    times: int
    seconds: float
    clock: Callable[[], float] = time.monotonic
    _seen: dict[str, deque[float]] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def count(self, identity: str) -> None:
        """Count one more time.

        Raises:
            RateError: That was too often; it does not count then.
        """
        now = self.clock()
        with self._lock:
            if len(self._seen) > _PEOPLE_KEPT:
                self._seen = {who: seen for who, seen in self._seen.items() if seen[-1] > now - self.seconds}
            seen = self._seen.setdefault(identity, deque())
            while seen and seen[0] <= now - self.seconds:
                seen.popleft()
            if len(seen) >= self.times:
                wait = int(seen[0] + self.seconds - now) + 1
                raise RateError(
                    f"{identity}: found {len(seen)} times within {self.seconds:g} s; expected at most {self.times}. "
                    f"Wait {wait} s, then try again."
                )
            seen.append(now)
