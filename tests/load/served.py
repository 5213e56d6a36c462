"""The server under load: its snapshots, its process, and what it costs."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wardstats.catalogue import load_catalogue
from wardstats.demonstration import write_demonstration
from wardstats.paths import PROJECT
from wardstats.snapshot import build_snapshot, publish_snapshot, read_history

_START_S = 60
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


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
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("WARDSTATS_", "STREAMLIT_"))}
        environment = kept | {"WARDSTATS_VAR": str(self.var), "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}
        if self.with_streamlit:
            command = [sys.executable, "-m", "streamlit", "run", "server.py", "--server.fileWatcherType", "none"]
            command += ["--server.port", str(self.port), "--server.address", "127.0.0.1"]
        else:
            command = [sys.executable, "-m", "uvicorn", "--factory", "wardstats.live.application:standalone"]
            command += ["--port", str(self.port), "--log-level", "warning", "--no-access-log"]
        self.started = time.time()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )
        end = time.monotonic() + _START_S
        while time.monotonic() < end and self.process.poll() is None:
            try:
                self.health()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(f"the server did not start:\n{self.log.read_text(encoding='utf-8', errors='replace')}")

    def health(self) -> dict[str, Any]:
        """Return /healthz."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{self.url}/healthz", timeout=10) as answer:
            return json.load(answer)

    def stop(self, number: int = signal.SIGTERM) -> int | None:
        """Stop it with a signal; return its exit code."""
        if self.process is None:
            return None
        self.process.send_signal(number)
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            return None

    def cpu_s(self) -> float:
        """CPU seconds it has used, all threads."""
        assert self.process is not None
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory_mb(self) -> float:
        """Memory it holds."""
        assert self.process is not None
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))) / 1024
