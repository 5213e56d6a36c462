"""Who runs when after a publish: event streams first, then one open page after another.

All pages at once would hold up the streams, and each other, because they share one interpreter.
"""

from __future__ import annotations

import threading
import time

HEAD_START_S = 0.5
PACE_S = 0.03


class PublishQueue:
    """Gives each open page its turn to run again."""

    def __init__(self, head_start_s: float = HEAD_START_S, pace_s: float = PACE_S) -> None:
        """Nobody waits yet.

        Args:
            head_start_s: Time from a publish to the first page's turn.
            pace_s: Time between two turns.
        """
        self._head_start_s, self._pace_s = head_start_s, pace_s
        self._lock = threading.Lock()
        self._next = 0.0

    def wait(self, published_at: float) -> None:
        """Sleep until it is this page's turn; ``published_at`` in seconds since 1970."""
        now = time.time()
        with self._lock:
            # Clocks of two machines may differ: the head start is never longer than it should be.
            turn = max(now, self._next, min(published_at, now) + self._head_start_s)
            self._next = turn + self._pace_s
        time.sleep(turn - now)
