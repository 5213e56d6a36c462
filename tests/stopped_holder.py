"""A process that takes a lock of the folder of state and is stopped while it holds it, as by a debugger or SIGSTOP."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wardstats.core.locks import Step, holder_of
from wardstats.core.settings import PROJECT

_HOLD = """
import sys
from pathlib import Path
from wardstats.core.locks import locked
with locked(Path(sys.argv[1]), sys.argv[2]):
    print("held", flush=True)
    sys.stdin.read()
print("let go", flush=True)
"""


@contextmanager
def stopped_holder(lock: Path, step: Step) -> Iterator[subprocess.Popen[str]]:
    """Yield the process; it is ended afterwards, and goes on and lets go of the lock before that by ``let_go``."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-c", _HOLD, str(lock), step]
    with subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            process.send_signal(signal.SIGSTOP)
            while not ((holder := holder_of(lock)) and holder.is_stopped):
                time.sleep(0.01)
            yield process
        finally:
            process.kill()


def let_go(process: subprocess.Popen[str]) -> None:
    """Have the process go on, and wait until it has let go of its lock."""
    process.send_signal(signal.SIGCONT)
    said, _ = process.communicate()
    assert said == "let go\n"
