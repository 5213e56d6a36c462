"""Killed at random moments of sending: every notice is delivered exactly once by its Message-ID, and none is lost.

``WARDSTATS_KILLS=200 python -m pytest tests/intake/notices/test_sending_killed.py`` kills more often.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.mail_server import MailServer, block_with_people, mail_server, owe, send_once, states
from wardstats.core.locks import holder_of
from wardstats.intake.notices.outbox import Outbox, now
from wardstats.intake.notices.sending import notify
from wardstats.intake.workspace import Workspace

KILLS = int(os.environ.get("WARDSTATS_KILLS", "50"))
PEOPLE = [(f"officer{number}@sapa.test", "ward_officer", "w01") for number in range(50)]
NOTICES_EACH = 10

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.mail_server"])


def _sender(workspace: Workspace, done: Path) -> Any:
    process = _processes.Process(target=send_once, args=(workspace.places.data, workspace.places.var, done))
    process.start()
    return process


def _wait_for(server: MailServer, count: int, process: Any) -> None:
    """Wait until the server has taken so many; the sender must not end by itself before."""
    until = time.monotonic() + 120
    while len(server.messages) < count:
        assert process.is_alive(), f"the sender ended by itself with {process.exitcode}"
        assert time.monotonic() < until
        time.sleep(0.0005)


@pytest.mark.hostile("SIGKILL while notices are sent")
def test_a_killed_sender_sends_each_once_and_loses_none(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property("tried", KILLS)
    moments, total, in_hand = random.Random(2110), len(PEOPLE) * NOTICES_EACH, 0
    with mail_server() as server:
        workspace = block_with_people(tmp_path, PEOPLE, server.port)
        expected = {f"<{notice.id}@block.test>" for notice in owe(workspace, NOTICES_EACH)}
        assert len(expected) == total == 500
        begun = time.monotonic()
        for kill in range(KILLS):
            process, at_start = _sender(workspace, tmp_path / "done"), len(server.messages)
            most = (total - at_start) // (KILLS - kill + 10)  # so that something is left for the last
            _wait_for(server, at_start + moments.randint(0, max(0, most - 1)), process)
            time.sleep(moments.uniform(0, 0.02))  # anywhere in a message, or in between
            process.kill()
            process.join()
            assert process.exitcode == -signal.SIGKILL
            in_hand += states(workspace)["sending"]
        killed_s = time.monotonic() - begun
        process = _sender(workspace, tmp_path / "done")
        process.join(120)
        assert process.exitcode == 0
        print(f"{KILLS} kills in {killed_s:.0f} s, {in_hand} of them between a message and the server's answer")
        assert Counter(server.ids) == Counter(expected)  # none twice, none lost
    assert states(workspace) == {"sent": total}
    assert (tmp_path / "done").is_file()
    assert not any(notice.ways["mail"].doubts for notice in Outbox(workspace.places.var).notices())


@pytest.mark.hostile("SIGKILL while notices are sent")
def test_a_killed_courier_loses_none_and_what_may_come_twice_is_noted(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """The one case that no sender can know: what the server took before it could say so. It is sent again, and told."""
    kills = min(KILLS, 10)
    record_property("tried", kills)
    moments = random.Random(4711)
    with mail_server() as server:
        workspace = block_with_people(tmp_path, PEOPLE[:8], server.port)
        expected = {f"<{notice.id}@block.test>" for notice in owe(workspace, NOTICES_EACH)}
        outbox = Outbox(workspace.places.var)
        for _ in range(kills):
            process, at_start = _sender(workspace, tmp_path / "done"), len(server.messages)
            _wait_for(server, at_start + moments.randint(1, 4), process)
            time.sleep(moments.uniform(0, 0.01))
            holder = holder_of(outbox.courier_lock)
            with suppress(ProcessLookupError):
                os.kill(holder.pid if holder else process.pid, signal.SIGKILL)
            process.kill()
            process.join()
        for hours in range(1, 4):  # what is in doubt waits a minute
            notify(workspace, now() + timedelta(hours=hours))
        notices = outbox.notices()
    assert set(server.ids) == expected
    assert {notice.ways["mail"].state for notice in notices} == {"sent"}
    doubtful = {f"<{notice.id}@block.test>" for notice in notices if notice.ways["mail"].doubts}
    assert {name for name, times in Counter(server.ids).items() if times > 1} <= doubtful
