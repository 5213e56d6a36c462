"""Children are ended by the system when they take more than they may, by their parent when nobody waits any more."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.serving import is_running
from wardstats.core import limited_process
from wardstats.core.limited_process import FailedError, LimitedProcesses, Limits, StoppedError

LIMITS = Limits(memory_mb=200, cpu_s=1, seconds=30.0)
WORK = "tests.limited_work:obey"


@pytest.fixture(params=["forked", "started"])
def processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[LimitedProcesses]:
    """Return processes as on Linux, and as where the system does not know how to do that."""
    monkeypatch.setattr(limited_process, "FORKS", request.param == "forked")
    found = LimitedProcesses(WORK, LIMITS)
    yield found
    found.close()


def wait_for_end(process: int) -> None:
    for _ in range(100):
        if not is_running(process):
            return
        time.sleep(0.1)
    raise AssertionError(f"process {process} is still there")


@pytest.mark.parametrize("size", [0, 1, 70_000, 9_000_000])
def test_large_requests_and_answers_pass_in_both_directions(processes: LimitedProcesses, size: int) -> None:
    content = os.urandom(size)
    done = processes.ask(b"echo " + content)
    assert done.content == content
    assert done.memory_mb > 0


@pytest.mark.hostile("child processes: memory, time, crashes")
@pytest.mark.parametrize(("asked", "reason"), [(b"spin", "time"), (b"hoard 400000000", "memory"), (b"die", "memory")])
def test_a_child_that_takes_too_much_is_ended(processes: LimitedProcesses, asked: bytes, reason: str) -> None:
    with pytest.raises(StoppedError) as stopped:
        processes.ask(asked)
    assert stopped.value.reason == reason
    assert processes.ask(b"echo next").content == b"next"


def test_a_child_that_only_waits_is_ended_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    hasty = LimitedProcesses(WORK, replace(LIMITS, seconds=1.0))
    with pytest.raises(StoppedError) as stopped:
        hasty.ask(b"sleep")
    hasty.close()
    assert stopped.value.reason == "time"


@pytest.mark.hostile("child processes: memory, time, crashes")
def test_a_child_writes_no_file_and_knows_no_secret(
    processes: LimitedProcesses, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COOKIE_SECRET", "secret")
    with pytest.raises((FailedError, StoppedError)):
        processes.ask(f"write {tmp_path / 'file'}".encode())
    assert not (tmp_path / "file").exists() or (tmp_path / "file").stat().st_size == 0
    assert b"COOKIE_SECRET" not in processes.ask(b"environment").content


@pytest.mark.hostile("child processes: memory, time, crashes")
def test_what_libraries_say_of_a_strangers_file_is_not_logged(
    processes: LimitedProcesses, capfd: pytest.CaptureFixture[str]
) -> None:
    assert processes.ask(b"complain terminate called").content == b"16"
    assert not capfd.readouterr().err


@pytest.mark.parametrize("nice", [0, 3, 15])
def test_a_child_stands_back_behind_others(nice: int) -> None:
    processes = LimitedProcesses(WORK, replace(LIMITS, nice=nice))
    assert int(processes.ask(b"priority").content) == min(19, os.nice(0) + nice)
    processes.close()


def test_what_fails_is_told_with_its_place(processes: LimitedProcesses) -> None:
    with pytest.raises(FailedError, match=r"(?s)limited_work\.py.*found b'nonsense'"):
        processes.ask(b"nonsense")


def test_who_no_longer_waits_ends_the_child(processes: LimitedProcesses) -> None:
    class GoneError(Exception):
        pass

    seen: list[float] = []

    def gone(seconds: float) -> None:
        seen.append(seconds)
        if len(seen) == 3:
            raise GoneError

    before = children()
    with pytest.raises(GoneError):
        processes.ask(b"sleep", gone)
    assert len(seen) == 3
    processes.close()
    for process in children() - before:
        wait_for_end(process)


def children() -> set[int]:
    """Return this process's children and theirs that are still there."""
    parents: dict[int, int] = {}
    for state in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = state.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        if " Z " not in text:
            parents[int(state.parent.name)] = int(text.rpartition(")")[2].split()[1])
    found = {os.getpid()}
    while more := {process for process, parent in parents.items() if parent in found} - found:
        found |= more
    return found - {os.getpid()}


@pytest.mark.skipif(not limited_process.FORKS, reason="no forking here")
def test_forked_children_share_their_parent_and_leave_nothing() -> None:
    processes = LimitedProcesses(WORK, LIMITS)
    told = [processes.ask(b"pid").content.split() for _ in range(3)]
    assert len({child for child, _ in told}) == 3
    (parent,) = {int(parent) for _, parent in told}
    for child, _ in told:
        wait_for_end(int(child))
    os.kill(parent, 9)  # as the system does when memory is short
    wait_for_end(parent)
    assert processes.ask(b"echo again").content == b"again"
    processes.close()


@pytest.mark.skipif(not limited_process.FORKS, reason="no forking here")
def test_it_ends_when_nobody_has_asked_for_a_while() -> None:
    processes = LimitedProcesses(WORK, replace(LIMITS, idle_s=0.5))
    parent = int(processes.ask(b"pid").content.split()[1])
    wait_for_end(parent)
    assert processes.ask(b"echo again").content == b"again"
    processes.close()


@pytest.mark.skipif(not limited_process.FORKS, reason="no forking here")
@pytest.mark.parametrize("how", ["it lets go", "it is gone"])
def test_children_at_work_end_with_the_server(how: str) -> None:
    processes, at_work, ended = LimitedProcesses(WORK, LIMITS), threading.Event(), threading.Event()

    def ask() -> None:
        with pytest.raises(StoppedError):
            processes.ask(b"sleep", lambda _: at_work.set())
        ended.set()

    before = children()
    threading.Thread(target=ask, daemon=True).start()
    assert at_work.wait(60)
    assert len(started := children() - before) == 2
    if how == "it lets go":
        processes.close()
    else:
        assert processes._forking is not None
        processes._forking[1].shutdown(socket.SHUT_RDWR)  # as when the system closes what a killed server had open
    assert ended.wait(LIMITS.seconds / 2)  # not because its time was up
    for process in started:
        wait_for_end(process)
    assert processes.ask(b"echo again").content == b"again"
    processes.close()


def test_only_so_many_work_at_once_and_the_next_is_told() -> None:
    processes = LimitedProcesses(WORK, replace(LIMITS, at_once=1, wait_s=0.3))
    begun = threading.Event()

    def hold() -> None:
        def look(_: float) -> None:
            begun.set()
            if stop.is_set():
                raise InterruptedError

        with pytest.raises(InterruptedError):
            processes.ask(b"sleep", look)

    stop = threading.Event()
    thread = threading.Thread(target=hold)
    thread.start()
    assert begun.wait(60)
    with pytest.raises(StoppedError) as stopped:
        processes.ask(b"echo x")
    assert stopped.value.reason == "busy"
    stop.set()
    thread.join()
    assert processes.ask(b"echo x").content == b"x"
    processes.close()
