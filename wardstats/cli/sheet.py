"""The commands that write what is printed or presented: the sheet of a unit, the slides of a period."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wardstats.boards.print import file_names
from wardstats.boards.print.sheet import sheet_pdf
from wardstats.cli.console import Data, Language, Period, Var, open_view, write_file
from wardstats.core.settings import settings

Output = Annotated[Path | None, typer.Option(help="File to write; its folder must exist.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(sheet)
    app.command()(deck)


def sheet(
    unit: Annotated[str, typer.Option(help="Unit code.")],
    output: Annotated[
        Path | None, typer.Option(help="File to write, for Word if it ends in .docx; its folder must exist.")
    ] = None,
    period: Period = None,
    language: Language = "vi",
    data: Data = None,
    var: Var = None,
) -> None:
    """Write the printable sheet of a member, as PDF or for Word, and print the file's name."""
    view = open_view(settings(data, var), language, period)
    path = output or Path(file_names.sheet_name(view, unit))
    if path.suffix.lower() == ".docx":
        from wardstats.boards.print.sheet_word import sheet_docx

        write_file(path, sheet_docx(view, unit))
    else:
        write_file(path, sheet_pdf(view, unit))


def deck(
    output: Output = None,
    period: Period = None,
    language: Language = "vi",
    data: Data = None,
    var: Var = None,
) -> None:
    """Write the slides of a period for PowerPoint, with charts to edit, and print the file's name."""
    from wardstats.boards.print.deck import deck_pptx

    view = open_view(settings(data, var), language, period)
    write_file(output or Path(file_names.deck_name(view)), deck_pptx(view))
