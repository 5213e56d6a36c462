"""The command that writes the printable sheet of a unit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from wardstats.console import Data, Language, Period, Var, errors, known_language, known_period, open_snapshot
from wardstats.errors import WardStatsError
from wardstats.paths import settings
from wardstats.records import ROOT
from wardstats.sheet import file_name, sheet_pdf
from wardstats.store import Snapshot
from wardstats.view import View


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(sheet)


def sheet(
    unit: Annotated[str, typer.Option(help="Unit code.")],
    output: Annotated[Path | None, typer.Option(help="File to write; its folder must exist.")] = None,
    period: Period = None,
    language: Language = "vi",
    data: Data = None,
    var: Var = None,
) -> None:
    """Write the printable sheet of a member, as PDF, and print the file's name."""
    opened = open_snapshot(settings(data, var))
    view = _view(opened, known_language(language), known_period(opened, period))
    document = sheet_pdf(view, unit)
    target = output or Path(file_name(view, unit))
    try:
        target.write_bytes(document)
    except OSError as error:
        raise WardStatsError(
            f"--output {target}: cannot be written ({error.strerror}). Name a file in a folder that exists."
        ) from error
    errors.print(f"{len(document):,} bytes written.")
    print(target)


def _view(opened: Snapshot, language: str, period: str) -> View:
    def fetch(snapshot_id: str, name: str, params: tuple[tuple[str, Any], ...]) -> pd.DataFrame:
        values = {key: list(value) if isinstance(value, tuple) else value for key, value in params}
        return opened.query(name, **values)

    return View(opened.id, language, period, ROOT, is_dark=False, fetch=fetch)
