"""What the ledger adds to the data folder: the figures, adjustments, benchmarks and sources that are in force.

Only entries that settle a figure count (``COUNTING_ACTIONS``): what was handed in and not accepted changes no board.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd
from pydantic import ValidationError

from wardstats.catalogue.figures import COLUMNS
from wardstats.core.records import Adjustment, Benchmark, Source
from wardstats.ledger.entry import Change, Entry, Figure, Key, LedgerError

COUNTING_ACTIONS = frozenset({"accept", "correct", "harvest"})
UNDO = "unaccept"  # takes an acceptance back before it is published: neither of the two counts


def settled_entries(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries that settle figures, without the acceptances that were taken back."""
    entries = list(entries)
    undone = {entry.details["undoes"] for entry in entries if entry.action == UNDO}
    return [entry for entry in entries if entry.action in COUNTING_ACTIONS and entry.number not in undone]


def ledger_figures(entries: Iterable[Entry]) -> pd.DataFrame:
    """Return the figures in force, one row each: the columns of values/*.csv, the entry's number and the line in it."""
    in_force: dict[Key, tuple[Figure, int, int]] = {}
    for entry, line, change in _changes(entries):
        if change.after is None:
            in_force.pop(change.key, None)
        else:
            in_force[change.key] = (change.after, entry.number, line)
    rows = [
        (*key, f.value, f.numerator, f.denominator, f.status, f.source_id, f.note, number, line)
        for key, (f, number, line) in in_force.items()
    ]
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "number", "line"])
    return frame.astype(dict.fromkeys(("value", "numerator", "denominator"), float))


def ledger_revisions(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Return each change of a figure that counted already: old and new figure, when, by which action."""
    return [
        {
            "unit_code": change.unit_code,
            "indicator_code": change.indicator_code,
            "period": change.period,
            **figure_columns("old", change.before),
            **figure_columns("new", change.after),
            "changed_at": entry.at,
            "action": entry.action,
            "source_id": (change.after or change.before).source_id,
        }
        for entry, _, change in _changes(entries)
        if change.before is not None and change.before.status != "demonstration"
        if not change.before.same_as(change.after)
    ]


def ledger_adjustments(entries: Iterable[Entry]) -> list[Adjustment]:
    """Return the adjustments in force: the last entry about each subject counts, and one of 0 points lifts it."""
    return [found for found in adjustments_by_subject(entries).values() if found is not None]


def adjustments_by_subject(entries: Iterable[Entry]) -> dict[str, Adjustment | None]:
    """Return the adjustments by what the ledger calls them; None is one that was lifted."""
    latest = {entry.subject or f"entry {entry.number}": entry for entry in entries if entry.action == "adjust"}
    return {
        subject: _record(Adjustment, entry, {"unit_code": entry.unit_code, "period": entry.period, **_adjusted(entry)})
        if entry.details.get("points") != 0
        else None
        for subject, entry in latest.items()
    }


def ledger_benchmarks(entries: Iterable[Entry]) -> list[Benchmark]:
    """Return the benchmarks that harvests brought; a later one replaces an earlier one."""
    found = (
        _record(Benchmark, entry, item)
        for entry in settled_entries(entries)
        for item in entry.details.get("benchmarks", ())
    )
    return list({(item.area_name, item.indicator_code, item.period): item for item in found}.values())


def ledger_sources(entries: Iterable[Entry]) -> dict[str, Source]:
    """Return the sources that entries bring along."""
    return {
        source_id: _record(Source, entry, item)
        for entry in entries
        for source_id, item in entry.details.get("sources", {}).items()
    }


def _changes(entries: Iterable[Entry]) -> Iterator[tuple[Entry, int, Change]]:
    for entry in settled_entries(entries):
        for line, change in enumerate(entry.changes, 1):
            yield entry, line, change


def figure_columns(prefix: str, figure: Figure | None) -> dict[str, float | None]:
    """Return a figure as columns of a table whose names begin alike."""
    names = ("value", "numerator", "denominator")
    return {f"{prefix}_{name}": getattr(figure, name) if figure else None for name in names}


def _adjusted(entry: Entry) -> dict[str, Any]:
    return {name: entry.details.get(name) for name in ("points", "reason", "source_id")}


def _record(model: Any, entry: Entry, fields: Mapping[str, Any]) -> Any:
    try:
        return model.model_validate(fields)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise LedgerError(f"Ledger, entry {entry.number} ({entry.action}): {faults}.") from error
