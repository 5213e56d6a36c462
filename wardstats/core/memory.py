"""Memory of this process: in few places, and what is free goes back to the system."""

from __future__ import annotations

import ctypes
import sys

import pyarrow as pa

_ARENAS = 2
_M_ARENA_MAX = -8  # of <malloc.h>


def keep_memory_together() -> None:
    """Have the C library take memory from a few areas. glibc gives a hundred threads dozens, each with its own rest.

    Call it before there are threads.
    """
    if sys.platform == "linux" and (set_option := getattr(ctypes.CDLL(None), "mallopt", None)):
        set_option(_M_ARENA_MAX, _ARENAS)


def give_memory_back() -> None:
    """Have the C library and Arrow return what is free. By themselves they keep most of what large answers took."""
    pa.default_memory_pool().release_unused()  # of threads that have ended, it holds all they ever had
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)
