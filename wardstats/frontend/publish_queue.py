"""Who runs when after a publish: event streams first, then one open page after another.

All pages at once would hold up the streams, and each other: they share one interpreter, so that everybody would be done
at the very end instead of one after another.
"""

from __future__ import annotations

import threading
import time

HEAD_START_S = 0.3
AT_ONCE = 1
LEASE_S = 0.4


class PublishQueue:
    """Gives each open page its turn to run again."""

    def __init__(self, head_start_s: float = HEAD_START_S, at_once: int = AT_ONCE, lease_s: float = LEASE_S) -> None:
        """Nobody waits yet.

        Args:
            head_start_s: Time from a publish to the first page's turn.
            lease_s: When a turn ends that nobody gave back, because its page stopped early or its reader left.
        """
        self._head_start_s, self._at_once, self._lease_s = head_start_s, at_once, lease_s
        self._changed = threading.Condition()
        self._turns: dict[object, float] = {}

    def wait(self, published_at: float) -> object:
        """Sleep until it is this page's turn.

        Args:
            published_at: When the board was put up, in seconds since 1970.

        Returns:
            The turn, to be given back with ``done``.
        """
        now = time.time()
        # Clocks of two machines may differ: the head start is never longer than it should be.
        time.sleep(max(0.0, min(published_at, now) + self._head_start_s - now))
        turn = object()
        with self._changed:
            while len(self._running()) >= self._at_once:
                self._changed.wait(max(0.001, min(self._turns.values()) - time.monotonic()))
            self._turns[turn] = time.monotonic() + self._lease_s
        return turn

    def done(self, turn: object) -> None:
        """Give a turn back; the next page begins."""
        with self._changed:
            self._turns.pop(turn, None)
            self._changed.notify()

    def _running(self) -> dict[object, float]:
        now = time.monotonic()
        self._turns = {turn: ends for turn, ends in self._turns.items() if ends > now}
        return self._turns
