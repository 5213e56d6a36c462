"""Memory of this process: in few places, and what is free goes back to the system."""

from __future__ import annotations

import ctypes
import sys

import pyarrow as pa

_ARENAS = 2
_LARGE_BYTES = 256 * 1024
_SPARE_BYTES = 8 * 1024 * 1024  # free memory at the end of an area that it keeps
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD, _M_ARENA_MAX = -1, -3, -8  # of <malloc.h>


def keep_memory_together() -> None:
    """Have the C library take memory from a few areas, and what is large from the system itself.

    glibc gives a hundred threads dozens of areas, each with its own rest. And with every large thing that is freed it
    takes larger ones from these areas, up to 32 MB: uploads and answers then leave holes between small things.

    Call it before there are threads.
    """
    if sys.platform == "linux" and (set_option := getattr(ctypes.CDLL(None), "mallopt", None)):
        set_option(_M_ARENA_MAX, _ARENAS)
        set_option(_M_MMAP_THRESHOLD, _LARGE_BYTES)
        set_option(_M_TRIM_THRESHOLD, _SPARE_BYTES)


def give_memory_back() -> None:
    """Have the C library and Arrow return what is free. By themselves they keep most of what large answers took."""
    pa.default_memory_pool().release_unused()  # of threads that have ended, it holds all they ever had
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)
