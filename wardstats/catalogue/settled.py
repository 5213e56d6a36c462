"""What a ledger settled besides rows of plain files: figures, points, benchmarks, sources, practices, revisions.

It can be written as plain files, ``settled/*.csv`` of a data folder, and read from there: an exported folder gives the
same board without its ledger. They have the same digest either way. What a ledger says later replaces them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd
from pydantic import BaseModel

from wardstats.catalogue.consultation import (
    GIVING,
    ledger_decisions,
    ledger_positions,
    ledger_withdrawn,
    position_sources,
    topic_of,
)
from wardstats.catalogue.figures import COLUMNS, KEY, read_settled
from wardstats.catalogue.ledger_figures import (
    adjustments_by_subject,
    ledger_benchmarks,
    ledger_figures,
    ledger_revisions,
    ledger_sources,
    settled_entries,
)
from wardstats.catalogue.practices import COUNTING, hand_in_differences, practice_sources, published_practices
from wardstats.core.club_records import Decision, Position, Practice, Withdrawn
from wardstats.core.csv_rows import csv_text
from wardstats.core.data_files import Reader
from wardstats.core.records import (
    Adjustment,
    Benchmark,
    Code,
    OptionalDate,
    OptionalNumber,
    OptionalText,
    PeriodText,
    Record,
    Source,
    Text,
)
from wardstats.ledger import Entry

FOLDER = "settled"
FIGURES = f"{FOLDER}/figures.csv"


class SettledAdjustment(Adjustment):
    """settled/adjustments.csv: a bonus or penalty, and what the ledger calls it."""

    adjustment_id: Text


class SettledSource(Source):
    """settled/sources.csv: a source that an entry brought along."""

    source_id: Code
    published: OptionalDate = None
    accessed: OptionalDate = None


class Revision(Record):
    """settled/revisions.csv: a change of a figure that counted already."""

    unit_code: Code
    indicator_code: Code
    period: PeriodText
    old_value: OptionalNumber
    old_numerator: OptionalNumber
    old_denominator: OptionalNumber
    new_value: OptionalNumber
    new_numerator: OptionalNumber
    new_denominator: OptionalNumber
    changed_at: Text
    action: Text
    source_id: Code


class Difference(Record):
    """settled/differences.csv: a figure that was accepted otherwise than it was handed in."""

    unit_code: Code
    indicator_code: Code
    period: PeriodText
    handed_in_value: OptionalNumber
    handed_in_numerator: OptionalNumber
    handed_in_denominator: OptionalNumber
    accepted_value: OptionalNumber
    accepted_numerator: OptionalNumber
    accepted_denominator: OptionalNumber
    accepted_at: Text
    note: OptionalText = None


@dataclass(frozen=True)
class Part:
    """One of the files: what its rows are, and what tells them apart."""

    model: type[Record]
    keys: tuple[str, ...]


_FIGURE = ("unit_code", "indicator_code", "period")
PARTS: Mapping[str, Part] = {
    "adjustments": Part(SettledAdjustment, ("adjustment_id",)),
    "benchmarks": Part(Benchmark, ("area_name", "indicator_code", "period")),
    "decisions": Part(Decision, ("topic_id",)),
    "differences": Part(Difference, _FIGURE),
    "positions": Part(Position, ("topic_id", "unit_code")),
    "practices": Part(Practice, ("practice_id",)),
    "revisions": Part(Revision, (*_FIGURE, "changed_at", "action")),
    "sources": Part(SettledSource, ("source_id",)),
    "withdrawn": Part(Withdrawn, ("topic_id", "unit_code")),
}
RowsByKey = dict[tuple[str, ...], Record]


def _no_figures() -> pd.DataFrame:
    return pd.DataFrame(columns=[*COLUMNS, "file", "line"])


@dataclass(frozen=True)
class Settled:
    """What is settled.

    Attributes:
        parts: The records of each of ``PARTS`` by their keys.
        figures: One row each: the columns of values/*.csv, and where it stands (file, line).
    """

    parts: Mapping[str, RowsByKey] = field(default_factory=dict)
    figures: pd.DataFrame = field(default_factory=_no_figures)

    def records(self, name: str) -> list[Any]:
        """Return the records of a part, in the order of their keys."""
        return [record for _, record in sorted(self.parts.get(name, {}).items())]

    def adjustments(self) -> list[Adjustment]:
        """Return the bonuses and penalties."""
        return [Adjustment.model_validate(item.model_dump(exclude={"adjustment_id"})) for item in
                self.records("adjustments")]  # fmt: skip

    def sources(self) -> dict[str, Source]:
        """Return the sources by their ids."""
        return {item.source_id: Source.model_validate(item.model_dump(exclude={"source_id"})) for item in
                self.records("sources")}  # fmt: skip

    def with_entries(self, entries: Sequence[Entry], language: str) -> Settled:
        """Return what is settled once the entries of a ledger are, too.

        Args:
            language: The block's own, from which texts that are missing in others are taken.

        Raises:
            LedgerError: An entry is not what it should be.
        """
        adjustments = adjustments_by_subject(entries)
        found: dict[str, Iterable[Record]] = {
            "adjustments": [SettledAdjustment(**item.model_dump(), adjustment_id=subject)
                            for subject, item in adjustments.items() if item],
            "benchmarks": ledger_benchmarks(entries),
            "decisions": ledger_decisions(entries, language),
            "positions": ledger_positions(entries, language),
            "withdrawn": ledger_withdrawn(entries),
            "differences": map(Difference.model_validate, hand_in_differences(entries)),
            "practices": [practice.filled(language) for practice in published_practices(entries)],
            "revisions": map(Revision.model_validate, ledger_revisions(entries)),
            "sources": [
                SettledSource(**source.filled(language).model_dump(), source_id=code)
                for code, source in (_club_sources(entries) | ledger_sources(_with_sources(entries))).items()
            ],
        }  # fmt: skip
        gone = {("adjustments", (subject,)) for subject, item in adjustments.items() if item is None}
        gone |= {("practices", (entry.subject,)) for entry in entries if entry.action in COUNTING and entry.subject}
        gone |= {(name, (topic_of(entry), str(entry.unit_code))) for entry in entries if entry.action in GIVING
                 for name in ("positions", "withdrawn")}  # fmt: skip
        parts = {
            name: {key: item for key, item in self.parts.get(name, {}).items() if (name, key) not in gone}
            | {_key(item, part): item for item in found[name]}
            for name, part in PARTS.items()
        }
        return Settled(parts, _with_later(self.figures, ledger_figures(entries)))

    def files(self) -> dict[str, bytes]:
        """Return the files that say it, by their names; one without a row is left out."""
        found: dict[str, bytes] = {}
        for name, part in PARTS.items():
            if rows := self.records(name):
                columns = list(part.model.model_fields)
                cells = ([_cell(getattr(row, column)) for column in columns] for row in rows)
                found[f"{FOLDER}/{name}.csv"] = csv_text(columns, cells).encode()
        if len(self.figures):
            ordered = self.figures[list(COLUMNS)].astype(object).sort_values(KEY)
            texts = ([_cell(value) for value in row] for row in ordered.itertuples(index=False))
            found[FIGURES] = csv_text(COLUMNS, texts).encode()
        return found


def read_settled_files(reader: Reader) -> Settled:
    """Read what a data folder itself says is settled; problems are reported to the reader."""
    parts = {name: _read_part(reader, f"{FOLDER}/{name}.csv", part) for name, part in PARTS.items()}
    return Settled(parts, read_settled(reader, FIGURES) if (reader.folder / FIGURES).is_file() else _no_figures())


def _read_part(reader: Reader, file: str, part: Part) -> RowsByKey:
    found: RowsByKey = {}
    for line, record in reader.records(file, part.model, is_required=False):
        if (key := _key(record, part)) in found:
            remedy = "Remove or correct one of the two lines."
            reader.report(file, line, None, " ".join(key) + ", a second time", "each key once", remedy)
        found[key] = record
    return found


def _with_sources(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries whose sources are in use: those that settle figures, or give points."""
    settled = {entry.number for entry in settled_entries(entries)}
    return [entry for entry in entries if entry.number in settled or entry.action == "adjust"]


def _club_sources(entries: Sequence[Entry]) -> dict[str, Source]:
    brought = practice_sources(entries) | position_sources(entries)
    return {code: Source.model_validate(fields) for code, fields in brought.items()}


def _with_later(own: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Let the ledger's figures replace those of the folder."""
    later = ledger.drop(columns="number").assign(file=[f"ledger entry {number}, change" for number in ledger["number"]])
    if not len(own):
        return later
    if not len(later):
        return own
    is_replaced = pd.MultiIndex.from_frame(own[KEY]).isin(pd.MultiIndex.from_frame(later[KEY]))
    return pd.concat([own[~is_replaced], later], ignore_index=True)


def _key(record: BaseModel, part: Part) -> tuple[str, ...]:
    return tuple(str(getattr(record, name)) for name in part.keys)


def _cell(value: Any) -> str:
    """Write a value as a reader of files takes it: a number with all its digits, nothing where there is none."""
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return value.isoformat()
    return repr(float(value)) if isinstance(value, float) else str(value).strip()
