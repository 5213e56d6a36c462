"""Rows of the data folder's plain files that are kept up through the ledger: which there are, and what is in force.

The folder's own files stay as they are. A reader gets each file as it would be with the ledger's rows in it, so one set
of checks holds for both, and an export is no more than these files written out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from wardstats.core.club_records import Activity, Adoption, Document, Model, ModelCriterion, Position, Topic
from wardstats.core.csv_rows import Row, csv_rows, with_csv_rows
from wardstats.core.data_files import Overlaid
from wardstats.core.records import Benchmark, Block, Criterion, Indicator, Record, Source, Target, Theme, Unit, Year
from wardstats.core.toml_tables import toml_rows, with_toml_rows
from wardstats.ledger import Entry
from wardstats.ledger.rows import RowChange, RowKey, row_changes

ACTION = "upkeep"
BLOCK, SOURCES = "block.toml", "sources.toml"
_CRITERIA = re.compile(r"criteria/[A-Za-z0-9_-][A-Za-z0-9_.-]*\.csv")


@dataclass(frozen=True)
class Table:
    """A kind of file that can be kept up.

    Attributes:
        model: What a row of it must be.
        keys: The columns that tell its rows apart; none in a TOML file, whose tables are told by their paths.
    """

    model: type[Record]
    keys: tuple[str, ...] = ()

    @property
    def columns(self) -> list[str]:
        """All columns that there may be, those of the key first."""
        return [*self.keys, *(name for name in self.model.model_fields if name not in self.keys)]


_TABLES: Mapping[str, Table] = {
    "units.csv": Table(Unit, ("unit_code",)),
    "themes.csv": Table(Theme, ("theme_code",)),
    "indicators.csv": Table(Indicator, ("indicator_code",)),
    "targets.csv": Table(Target, ("unit_code", "indicator_code", "year")),
    "benchmarks.csv": Table(Benchmark, ("area_name", "indicator_code", "period")),
    "activities.csv": Table(Activity, ("activity_id",)),
    "documents.csv": Table(Document, ("document_id",)),
    "models.csv": Table(Model, ("model_code",)),
    "model_criteria.csv": Table(ModelCriterion, ("model_code", "item")),
    "adoptions.csv": Table(Adoption, ("unit_code", "model_code", "stage")),
    "topics.csv": Table(Topic, ("topic_id",)),
    "positions.csv": Table(Position, ("topic_id", "unit_code")),
    BLOCK: Table(Block),
    SOURCES: Table(Source),
}


def table_of(file: str) -> Table | None:
    """Return what kind of file this is; None where it cannot be kept up."""
    return Table(Criterion, ("indicator_code",)) if _CRITERIA.fullmatch(file) else _TABLES.get(file)


def model_of(file: str, key: RowKey) -> type[Record]:
    """Return what one row of a file must be: of block.toml, the table of a year is one of its own."""
    table = table_of(file)
    assert table is not None, file
    return Year if file == BLOCK and key[:1] == ("years",) else table.model


@dataclass
class Rows:
    """The rows of one file.

    Attributes:
        own: Those of the folder's own file.
        now: Those in force; None where one was taken out.
        numbers: Which entry settled a row, of those that the ledger speaks of.
        lost: Changes of rows that are not there any more, by the entry's number.
    """

    own: dict[RowKey, Row]
    now: dict[RowKey, Row | None]
    numbers: dict[RowKey, int] = field(default_factory=dict)
    lost: list[tuple[int, RowKey]] = field(default_factory=list)

    def apply(self, number: int, change: RowChange, keys: Sequence[str]) -> None:
        """Let an entry's change be in force."""
        key, row = change.key, self.now.get(change.key)
        if change.after is None or change.before is None:  # the row as a whole: what was changed in it before is over
            self.lost = [one for one in self.lost if one[1] != key]
        if change.after is None:
            if row is None:
                return
            self.now[key] = None
        else:
            named = dict(change.after)
            if row is None and change.before is not None:
                self.lost.append((number, key))
                return
            if row is None:
                row = dict(zip(keys, key, strict=True)) if keys else {}
            self.now[key] = {
                name: cell for name, cell in {**row, **named}.items() if name not in named or not is_empty(cell)
            }
        self.numbers[key] = number


def is_empty(cell: object) -> bool:
    """Tell whether a cell holds nothing."""
    return cell is None or cell == ""


def changes_by_file(entries: Iterable[Entry]) -> dict[str, list[tuple[int, RowChange]]]:
    """Return the changes of rows that entries hold, with their numbers, by file."""
    found: dict[str, list[tuple[int, RowChange]]] = {}
    for entry in entries:
        for change in row_changes(entry.details) if entry.action == ACTION else ():
            found.setdefault(change.file, []).append((entry.number, change))
    return found


def file_rows(folder: Path, file: str, entries: Iterable[Entry]) -> Rows:
    """Return the rows of one file as the folder has them and as they are in force.

    Raises:
        ValueError: The folder's own file cannot be read as one of its kind.
    """
    return _rows(_own(folder, file), file, changes_by_file(entries).get(file, ()))


def overlaid_files(folder: Path, entries: Iterable[Entry]) -> tuple[dict[str, Overlaid], dict[str, Rows]]:
    """Return the files that the ledger makes differ from the folder's own, and the rows of each it speaks of.

    A file of the folder that cannot be read is left out: its reader tells what is wrong with it.
    """
    files: dict[str, Overlaid] = {}
    rows: dict[str, Rows] = {}
    for file, changes in changes_by_file(entries).items():
        own = _own(folder, file)
        try:
            found = rows[file] = _rows(own, file, changes)
            text = _text(own)
            overlaid = _overlaid(file, own, text, found)
        except ValueError:
            continue
        if overlaid is not None and overlaid.text != text:
            files[file] = overlaid
    return files, rows


def _overlaid(file: str, own: bytes | None, text: str | None, rows: Rows) -> Overlaid | None:
    table = table_of(file)
    assert table is not None
    touched = {key: row for key, row in rows.now.items() if key in rows.numbers and _filled(row) != _filled(
        rows.own.get(key))}  # fmt: skip
    if not touched:
        return None
    named = {key: f"ledger entry {number}" for key, number in rows.numbers.items()}
    if table.keys:
        written, places = with_csv_rows(text, table.keys, table.columns, touched)
        return Overlaid(own, written, {line: named[at] if isinstance(at, tuple) else at for line, at in places.items()})
    written = with_toml_rows(text, touched)
    all_named = ", ".join(dict.fromkeys(named[key] for key in touched if rows.now[key] != rows.own.get(key)))
    return Overlaid(own, written, _line_places(text or "", written, all_named))


def _filled(row: Row | None) -> dict[str, object] | None:
    """Return a row without its empty cells."""
    return None if row is None else {name: cell for name, cell in row.items() if not is_empty(cell)}


def _line_places(before: str, after: str, name: str) -> dict[int, int | str]:
    """Return where each line of a text comes from: its number in the text of before, or the name given."""
    lines = before.splitlines(), after.splitlines()
    places: dict[int, int | str] = {number: name for number in range(1, len(lines[1]) + 1)}
    for old, new, size in SequenceMatcher(None, *lines, autojunk=False).get_matching_blocks():
        places |= {new + offset + 1: old + offset + 1 for offset in range(size)}
    return places


def _own(folder: Path, file: str) -> bytes | None:
    path = folder / file
    return path.read_bytes() if path.is_file() else None


def _text(own: bytes | None) -> str | None:
    return None if own is None else own.decode("utf-8-sig")


def _rows(own: bytes | None, file: str, changes: Iterable[tuple[int, RowChange]]) -> Rows:
    table = table_of(file)
    if table is None:
        raise ValueError(f"{file} cannot be kept up")
    text = _text(own)
    read = csv_rows(text, table.keys) if table.keys else toml_rows(text)
    rows = Rows(read, dict(read))
    for number, change in changes:
        rows.apply(number, change, table.keys)
    return rows
