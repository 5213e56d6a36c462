"""Reads a data folder into typed records and checks what takes more than one line: keys, references, totals.

Owns the data contract. Refuses to return anything while one problem is left: ``DataError`` lists them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import BaseModel

from wardstats.catalogue.club_files import Club, Written, counts, read_club
from wardstats.catalogue.figures import read_values
from wardstats.catalogue.ledger_figures import settled_entries
from wardstats.catalogue.settled import FOLDER as SETTLED
from wardstats.catalogue.settled import read_settled_files
from wardstats.catalogue.upkeep import ACTION as UPKEEP
from wardstats.catalogue.upkeep import Rows, overlaid_files
from wardstats.core.data_files import REFERENCES, Lines, R, Reader, records_of, toml_line
from wardstats.core.errors import DataError, Problem
from wardstats.core.languages import LANGUAGES
from wardstats.core.periods import parse_period
from wardstats.core.records import (
    ROOT,
    Adjustment,
    Benchmark,
    Block,
    Criterion,
    Indicator,
    Source,
    Target,
    Theme,
    Unit,
)
from wardstats.ledger import Entry, Ledger


@dataclass(frozen=True)
class Catalogue:
    """A data folder that has passed every check.

    Attributes:
        folder: Where it was read from.
        content_sha256: Over the names and bytes of the files that hold what is in force: the same for a folder with a
            ledger and for what is exported of the two, and what it was before once something has been taken back.
        files: The digest of each file of the folder itself that was read, by name.
        written: The files that the ledger makes differ from the folder's own, by name: with them it needs no ledger.
        criteria: By year.
        figures: One row per figure as received; see ``figures.read_values``.
        notices: What is no fault and may not be meant.
    """

    folder: Path
    content_sha256: str
    files: Mapping[str, str]
    written: Mapping[str, bytes]
    block: Block
    units: list[Unit]
    themes: list[Theme]
    indicators: list[Indicator]
    criteria: Mapping[int, list[Criterion]]
    figures: pd.DataFrame
    adjustments: list[Adjustment]
    targets: list[Target]
    benchmarks: list[Benchmark]
    sources: Mapping[str, Source]
    revisions: list[dict[str, Any]]
    club: Club
    notices: tuple[Problem, ...] = ()


def entries_that_count(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries of a ledger that change what a build gives: figures, adjustments, the club, rows of files."""
    entries = list(entries)
    settled = {entry.number for entry in settled_entries(entries)}
    return [
        entry
        for entry in entries
        if entry.number in settled or entry.action in ("adjust", UPKEEP) or counts(entry)
    ]  # fmt: skip


def former_content_digest(files: Mapping[str, str], entries: Iterable[Entry]) -> str:
    """Return the digest as earlier versions made it, by which the boards that they built are found again."""
    digests = dict(files)
    if counting := entries_that_count(entries):
        digests["ledger"] = sha256("\n".join(entry.sha256 for entry in counting).encode()).hexdigest()
    return content_digest(digests)


def content_digest(files: Mapping[str, str]) -> str:
    """Return the digest of what a catalogue is read from: files, by name and digest."""
    return sha256("\n".join(f"{name} {digest}" for name, digest in sorted(files.items())).encode()).hexdigest()


def load_catalogue(folder: Path, ledger: Ledger | None = None) -> Catalogue:
    """Read and check a data folder, and what its ledger adds to it.

    Args:
        ledger: Its accepted and harvested figures replace the folder's of the same unit, indicator and period.

    Raises:
        DataError: One or more problems, all of them listed.
        LedgerError: An entry of the ledger is not as it was written; what it settled must not be left out unsaid.
    """
    entries = ledger.proved_entries() if ledger else []
    overlaid, kept_up = overlaid_files(folder, entries)
    reader = Reader(folder, overlaid=overlaid)
    if not folder.is_dir():
        remedy = "Give the folder with --data or WARDSTATS_DATA."
        reader.report(str(folder), None, None, "no such folder", "a data folder with block.toml", remedy)
        raise DataError(reader.problems)
    block = read_block(reader)
    _report_lost(reader, kept_up)
    settled = read_settled_files(reader).with_entries(entries, reader.language)
    sources = _read_sources(reader) | settled.sources()
    if "sources.toml" in reader.codes:
        reader.codes["sources.toml"].update(sources)
    units = reader.records("units.csv", Unit)
    themes = reader.records("themes.csv", Theme)
    indicators = reader.records("indicators.csv", Indicator)
    criteria = {
        int(year): reader.records(rules.criteria, Criterion) for year, rules in (block.years if block else {}).items()
    }
    adjustments = reader.records("adjustments.csv", Adjustment, is_required=False)
    adjustments += [(0, adjustment) for adjustment in settled.adjustments()]
    targets = reader.records("targets.csv", Target, is_required=False)
    benchmarks = _with_later(
        reader.records("benchmarks.csv", Benchmark, is_required=False), settled.records("benchmarks")
    )
    known = {indicator.indicator_code: indicator for _, indicator in indicators}
    figures = read_values(reader, known, settled.figures, block.frequency if block else None)
    names = ("practices", "positions", "withdrawn", "decisions")
    club = read_club(reader, Written(**{name: settled.records(name) for name in names}))

    check = _Checks(reader)
    check.units(units)
    check.themes(themes)
    check.indicators(indicators)
    if block:
        check.block(block)
        for year, lines in criteria.items():
            check.criteria(block.years[str(year)].criteria, lines, block.years[str(year)].total_points)
        check.scored_periods(block, figures)
    check.adjustments(adjustments, block)
    check.targets(targets)
    check.benchmarks(benchmarks)
    if reader.problems or block is None:
        raise DataError(reader.problems)
    settled_files = settled.files()
    digests = {name: digest for name, digest in reader.digests.items() if not name.startswith(f"{SETTLED}/")}
    digests |= {name: sha256(content).hexdigest() for name, content in settled_files.items()}
    written = {name: found.content for name, found in overlaid.items()} | settled_files
    return Catalogue(
        folder=folder,
        content_sha256=content_digest(digests),
        files=dict(reader.own_digests),
        written=written,
        block=block,
        units=records_of(units),
        themes=records_of(themes),
        indicators=records_of(indicators),
        criteria={year: records_of(lines) for year, lines in criteria.items()},
        figures=figures,
        adjustments=records_of(adjustments),
        targets=records_of(targets),
        benchmarks=records_of(benchmarks),
        sources=sources,
        revisions=[item.model_dump() for item in settled.records("revisions")],
        club=replace(club, differences=[item.model_dump() for item in settled.records("differences")]),
        notices=tuple(reader.notices),
    )


def _report_lost(reader: Reader, kept_up: Mapping[str, Rows]) -> None:
    """Report entries that change a row which somebody has taken out of the folder's own file since."""
    for file, rows in kept_up.items():
        for number, key in rows.lost:
            place, remedy = f"{file}, ledger entry {number}", "Put the row back into the file."
            reader.report(place, None, None, f"no row {' '.join(key)}", "the row that the entry changes", remedy)


def _with_later(lines: Lines[Benchmark], later: list[Benchmark]) -> Lines[Benchmark]:
    """Let what the ledger brought replace the folder's benchmark of the same area, indicator and period."""
    replaced = {(item.area_name, item.indicator_code, item.period) for item in later}
    kept = [(n, item) for n, item in lines if (item.area_name, item.indicator_code, item.period) not in replaced]
    return [*kept, *((0, item) for item in later)]


def read_block(reader: Reader) -> Block | None:
    """Read block.toml, and let the reader expect names in its language."""
    found = reader.toml("block.toml")
    if found is None:
        return None
    if (own := found[1].get("default_language")) in LANGUAGES:
        reader.language = own
    return reader.toml_record("block.toml", Block, *found)


def _read_sources(reader: Reader) -> dict[str, Source]:
    found = reader.toml("sources.toml")
    if found is None:
        return {}
    text, tables = found
    reader.codes["sources.toml"] = set(tables)
    records = {}
    for source_id, table in tables.items():
        record = reader.toml_record("sources.toml", Source, text, table, source_id)
        if record:
            records[source_id] = record
    return records


@dataclass
class _Checks:
    """Checks across files. Each method takes (line, record) pairs of one file and reports to the reader."""

    reader: Reader

    def block(self, block: Block) -> None:
        found = self.reader.toml("block.toml")
        text = found[0] if found else ""
        for year, rules in block.years.items():
            for key, column in (("head_unit", "unit_code"), ("deputy_unit", "unit_code"), ("source_id", "source_id")):
                if (code := getattr(rules, key)) is not None:
                    self._check_known(
                        "block.toml", toml_line(text, ["years", year, key]), key, code, REFERENCES[column]
                    )

        for number, band in enumerate(block.bands):
            self._check_known(
                "block.toml", toml_line(text, ["bands", str(number), "source_id"]), "source_id", band.source_id,
                REFERENCES["source_id"],
            )  # fmt: skip

    def units(self, lines: Lines[Unit]) -> None:
        self._unique("units.csv", lines, lambda u: (u.unit_code,))
        self._known("units.csv", lines, "source_id")
        if lines and not any(unit.is_member for _, unit in lines):
            expected = "at least one unit with is_member true"
            self.reader.report("units.csv", None, "is_member", "no member", expected, "Mark the units to be ranked.")

    def themes(self, lines: Lines[Theme]) -> None:
        self._unique("themes.csv", lines, lambda t: (t.theme_code,))
        parents = {theme.theme_code: theme.parent_code for _, theme in lines}
        for line, theme in lines:
            if theme.theme_code == ROOT:
                expected = f"another code: {ROOT!r} is what all themes add up to"
                self.reader.report("themes.csv", line, "theme_code", repr(ROOT), expected, "Choose another code.")
            if theme.parent_code:
                self._check_known("themes.csv", line, "parent_code", theme.parent_code, "themes.csv")
            if _is_in_cycle(theme.theme_code, parents):
                expected = "a parent that is not below the theme itself"
                self.reader.report("themes.csv", line, "parent_code", repr(theme.parent_code), expected, "Correct it.")

    def indicators(self, lines: Lines[Indicator]) -> None:
        self._unique("indicators.csv", lines, lambda i: (i.indicator_code,))
        self._known("indicators.csv", lines, "source_id")
        for line, indicator in lines:
            self._check_known("indicators.csv", line, "theme_code", indicator.theme_code, "themes.csv")

    def criteria(self, file: str, lines: Lines[Criterion], total_points: float | None) -> None:
        self._unique(file, lines, lambda c: (c.indicator_code,))
        self._known(file, lines, "indicator_code")
        total = sum(criterion.max_points for _, criterion in lines)
        is_complete = lines and not any(problem.file == file for problem in self.reader.problems)
        if is_complete and total_points is not None and abs(total - total_points) > 1e-9:
            expected = f"{total_points:g} points in all, as block.toml says (total_points)"
            self.reader.report(
                file, None, "max_points", f"{total:g} points in all", expected, "Correct one of the two."
            )

    def adjustments(self, lines: Lines[Adjustment], block: Block | None) -> None:
        self._known("adjustments.csv", lines, "unit_code", "source_id")
        for line, adjustment in lines:
            if block and parse_period(adjustment.period).kind != block.frequency:  # would count in no ranking
                expected = f"a {block.frequency}, the frequency of block.toml"
                remedy = "Give the period whose ranking it changes."
                self.reader.report("adjustments.csv", line, "period", repr(adjustment.period), expected, remedy)

    def targets(self, lines: Lines[Target]) -> None:
        self._unique("targets.csv", lines, lambda t: (t.unit_code, t.indicator_code, t.year))
        for column in ("unit_code", "indicator_code", "source_id"):  # each faulty code once
            first = {getattr(target, column): (line, target) for line, target in reversed(lines)}
            first.pop(None, None)
            self._known("targets.csv", sorted(first.values(), key=lambda pair: pair[0]), column)

    def benchmarks(self, lines: Lines[Benchmark]) -> None:
        self._unique("benchmarks.csv", lines, lambda b: (b.area_name, b.indicator_code, b.period))
        self._known("benchmarks.csv", lines, "indicator_code", "source_id")

    def scored_periods(self, block: Block, figures: pd.DataFrame) -> None:
        kinds = set()
        for text in figures["period"].unique():
            try:
                kinds.add(parse_period(text).kind)
            except ValueError:
                continue  # reported where the value was read
        if kinds and block.frequency not in kinds:
            found = "only periods of the kind " + ", ".join(sorted(kinds))
            expected = f"at least one {block.frequency}, the frequency of block.toml"
            remedy = "Add values of such a period, or change the frequency."
            self.reader.report("values", None, "period", found, expected, remedy)

    def _unique(self, file: str, lines: Lines[R], key: Callable[[R], tuple[object, ...]]) -> None:
        first: dict[tuple[object, ...], int] = {}
        for line, record in lines:
            if (other := first.setdefault(key(record), line)) != line:
                found = " ".join(map(str, key(record))) + f", as in line {other}"
                self.reader.report(file, line, None, found, "each key once", "Remove or correct one of the two lines.")

    def _known(self, file: str, lines: Iterable[tuple[int, BaseModel]], *columns: str) -> None:
        for line, record in lines:
            for column in columns:
                self._check_known(file, line, column, getattr(record, column), REFERENCES[column])

    def _check_known(self, file: str, line: int | None, column: str, code: str, where: str) -> None:
        if self.reader.is_unknown(code, where):
            self.reader.report(file, line, column, repr(code), f"a code of {where}", self.reader.advice(code, where))


def _is_in_cycle(code: str, parents: Mapping[str, str | None]) -> bool:
    seen, parent = {code}, parents.get(code)
    while parent is not None:
        if parent == code:
            return True
        if parent in seen:
            return False
        seen.add(parent)
        parent = parents.get(parent)
    return False
