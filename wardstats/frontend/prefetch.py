"""Makes what a reader is likely to look at next, while nobody waits for anything.

Owns when; what is made, and where it is kept, is the caller's business. A reader's own click always goes first.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable

QUIET_S = 0.5
_WAITING_AT_MOST = 100  # of more, those that were named longest ago are dropped
_KNOWN_AT_MOST = 1000

Job = Callable[[], object]
_LOG = logging.getLogger(__name__)


class Prefetch:
    """One thread that does jobs whenever no reader has asked for anything for a moment."""

    def __init__(self, quiet_s: float = QUIET_S) -> None:
        """Nothing runs until ``start``; what is offered before is dropped.

        Args:
            quiet_s: How long no reader may have asked for anything before a job is begun.
        """
        self._quiet_s = quiet_s
        self._changed = threading.Condition()
        self._waiting: OrderedDict[Hashable, Job] = OrderedDict()
        self._known: OrderedDict[Hashable, None] = OrderedDict()
        self._asked_at = 0.0
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to work."""
        self._thread = threading.Thread(target=self._work, name="prefetch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End after the job in hand."""
        with self._changed:
            thread, self._thread = self._thread, None
            self._waiting.clear()
            self._changed.notify()
        if thread is not None:
            thread.join()

    def asked(self) -> None:
        """Note that a reader has just asked for something: jobs wait."""
        self._asked_at = time.monotonic()

    def offer(self, jobs: Iterable[tuple[Hashable, Job]]) -> None:
        """Name jobs by keys; those named last are done first, and none is done twice.

        Args:
            jobs: (key, job), the most likely first.
        """
        with self._changed:
            if self._thread is None:
                return
            for key, job in reversed(list(jobs)):
                if key not in self._known:
                    self._waiting[key] = job
                    self._waiting.move_to_end(key)
            while len(self._waiting) > _WAITING_AT_MOST:
                self._waiting.popitem(last=False)
            self._changed.notify()

    def _work(self) -> None:
        while (job := self._next()) is not None:
            try:
                job()
            except Exception:  # whoever looks at it is told by the page; the next job is another matter
                _LOG.exception("What may be looked at next could not be made")

    def _next(self) -> Job | None:
        """Return the next job once it is quiet; None at the end."""
        with self._changed:
            while self._thread is not None:
                if not self._waiting:
                    self._changed.wait()
                elif (left := self._asked_at + self._quiet_s - time.monotonic()) > 0:
                    self._changed.wait(left)
                else:
                    key, job = self._waiting.popitem()
                    self._known[key] = None
                    while len(self._known) > _KNOWN_AT_MOST:
                        self._known.popitem(last=False)
                    return job
        return None
