"""Two processes behind nginx, one stopped and then the other: ``python -m tests.load.behind_nginx``.

The site is the one that docs/operations.md shows, with other ports, so what is shown there is what is tried here.
"""

from __future__ import annotations

import asyncio
import json
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from tests.load.served import Served, build_boards, publish
from tests.load.streamlit_viewers import PageViewer
from tests.load.viewers import Clock, StreamViewer, Tally, open_streams
from tests.ports import free_port
from wardstats.core.settings import PROJECT, settings
from wardstats.live.board import live_board
from wardstats.live.reader import Reader

MAIN = """
worker_processes 2; worker_rlimit_nofile 30000; pid {folder}/nginx.pid; error_log {folder}/error.log;
daemon off; events {{ worker_connections 14000; }}
http {{ access_log off; {temporary} {site} }}
"""
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def site(port: int, first: int, second: int) -> str:
    """Return the site of docs/operations.md with these ports."""
    text = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")
    found = re.search(r"(?m)^    upstream live \{\n(?:    .*\n|\n)+", text)
    assert found, "docs/operations.md shows no nginx site"
    ports = {"127.0.0.1:8501": f"127.0.0.1:{first}", "127.0.0.1:8502": f"127.0.0.1:{second}"}
    ports |= {"listen 80;": f"listen 127.0.0.1:{port};", "board.example.vn": "localhost"}
    shown = found[0]
    for old, new in ports.items():
        assert old in shown, old
        shown = shown.replace(old, new)
    return shown


def main(
    streams: Annotated[int, typer.Option(help="Viewers of the event stream.")] = 2000,
    pages: Annotated[int, typer.Option(help="Viewers of the ranking page.")] = 20,
) -> None:
    """Stop one of two processes, then the other; print when everybody has the newest board again."""
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory(prefix="wardstats-nginx-") as name:
        folder = Path(name)
        ids = build_boards(folder, 4)
        publish(folder, ids[0], "")
        both = [Served(folder, free_port()), Served(folder, free_port())]
        port = free_port()
        temporary = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in TEMPORARY)
        shown = MAIN.format(folder=folder, temporary=temporary, site=site(port, both[0].port, both[1].port))
        (folder / "nginx.conf").write_text(shown, encoding="utf-8")
        for served in both:
            served.start()
        proxy = subprocess.Popen([nginx, "-c", str(folder / "nginx.conf"), "-p", str(folder)])
        try:
            time.sleep(1)
            print(json.dumps(asyncio.run(_Trial(folder, port, both, ids).run(streams, pages)), indent=1))
        finally:
            proxy.terminate()
            proxy.wait()
            for served in both:
                served.stop()


class _Trial:
    def __init__(self, folder: Path, port: int, both: list[Served], ids: list[str]) -> None:
        self.folder, self.port, self.both, self.ids = folder, port, both, ids
        self.clock, self.tally, self.page_tally = Clock(), Tally(), Tally()
        self.viewers: list[StreamViewer] = []
        self.page_viewers: list[PageViewer] = []
        self.headlines: dict[str, str] = {}

    async def run(self, streams: int, pages: int) -> dict[str, object]:
        from dataclasses import replace

        reader = Reader(settings(var=self.folder))
        up = reader.publication()
        self.headlines = {i: live_board(reader, replace(up, snapshot_id=i), "vi")["headline"] for i in self.ids}
        self.clock.published[up.key] = time.time()
        self.viewers = await open_streams(self.port, streams, self.clock, self.tally)
        self.page_viewers = [
            PageViewer(self.port, "vi", self.clock, self.page_tally, self.headlines) for _ in range(pages)
        ]
        watching = []
        for viewer in self.page_viewers:
            watching.append(asyncio.create_task(viewer.watch()))
            await asyncio.sleep(0.2)
        await asyncio.sleep(3)
        result: dict[str, object] = {"both_up_s": await self._publish(1)}
        self.clock.is_down = True  # from here on lost connections are part of the trial
        await asyncio.to_thread(self.both[0].stop, signal.SIGKILL)
        result["first_killed_s"] = await self._publish(2)
        await asyncio.to_thread(self.both[0].start)
        await asyncio.to_thread(self.both[1].stop, signal.SIGTERM)
        result["first_back_second_stopped_s"] = await self._publish(3)
        self.clock.is_down = False
        result |= {"errors": {"streams": self.tally.errors, "pages": self.page_tally.errors}}
        for task in watching:
            task.cancel()
        for viewer in self.viewers:
            viewer.close()
        return result

    async def _publish(self, number: int) -> float:
        """Publish, and return after how many seconds everybody shows that board."""
        chosen = self.ids[number]
        key = await asyncio.to_thread(publish, self.folder, chosen, str(number))
        began = self.clock.published[key] = time.time()
        while time.time() < began + 40:
            behind = sum(viewer.key != key for viewer in self.viewers)
            pages_behind = sum(viewer.shown != self.headlines[chosen] for viewer in self.page_viewers)
            if not behind and not pages_behind:
                return round(time.time() - began, 2)
            await asyncio.sleep(0.05)
        raise RuntimeError(f"{behind} streams and {pages_behind} pages did not get board {number} within 40 s")


if __name__ == "__main__":
    typer.run(main)
