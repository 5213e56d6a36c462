"""Answers leave at once: Nagle's algorithm is off on every socket that the server listens on.

asyncio switches it off by itself, but only on sockets made with the protocol named; Streamlit's is not. Each answer
sent in two pieces, a header and a body, then waits up to 40 ms for the other side's delayed acknowledgement.
"""

from __future__ import annotations

import socket

from wardstats.frontend.living_objects import living_objects


def send_at_once() -> int:
    """Switch TCP_NODELAY on for the sockets that this process serves on; what they accept later inherits it.

    Neither Streamlit nor uvicorn hands its socket out, so they are looked for among the objects that are alive, once at
    the start. Call it before ``gc.freeze``, which hides them.

    Returns:
        On how many sockets it was switched on.
    """
    found = [each for each in living_objects(socket.socket) if _is_server(each)]
    for each in found:
        each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return len(found)


def _is_server(each: socket.socket) -> bool:
    """Tell whether a socket is open, of TCP, and has a port of its own but no other side."""
    if each.fileno() < 0 or each.family not in (socket.AF_INET, socket.AF_INET6) or each.type != socket.SOCK_STREAM:
        return False
    try:
        each.getpeername()
    except OSError:  # what is not connected has no other side
        return each.getsockname()[1] != 0
    return False
