"""Child processes with limits: work on what strangers send, which takes no more than it may and can always be ended.

On Linux one process imports what the work needs, once, and forks a child for each request, within milliseconds; the
system itself bounds memory, processor time and the time on the clock. Elsewhere a fresh child is started for each
request, which takes a second, and is ended by its parent when its time is up; macOS bounds its processor time too, not
its memory, Windows neither.

What a child returns is bytes, and its parent has to read them as coming from a stranger.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from wardstats.core.errors import WardStatsError
from wardstats.core.settings import PROJECT

MEGABYTE = 1024 * 1024
FORKS = hasattr(os, "pidfd_open") and hasattr(socket, "send_fds")
_LOOK_EVERY_S = 0.1
_PIECE = 1 << 16
# What the environment of a child has: no secret of the server's. One thread a library, so that it can be forked.
_KEPT = ("SYSTEMROOT", "PATH", "WARDSTATS_LOCALES")
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "ARROW_NUM_THREADS"), "1")

StillWanted = Callable[[float], object]


@dataclass(frozen=True)
class Limits:
    """What one request may use.

    Attributes:
        memory_mb: Memory beyond what the imported libraries take; up to 64 more that they have put aside.
        cpu_s: Processor time.
        seconds: Time on the clock.
        at_once: How many requests are worked on at the same time.
        wait_s: How long one waits for its turn.
        idle_s: When the process that forks is ended, after the last request.
        nice: How far it stands back behind what others do: 0 to 19.
    """

    memory_mb: int
    cpu_s: int
    seconds: float
    at_once: int = 2
    wait_s: float = 30.0
    idle_s: float = 300.0
    nice: int = 5


@dataclass(frozen=True)
class Done:
    """What came of a request.

    Attributes:
        content: What the work returned.
        seconds: How long it took.
        memory_mb: The most memory that the child had, libraries included; 0 where the system does not say.
    """

    content: bytes
    seconds: float
    memory_mb: int


class StoppedError(WardStatsError):
    """A request was ended. ``reason`` is time, memory or busy: its turn did not come."""

    def __init__(self, reason: str, seconds: float) -> None:
        """Keep the reason and the seconds."""
        self.reason, self.seconds = reason, seconds
        super().__init__(f"stopped after {seconds:.1f} s: {reason}")


class FailedError(WardStatsError):
    """The work itself failed, in a way that it does not foresee. The message is the child's traceback."""


class LimitedProcesses:
    """Has requests worked on in child processes of one kind."""

    def __init__(
        self, work: str, limits: Limits, folder: Path | None = None, when_idle: Callable[[], object] | None = None
    ) -> None:
        """Remember what is to be done; no process is started yet.

        Args:
            work: "module:function", from bytes to bytes.
            limits: What one request may use.
            folder: Where the children run.
            when_idle: Called when nobody has asked for a while; ``close`` where it is not given.
        """
        self.limits = limits
        self._work, self._folder = work, folder
        self._when_idle = when_idle or self.close
        self._places = threading.BoundedSemaphore(limits.at_once)
        self._changed = threading.RLock()
        self._forking: tuple[subprocess.Popen[bytes], socket.socket] | None = None
        self._idle: threading.Timer | None = None

    def warm_up(self) -> None:
        """Start the process that forks, unless there is one, and let it live for a while."""
        with self._changed:
            if FORKS:
                self._forking_one()
            self._idle_from_now()

    def _forking_one(self) -> socket.socket:
        """Return the line to the process that forks, which is started unless there is one."""
        if self._forking is None or self._forking[0].poll() is not None:
            self.close()
            ours, theirs = socket.socketpair()
            with theirs:
                command = [*self._command(), str(theirs.fileno())]
                child = subprocess.Popen(
                    command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, cwd=self._folder,
                    env=_environment(), process_group=0,
                )  # fmt: skip
            self._forking = child, ours
        return self._forking[1]

    def close(self) -> None:
        """End the process that forks, and its children that are at work."""
        with self._changed:
            self._stop_idling()
            if self._forking is not None:
                child, control = self._forking
                self._forking = None
                control.close()
                if child.poll() is None:  # else the system ended it, and its children answer as if it were there
                    os.killpg(child.pid, signal.SIGKILL)
                    child.wait()

    def ask(self, request: bytes, still_wanted: StillWanted = lambda _: None) -> Done:
        """Have a request worked on.

        Args:
            request: What the work is given.
            still_wanted: Called ten times a second, with the seconds so far; raises whatever is to end the child.

        Raises:
            StoppedError: It was beyond its limits, or its turn did not come.
            FailedError: The work failed.
        """
        waited_since = time.monotonic()
        while not self._places.acquire(timeout=_LOOK_EVERY_S):
            still_wanted(0.0)
            if (waited := time.monotonic() - waited_since) > self.limits.wait_s:
                raise StoppedError("busy", waited)
        try:
            return self._forked(request, still_wanted) if FORKS else self._started(request, still_wanted)
        finally:
            self._places.release()
            self._idle_from_now()

    def _idle_from_now(self) -> None:
        with self._changed:
            self._stop_idling()
            self._idle = threading.Timer(self.limits.idle_s, self._when_idle)
            self._idle.daemon = True
            self._idle.start()

    def _stop_idling(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None

    def _command(self) -> list[str]:
        return [sys.executable, "-m", __name__, self._work, json.dumps(asdict(self.limits))]

    def _forked(self, request: bytes, still_wanted: StillWanted) -> Done:
        ours, theirs = socket.socketpair()
        with ours:
            with theirs, self._changed:
                self._stop_idling()
                socket.send_fds(self._forking_one(), [b"f"], [theirs.fileno()])
            child = _handle_of(ours)
            started = time.monotonic()
            try:
                return self._conversation(ours, request, started, still_wanted)
            finally:
                with suppress(ProcessLookupError):  # it has ended by itself
                    signal.pidfd_send_signal(child, signal.SIGKILL)
                os.close(child)

    def _conversation(self, child: socket.socket, request: bytes, started: float, still_wanted: StillWanted) -> Done:
        """Send a request while its answer is read: neither side may wait for the other for ever."""
        child.setblocking(False)
        left, answer = memoryview(request), bytearray()
        waiting = select.poll()  # select() knows no connection beyond the 1,024th of a server
        waiting.register(child, select.POLLIN | select.POLLOUT)
        while True:
            found = waiting.poll(1000 * _LOOK_EVERY_S)
            seconds = time.monotonic() - started
            try:
                if found and found[0][1] & select.POLLOUT:
                    left = left[child.send(left[:_PIECE]) :]
                    if not left:
                        child.shutdown(socket.SHUT_WR)
                        waiting.modify(child, select.POLLIN)
                if found and found[0][1] & ~select.POLLOUT:
                    piece = child.recv(_PIECE)
                    if not piece:
                        return self._read(bytes(answer), seconds)
                    answer += piece
            except (BrokenPipeError, ConnectionResetError):  # it was ended by the system while it was written to
                return self._read(b"", seconds)
            if seconds > self.limits.seconds:
                raise StoppedError("time", seconds)
            if not found:
                still_wanted(seconds)

    def _started(self, request: bytes, still_wanted: StillWanted) -> Done:
        """Work on a request in a child that is started for it."""
        child = subprocess.Popen(
            self._command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=self._folder, env=_environment()
        )
        assert child.stdin is not None
        threading.Thread(target=_hand_over, args=(request, child.stdin), daemon=True).start()
        child.stdin = None  # it is the thread's
        started = time.monotonic()
        try:
            while True:
                try:
                    answer, _ = child.communicate(timeout=_LOOK_EVERY_S)
                    return self._read(answer, time.monotonic() - started)
                except subprocess.TimeoutExpired:
                    seconds = time.monotonic() - started
                if seconds > self.limits.seconds + 5:  # its start takes time too
                    raise StoppedError("time", seconds)
                still_wanted(seconds)
        finally:
            child.kill()
            child.communicate()

    def _read(self, answer: bytes, seconds: float) -> Done:
        head, _, content = answer.partition(b"\n")
        kind, _, memory = head.partition(b" ")
        if kind == b"done" and memory.isdigit():
            return Done(content, seconds, int(memory))
        if kind == b"failed":
            raise FailedError(content.decode(errors="replace"))
        # Ended by the system, or it could not get the memory: near its time that is what ran out.
        is_late = kind != b"memory" and seconds > 0.8 * min(self.limits.cpu_s, self.limits.seconds)
        raise StoppedError("time" if is_late else "memory", seconds)


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return kept | _ONE_THREAD | {"PYTHONPATH": str(PROJECT), "PYTHONUTF8": "1"}


def _hand_over(request: bytes, child: IO[bytes]) -> None:
    with suppress(BrokenPipeError), child:  # one that was ended needs nothing any more
        child.write(request)


def _handle_of(child: socket.socket) -> int:
    """Return a handle of the child that has just been forked: it tells its number, then waits for its request."""
    child.settimeout(60)  # the imports of the process that forks included
    told = child.makefile("rb", buffering=0).readline(20)
    if not told:
        raise FailedError("the process that works on requests could not be started; its error is in the server's log")
    return os.pidfd_open(int(told))


def _limit_this_process(limits: Limits) -> None:
    """Let the system itself bound memory and time, and let no file and no log be written."""
    try:
        import resource
    except ImportError:
        return
    with suppress(FileNotFoundError):  # only Linux tells how much there is already
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        size = pages * os.sysconf("SC_PAGE_SIZE") + limits.memory_mb * MEGABYTE
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    spent = int(sum(os.times()[:2]))
    resource.setrlimit(resource.RLIMIT_CPU, (spent + limits.cpu_s, spent + limits.cpu_s))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.setitimer(signal.ITIMER_REAL, limits.seconds + 1)  # ends it even where its parent is gone
    os.nice(limits.nice)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what Python raises is returned; C libraries' last words are dropped


def _memory_mb() -> int:
    try:
        import resource
    except ImportError:
        return 0
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most // (MEGABYTE if sys.platform == "darwin" else 1024)


def _answer(work: Callable[[bytes], bytes], request: bytes) -> bytes:
    try:
        content = work(request)
        return b"done %d\n" % _memory_mb() + content
    except MemoryError:
        return b"memory\n"
    except Exception:  # noqa: BLE001 - the parent raises it again, in the place where somebody waits
        return b"failed\n" + traceback.format_exc().encode()


def _serve(work: Callable[[bytes], bytes], limits: Limits, parent: socket.socket) -> None:
    """Answer one request; the whole life of a forked child."""
    parent.sendall(b"%d\n" % os.getpid())
    request = b"".join(iter(lambda: parent.recv(_PIECE), b""))
    _limit_this_process(limits)
    parent.sendall(_answer(work, request))


def _fork_for_ever(work: Callable[[bytes], bytes], limits: Limits, control: socket.socket) -> None:
    """Fork a child for every connection that comes in, until the parent closes its end or is gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the system forgets children that have ended
    gc.freeze()  # what is there by now never dies: collections need not walk it, and children share it
    while True:
        told, connections, *_ = socket.recv_fds(control, 1, 1)
        if not told:
            os.killpg(0, signal.SIGKILL)  # children that are at work, and itself
        for connection in connections:
            if os.fork() == 0:
                control.close()
                try:
                    _serve(work, limits, socket.socket(fileno=connection))
                finally:
                    os._exit(0)  # no tidying up: what is left of the parent's libraries is not the child's
            os.close(connection)


def main() -> None:
    """Import the work, then fork for requests that come in, or answer the one of standard input."""
    module, _, function = sys.argv[1].partition(":")
    work, limits = getattr(importlib.import_module(module), function), Limits(**json.loads(sys.argv[2]))
    if len(sys.argv) > 3:
        _fork_for_ever(work, limits, socket.socket(fileno=int(sys.argv[3])))
    _limit_this_process(limits)
    sys.stdout.buffer.write(_answer(work, sys.stdin.buffer.read()))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
