"""The process for large answers: it comes back after a kill, ends with its parent, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import is_running
from wardstats.core.settings import PROJECT
from wardstats.live.apart import Apart

LONG_S = 60  # only what hangs takes so long


@pytest.fixture
def apart() -> Iterator[Apart]:
    apart = Apart()
    yield apart
    apart.close()


def until_gone(pid: int) -> None:
    end = time.monotonic() + LONG_S
    while is_running(pid):
        assert time.monotonic() < end, "the process is still there"
        time.sleep(0.05)


def test_it_is_another_process_with_a_low_priority_and_errors_come_back(apart: Apart) -> None:
    pid = apart.call(os.getpid)
    assert pid != os.getpid()
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert apart.call(os.getpriority, os.PRIO_PROCESS, pid) == min(19, own + 10)
    with pytest.raises(FileNotFoundError):
        apart.call(os.stat, "/no/such/place")
    apart.close()
    until_gone(pid)
    with pytest.raises(RuntimeError, match="closing"):  # no new one begins while the server stops
        apart.call(os.getpid)


def test_a_killed_process_is_replaced(apart: Apart) -> None:
    pid = apart.call(os.getpid)
    os.kill(pid, signal.SIGKILL)
    until_gone(pid)
    assert apart.call(os.getpid) not in (pid, os.getpid())


def test_it_ends_with_its_parent_even_where_that_is_killed(tmp_path: Path) -> None:
    program = tmp_path / "parent.py"
    program.write_text(
        "import os, time\n"
        "from wardstats.live.apart import Apart\n"
        "if __name__ == '__main__':\n"
        "    print(Apart().call(os.getpid), flush=True)\n"
        "    time.sleep(600)\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    with subprocess.Popen([sys.executable, str(program)], stdout=subprocess.PIPE, env=environment, text=True) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_running(pid)
        parent.kill()
    until_gone(pid)
