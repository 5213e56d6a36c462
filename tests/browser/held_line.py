"""A line to a server that can be held: connections stay open and nothing passes, as on a stalled Wi-Fi."""

from __future__ import annotations

import contextlib
import socket
import threading


class HeldLine:
    """Passes bytes between a port of its own and another one, as long as it is not held.

    Attributes:
        port: Where it listens.
        flows: Set while bytes pass.
    """

    def __init__(self, to_port: int) -> None:
        """Listen, and pass everything on."""
        self.to_port = to_port
        self.flows = threading.Event()
        self.flows.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self.flows.set()
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self.to_port))
                for source, target in ((client, server), (server, client)):
                    threading.Thread(target=self._pass, args=(source, target), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError), source, target:
            while data := source.recv(65_536):
                self.flows.wait()
                target.sendall(data)
