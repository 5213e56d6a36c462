"""The command that writes the printable sheet of a unit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wardstats.boards.print.sheet import file_name, sheet_pdf
from wardstats.cli.console import Data, Language, Period, Var, open_view, write_file
from wardstats.core.settings import settings


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
    view = open_view(settings(data, var), language, period)
    document = sheet_pdf(view, unit)
    write_file(output or Path(file_name(view, unit)), document)
