"""The verdict of the hostile mix, and the processes it watches; the mix itself is run by hand: ``make siege``."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace

import pytest

from tests.load.processes import Processes
from tests.load.siege import Minute, Result, faults, memory_growth

GOOD = Result(
    2000,
    [Minute(number, {"count": 1}, {}, 400.0, 130.0, 1, {"count": 1}) for number in range(1, 61)],
    {"count": 1, "p50": 0.2, "p95": 0.6, "max": 1.4},
    hostile={"clear_cache": {"answered": 900}},
)
FAULTS = {
    "slow": replace(GOOD, to_phone_s={"count": 1, "p50": 0.2, "p95": 1.0, "max": 1.4}),
    "nothing measured": replace(GOOD, to_phone_s={"count": 0}),
    "a phone was lost": replace(GOOD, minutes=[*GOOD.minutes[:-1], replace(GOOD.minutes[-1], errors={"lost": 1})]),
    "an old board": replace(GOOD, phones_without_newest=1),
    "a child": replace(GOOD, left_children=["python -m wardstats.core.limited_process"]),
    "an orphan": replace(GOOD, left_processes=[4711]),
    "a traceback": replace(GOOD, server_errors=1),
    "an error on a page": replace(GOOD, hostile={"SQL bomb": {"ERROR": 1, "stopped: time": 5}}),
    "memory": replace(GOOD, minutes=[replace(minute, server_mb=400 + 5 * minute.minute) for minute in GOOD.minutes]),
}


def test_a_good_hour_has_no_fault() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_told(name: str) -> None:
    assert len(faults(FAULTS[name])) == 1


@pytest.mark.parametrize(
    ("each_minute", "grew"),
    [
        ([300.0] * 5 + [500.0] * 55, False),  # what is warmed up at the beginning does not count
        ([500.0] * 50 + [559.0] * 10, False),
        ([500.0] * 50 + [561.0] * 10, True),
        ([1000.0] * 50 + [1099.0] * 10, False),
        ([1000.0] * 50 + [1101.0] * 10, True),
        ([500.0, 9000.0] + [500.0] * 57 + [9000.0], False),  # one minute is no growth
        ([500.0], False),
        ([], True),
    ],
)
def test_memory_is_flat_or_not(each_minute: list[float], grew: bool) -> None:
    assert bool(memory_growth(each_minute)) is grew


@pytest.mark.skipif(sys.platform != "linux", reason="the siege reads /proc")
def test_children_of_children_are_seen_and_so_is_what_outlives_the_server() -> None:
    script = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'input()']); input()"
    server = subprocess.Popen([sys.executable, "-c", script], stdin=subprocess.PIPE)
    processes = Processes(server.pid)
    while not (children := processes.children()):
        time.sleep(0.01)
    assert processes.server_mb() > 1
    server.kill()
    server.wait()
    assert processes.alive() == [children[0].pid]
    assert processes.children() == []
    assert server.stdin is not None
    server.stdin.close()  # the orphan ends with its input
    while processes.alive():
        time.sleep(0.01)
