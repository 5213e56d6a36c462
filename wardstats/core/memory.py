"""Memory of this process that is free goes back to the system."""

from __future__ import annotations

import ctypes
import sys


def give_memory_back() -> None:
    """Have the C library return what is free. Left to itself glibc keeps most of what a large answer took, for good."""
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)
