"""The small block of tests/small (its arithmetic stands in the README there), and what tests do with it."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from typer.testing import CliRunner

from wardstats.catalogue.load import load_catalogue
from wardstats.cli.main import app
from wardstats.core.errors import DataError, Problem
from wardstats.core.settings import PROJECT
from wardstats.snapshot.build import build_snapshot
from wardstats.snapshot.publications import publish_snapshot, snapshot_path
from wardstats.snapshot.store import Snapshot, Store

SMALL = Path(__file__).parent / "small"
built: list[Path] = []  # where all processes of a run keep what they have built of the project's own folders

Select = Callable[[str], pd.DataFrame]


@dataclass(frozen=True)
class Folder:
    """A data folder that a test may change; each method returns the folder, so that changes can be chained."""

    path: Path

    def replace(self, file: str, old: str, new: str) -> Folder:
        """Change a text that stands once in a file."""
        path = self.path / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{file}: {old!r} stands there {text.count(old)} times"
        path.write_text(text.replace(old, new), encoding="utf-8", newline="")
        return self

    def append(self, file: str, *lines: str) -> Folder:
        """Add lines to a file, which is made if there is none."""
        with (self.path / file).open("a", encoding="utf-8", newline="") as stream:
            stream.writelines(line + "\n" for line in lines)
        return self

    def set_cell(self, file: str, key: str, column: str, value: str) -> Folder:
        """Change one cell of a CSV file: in the first line that starts with the key (cells joined by commas)."""
        path = self.path / file
        with path.open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
        row = next(row for row in rows if ",".join(row).startswith(key + ","))
        row[header.index(column)] = value
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows([header, *rows])
        return self

    def line(self, file: str, start: str) -> int:
        """Return the number of the first line of a file that starts so."""
        lines = (self.path / file).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if line.startswith(start))

    def problems(self) -> list[Problem]:
        """Return what is wrong with it."""
        try:
            load_catalogue(self.path)
        except DataError as error:
            return error.problems
        return []


def add_dates(folder: Folder, dates: dict[str, str]) -> Folder:
    """Add the columns member_from and member_to to units.csv, with what is given by code, such as ",2026-01-01,"."""
    path = folder.path / "units.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    texts = {"unit_code": ",member_from,member_to"} | dates
    lines = [line + texts.get(line.partition(",")[0], ",,") for line in lines]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")
    return folder


def rows(frame: pd.DataFrame, *columns: str) -> list[tuple[object, ...]]:
    """Return some columns of a frame as tuples, None where there is nothing."""
    chosen = frame[list(columns)].astype(object)
    return list(chosen.where(chosen.notna(), None).itertuples(index=False, name=None))


def build(data: Path, var: Path) -> str:
    """Build a folder and return the snapshot's id; one of the project's own is built once for all tests, and copied."""
    catalogue = load_catalogue(data)
    if not built or not data.is_relative_to(PROJECT):  # a snapshot tells of the place of its folder
        return build_snapshot(catalogue, var)
    snapshot_id = build_snapshot(catalogue, built[0])  # finds what is there already, and waits for who builds it
    (var / "snapshots").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(snapshot_path(built[0], snapshot_id), snapshot_path(var, snapshot_id))
    return snapshot_id


def build_by_command(data: Path, var: Path) -> None:
    """Build a folder by the command that people use, which publishes the first board and enters it in the ledger."""
    if built and data.is_relative_to(PROJECT):
        build(data, var)  # which the command then finds
    done = CliRunner().invoke(app, ["build", "--data", str(data), "--var", str(var)])
    assert done.exit_code == 0, f"the snapshot could not be built: {done.exception!r}\n{done.output}"


def build_and_publish(data: Path, var: Path) -> Snapshot:
    """Build and publish a folder, and open it."""
    publish_snapshot(var, build(data, var))
    return Store(var).current()
