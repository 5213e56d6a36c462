"""A build that dies at any moment harms nobody: readers go on, and the next build succeeds.

``WARDSTATS_KILLS=200 python -m pytest tests/snapshot/test_build_killed.py`` kills more often.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.endless_build import build_endlessly
from tests.polling_reader import check_board, read_until
from tests.small_block import Folder
from wardstats.catalogue.load import load_catalogue
from wardstats.core.pointer import read_history
from wardstats.snapshot.build import build_snapshot
from wardstats.snapshot.publications import publish_snapshot
from wardstats.snapshot.store import Store

KILLS = int(os.environ.get("WARDSTATS_KILLS", "6"))
READERS = 2

# A server that has all modules loaded forks each process, so that a kill strikes a build and not the imports.
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.endless_build", "tests.polling_reader"])


def _wait_for_publications(var: Path, count: int, builder: Any) -> float:
    """Wait until so many were published, and return the time of the last in seconds."""
    while len(read_history(var)) < count:
        assert builder.is_alive(), "the builder ended by itself, with an error"
        time.sleep(0.01)
    return time.monotonic()


@pytest.mark.hostile("SIGKILL during publish")
def test_builds_killed_at_random_moments_while_readers_poll(
    small: Folder, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    var, stop = tmp_path / "var", tmp_path / "stop"
    publish_snapshot(var, build_snapshot(load_catalogue(small.path), var))
    reports = [tmp_path / f"reader{number}.json" for number in range(READERS)]
    readers = [_processes.Process(target=read_until, args=(stop, var, report)) for report in reports]
    for reader in readers:
        reader.start()
    moments, one_build, struck, number = random.Random(766), 0.0, 0, 0
    try:
        while number < KILLS or (not struck and number < 20 * KILLS):
            number += 1
            builder = _processes.Process(target=build_endlessly, args=(var, 1000 * number))
            builder.start()
            if not one_build:  # the first lives long enough to tell how long a build takes here and now
                one_build = -_wait_for_publications(var, 2, builder) + _wait_for_publications(var, 3, builder)
            time.sleep(moments.uniform(0, 2 * one_build))
            builder.kill()
            builder.join()
            assert builder.exitcode == -9
            struck += len(list(var.glob("snapshots/.building-*"))) > 0
            assert all(reader.is_alive() for reader in readers)
    finally:
        stop.touch()
        for reader in readers:
            reader.join()
    record_property("tried", number)
    assert [reader.exitcode for reader in readers] == [0] * READERS
    for report in reports:
        looks, boards = json.loads(report.read_text(encoding="utf-8"))
        assert looks >= boards > 1
    assert struck, "no kill struck in the midst of writing a snapshot"

    small.set_cell("values/2026.csv", "w01,files_on_time,2026-04", "numerator", "70")
    publish_snapshot(var, build_snapshot(load_catalogue(small.path), var))
    check_board(Store(var).current())
    assert {path.stem for path in (var / "snapshots").iterdir()} >= {entry.snapshot_id for entry in read_history(var)}
    assert not list(var.glob("snapshots/.building-*"))
