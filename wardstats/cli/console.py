"""What all commands share: their options, opening a snapshot, progress, and how a table is printed."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from math import isfinite
from pathlib import Path
from typing import Annotated, Any, TextIO

import pandas as pd
import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from wardstats.core import pointer
from wardstats.core.errors import WardStatsError
from wardstats.core.formula_guard import neutral_frame
from wardstats.core.languages import LANGUAGES
from wardstats.core.records import ROOT
from wardstats.core.rows import dictionaries
from wardstats.core.settings import Settings
from wardstats.core.statuses import carried
from wardstats.intake import publishing
from wardstats.intake.workspace import Workspace
from wardstats.snapshot import build
from wardstats.snapshot.store import Snapshot, Store
from wardstats.view.completeness import leading_period
from wardstats.view.view import View

errors = Console(stderr=True, highlight=False, soft_wrap=True)


class Format(StrEnum):
    """How a result is printed."""

    table = "table"
    csv = "csv"
    json = "json"


Data = Annotated[Path | None, typer.Option("--data", envvar="WARDSTATS_DATA", help="Data folder [data/laocai].")]
Var = Annotated[Path | None, typer.Option("--var", envvar="WARDSTATS_VAR", help="Folder for snapshots [var].")]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print it.")]
Period = Annotated[str | None, typer.Option(help="Such as 2026-10; else the newest complete enough.")]
Theme = Annotated[str | None, typer.Option(help="Theme code; the total if not given.")]
Language = Annotated[str, typer.Option("--lang", help=f"Language of names: {', '.join(LANGUAGES)}.")]


def published_id(places: Settings) -> str | None:
    """Return the id of the snapshot that is up, or None."""
    history = pointer.read_history(places.var)
    return history[-1].snapshot_id if history else None


def open_snapshot(places: Settings) -> Snapshot:
    """Open what is published; where nothing of this data folder is, build it without publishing."""
    store = Store(places.var)
    if published_id(places):
        current = store.current()
        if current.query("block", language="vi")["folder_sha256"].item() == build.path_sha256(places.data):
            return current
    return store.snapshot(build_snapshot(Workspace.of(places)))


def open_view(places: Settings, language: str, period: str | None, theme: str | None = None) -> View:
    """Return the view of a period and theme of the data folder's snapshot; refuse what it does not have."""
    opened = open_snapshot(places)

    def fetch(snapshot_id: str, name: str, params: tuple[tuple[str, Any], ...]) -> pd.DataFrame:
        assert snapshot_id == opened.id
        return opened.query(name, **dict(params))

    node = known_node(opened, theme)
    return View(opened.id, known_language(language), known_period(opened, period), node, is_dark=False, fetch=fetch)


def write_file(path: Path, content: bytes) -> None:
    """Write a file and print its name; say so where that cannot be done."""
    try:
        path.write_bytes(content)
    except OSError as error:
        raise WardStatsError(
            f"{path}: cannot be written ({error.strerror}). Name a file in a folder that exists."
        ) from error
    errors.print(f"{len(content):,} bytes written.")
    print(path)


def finished_desk(places: Settings) -> Workspace:
    """Return the workspace of a data folder, on which no publication is left half done."""
    workspace = Workspace.of(places)
    if finished := publishing.complete(workspace):
        errors.print(f"Snapshot {finished} is up now: its publication had been begun and not finished.", markup=False)
    return workspace


def build_snapshot(workspace: Workspace) -> str:
    """Build the data folder's snapshot, showing how far it is; return its id."""
    with show_progress() as report:
        report(0, 1, f"read {workspace.places.data}")
        return build.build_snapshot(workspace.catalogue(), workspace.places.var, report)


@contextmanager
def show_progress() -> Iterator[build.Progress]:
    """Show a bar on stderr while something runs, where that is a terminal; gives the function that moves it."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=errors, transient=True, disable=not errors.is_terminal) as bar:
        task = bar.add_task("", total=None)
        yield lambda step, steps, what: bar.update(task, completed=step, total=steps, description=what)


def known_period(opened: Snapshot, period: str | None) -> str:
    """Return the period if it is ranked, the one that leads for None; refuse any other, naming those there are."""
    ranked = opened.query("ranked_period")
    periods = ranked["period"].tolist()
    if not periods:
        raise WardStatsError("No period has figures and criteria yet, so nothing is ranked.")
    if period is not None and period not in periods:
        raise WardStatsError(f"--period {period!r}: not a ranked period. Ranked: {', '.join(reversed(periods))}.")
    return period or leading_period(ranked)


def known_node(opened: Snapshot, theme: str | None) -> str:
    """Return the theme's code, the total's for None; refuse one that does not exist, naming those there are."""
    codes = opened.query("theme_tree", language="vi")["node_code"].tolist()
    if theme is not None and theme not in {ROOT, *codes}:
        raise WardStatsError(f"--theme {theme!r}: no such theme. The themes are: {', '.join(codes)}.")
    return theme or ROOT


def known_language(language: str) -> str:
    """Return the language if the interface speaks it; refuse any other."""
    if language not in LANGUAGES:
        raise WardStatsError(f"--lang {language!r}: not a language of this program; choose {', '.join(LANGUAGES)}.")
    return language


def print_frame(frame: pd.DataFrame, output: Format, status: str = "status") -> None:
    """Print a table to stdout; one of figures has a column for their status, any other names ``NO_FIGURES``."""
    carried(frame, status, "table")
    if output is Format.json:
        print(
            json.dumps(dictionaries(frame), ensure_ascii=False, indent=1, allow_nan=False, default=str)
        )  # days as text
        return
    if output is Format.csv:
        texts = neutral_frame(frame).apply(lambda column: column.map(_exactly))
        print("\ufeff" if _begins_a_file(sys.stdout) else "", end="")
        texts.to_csv(sys.stdout, index=False, lineterminator="\n")
        return
    text = frame.apply(lambda column: column.map(_as_text))
    table = Table(box=None, pad_edge=False)
    for name in text.columns:
        is_number = pd.api.types.is_numeric_dtype(frame[name])
        table.add_column(name, justify="right" if is_number else "left", no_wrap=True)
    for row in text.itertuples(index=False):
        table.add_row(*row)
    width = None if sys.stdout.isatty() else 1000
    Console(highlight=False, markup=False, width=width).print(table)


def _begins_a_file(stream: TextIO) -> bool:
    """Tell whether what is printed begins a file, which a person may open in Excel; a program reads a pipe."""
    stream.flush()
    try:
        found = os.fstat(stream.fileno())
    except io.UnsupportedOperation:  # no stream of the system: a window of an editor, a test
        return False
    return stat.S_ISREG(found.st_mode) and found.st_size == 0


def _exactly(value: object) -> str:
    """Write a cell of a file: a number with all its digits, and at least two decimals."""
    if not isinstance(value, float) or not isfinite(value):
        return _as_text(value)
    text = repr(float(value))
    whole, _, decimals = text.partition(".")
    return text if "e" in text else f"{whole}.{decimals:0<2}"


def _as_text(value: object) -> str:
    """Write a cell: numbers to six decimals at most, at least two where there are any, so that columns line up."""
    if value is None or value is pd.NA or value != value:
        return ""
    if isinstance(value, float):
        whole, _, decimals = f"{value:.6f}".rstrip("0").partition(".")
        return f"{whole}.{decimals:0<2}"
    return str(value)
