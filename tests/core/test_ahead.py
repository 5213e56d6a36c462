"""Items made ahead: their order, their threads, their errors."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from wardstats.core.ahead import ahead


def test_the_next_item_is_made_while_the_one_before_is_worked_on() -> None:
    made = [threading.Event() for _ in range(4)]

    def items() -> Iterator[int]:
        for number, event in enumerate(made[:3]):
            event.set()
            yield number
        made[3].set()

    seen = []
    for number in ahead(items()):
        assert made[number + 1].wait(60)
        seen.append(number)
    assert seen == [0, 1, 2]


def test_nothing_and_what_counts_as_nothing() -> None:
    assert list(ahead([])) == []
    assert list(ahead([None, 0, ""])) == [None, 0, ""]


def test_an_error_comes_after_what_was_made_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("two")

    found = ahead(items())
    assert next(found) == 1
    with pytest.raises(ValueError, match="two"):
        next(found)


def test_who_stops_half_way_leaves_no_thread() -> None:
    before = threading.active_count()
    found = ahead(iter(range(10)))
    assert next(iter(found)) == 0
    del found
    assert threading.active_count() == before
