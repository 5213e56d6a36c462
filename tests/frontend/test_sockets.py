"""No answer waits for the acknowledgement of the one before."""

from __future__ import annotations

import gc
import socket

from wardstats.frontend.sockets import send_at_once


def _is_sent_at_once(connection: socket.socket) -> bool:
    return connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY) != 0


def test_what_a_listening_socket_accepts_sends_at_once() -> None:
    with socket.socket(socket.AF_INET) as listening:  # as Streamlit makes it: asyncio would leave Nagle's algorithm on
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        assert listening.proto != socket.IPPROTO_TCP
        assert send_at_once() >= 1
        with socket.create_connection(listening.getsockname()):
            accepted, _ = listening.accept()
            with accepted:
                assert _is_sent_at_once(accepted)


def test_other_sockets_are_left_alone_and_not_counted() -> None:
    before = send_at_once()
    closed = socket.socket(socket.AF_INET)
    closed.close()
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
        socket.socket(socket.AF_INET) as unbound,
        socket.create_server(("127.0.0.1", 0)) as listening,
        socket.create_connection(listening.getsockname()) as connected,
    ):
        assert any(each is closed for each in gc.get_objects())
        datagrams.bind(("127.0.0.1", 0))
        assert send_at_once() == before + 1  # the listening one
        assert _is_sent_at_once(listening)
        assert not _is_sent_at_once(unbound)
        assert not _is_sent_at_once(connected)
