"""A stand-in on loopback for the public data set of boundaries, which can be told to misbehave."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import geopandas

from tests.boundary_shapes import geojson
from wardstats.core.languages import fold


@dataclass
class DataSet:
    """What is served.

    Attributes:
        files: Content by path.
        troubles: By path, statuses answered first, one a request; 0 cuts the answer short.
        asked: Paths of all requests.
    """

    files: dict[str, bytes]
    troubles: dict[str, list[int]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    url: str = ""


def ward_files(shapes: geopandas.GeoDataFrame) -> dict[str, bytes]:
    """Return a file for each unit under the name that the data set gives it."""
    names = [f"/wards/{row.code}_{fold(row.ten).replace(' ', '_')}.geojson" for row in shapes.itertuples()]
    return {name: json.dumps(geojson(shapes.iloc[[at]])).encode() for at, name in enumerate(names)}


@contextmanager
def served(files: dict[str, bytes]) -> Iterator[DataSet]:
    """Serve files while the block runs."""
    data_set = DataSet(files)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data_set.asked.append(self.path)
            trouble = data_set.troubles.get(self.path, [])
            status = trouble.pop(0) if trouble else 200 if self.path in data_set.files else 404
            body = data_set.files.get(self.path, b"") if status in (0, 200) else b"<html>no</html>"
            self.send_response(status or 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body if status else body[: len(body) // 2])

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    data_set.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield data_set
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
