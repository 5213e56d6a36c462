"""Memory of this process: in few places, and what is free goes back to the system."""

from __future__ import annotations

import ctypes
import sys

_ARENAS = 2
_M_ARENA_MAX = -8  # of <malloc.h>


def keep_memory_together() -> None:
    """Have the C library take memory from a few areas. glibc gives a hundred threads dozens, each with its own rest.

    Call it before there are threads.
    """
    if sys.platform == "linux" and (set_option := getattr(ctypes.CDLL(None), "mallopt", None)):
        set_option(_M_ARENA_MAX, _ARENAS)


def give_memory_back() -> None:
    """Have the C library return what is free. Left to itself glibc keeps most of what a large answer took, for good."""
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)
