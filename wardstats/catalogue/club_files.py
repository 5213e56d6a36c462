"""Reads the club's files of a data folder and checks them against one another. Every file may be absent.

Owns the checks; ``records`` owns what one line can tell by itself. Problems go to the reader, like the catalogue's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from wardstats.catalogue import consultation
from wardstats.catalogue.practices import COUNTING
from wardstats.core.club_records import (
    Activity,
    Adoption,
    Decision,
    Document,
    Model,
    ModelCriterion,
    Position,
    Practice,
    Topic,
    Withdrawn,
)
from wardstats.core.data_files import REFERENCES, Lines, R, Reader, records_of
from wardstats.core.periods import parse_period
from wardstats.ledger import Entry

# The file in whose first column a code must stand, by the column that holds it.
_WHERE = REFERENCES | {
    "owner_unit": "units.csv",
    "model_code": "models.csv",
    "topic_id": "topics.csv",
}


@dataclass(frozen=True)
class Club:
    """What the club's files hold, all checked.

    Attributes:
        differences: Figures that were accepted otherwise than handed in; see ``practices.hand_in_differences``.
    """

    activities: list[Activity] = field(default_factory=list)
    documents: list[Document] = field(default_factory=list)
    models: list[Model] = field(default_factory=list)
    model_criteria: list[ModelCriterion] = field(default_factory=list)
    adoptions: list[Adoption] = field(default_factory=list)
    practices: list[Practice] = field(default_factory=list)
    topics: list[Topic] = field(default_factory=list)
    positions: list[Position] = field(default_factory=list)
    differences: list[dict[str, Any]] = field(default_factory=list)


def counts(entry: Entry) -> bool:
    """Tell whether an entry changes what readers see of the club."""
    return entry.action in COUNTING | consultation.COUNTING


@dataclass(frozen=True)
class Written:
    """What was written in the program: practices, positions on topics, decisions on them."""

    practices: Sequence[Practice] = ()
    positions: Sequence[Position] = ()
    withdrawn: Sequence[Withdrawn] = ()
    decisions: Sequence[Decision] = ()


def read_club(reader: Reader, written: Written) -> Club:
    """Read the files, with what was written in the program; problems are reported to the reader."""
    activities = reader.records("activities.csv", Activity, is_required=False)
    documents = reader.records("documents.csv", Document, is_required=False)
    models = reader.records("models.csv", Model, is_required=False)
    criteria = reader.records("model_criteria.csv", ModelCriterion, is_required=False)
    adoptions = reader.records("adoptions.csv", Adoption, is_required=False)
    practices = _with_written(reader.records("practices.csv", Practice, is_required=False), written.practices)
    topics = consultation.with_decisions(reader.records("topics.csv", Topic, is_required=False), written.decisions)
    positions = consultation.with_positions(
        reader.records("positions.csv", Position, is_required=False), written.positions, written.withdrawn
    )
    for file in ("models.csv", "topics.csv"):
        reader.codes.setdefault(file, set())  # a file that is not there knows no code

    check = _Checks(reader)
    check.lines("activities.csv", activities, lambda a: (a.activity_id,), "owner_unit")
    check.lines("documents.csv", documents, lambda d: (d.document_id,))
    check.lines("models.csv", models, lambda m: (m.model_code,))
    check.lines("model_criteria.csv", criteria, lambda c: (c.model_code, c.item), "model_code", "indicator_code")
    check.lines("adoptions.csv", adoptions, lambda a: (a.unit_code, a.model_code, a.stage), "unit_code", "model_code")
    check.lines(
        "practices.csv", practices, lambda p: (p.practice_id,), "unit_code", "indicator_code", "model_code"
    )  # fmt: skip
    check.periods(practices)
    check.lines("topics.csv", topics, lambda t: (t.topic_id,))
    check.decisions(written.decisions)
    check.lines("positions.csv", positions, lambda p: (p.topic_id, p.unit_code), "topic_id", "unit_code")
    for file, lines in (("documents.csv", documents), ("practices.csv", practices)):
        check.files(file, lines)
    return Club(
        activities=records_of(activities),
        documents=records_of(documents),
        models=records_of(models),
        model_criteria=records_of(criteria),
        adoptions=records_of(adoptions),
        practices=records_of(practices),
        topics=records_of(topics),
        positions=records_of(positions),
    )


def _with_written(lines: Lines[Practice], written: Sequence[Practice]) -> Lines[Practice]:
    """Let a practice written in the program replace the file's of the same id."""
    ids = {practice.practice_id for practice in written}
    return [*((n, item) for n, item in lines if item.practice_id not in ids), *((0, item) for item in written)]


@dataclass
class _Checks:
    """Checks across lines and files."""

    reader: Reader

    def lines(self, file: str, lines: Lines[R], key: Callable[[R], tuple[object, ...]], *columns: str) -> None:
        """Report keys that stand twice, and codes that stand nowhere: each of these once, where it stands first."""
        first: dict[tuple[object, ...], int] = {}
        told: set[tuple[str, str]] = set()
        for line, record in lines:
            if line and (other := first.setdefault(key(record), line)) != line:
                found = " ".join(map(str, key(record))) + f", as in line {other}"
                self.reader.report(file, line, None, found, "each key once", "Remove or correct one of the two lines.")
            for column in ("source_id", *columns):
                code, where = getattr(record, column), _WHERE[column]
                if code is not None and (column, code) not in told and self.reader.is_unknown(code, where):
                    told.add((column, code))
                    place = (file, line) if line else (f"ledger ({' '.join(map(str, key(record)))})", None)
                    remedy = self.reader.advice(code, where)
                    self.reader.report(*place, column, repr(code), f"a code of {where}", remedy)

    def decisions(self, decisions: Sequence[Decision]) -> None:
        """Report decisions of the ledger on a topic that is not in the file any more."""
        for code in (decision.topic_id for decision in decisions):
            if self.reader.is_unknown(code, "topics.csv"):
                remedy = self.reader.advice(code, "topics.csv")
                self.reader.report(f"ledger ({code})", None, "topic_id", repr(code), "a code of topics.csv", remedy)

    def periods(self, practices: Lines[Practice]) -> None:
        """Report practices whose result would be measured backwards."""
        for line, practice in practices:
            before, after = parse_period(practice.period_before), parse_period(practice.period_after)
            if after.ends_on <= before.ends_on:
                expected = f"a period that ends after {practice.period_before}"
                self.reader.report(
                    "practices.csv", line, "period_after", repr(practice.period_after), expected, "Correct one of them."
                )

    def files(self, file: str, lines: Iterable[tuple[int, Any]]) -> None:
        """Report attached files that are not there; those that are count in the digest of what was read."""
        for line, record in lines:
            if record.path is None:
                continue
            path = self.reader.folder / record.path
            if path.is_file():
                if record.path not in self.reader.digests:  # one that is read itself counts as it is in force
                    self.reader.keep_digest(record.path, sha256(path.read_bytes()).hexdigest())
            else:
                remedy = "Put it there, or leave the cell empty."
                self.reader.report(file, line, "path", repr(record.path), "a file of the data folder", remedy)
