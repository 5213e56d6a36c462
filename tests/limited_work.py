"""What the children of the tests of ``wardstats.core.limited_process`` do."""

from __future__ import annotations

import os
import time
from pathlib import Path


def spin(_: bytes) -> bytes:
    """Never end: one call of C, which no interrupt of Python stops."""
    return b"%d" % sum(range(10**13))


def hoard(_: bytes) -> bytes:
    """Want two gigabytes."""
    return bytes(len(b"x" * 2_000_000_000))


def obey(request: bytes) -> bytes:
    """Do as the request says: some of it is what strangers' files make libraries do."""
    what, _, rest = request.partition(b" ")
    if what == b"echo":
        return rest
    if what == b"pid":
        return b"%d %d" % (os.getpid(), os.getppid())
    if what == b"spin":
        return spin(rest)
    if what == b"sleep":
        time.sleep(600)
    if what == b"hoard":
        return bytes(len(b"x" * int(rest)))
    if what == b"write":
        Path(rest.decode()).write_text("kept", encoding="ascii")
    if what == b"die":
        os.abort()
    if what == b"complain":
        return b"%d" % os.write(2, rest)
    if what == b"priority":
        return b"%d" % os.nice(0)
    if what == b"environment":
        return repr(sorted(os.environ)).encode()
    raise ValueError(f"found {what!r}; expected something to do")
