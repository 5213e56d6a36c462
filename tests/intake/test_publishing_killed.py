"""Killed at random moments of handing in, accepting and publishing: what was acknowledged is there, and none is half.

``WARDSTATS_KILLS=200 python -m pytest tests/intake/test_publishing_killed.py`` kills more often.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.endless_handin import SECRETARIAT, work_endlessly
from tests.small_block import SMALL
from wardstats.catalogue.ledger_figures import ledger_figures
from wardstats.core.durable_files import PREFIX
from wardstats.core.pointer import read_history
from wardstats.core.settings import Settings
from wardstats.intake import publishing
from wardstats.intake.workspace import Workspace
from wardstats.snapshot.publications import snapshot_path
from wardstats.snapshot.store import Store

KILLS = int(os.environ.get("WARDSTATS_KILLS", "4"))
WORKERS = 2

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.endless_handin", "pandera.pandas", "wardstats.intake.preview"])


def _wait_for_entries(workspace: Workspace, count: int, workers: list[Any]) -> float:
    """Wait until there are so many, and return the time of the last in seconds."""
    while workspace.ledger.head < count:
        assert all(worker.is_alive() for worker in workers), "a worker ended by itself, with an error"
        time.sleep(0.01)
    return time.monotonic()


@pytest.mark.hostile("SIGKILL during publish")
def test_kills_lose_nothing_and_leave_nothing_half(
    tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    record_property("tried", KILLS)
    data = Path(shutil.copytree(SMALL, tmp_path / "small"))
    with (data / "block.toml").open("a", encoding="utf-8") as block:
        block.write("\n[robustness]\ndraws = 0\n")
    var, moments = tmp_path / "var", random.Random(766)
    notes = [tmp_path / f"acknowledged{number}" for number in range(WORKERS)]
    struck = finished = 0
    start_s = round_s = 0.0
    for kill in range(KILLS):
        workers = [
            _processes.Process(target=work_endlessly, args=(data, var, path, WORKERS * kill + number + 1))
            for number, path in enumerate(notes)
        ]
        for worker in workers:
            worker.start()
        if not kill:  # the first ones live long enough to tell how long a round takes here and now
            begun, workspace = time.monotonic(), Workspace.of(Settings(data, var, None))
            start_s = _wait_for_entries(workspace, 1, workers) - begun
            round_s = -_wait_for_entries(workspace, 4, workers) + _wait_for_entries(workspace, 12, workers)
        time.sleep(moments.uniform(start_s / 2, start_s + round_s))
        for worker in workers:
            worker.kill()
        for worker in workers:
            worker.join()
            assert worker.exitcode == -9, "a worker ended by itself, with an error"
        struck += any(True for path in var.rglob(f"{PREFIX}*")) or any(True for path in var.rglob(".building-*"))
        finished += _check(Workspace.of(Settings(data, var, None)), notes)
    entries = Workspace.of(Settings(data, var, None)).ledger.entries()
    print(f"{KILLS} kills, {len(entries)} entries, {struck} in the midst of a file, {finished} publications finished")
    assert len(entries) > KILLS
    publishing.publish(Workspace.of(Settings(data, var, None)), SECRETARIAT, "the end")
    assert not list(var.rglob(".building-*"))


def _check(workspace: Workspace, notes: list[Path]) -> bool:
    """Start again as a server does, then look at everything; tell whether a publication had to be finished."""
    finished = publishing.complete(workspace) is not None
    assert workspace.ledger.verify() == []
    digests = {entry.number: entry.sha256 for entry in workspace.ledger.entries()}
    for path in notes:
        for line in path.read_text(encoding="ascii").splitlines() if path.is_file() else ():
            number, _, digest = line.partition(" ")
            if len(digest) == 64:  # the note itself may have been cut off
                assert digests.get(int(number)) == digest
    boards = [entry for entry in workspace.ledger.entries() if entry.action in ("publish", "rollback")]
    history = read_history(workspace.places.var)
    assert [entry.details["snapshot_id"] for entry in boards] == [found.snapshot_id for found in history]
    if history:
        assert snapshot_path(workspace.places.var, history[-1].snapshot_id).is_file()
    if boards and boards[-1].action == "publish":
        _compare(workspace, boards[-1].details["built_from"])
    return finished


def _compare(workspace: Workspace, number: int) -> None:
    """The board that is up shows exactly the figures that counted when it was published."""
    opened = Store(workspace.places.var).current()
    expected = ledger_figures(workspace.ledger.entries()[:number])
    for row in expected.to_dict("records"):
        shown = opened.query(
            "figure_points", period=row["period"], unit=[row["unit_code"]], indicator=[row["indicator_code"]]
        ).iloc[0]
        if row["indicator_code"] == "files_on_time":
            assert shown["numerator"] == row["numerator"]
        else:
            assert shown["value"] == row["value"]
