"""Builds a snapshot from a catalogue, publishes it, rolls back.

A snapshot is one immutable DuckDB file; publishing swaps one small pointer file. Whatever moment the process is
killed at, readers see either the old board or the new one, and the next build cleans up what was left.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

import duckdb
import pandas as pd
from filelock import FileLock
from pydantic import BaseModel

from wardstats import __version__
from wardstats.catalogue import Catalogue
from wardstats.errors import SnapshotError
from wardstats.periods import parse_period
from wardstats.queries import build_steps, table_definitions
from wardstats.records import LANGUAGES, LocalText

Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Published:
    """One entry of the pointer file's history: which snapshot was put up, and when (UTC)."""

    snapshot_id: str
    published_at: str


def pointer_path(var: Path) -> Path:
    """Return the path of the pointer file."""
    return var / "current.json"


def snapshot_path(var: Path, snapshot_id: str) -> Path:
    """Return the path of a snapshot's file."""
    return var / "snapshots" / f"{snapshot_id}.duckdb"


def read_history(var: Path) -> list[Published]:
    """Return what was published, oldest first; the last entry is what readers see now.

    Raises:
        SnapshotError: The pointer file is damaged.
    """
    path = pointer_path(var)
    try:
        return [Published(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))["history"]]
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError) as error:
        raise SnapshotError(
            f"{path}: not a list of what was published ({error}). Delete it and build again: python -m wardstats build"
        ) from error


def build_snapshot(catalogue: Catalogue, var: Path, progress: Progress | None = None) -> str:
    """Build a snapshot file; it is not published.

    Args:
        catalogue: A checked data folder.
        var: Where snapshots live.
        progress: Called with (step, steps, what) before each step.

    Returns:
        The snapshot's id. A snapshot of the same content is built once and found again.
    """
    digest = sha256(f"{catalogue.content_sha256} {_recipe_sha256()}".encode()).hexdigest()
    folder = var / "snapshots"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(var / "build.lock"):
        for left_over in folder.glob(".building-*"):
            shutil.rmtree(left_over) if left_over.is_dir() else left_over.unlink()  # a folder where DuckDB spilled
        for path in sorted(folder.glob(f"*-{digest[:12]}.duckdb")):
            return path.stem
        now = datetime.now(UTC)
        snapshot_id = f"{now:%Y%m%dT%H%M%S}Z-{digest[:12]}"
        draft = folder / f".building-{token_hex(4)}.duckdb"
        with duckdb.connect(str(draft), config={"preserve_insertion_order": False}) as connection:
            _fill(connection, catalogue, snapshot_id, digest, now, progress or (lambda *_: None))
        _sync(draft)
        draft.replace(snapshot_path(var, snapshot_id))
        _sync(folder)
    return snapshot_id


def publish_snapshot(var: Path, snapshot_id: str) -> None:
    """Make a snapshot the one that readers see. Publishing an older one is rolling back.

    Raises:
        SnapshotError: There is no such snapshot.
    """
    if not snapshot_path(var, snapshot_id).is_file():
        raise SnapshotError(f"{var}: no snapshot {snapshot_id!r}. List them with: python -m wardstats snapshots")
    with FileLock(var / "publish.lock"):
        for left_over in var.glob(".current-*.json"):
            left_over.unlink()
        history = read_history(var)
        if history and history[-1].snapshot_id == snapshot_id:
            return
        history.append(Published(snapshot_id, datetime.now(UTC).isoformat(timespec="milliseconds")))
        text = json.dumps({"snapshot_id": snapshot_id, "history": [vars(entry) for entry in history]}, indent=1)
        draft = var / f".current-{token_hex(4)}.json"
        with draft.open("w", encoding="utf-8", newline="\n") as stream:
            stream.write(text + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(pointer_path(var))
        _sync(var)


def previous_snapshot_id(var: Path) -> str:
    """Return the snapshot that was up before the present one.

    Raises:
        SnapshotError: There is none.
    """
    history = read_history(var)
    earlier = [entry.snapshot_id for entry in history if entry.snapshot_id != history[-1].snapshot_id]
    if not earlier:
        raise SnapshotError(
            f"{var}: nothing was published before the present snapshot, so there is nothing to go back to."
        )
    return earlier[-1]


def _recipe_sha256() -> str:
    """Digest of what turns files into a snapshot: a changed rule makes a new snapshot of unchanged data."""
    recipe = "\n".join([table_definitions(), *(step.sql for step in build_steps())])
    return sha256(f"{__version__}\n{recipe}".encode()).hexdigest()


def _sync(path: Path) -> None:
    """Have a file or folder on disk before going on. Windows syncs only what is open for writing, and no folder."""
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _fill(
    connection: duckdb.DuckDBPyConnection,
    catalogue: Catalogue,
    snapshot_id: str,
    digest: str,
    now: datetime,
    progress: Progress,
) -> None:
    steps = build_steps()
    total = len(steps) + 1
    progress(0, total, "load")
    connection.execute("set threads = 2")
    connection.execute(table_definitions())
    for name, rows in _source_tables(catalogue, snapshot_id, digest, now).items():
        frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame.from_records(rows).astype(object)
        if len(frame):
            connection.register("incoming", frame)
            connection.execute(f'insert into "{name}" by name select * from incoming')  # noqa: S608 - names are ours
            connection.unregister("incoming")
    for number, step in enumerate(steps, 1):
        progress(number, total, step.name)
        if step.is_repeated:
            columns = ", ".join(f'"{name}" {kind}' for name, kind in step.columns.items())
            connection.execute(f'create table "{step.name}" ({columns})')
            deepest = connection.execute("select max(depth) from node").fetchone()
            for depth in range(deepest[0] if deepest else 0, -1, -1):
                connection.execute(f'insert into "{step.name}" by name {step.sql}', {"depth": depth})  # noqa: S608
        else:
            connection.execute(f'create table "{step.name}" as {step.sql}')
    connection.execute("checkpoint")


def _source_tables(
    catalogue: Catalogue, snapshot_id: str, digest: str, now: datetime
) -> dict[str, list[dict[str, Any]] | pd.DataFrame]:
    """Return the rows of each table of queries/build/00_tables.sql, keyed by its columns."""
    block = catalogue.block
    names = ("name", "club_name", "unit_kind")
    texts = {f"{key}_{language}": text for key in names for language, text in _languages(getattr(block, key)).items()}
    block_row = {
        "snapshot_id": snapshot_id,
        "content_sha256": digest,
        "built_at": now.replace(tzinfo=None),
        "program_version": __version__,
        "folder": catalogue.folder.resolve().name,
        "default_language": block.default_language,
        "frequency": block.frequency,
        "aggregation": block.scoring.aggregation,
        "points_decimals": block.scoring.points_decimals,
        **texts,
        **({f"boundaries_{key}": value for key, value in block.boundaries} if block.boundaries else {}),
    }
    periods = sorted({parse_period(text) for text in catalogue.figures["period"].unique()})
    return {
        "block": [block_row],
        "year": [{"year": int(year), **rules.model_dump()} for year, rules in block.years.items()],
        "cluster": [
            {"cluster": code, "position": number, **{f"name_{k}": v for k, v in _languages(text).items()}}
            for number, (code, text) in enumerate(block.clusters.items(), 1)
        ],
        "period": [
            {"period": p.text, "kind": p.kind, "year": p.year, "starts_on": p.starts_on, "ends_on": p.ends_on}
            for p in periods
        ],
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
        "source": [{"source_id": code, **source.model_dump()} for code, source in catalogue.sources.items()],
        "figure": catalogue.figures,
    }


def _rows(records: Sequence[BaseModel]) -> list[dict[str, Any]]:
    return [record.model_dump() for record in records]


def _languages(text: LocalText | None) -> dict[str, str | None]:
    return text.model_dump() if text else dict.fromkeys(LANGUAGES)
