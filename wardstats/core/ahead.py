"""Makes the next item in a thread of its own while the one before is worked on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")
_END: Any = object()


def ahead(items: Iterable[T]) -> Iterator[T]:
    """Yield the items in their order, each made while the one before is worked on; their errors come as they are."""
    waiting = iter(items)
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, waiting, _END)
        while (found := coming.result()) is not _END:
            coming = thread.submit(next, waiting, _END)
            yield found
