"""The server under load: its snapshots, its process, and what it costs."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.serving import cpu_s, environment, served_by, start, stop, wait_until_healthy
from wardstats.catalogue.demonstration import write_demonstration
from wardstats.catalogue.load import load_catalogue
from wardstats.core.pointer import read_history
from wardstats.core.settings import PROJECT
from wardstats.snapshot.build import build_snapshot
from wardstats.snapshot.publications import publish_snapshot


def build_boards(folder: Path, count: int) -> list[str]:
    """Build so many different boards of the demonstration block into a folder for state; return their ids."""
    ids = []
    for number in range(count):
        data = folder / f"data{number}" / "laocai"
        shutil.copytree(PROJECT / "data" / "laocai", data)
        write_demonstration(data, "2025-07", "2026-10", seed=9000 + number)
        ids.append(build_snapshot(load_catalogue(data), folder))
    return ids


def publish(var: Path, snapshot_id: str, note: str) -> str:
    """Publish a board and return the key of the publication."""
    publish_snapshot(var, snapshot_id, by="tests.load", note=note)
    return read_history(var)[-1].key


@dataclass
class Served:
    """One server process.

    Attributes:
        var: Its folder for state.
        port: Where it listens.
        with_streamlit: server.py; otherwise the live part alone.
        started: When it was last started, in time.time().
    """

    var: Path
    port: int
    with_streamlit: bool = True
    started: float = 0.0
    log: Path = field(init=False)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        """Give it a place for what it prints."""
        self.log = self.var / f"server-{self.port}.log"

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        if self.with_streamlit:
            command = served_by(self.port)
        else:
            command = [sys.executable, "-m", "uvicorn", "--factory", "wardstats.live.application:standalone"]
            command += ["--port", str(self.port), "--log-level", "warning", "--no-access-log"]
        self.started = time.time()
        self.process = start(command, self.log, environment(self.var))
        wait_until_healthy(self.url, self.process, self.log, "/healthz")

    def health(self) -> dict[str, Any]:
        """Return /healthz."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{self.url}/healthz", timeout=10) as answer:
            return json.load(answer)

    def stop(self, number: int = signal.SIGTERM) -> int | None:
        """Stop it with a signal; return its exit code."""
        if self.process is None:
            return None
        return stop(self.process, number)

    def cpu_s(self) -> float:
        """CPU seconds it has used, all threads."""
        assert self.process is not None
        return cpu_s(self.process.pid)

    def memory_mb(self) -> float:
        """Memory it holds."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024
