"""The processes of a server: memory of each, what it started, and what outlives it. Linux only, from /proc."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")


@dataclass(frozen=True)
class Process:
    """One process.

    Attributes:
        started: Ticks since the system started; tells it from a later one of the same number.
        command: Its command line, shortened.
        mb: Memory it holds.
    """

    pid: int
    started: int
    command: str
    mb: float


class Processes:
    """A server and all that it has started so far, so far as they were seen."""

    def __init__(self, pid: int) -> None:
        """Watch a server."""
        self.pid = pid
        self._seen: dict[int, int] = {}

    def server_mb(self) -> float:
        """Memory of the server without its children."""
        found = _process(self.pid)
        return found.mb if found else 0.0

    def children(self) -> list[Process]:
        """Return what it has started and what these have, the oldest first."""
        found, left = [], _children(self.pid)
        while left:
            pid = left.pop()
            if (process := _process(pid)) is not None:
                found.append(process)
                self._seen[pid] = process.started
                left += _children(pid)
        return sorted(found, key=lambda process: process.started)

    def alive(self) -> list[int]:
        """Return the numbers of those it had started, and that are still there."""
        return [pid for pid, started in self._seen.items() if (now := _process(pid)) and now.started == started]


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for path in PROC.glob(f"{pid}/task/*/children"):
        try:
            found += map(int, path.read_text(encoding="ascii").split())
        except OSError:  # a thread that has ended since
            continue
    return found


def _process(pid: int) -> Process | None:
    """Return a process; None where it has ended, or waits only to be told of."""
    try:
        state, *fields = (PROC / f"{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        command = (PROC / f"{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        pages = int((PROC / f"{pid}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError):
        return None
    return None if state in "ZX" else Process(pid, int(fields[18]), command[:160].strip(), pages * 4096 / 1024**2)
