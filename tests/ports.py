"""Free ports for the servers that tests start, such that no other process takes one before its server does."""

from __future__ import annotations

import contextlib
import itertools
import os
import socket

# Below the ports that systems give to clients (Linux from 32768, others from 49152), and apart for each test process.
_FIRST, _PER_WORKER = 20_000, 1_000
_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
_next = itertools.count()


def free_port() -> int:
    """Return a port on which nobody listens, another one at each call."""
    while True:
        port = _FIRST + _PER_WORKER * (_worker % 10) + (os.getpid() + next(_next)) % _PER_WORKER
        with socket.socket() as probe, contextlib.suppress(OSError):  # somebody listens there: take the next
            probe.bind(("127.0.0.1", port))
            return port
