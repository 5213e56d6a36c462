"""Runs a Python process and measures it whole: time, processor time, most memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass

from wardstats.core.settings import PROJECT


@dataclass(frozen=True)
class Measured:
    """What a process took; ``output`` is what it wrote to stdout."""

    seconds: float
    cpu_seconds: float
    gigabytes: float
    output: str

    def __str__(self) -> str:
        """Return the figures as a line, with how busy the machine was."""
        return f"{self.seconds:.2f} s ({self.cpu_seconds:.2f} s of CPU), {self.gigabytes:.2f} GB, {load()}"


def load() -> str:
    """Return how many processes wanted the processors over the last minute: above their number, times are too long."""
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"


# A process counts what its parent held at its start as memory of its own; this small one in between holds little.
_LAUNCHER = """
import os, sys
pid = os.posix_spawn(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(pid, 0)
with open(int(sys.argv[1]), "w") as stream:
    print(usage.ru_utime + usage.ru_stime, usage.ru_maxrss, file=stream)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def run_python(*arguments: str) -> Measured:
    """Run Python with these arguments in the project's folder; a failure raises."""
    reading, writing = os.pipe()
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", _LAUNCHER, str(writing), sys.executable, *arguments],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
        pass_fds=(writing,),
        check=True,
    )
    seconds = time.perf_counter() - started
    os.close(writing)
    with open(reading) as stream:  # noqa: PTH123 - a pipe
        cpu_seconds, kilobytes = stream.read().split()
    return Measured(seconds, float(cpu_seconds), float(kilobytes) / 1e6, done.stdout)
