"""Whoever waits for a lock is told who holds it, and is refused in the end."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from filelock import FileLock

from tests.stopped_holder import let_go, stopped_holder
from wardstats.core import locks
from wardstats.core.languages import LANGUAGES, translator
from wardstats.core.locks import Holder, LockedError, held_by, holder_of, locked, stuck_holder, while_waiting

on_linux = pytest.mark.skipif(not Path("/proc/self/stat").is_file(), reason="only Linux tells who was stopped")


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(locks, "LOOK_S", 0.05)
    monkeypatch.setattr(locks, "STOPPED_PATIENCE_S", 0.2)
    return tmp_path / "a.lock"


def test_the_note_is_there_while_the_lock_is_held(lock: Path) -> None:
    with locked(lock, "build"):
        holder = holder_of(lock)
        assert holder is not None
        assert (holder.pid, holder.step, holder.is_here, holder.is_stopped) == (os.getpid(), "build", True, False)
        assert stuck_holder(lock) is None
    assert holder_of(lock) is None
    with locked(lock, "build"):
        pass


@pytest.mark.hostile("a process stopped while it holds a lock")
@on_linux
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGSTOP there")
def test_a_stopped_holder_is_named_and_not_waited_for_as_long_as_others(lock: Path) -> None:
    told: list[Holder | None] = []
    with stopped_holder(lock, "entry") as process:
        with (
            while_waiting(lambda path, holder: told.append(holder)),
            pytest.raises(LockedError) as caught,
            locked(lock, "publish", 3600.0),
        ):
            pytest.fail("two at once")
        assert told
        assert {holder.pid for holder in [caught.value.holder, stuck_holder(lock), *told] if holder} == {process.pid}
        for part in (str(lock), f"Process {process.pid}", f"kill -CONT {process.pid}", "Nothing was recorded."):
            assert part in str(caught.value)
        let_go(process)
    with locked(lock, "publish", 0.0):
        pass


def test_one_who_is_at_work_is_waited_for(lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked at again and again; let go at the third look."""
    told = []
    other = FileLock(lock)
    other.acquire()

    def tell(_: Path, holder: Holder | None) -> None:
        told.append(holder)
        if len(told) == 3:
            other.release()

    monkeypatch.setattr(locks, "_TOLD_EVERY", 1)
    with while_waiting(tell), locked(lock, "entry", 3600.0):
        assert told == [None, None, None]


def test_one_who_left_no_note_is_told_as_such(lock: Path) -> None:
    with FileLock(lock), pytest.raises(LockedError, match="left no note") as caught, locked(lock, "entry", 0.1):
        pytest.fail("two at once")
    assert caught.value.holder is None


def test_a_note_of_a_process_that_ended_is_no_note(lock: Path) -> None:
    with stopped_holder(lock, "build"):
        pass  # killed
    assert lock.with_name("a.lock.holder").is_file()
    assert holder_of(lock) is None
    with locked(lock, "build", 0.0):
        assert holder_of(lock) is not None


@pytest.mark.hostile("a process stopped while it holds a lock")
@pytest.mark.parametrize(
    "note",
    [
        "", "{", "[]", "7", '{"pid": 1}',
        '{"pid": "1", "host": "x", "since": "2026-01-01T00:00:00+00:00", "step": "entry"}',
        '{"pid": 0, "host": "x", "since": "2026-01-01T00:00:00+00:00", "step": "entry"}',
        '{"pid": 1, "host": "x", "since": "soon", "step": "entry"}',
        '{"pid": 1, "host": "x", "since": "2026-01-01T00:00:00+00:00", "step": "sleep"}',
        '{"pid": 1, "host": "x", "since": "2026-01-01T00:00:00", "step": "entry"}',
    ],
)  # fmt: skip
def test_a_damaged_note_is_no_note(lock: Path, note: str) -> None:
    lock.with_name("a.lock.holder").write_text(note, encoding="utf-8")
    assert holder_of(lock) is None
    with locked(lock, "entry", 0.0):
        assert holder_of(lock) is not None


def test_a_holder_on_another_machine_is_told_as_it_noted_itself(lock: Path) -> None:
    note = '{"pid": 1, "host": "elsewhere.example", "since": "2026-01-01T00:00:00+00:00", "step": "publish"}'
    lock.with_name("a.lock.holder").write_text(note, encoding="ascii")
    holder = holder_of(lock)
    assert holder is not None
    assert (holder.is_here, holder.is_gone, holder.is_stopped) == (False, False, False)
    assert stuck_holder(lock) == holder  # since January
    for language in LANGUAGES:
        assert "elsewhere.example" in held_by(holder, translator(language))
