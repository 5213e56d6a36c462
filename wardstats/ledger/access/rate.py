"""How often one person may do something costly: a sliding window for each of them, in this process."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from wardstats.core.spoken_errors import SpokenError

_PEOPLE_KEPT = 10_000


class RateError(SpokenError):
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
                times = len(seen)
                raise RateError(
                    lambda speak: speak(
                        "{who}: found {count} times within {seconds} s; expected at most {most}. Wait {wait} s, then "
                        "try again.",
                        who=identity, count=times, seconds=f"{self.seconds:g}", most=self.times, wait=wait,
                    )
                )  # fmt: skip
            seen.append(now)
