"""Sessions whose tab is gone end on time, and what they took goes back to the system.

Streamlit keeps such a session for ``server.disconnectedSessionTTL`` seconds, so that a reader whose line broke comes
back to it. It forgets it when another one is stored: the last ones of a day would stay until somebody comes.
"""

from __future__ import annotations

import asyncio
import threading
from typing import Any

from wardstats.core.memory import give_memory_back
from wardstats.frontend.streamlit_files import NotAsExpectedError, module

_LATER_S = 0.5
_NEEDED = ("expire", "ttl", "maxsize", "pop", "lru_items")


def end_sessions_on_time() -> None:
    """Have sessions shut down once nobody can come back to them.

    Raises:
        NotAsExpectedError: This Streamlit stores sessions otherwise.
    """
    storage: Any = getattr(module("streamlit.runtime.memory_session_storage"), "MemorySessionStorage", None)
    save = getattr(storage, "save", None)
    if save is None or not all(hasattr(getattr(storage(), "_cache", None), name) for name in _NEEDED):
        raise NotAsExpectedError(f"MemorySessionStorage has no save and no _cache with {', '.join(_NEEDED)}")
    if hasattr(save, "ends_on_time"):
        return

    def save_and_end(self: Any, session_info: Any) -> None:
        end_expired(self._cache)
        while len(self._cache) >= self._cache.maxsize:
            oldest, _ = self._cache.lru_items()[0]
            self._cache.pop(oldest).session.shutdown()
        save(self, session_info)
        asyncio.get_running_loop().call_later(self._cache.ttl + _LATER_S, end_expired, self._cache)

    save_and_end.ends_on_time = True  # pyright: ignore[reportFunctionMemberAccess]
    storage.save = save_and_end


def end_expired(cache: Any) -> None:
    """Shut down the sessions of a store to which nobody can come back."""
    expired = cache.expire()
    for _, info in expired:
        info.session.shutdown()
    if expired:
        threading.Timer(_LATER_S, give_memory_back).start()  # what a session refers to has gone by then
