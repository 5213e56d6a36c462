"""Keeps up rows of the data folder's plain files through the ledger: names, years, documents, targets, criteria ...

What would leave the folder unreadable is refused before anything is written, with everything that would be wrong. What
is written counts from the next board that is built, and can be taken back until something else rests on it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from wardstats.catalogue.load import Catalogue
from wardstats.catalogue.upkeep import ACTION, BLOCK, Rows, is_empty, model_of, table_of
from wardstats.core.errors import DataError, Problem
from wardstats.intake.faults import IntakeError
from wardstats.intake.handing_in import check_note, check_reason
from wardstats.intake.workspace import Workspace, now_text, recorded, signed
from wardstats.ledger import Draft, Entry
from wardstats.ledger.access import Actor, require
from wardstats.ledger.rows import Cells, RowChange, RowKey, row_changes


@dataclass(frozen=True)
class Wanted:
    """A row as somebody wants it.

    Attributes:
        file: Of the data folder.
        key: Texts of the key's columns, or the path of a TOML table.
        cells: The cells that are to be so, others stay; None: no such row. An empty one is left out.
    """

    file: str
    key: RowKey
    cells: Cells | None


# What holds in one year and is not carried over into the next.
_OF_ONE_YEAR = {"head_unit", "head_since", "deputy_unit", "decision", "deadline", "source_id", "criteria"}


class UnfitError(IntakeError):
    """With a change, the data folder could not be read any more. ``problems`` lists everything that would be wrong."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems."""
        self.problems = list(problems)
        super().__init__(
            lambda speak: "\n".join(
                [
                    speak("Not done: with this change the data could not be read any more. Nothing was written."),
                    *map(str, self.problems),
                ]
            )
        )


def changes_of(workspace: Workspace, wanted: Iterable[Wanted], entries: Sequence[Entry]) -> tuple[RowChange, ...]:
    """Return what has to change for rows to be as they are wanted, beside what entries say.

    Raises:
        IntakeError: A file or a column cannot be kept up, or everything is so already.
    """
    rows: dict[str, Rows] = {}
    found, seen = [], set[tuple[str, RowKey]]()
    for item in wanted:
        cells = None if item.cells is None else {name: _clean(cell) for name, cell in item.cells.items()}
        _refuse_unknown(item, cells)
        if (item.file, item.key) in seen:
            raise IntakeError(f"{item.file}: found {' '.join(item.key)} twice; expected each row once. Merge the two.")
        seen.add((item.file, item.key))
        if item.file not in rows:
            rows[item.file] = _rows(workspace, item.file, entries)
        if change := _change(replace(item, cells=cells), rows[item.file].now.get(item.key)):
            found.append(change)
    if not found:
        raise IntakeError(
            lambda speak: speak("Found the same already; expected something else than what is in force. Nothing was "
                                "changed.")
        )  # fmt: skip
    return tuple(found)


def next_year(catalogue: Catalogue, rows: Mapping[RowKey, Cells | None], cells: Cells) -> tuple[str, list[Wanted]]:
    """Return the year after the last one, and what it takes: the last one's rules and criteria, copied as drafts.

    Args:
        rows: Those in force in the criteria of the last year.
        cells: What is known of the new year beside that, such as its head.
    """
    last = max(catalogue.block.years, key=int)
    rules, year = catalogue.block.years[last], str(int(last) + 1)
    file = f"criteria/{year}.csv"
    copied = rules.model_dump(mode="json", exclude_none=True, exclude=_OF_ONE_YEAR)
    table = copied | {"criteria": file, "is_sample": True} | dict(cells)
    lines = [Wanted(file, key, row) for key, row in rows.items() if row is not None]
    return year, [Wanted(BLOCK, ("years", year), table), *lines]


def supposed_draft(workspace: Workspace, actor: Actor, wanted: Sequence[Wanted], reason: str = "") -> Draft:
    """Return the entry that a change would become, after checking the whole folder with it: for a look before.

    Raises:
        AccessError: The actor may not.
        UnfitError: What would be wrong then, all of it.
        IntakeError: As in ``changes_of``.
    """
    require(actor, "upkeep")
    draft = _draft(actor, changes_of(workspace, wanted, workspace.ledger.entries()), reason)
    _check(workspace, draft, workspace.ledger.entries())
    return draft


@recorded
def keep_up(
    workspace: Workspace, actor: Actor, wanted: Sequence[Wanted], reason: str, *, expected: int | None = None
) -> Entry:
    """Change, add or take out rows, all of them or none; they count from the next board that is built.

    Args:
        reason: Why; asked for.
        expected: The last entry that the actor knew.

    Raises:
        AccessError: The actor may not.
        UnfitError: The folder could not be read any more; nothing is written. All problems are listed.
        IntakeError: No reason, or as in ``changes_of``.
        StaleError: Somebody changed one of the rows in the meantime.
    """
    require(actor, "upkeep")
    seen = workspace.ledger.head if expected is None else expected
    draft = _draft(actor, changes_of(workspace, wanted, workspace.ledger.entries()), check_reason(reason))
    return workspace.ledger.append(draft, expected=seen, check=lambda entries: _check(workspace, draft, entries))


@recorded
def undo(workspace: Workspace, actor: Actor, number: int, reason: str, *, expected: int | None = None) -> Entry:
    """Take an entry back: its rows are again what they were before. One that takes back can be taken back, too.

    Raises:
        AccessError: The actor may not.
        UnfitError: The folder could not be read any more, because something else rests on what the entry did.
        IntakeError: There is no such entry, no reason, or its rows were changed again later.
        StaleError: Somebody changed one of the rows in the meantime.
    """
    require(actor, "upkeep")
    seen = workspace.ledger.head if expected is None else expected
    draft = undo_draft(workspace, actor, number, check_reason(reason))
    return workspace.ledger.append(draft, expected=seen, check=lambda entries: _check(workspace, draft, entries))


def undo_draft(workspace: Workspace, actor: Actor, number: int, reason: str = "") -> Draft:
    """Return the entry that taking one back would become; errors as in ``undo``."""
    entries = workspace.ledger.entries()
    entry = next((found for found in entries if found.number == number and found.action == ACTION), None)
    if entry is None:
        raise IntakeError(
            lambda speak: speak("Entry {number}: found no change of the data; expected one. Choose it from the list.",
                                number=number)
        )  # fmt: skip
    later = [found.number for found in later_changes(workspace, entry, entries)]
    if later:
        raise IntakeError(
            lambda speak: speak(
                "Entry {number}: found that its rows were changed again later (entries {later}); expected them as it "
                "left them. Take those back first.", number=number, later=", ".join(map(str, later)),
            )
        )  # fmt: skip
    changes = tuple(change.reversed for change in reversed(row_changes(entry.details)))
    return _draft(actor, changes, reason, undoes=number)


def later_changes(workspace: Workspace, entry: Entry, entries: Sequence[Entry]) -> list[Entry]:
    """Return the later entries about rows that are not as an entry left them: it cannot be taken back."""
    changed = {change.place for change in row_changes(entry.details) if not _is_so(workspace, change, entries)}
    if not changed:
        return []
    return [
        found
        for found in entries
        if found.number > entry.number
        and any(change.place in changed for change in row_changes(found.details))
    ] or [entry]  # fmt: skip


def _is_so(workspace: Workspace, change: RowChange, entries: Sequence[Entry]) -> bool:
    """Tell whether a row is as a change left it."""
    row = _rows(workspace, change.file, entries).now.get(change.key)
    if change.after is None or row is None:
        return change.after is None and row is None
    named = row if change.before is None else change.after
    keys = table_of(change.file).keys  # pyright: ignore[reportOptionalMemberAccess] - it was kept up
    return all(
        same_cell(row.get(name), change.after.get(name)) for name in {*named, *change.after} if name not in keys
    )  # fmt: skip


def _change(wanted: Wanted, row: Cells | None) -> RowChange | None:
    """Return the change that makes a row as it is wanted; None where it is so."""
    keys = table_of(wanted.file).keys  # pyright: ignore[reportOptionalMemberAccess] - was looked at before
    if wanted.cells is None:
        if row is None:
            return None
        before = {name: cell for name, cell in row.items() if name not in keys and not is_empty(cell)}
        return RowChange(wanted.file, wanted.key, before, None)
    cells = {name: cell for name, cell in wanted.cells.items() if name not in keys}
    if row is None:
        return RowChange(wanted.file, wanted.key, None, {n: cell for n, cell in cells.items() if not is_empty(cell)})
    after = {name: cell for name, cell in cells.items() if not same_cell(row.get(name), cell)}
    if not after:
        return None
    return RowChange(wanted.file, wanted.key, {name: row.get(name) for name in after}, after)


def same_cell(one: Any, other: Any) -> bool:
    """Tell whether two cells say the same."""
    return (is_empty(one) and is_empty(other)) or (one == other and isinstance(one, bool) == isinstance(other, bool))


def _refuse_unknown(wanted: Wanted, cells: Cells | None) -> None:
    table = table_of(wanted.file)
    if table is None or (table.keys and len(wanted.key) != len(table.keys)):
        raise IntakeError(
            lambda speak: speak("{file}: found a file that is not kept up here, or another key; expected one of the "
                                "list. Choose it from the list.", file=wanted.file)
        )  # fmt: skip
    known = {*table.keys, *model_of(wanted.file, wanted.key).model_fields}
    unknown = sorted({*(cells or ())} - known) if table.keys else []
    if unknown:
        raise IntakeError(
            lambda speak: speak("{file}: found unknown columns ({names}); expected those of the file. Correct them.",
                                file=wanted.file, names=", ".join(unknown))
        )  # fmt: skip


def _rows(workspace: Workspace, file: str, entries: Sequence[Entry]) -> Rows:
    try:
        return workspace.kept_rows(file, entries)
    except ValueError as error:
        told = str(error)
        raise IntakeError(
            lambda speak: speak("{file}: found {found}; expected a file that can be read. Mend it in the data folder.",
                                file=file, found=told)
        ) from error  # fmt: skip


def _draft(actor: Actor, changes: Sequence[RowChange], reason: str, **details: Any) -> Draft:
    rows = [change.as_details() for change in changes]
    return signed(actor, ACTION, note=check_note(reason), details={"rows": rows, **details})


def _check(workspace: Workspace, draft: Draft, entries: Sequence[Entry]) -> None:
    """Read the whole folder as it would be."""
    number = entries[-1].number + 1 if entries else 1
    try:
        workspace.catalogue_of([*entries, Entry.of(draft, number, now_text(), "")])
    except DataError as error:
        raise UnfitError(error.problems) from error


def _clean(cell: Any) -> Any:
    return unicodedata.normalize("NFC", cell).strip() if isinstance(cell, str) else cell
