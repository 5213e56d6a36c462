"""A step that could not write on: says what of it is in the ledger all the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wardstats.core.durable_files import StorageError, storage_error
from wardstats.core.pointer import read_history
from wardstats.ledger.book import Ledger


@contextmanager
def telling_what_is_recorded(var: Path, actor: str, *ledgers: Ledger) -> Iterator[None]:
    """Turn a failed write into words about what this actor's step had recorded in these ledgers by then.

    An entry whose file is there is recorded, whatever else failed after it.

    Raises:
        StorageError: Instead of the system's own error, where there is no room, or no right to write.
    """
    before = [(ledger, ledger.head) for ledger in ledgers]
    try:
        yield
    except OSError as error:
        told = storage_error(error, var)
        if told is None:
            raise
        written = [
            entry
            for ledger, head in before
            for entry in ledger.entries()
            if entry.number > head and entry.actor == actor
        ]
        waiting = any(
            len(read_history(var)) <= entry.details["publications_before"]
            for entry in written
            if "publications_before" in entry.details
        )
        numbers = tuple(entry.number for entry in written)
        raise StorageError(told.obstacle, told.place, numbers, is_waiting=waiting) from error
