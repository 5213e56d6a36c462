"""A step that could not go on: says what of it is in the ledger all the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wardstats.core.durable_files import StorageError, storage_error
from wardstats.core.locks import LockedError
from wardstats.core.pointer import read_history
from wardstats.ledger.book import Ledger


@contextmanager
def telling_what_is_recorded(var: Path, actor: str, *ledgers: Ledger) -> Iterator[None]:
    """Have a failed write, or a lock that is not let go, say what this actor's step had recorded by then.

    An entry whose file is there is recorded, whatever else failed after it.

    Raises:
        StorageError: Instead of the system's own error, where there is no room, or no right to write.
        LockedError: With what is recorded.
    """
    before = [(ledger, ledger.head) for ledger in ledgers]
    try:
        yield
    except (OSError, LockedError) as error:
        told = error if isinstance(error, LockedError) else storage_error(error, var)
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
        if isinstance(told, LockedError):
            raise LockedError(told.path, told.holder, told.waited_s, numbers, is_waiting=waiting) from error
        raise StorageError(told.obstacle, told.place, numbers, is_waiting=waiting) from error
