"""Runs a Python process and measures it whole: time, processor time, most memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass

from wardstats.paths import PROJECT


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


def run_python(*arguments: str) -> Measured:
    """Run Python with these arguments in the project's folder; a failure raises."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, arguments, output)
    return Measured(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1e6, output)
