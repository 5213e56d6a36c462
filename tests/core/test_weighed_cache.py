"""The cache by weight: what it keeps, what goes, and that making one thing holds up no other."""

from __future__ import annotations

import gc
import threading
import time
import weakref
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest

from wardstats.core.weighed_cache import IDLE_S, WeighedCache, frame_bytes, handed_out

LONG_S = 60  # only what hangs takes so long


def cache(at_most: int = 20_000) -> WeighedCache[str, bytes]:
    return WeighedCache(at_most, len)


def test_what_was_asked_for_last_stays_and_the_weight_is_bounded() -> None:
    kept = cache()
    kept.get("first", lambda: b"a" * 2000)
    for number in range(50):
        kept.get(f"{number}", lambda: b"b" * 2000)
        assert kept.find("first") is not None  # asked for each time
        assert kept.bytes <= 20_000
    assert kept.find("0") is None
    assert kept.find("49") == b"b" * 2000


def test_what_nobody_asks_for_any_more_goes_with_the_next_thing() -> None:
    now = 0.0
    kept = WeighedCache[str, bytes](20_000, len, clock=lambda: now)
    for name in ("former board", "still asked for"):
        kept.get(name, lambda: b"a")
    now = IDLE_S - 1
    assert kept.find("still asked for") is not None
    now = IDLE_S + 1
    weight = kept.bytes
    kept.get("new board", lambda: b"a")
    assert (kept.find("former board"), len(kept), kept.bytes) == (None, 2, weight)
    assert kept.find("still asked for") is not None
    kept.clear()
    assert (len(kept), kept.bytes) == (0, 0)


def test_small_things_weigh_too() -> None:
    kept = cache()
    for number in range(5000):
        kept.get(f"{number}", lambda: b"")
    assert len(kept) <= 40


def test_what_is_too_heavy_pushes_nothing_out() -> None:
    kept = cache()
    kept.get("small", lambda: b"a")
    assert kept.get("heavy", lambda: b"b" * 9000) == b"b" * 9000
    assert kept.find("heavy") is None
    assert kept.find("small") == b"a"


def test_a_crowd_has_it_made_once_even_where_it_is_too_heavy_to_keep() -> None:
    kept, begun, free, made = cache(), threading.Event(), threading.Event(), []

    def make() -> bytes:
        made.append(1)
        begun.set()
        assert free.wait(LONG_S)
        return b"b" * 9000

    with ThreadPoolExecutor(8) as pool:
        first = pool.submit(kept.get, "heavy", make)
        assert begun.wait(LONG_S)
        asking = [pool.submit(kept.get, "heavy", make) for _ in range(6)]
        while len(kept._making["heavy"].is_over._cond._waiters) < len(asking):  # pyright: ignore
            time.sleep(0.001)
        free.set()
        assert {len(each.result(LONG_S)) for each in [first, *asking]} == {9000}
    assert len(made) == 1


def test_making_one_thing_holds_up_no_other() -> None:
    kept, begun, free = cache(), threading.Event(), threading.Event()

    def slow() -> bytes:
        begun.set()
        assert free.wait(LONG_S)
        return b"slow"

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(kept.get, "slow", slow)
        assert begun.wait(LONG_S)
        assert kept.get("quick", lambda: b"quick") == b"quick"  # would hang here
        assert kept.find("slow") is None
        assert not waiting.done()
        free.set()
        assert waiting.result(LONG_S) == b"slow"


def test_an_error_is_told_and_the_next_one_tries_again() -> None:
    kept = cache()

    def fail() -> bytes:
        raise ValueError("not today")

    with pytest.raises(ValueError, match="not today"):
        kept.get("it", fail)
    assert kept.get("it", lambda: b"now") == b"now"


def test_a_frame_weighs_its_cells_and_itself() -> None:
    empty, full = pd.DataFrame(), pd.DataFrame({"name": ["Sa Pa"] * 1000, "value": [1.5] * 1000})
    assert frame_bytes(empty) > 1000
    assert frame_bytes(full) > frame_bytes(empty) + 1000 * 8 + 1000 * len("Sa Pa")


def test_what_readers_do_with_their_copies_leaves_the_frame_that_is_kept_as_it_was() -> None:
    kept = pd.DataFrame({f"text {number}": ["Sa Pa", "Y Tý"] for number in range(10)} | {"score": [9.5, 7.0]})

    def references() -> int:
        gc.collect()
        return sum(type(each) is weakref.ReferenceType for each in gc.get_objects())

    def read(times: int) -> None:
        for _ in range(times):
            frame = handed_out(kept)
            frame.assign(rank=[1, 2]).copy(deep=False)["text 0"].tolist()
            frame.loc[0, "score"] = 0.0

    read(1)
    before = references()
    read(450)
    assert references() - before < 100  # thousands, had each of eleven columns noted its uses
    assert kept["score"].tolist() == [9.5, 7.0]
    assert handed_out(kept).equals(kept)
