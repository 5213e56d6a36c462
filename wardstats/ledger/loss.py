"""Goes on after a loss that no backup makes good: records which entries are lost, and leaves their numbers unused."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

from wardstats.core.durable_files import make_private, sync
from wardstats.ledger.book import Ledger
from wardstats.ledger.chain import LOSS, Chain, entry_path, plain_head
from wardstats.ledger.entry import Draft, Entry, LedgerError
from wardstats.ledger.seal import NO_ENTRY, Head


def accept_loss(ledger: Ledger, actor: str, role: str, reason: str, last: int = 0) -> Entry:
    """Write an entry that says which entries are lost, seal the rest anew, and set damaged files aside.

    Args:
        reason: How it came about, and what was tried.
        last: The last number that is known to have been given; needed where seal and last entries are both lost.

    Raises:
        LedgerError: Nothing is damaged, or no reason is given.
    """
    if not reason.strip():
        raise LedgerError("--reason: found nothing; expected how it came about. Say it.")
    with ledger.locked():
        moment = ledger.moment()
        problems, chain = ledger.examined(moment, last)
        if not problems:
            raise LedgerError(
                f"{ledger.folder}: every entry is as it was written. Nothing is lost, nothing was recorded."
            )
        given = _last_given(chain)
        kept = {entry.number: entry for entry in chain.entries}
        lost = [number for number in range(1, given + 1) if number not in kept and number not in chain.lost]
        damaged = [path for number in chain.bad if (path := entry_path(ledger.folder, number)).is_file()]
        details = {
            "lost": ranges(lost),
            "anchors": {str(number): entry.sha256 for number, entry in kept.items() if number + 1 in lost},
            "unproved": sorted(chain.loose),
            "found": problems,
        }
        ends = [kept[given]] if given in kept else [moment.head] if moment.head and moment.head.number == given else []
        before = Head(given, ends[0].sha256 if ends else NO_ENTRY)
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
        is_sealed = moment.head is not None and ledger.seal.is_made
        if not is_sealed and ledger.seal.folder.exists():
            ledger.seal.folder.rename(ledger.seal.folder.with_name(f"{ledger.seal.folder.name}.lost-{stamp}"))
        draft = Draft(LOSS, actor, role, note=reason.strip(), details=details)
        ledger.write(draft, before, begins_seal=not is_sealed)
        # Last of all: until their numbers are given up, the files themselves say that they were given.
        plain = plain_head(ledger.folder)
        _set_aside([*damaged, *chain.strangers, *([plain] if plain.exists() else ())], ledger.folder / "lost" / stamp)
        return ledger.proved_entries()[-1]


def ranges(numbers: Iterable[int]) -> list[list[int]]:
    """Return first and last of each row of numbers without a gap."""
    rows = [list(row) for _, row in groupby(enumerate(sorted(numbers)), lambda pair: pair[1] - pair[0])]
    return [[row[0][1], row[-1][1]] for row in rows]


def _last_given(chain: Chain) -> int:
    """Return the last number that may have been given: entries right behind the end may be newer than the seal."""
    behind, number = {int(path.stem) for path in chain.strangers}, chain.number
    while number + 1 in behind:
        number += 1
    return number


def _set_aside(paths: list[Path], folder: Path) -> None:
    if not paths:
        return
    make_private(folder)
    for path in paths:
        path.rename(folder / path.name)
    sync(folder)
    sync(folder.parent.parent)
