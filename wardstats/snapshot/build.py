"""Builds a snapshot from a catalogue, publishes it, rolls back.

A snapshot is one immutable DuckDB file; publishing swaps one small pointer file. Whatever moment the process is
killed at, readers see either the old board or the new one, and the next build cleans up what was left.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from itertools import count
from pathlib import Path
from secrets import token_hex
from typing import Any

import duckdb
import pandas as pd

from wardstats import __version__
from wardstats.catalogue.load import Catalogue
from wardstats.core.ahead import ahead
from wardstats.core.durable_files import StorageError, room_bytes, sync
from wardstats.core.errors import MethodError, SnapshotError, SpecError
from wardstats.core.languages import local_today
from wardstats.core.locks import BUILD_PATIENCE_S, locked
from wardstats.core.measures import MEASURES
from wardstats.core.periods import Period, parse_period
from wardstats.core.pointer import read_history
from wardstats.core.records import Block, Record, Robustness
from wardstats.core.settings import PROJECT
from wardstats.scoring import Result, score_period
from wardstats.scoring.from_queries import scoring_input
from wardstats.scoring.robustness import method_spreads, rank_ranges
from wardstats.snapshot.club_tables import club_tables
from wardstats.snapshot.publications import _content_of, snapshot_path, snapshot_sha256
from wardstats.snapshot.queries import build_steps, load_query, table_definitions
from wardstats.snapshot.score_tables import scored_periods
from wardstats.view.completeness import leading_period

_NOT_SCORED = {"awards", "hand_in_days"}  # of a year's rules: no relation of its own, or no part of a board
LOCK = "build.lock"  # held while a snapshot is built
_ROOM_OF_A_BUILD_BYTES = 1_000_000  # with less left, a build that could not write had no room
SHARES_UP_TO_UNITS = 200  # beyond, a row for each unit and place would outgrow all other relations
Progress = Callable[[int, int, str], None]
_CODE = PROJECT / "wardstats"
_SCORED_BY = [_CODE / name for name in ("scoring", "core/vocabulary.py", "snapshot/score_tables.py")]


def build_snapshot(catalogue: Catalogue, var: Path, progress: Progress | None = None, *, on: date | None = None) -> str:
    """Build a snapshot file; it is not published.

    Args:
        progress: Called with (step, steps, what) before each step.
        on: The day that decides which periods have closed; today (Vietnamese time) if not given.

    Returns:
        The snapshot's id. A snapshot of the same content is built once and found again.
    """
    closed_up_to = last_deadline_before(catalogue, on or local_today())
    digest = snapshot_digest(catalogue.content_sha256, closed_up_to)
    folder = var / "snapshots"
    folder.mkdir(parents=True, exist_ok=True)
    with locked(var / LOCK, "build", BUILD_PATIENCE_S):
        _clear_drafts(folder)
        for path in sorted(folder.glob(f"[!.]*-{digest[:12]}.duckdb")):
            if _is_whole(var, path):
                return path.stem
            path.rename(path.with_suffix(".damaged"))  # kept; the same content is built again below
        now = datetime.now(UTC)
        snapshot_id = f"{now:%Y%m%dT%H%M%S}Z-{digest[:12]}"
        draft = folder / f".building-{token_hex(4)}.duckdb"
        try:
            with duckdb.connect(str(draft), config={"preserve_insertion_order": False}) as connection:
                facts = _Facts(catalogue, snapshot_id, digest, now, closed_up_to)
                _fill(connection, facts, progress or (lambda *_: None))
            sync(draft)
            draft.replace(snapshot_path(var, snapshot_id))
        except (duckdb.InvalidInputException, MethodError, SpecError) as error:  # a step refuses with error('...')
            reason = str(error).removeprefix("Invalid Input Error: ")
            raise SnapshotError(f"{catalogue.folder}: {reason}") from error
        except duckdb.Error as error:
            if not _is_for_want_of_room(error, folder):
                raise
            raise StorageError("full", folder) from error
        finally:
            _clear_drafts(folder)
        sync(folder)
    return snapshot_id


def snapshot_digest(content_sha256: str, closed_up_to: date | None) -> str:
    """Return the digest of a snapshot of this content by the rules of this program; its first letters end the id.

    Args:
        content_sha256: Digest of the data folder and what of the ledger counts.
        closed_up_to: Periods whose figures were due up to this day have closed.
    """
    return sha256(f"{content_sha256} {_recipe_sha256()} {closed_up_to or ''}".encode()).hexdigest()


def last_deadline_before(catalogue: Catalogue, day: date) -> date | None:
    """Return the last deadline of a period with figures that is over on a day: all that were due by then are closed."""
    due = (catalogue.block.due_on(period) for period in _periods(catalogue))
    return max((found for found in due if found is not None and found < day), default=None)


def _periods(catalogue: Catalogue) -> list[Period]:
    return sorted({parse_period(text) for text in catalogue.figures["period"].unique()})


def _clear_drafts(folder: Path) -> None:
    """Remove what builds that failed or were killed left. Only for whoever holds the lock on building."""
    for left_over in folder.glob(".building-*"):
        shutil.rmtree(left_over) if left_over.is_dir() else left_over.unlink()  # a folder where DuckDB spilled


def _is_for_want_of_room(error: duckdb.Error, folder: Path) -> bool:
    """Tell whether a build failed because the disk is full: DuckDB says so, or only that it could not write."""
    return "No space left" in str(error) or room_bytes(folder) < _ROOM_OF_A_BUILD_BYTES


def _is_whole(var: Path, path: Path) -> bool:
    """Tell whether a snapshot's file can be shown: it opens, and is what it was when it was published."""
    recorded = {entry.file_sha256 for entry in read_history(var) if entry.snapshot_id == path.stem} - {""}
    if recorded and snapshot_sha256(var, path.stem) not in recorded:
        return False
    try:
        _content_of(path)
    except SnapshotError:
        return False
    return True


def path_sha256(folder: Path) -> str:
    """Return the digest of a folder's whole path: tells two folders of one name apart, without giving it away."""
    return sha256(str(folder.resolve()).encode()).hexdigest()


def _recipe_sha256() -> str:
    """Digest of what turns files into a snapshot: a changed rule makes a new snapshot of unchanged data."""
    modules = [path for place in _SCORED_BY for path in sorted(place.rglob("*.py") if place.is_dir() else [place])]
    # imports left out: a module that moves to another package changes no score
    sources = [re.sub(r"^(from|import) .*\n", "", path.read_text(encoding="utf-8"), flags=re.M) for path in modules]
    recipe = "\n".join([table_definitions(), *(step.sql for step in build_steps()), *sources])
    return sha256(f"{__version__}\n{recipe}".encode()).hexdigest()


@dataclass(frozen=True)
class _Facts:
    """What a snapshot is made of, and its own name and dates."""

    catalogue: Catalogue
    snapshot_id: str
    digest: str
    built_at: datetime
    closed_up_to: date | None


def _fill(connection: duckdb.DuckDBPyConnection, facts: _Facts, progress: Progress) -> None:
    steps = build_steps()
    total = len(steps) + 3
    progress(0, total, "load")
    connection.execute("set threads = 2")
    connection.execute(table_definitions())
    for name, rows in _source_tables(facts).items():
        _insert(connection, name, rows)
    numbers = count(1)
    for step in steps:
        progress(next(numbers), total, step.name)
        connection.execute(f'create table "{step.name}" as {step.sql}')
        if step.name == "raw":
            progress(next(numbers), total, "points")
            results = _fill_scores(connection, facts.catalogue.block)
        elif step.name == "ranked_period":
            progress(next(numbers), total, "rank_range")  # before score, which fills the memory that the draws need
            _fill_ranges(connection, facts.catalogue.block.robustness, results)
    connection.execute("checkpoint")


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, Any]] | pd.DataFrame) -> None:
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame.from_records(rows).astype(object)
    if len(frame):
        connection.register("incoming", frame)
        connection.execute(f'insert into "{table}" by name select * from incoming')  # noqa: S608 - names are ours
        connection.unregister("incoming")


@dataclass(frozen=True)
class _Draft:
    """Answers named queries on a snapshot that is still being built."""

    connection: duckdb.DuckDBPyConnection

    def query(self, name: str, **params: Any) -> pd.DataFrame:
        # by way of Arrow: half the time of making a Python text of each code
        found = self.connection.sql(load_query(name).sql, params=params)
        return found.to_arrow_table().to_pandas()


def _fill_scores(connection: duckdb.DuckDBPyConnection, block: Block) -> list[Result]:
    """Fill what the scoring library computes, and return the results where the rank ranges are made of all periods."""
    kept: list[Result] = []
    connection.begin()  # one commit for all inserts takes a third less time, and the file is smaller
    scored = scored_periods(_Draft(connection.cursor()), block.scoring.imputation)
    for result, tables in ahead(scored):  # the next period is scored while this one is written
        for name, rows in tables.items():
            _insert(connection, name, rows)
        if block.robustness.periods == "all":
            kept.append(result)
    connection.commit()
    return kept


def _leading(connection: duckdb.DuckDBPyConnection) -> list[Result]:
    """Return the result of the period that leads the boards, in a list; empty where nothing is ranked."""
    draft = _Draft(connection)
    periods = draft.query("ranked_period")
    return [score_period(scoring_input(draft, leading_period(periods)))] if len(periods) else []


def _fill_ranges(connection: duckdb.DuckDBPyConnection, robustness: Robustness, results: list[Result]) -> None:
    """Work out the rank ranges; sampling and matrix products are numpy's work, not SQL's."""
    if not robustness.draws:
        return
    results = results or _leading(connection)
    if not results:
        return
    closed = connection.sql("select period from period where is_closed").df()["period"]
    ranges = rank_ranges(results, draws=robustness.draws, spread=robustness.spread, seed=robustness.seed)
    columns = [
        "period",
        "node_code",
        "unit_code",
        "rank_low",
        "rank_high",
        "rank_mean",
        "missing_best",
        "missing_worst",
    ]
    summary = ranges.summary[[*columns, "rank", "group_number", "group_size"]]
    for column in ("missing_best", "missing_worst"):  # in a closed period nothing that is missing can turn out anyhow
        summary[column] = summary[column].mask(summary["period"].isin(closed), summary["rank"])
    summary = summary.drop(columns="rank")
    _insert(connection, "rank_range", summary.merge(method_spreads(results), on=columns[:3], how="inner"))
    if len(results[0].unit_codes) <= SHARES_UP_TO_UNITS:
        _insert(connection, "rank_share", ranges.shares.frame())


def _source_tables(facts: _Facts) -> dict[str, list[dict[str, Any]] | pd.DataFrame]:
    """Return the rows of each table of queries/build/00_tables.sql, keyed by its columns."""
    catalogue = facts.catalogue
    block = catalogue.block
    block_row = {
        "snapshot_id": facts.snapshot_id,
        "content_sha256": facts.digest,
        "built_at": facts.built_at.replace(tzinfo=None),
        "closed_up_to": facts.closed_up_to,
        "program_version": __version__,
        "folder": catalogue.folder.resolve().name,
        "folder_sha256": path_sha256(catalogue.folder),
        "default_language": block.default_language,
        "frequency": block.frequency,
        **block.scoring.model_dump(),
        "range_draws": block.robustness.draws,
        "range_spread": block.robustness.spread,
        "range_seed": block.robustness.seed,
        "name": block.name.by_language(),
        "club_name": block.club_name.by_language() if block.club_name else None,
        "unit_kind": block.unit_kind.by_language() if block.unit_kind else None,
        **({f"boundaries_{key}": value for key, value in block.boundaries} if block.boundaries else {}),
    }
    return {
        "block": [block_row],
        "year": [{"year": int(year), **rules.model_dump(exclude=_NOT_SCORED)} for year, rules in block.years.items()],
        "cluster": [
            {"cluster": code, "position": number, "name": text.by_language()}
            for number, (code, text) in enumerate(block.clusters.items(), 1)
        ],
        "band": [
            {"above_percent": band.above, "source_id": band.source_id, "name": band.name.by_language()}
            for band in block.bands
        ],
        "period": [_period_row(facts, period) for period in _periods(catalogue)],
        "unit": _rows(catalogue.units),
        "theme": _rows(catalogue.themes),
        "indicator": _rows(catalogue.indicators),
        "criterion": [
            {"year": year, **criterion.model_dump()}
            for year, criteria in catalogue.criteria.items()
            for criterion in criteria
        ],
        "adjustment": _rows(catalogue.adjustments),
        "target": _rows(catalogue.targets),
        "benchmark": _rows(catalogue.benchmarks),
        "source": [{"source_id": code, **source.row()} for code, source in catalogue.sources.items()],
        "figure": catalogue.figures,
        "revision": [
            {**item, "changed_at": datetime.fromisoformat(item["changed_at"]).replace(tzinfo=None)}
            for item in catalogue.revisions
        ],
        **club_tables(block, catalogue.club),
        "unit_limit": [{"unit": unit, "low": measure.low, "high": measure.high} for unit, measure in MEASURES.items()],
    }


def _period_row(facts: _Facts, period: Period) -> dict[str, Any]:
    due_on, closed_up_to = facts.catalogue.block.due_on(period), facts.closed_up_to
    return {
        "period": period.text,
        "kind": period.kind,
        "year": period.year,
        "starts_on": period.starts_on,
        "ends_on": period.ends_on,
        "due_on": due_on,
        "is_closed": due_on is not None and closed_up_to is not None and due_on <= closed_up_to,
    }


def _rows(records: Sequence[Record]) -> list[dict[str, Any]]:
    return [record.row() for record in records]
