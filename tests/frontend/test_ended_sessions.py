"""Sessions whose tab is gone end on time, whether or not somebody comes after them."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.runtime import memory_session_storage
from streamlit.runtime.memory_session_storage import MemorySessionStorage

from tests.asynchronous import run
from wardstats.frontend import ended_sessions
from wardstats.frontend.ended_sessions import end_expired, end_sessions_on_time
from wardstats.frontend.streamlit_files import NotAsExpectedError


class Session:
    """What a store knows of a session."""

    def __init__(self, name: str) -> None:
        self.id, self.ended = name, 0

    def shutdown(self) -> None:
        self.ended += 1


@pytest.fixture(autouse=True)
def changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MemorySessionStorage, "save", MemorySessionStorage.save)  # put back afterwards
    monkeypatch.setattr(ended_sessions, "_LATER_S", 0.01)
    end_sessions_on_time()


def info(session: Session) -> Any:
    return SimpleNamespace(session=session)


async def until(session: Session) -> None:
    async with asyncio.timeout(60):
        while not session.ended:
            await asyncio.sleep(0.01)


def test_a_session_ends_though_nobody_comes_after_it() -> None:
    async def told() -> None:
        storage, session = MemorySessionStorage(ttl_seconds=0), Session("one")
        storage.save(info(session))
        await until(session)
        await asyncio.sleep(0.05)
        assert session.ended == 1
        assert not storage.list()

    run(told())


def test_a_session_whose_reader_comes_back_goes_on() -> None:
    async def told() -> None:
        storage, stays, leaves = MemorySessionStorage(ttl_seconds=0.05), Session("stays"), Session("leaves")  # pyright: ignore
        storage.save(info(stays))
        storage.save(info(leaves))
        assert storage.get("stays") is not None
        storage.delete("stays")
        await until(leaves)
        assert stays.ended == 0

    run(told())


@pytest.mark.hostile("forged widgets, roles, frames, messages")
def test_tabs_opened_and_closed_in_great_number_push_out_the_oldest_and_end_it() -> None:
    async def told() -> None:
        storage, sessions = MemorySessionStorage(maxsize=3), [Session(str(number)) for number in range(10)]
        for session in sessions:
            storage.save(info(session))
        assert [session.ended for session in sessions] == [1] * 7 + [0] * 3
        assert len(storage.list()) == 3

    run(told())


def test_nothing_to_end_is_no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ended_sessions.threading, "Timer", None)
    end_expired(MemorySessionStorage()._cache)


def test_the_change_is_made_once() -> None:
    first = MemorySessionStorage.save
    end_sessions_on_time()
    assert MemorySessionStorage.save is first


def test_another_streamlit_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Another:
        _cache: dict[str, Any] = {}

        def save(self, _: object) -> None: ...

    monkeypatch.setattr(memory_session_storage, "MemorySessionStorage", Another)
    with pytest.raises(NotAsExpectedError, match="no save and no _cache with expire"):
        end_sessions_on_time()
