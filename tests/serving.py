"""How a server is started in tests, benchmarks and the load harness: as `make run` starts it.

Owns the command. Its settings are those of .streamlit/config.toml, which a served product has too; only the port, the
address and secrets are given here, and tests/test_tooling.py holds that nobody gives more.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.ports import free_port
from wardstats.core.settings import PROJECT

APP = "server.py"  # what `make run` serves
START_S = 300  # only what hangs takes so long, even where other programs are busy
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


@dataclass(frozen=True)
class Server:
    """A running server.

    Attributes:
        url: Its address, without a slash at the end.
        log_path: What it printed.
        pid: Its process.
    """

    url: str
    log_path: Path
    pid: int

    @property
    def log(self) -> str:
        """What it has printed so far."""
        return self.log_path.read_text(encoding="utf-8", errors="replace")

    def cpu_s(self) -> float:
        """CPU seconds it has used, all threads."""
        return cpu_s(self.pid)


def environment(var: Path, **settings: str) -> dict[str, str]:
    """Return the environment of a program of the project, without what the tests were told; settings come on top."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WARDSTATS_", "STREAMLIT_"))}
    return kept | {"WARDSTATS_VAR": str(var), "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"} | settings


def served_by(port: int, app: str = APP, *more: str) -> list[str]:
    """Return the command of `make run` on a port of this machine."""
    own = ["--server.port", str(port), "--server.address", "127.0.0.1"]
    return [sys.executable, "-m", "streamlit", "run", app, *own, *more]


def start(command: list[str], log_path: Path, settings: Mapping[str, str], folder: Path = PROJECT) -> subprocess.Popen:
    """Start a server; what it prints is added to a file."""
    with log_path.open("ab") as log:
        return subprocess.Popen(
            command, cwd=folder, env=dict(settings), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
        )


def is_healthy(url: str, path: str = "/_stcore/health") -> bool:
    """Tell whether a server answers."""
    # Without the proxies of the environment: the server is on this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url + path, timeout=10) as answer:
            return answer.status == 200
    except OSError:
        return False


def wait_until_healthy(url: str, process: subprocess.Popen, log_path: Path, path: str = "/_stcore/health") -> None:
    """Wait until a server answers; raise with what it printed where it does not."""
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        if is_healthy(url, path):
            return
        time.sleep(0.1)
    printed = log_path.read_text(encoding="utf-8", errors="replace")
    raise RuntimeError(f"the server did not come up within {START_S} s. It printed:\n{printed}")


def stop(process: subprocess.Popen, number: int = signal.SIGTERM) -> int | None:
    """Stop a server with a signal; return its exit code, or None where it had to be killed."""
    process.send_signal(number)
    try:
        return process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return None


@contextmanager
def running(
    log_path: Path,
    settings: Mapping[str, str],
    *more: str,
    app: str = APP,
    folder: Path = PROJECT,
    host: str = "127.0.0.1",
    port: int | None = None,
) -> Iterator[Server]:
    """Serve an application on a free port until the block ends.

    Args:
        log_path: Where what it prints goes.
        settings: Its environment.
        more: More arguments of Streamlit.
        app: The script.
        folder: The folder it runs in, whose .streamlit/config.toml is read.
        host: How its address names this machine.
        port: The port, where a free one will not do.
    """
    port = port or free_port()
    process = start(served_by(port, app, *more), log_path, settings, folder)
    try:
        server = Server(f"http://{host}:{port}", log_path, process.pid)
        wait_until_healthy(server.url, process, log_path)
        yield server
    finally:
        stop(process)


def cpu_s(pid: int) -> float:
    """CPU seconds a process has used, all threads."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def is_running(pid: int) -> bool:
    """Tell whether a process is there and has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # the second where it ends while it is read
        return False
