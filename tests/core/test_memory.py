"""Memory of a process: few areas for many threads, and what they leave is returned."""

from __future__ import annotations

import subprocess
import sys

import pytest

AREAS = """
import ctypes, re, sys, threading, tempfile
from wardstats.core.memory import keep_memory_together
{call}
together = threading.Barrier(30)
def take():
    together.wait(60)
    held = [bytes(60_000) for _ in range(50)]
    together.wait(60)
threads = [threading.Thread(target=take) for _ in range(30)]
[thread.start() for thread in threads]; [thread.join() for thread in threads]
libc = ctypes.CDLL(None)
with tempfile.NamedTemporaryFile() as file:
    libc.fopen.restype = ctypes.c_void_p
    stream = ctypes.c_void_p(libc.fopen(file.name.encode(), b"w"))
    libc.malloc_info(0, stream)
    libc.fclose(stream)
    print(len(re.findall(rb"<heap nr=", open(file.name, "rb").read())))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="what is set is the C library's of Linux")
def test_many_threads_share_a_few_areas() -> None:
    def areas(call: str) -> int:
        done = subprocess.run(
            [sys.executable, "-c", AREAS.format(call=call)], capture_output=True, text=True, check=True
        )
        return int(done.stdout)

    assert areas("keep_memory_together()") <= 2 < areas("")


LEFT = """
import threading
import pandas as pd, pyarrow as pa
from wardstats.core.memory import give_memory_back
def held():
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * 4096 // 1_000_000
together = threading.Barrier(12)
def answer():
    answers = [(pd.Series(["x" * 2000] * 3000, dtype="str"), pa.array(["y" * 2000] * 4000)) for _ in range(3)]
    together.wait(60)
threads = [threading.Thread(target=answer) for _ in range(12)]
[thread.start() for thread in threads]; [thread.join() for thread in threads]
before = held()
give_memory_back()
print(before - held())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="what a process holds is read as Linux tells it")
def test_what_large_answers_of_threads_took_is_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", LEFT], capture_output=True, text=True, check=True)
    assert int(done.stdout) >= 50  # MB, of some 700 that the threads held at once
