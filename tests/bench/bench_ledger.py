"""A ledger of 10,000 entries: reading it, reading on, and the proof before each entry; ``make bench`` runs it."""

from __future__ import annotations

import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from wardstats.ledger import Change, Draft, Entry, Figure, Ledger
from wardstats.ledger.chain import entry_path
from wardstats.ledger.seal import NO_ENTRY, Head

COUNT, FIGURES, BUDGET_S = 10_000, 20, 0.005


def _write(ledger: Ledger) -> None:
    ledger.folder.mkdir()
    figure = Figure(1.5, 3, 4, "verified", "handin")
    changes = tuple(Change("03006", f"indicator_{n}", "2026-10", None, figure) for n in range(FIGURES))
    draft, previous = Draft("accept", "an@example.vn", "secretariat", changes=changes), NO_ENTRY
    for number in range(1, COUNT + 1):
        content = Entry.of(draft, number, "2026-11-01T00:00:00.000+00:00", previous).written()
        entry_path(ledger.folder, number).write_bytes(content)
        previous = sha256(content).hexdigest()
    ledger.seal.begin(Head(COUNT, previous))


def _cpu_s(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def test_reading_a_long_ledger(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger")
    _write(ledger)
    size = sum(path.stat().st_size for path in ledger.folder.glob("*.json")) / 1e6
    first = _cpu_s(ledger.entries)
    unchanged = _cpu_s(lambda: [ledger.entries() for _ in range(100)]) / 100
    proved = _cpu_s(ledger.proved_entries)
    Ledger(ledger.folder).append(Draft("note", "an", "officer"))
    one_more = _cpu_s(ledger.entries)
    print(
        f"\nledger of {COUNT:,} entries, {size:.0f} MB, CPU: first reading {first:.2f} s, nothing new "
        f"{unchanged * 1000:.2f} ms, one new {one_more * 1000:.1f} ms, proof of all {proved:.2f} s; "
        f"budget {BUDGET_S * 1000:.0f} ms for nothing new"
    )
    assert ledger.head == COUNT + 1
    assert unchanged < BUDGET_S
