"""The commands of the block and the club: the contract, the minutes, the programme, and practices that members write.

Whoever sits at the machine's command line acts as administrator; the ledger records the name they give.
"""

from __future__ import annotations

import tomllib
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from wardstats.cli.console import (
    Data,
    Format,
    FormatOption,
    Language,
    Period,
    Var,
    errors,
    finished_desk,
    open_view,
    print_frame,
    write_file,
)
from wardstats.core.errors import WardStatsError
from wardstats.core.languages import local_today, translator
from wardstats.core.settings import settings
from wardstats.core.statuses import NO_FIGURES

Year = Annotated[int | None, typer.Option(help="Year of the block; that of the period if not given.")]
Output = Annotated[Path | None, typer.Option(help="File to write; its folder must exist.")]


class Step(StrEnum):
    """What is done to a practice."""

    list = "list"
    draft = "draft"
    check = "check"
    publish = "publish"
    withdraw = "withdraw"


def register(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (contract, minutes, activities, practice):
        app.command()(command)


def contract(
    year: Year = None,
    output: FormatOption = Format.table,
    pdf: Annotated[Path | None, typer.Option(help="Write the whole contract to this file instead.")] = None,
    period: Period = None,
    language: Language = "vi",
    data: Data = None,
    var: Var = None,
) -> None:
    """Print each target of the emulation contract with its progress."""
    from wardstats.boards.contract.board import contract_figures, default_year, draw_contract, draw_contract_table

    view = open_view(settings(data, var), language, period)
    year = year or default_year(view)
    if pdf is not None:
        from wardstats.boards.print.block_documents import contract_pdf

        write_file(pdf, contract_pdf(view, year))
        return
    board = draw_contract(view, year)
    errors.print(board.headline)
    if output is Format.table:
        print_frame(draw_contract_table(view, year), output, view.speak("Status"))
    else:
        print_frame(contract_figures(view, year), output)


def minutes(
    year: Year = None,
    output: Output = None,
    period: Period = None,
    language: Language = "vi",
    data: Data = None,
    var: Var = None,
) -> None:
    """Write the draft of a year's minutes, as PDF, and print the file's name."""
    from wardstats.boards.contract.board import default_year
    from wardstats.boards.print.block_documents import minutes_file, minutes_pdf

    view = open_view(settings(data, var), language, period)
    year = year or default_year(view)
    write_file(output or Path(minutes_file(view, year)), minutes_pdf(view, year))


def activities(
    output: FormatOption = Format.table,
    ics: Annotated[Path | None, typer.Option(help="Write the programme as iCalendar to this file instead.")] = None,
    language: Language = "vi",
    data: Data = None,
    var: Var = None,
) -> None:
    """Print the block's programme."""
    from wardstats.boards.block.calendar_feed import calendar_feed
    from wardstats.boards.block.programme import draw_programme

    view = open_view(settings(data, var), language, None)
    if ics is not None:
        write_file(ics, calendar_feed(view))
        return
    print_frame(draw_programme(view, local_today()).table, output, NO_FIGURES)


def practice(
    step: Annotated[Step, typer.Argument(help="What to do.")],
    target: Annotated[str | None, typer.Argument(help="draft: a TOML file; else the id of a practice.")] = None,
    by: Annotated[str, typer.Option("--by", help="Who does it; recorded in the ledger.")] = "",
    unit: Annotated[str | None, typer.Option(help="draft: unit code.")] = None,
    subject: Annotated[str | None, typer.Option("--revises", help="draft: id of the practice it revises.")] = None,
    note: Annotated[str, typer.Option(help="What they say about it.")] = "",
    data: Data = None,
    var: Var = None,
) -> None:
    """Write a practice, check it, publish it, take it back; or list those of the ledger."""
    from wardstats.catalogue.practices import written_practices
    from wardstats.intake import practice_steps, publishing
    from wardstats.intake.words import waiting_words
    from wardstats.ledger.access import local_administrator

    workspace = finished_desk(settings(data, var))
    if step is Step.list:
        found = written_practices(workspace.ledger.entries()).values()
        own = workspace.catalogue().block.default_language
        rows = [(item.subject, item.state, item.unit_code, item.practice.text(own, "title")) for item in found]
        print_frame(pd.DataFrame(rows, columns=["practice", "state", "unit_code", "title"]), Format.table, NO_FIGURES)
        return
    actor = local_administrator(by)
    if target is None:
        raise WardStatsError(f"practice {step}: found no file and no id; expected one. See: practice --help")
    if step is Step.draft:
        if unit is None:
            raise WardStatsError("practice draft: found no unit; expected the ward whose practice it is. Give --unit.")
        entry = practice_steps.draft_practice(workspace, actor, unit, _fields(Path(target)), subject=subject, note=note)
    else:
        work = {
            Step.check: practice_steps.check_practice,
            Step.publish: practice_steps.publish_practice,
            Step.withdraw: practice_steps.withdraw_practice,
        }
        before = written_practices(workspace.ledger.entries()).get(target)
        entry = work[step](workspace, actor, target, note=note)
        if step is Step.publish or (before is not None and before.published is not None and step is Step.withdraw):
            shown = publishing.publish_only(workspace, actor, [entry])
            words = waiting_words(shown.waits, translator("en")) if shown.waits else ""
            errors.print(words or f"Snapshot {shown.snapshot_id} is up.")
    errors.print(f"Entry {entry.number} written.")
    print(entry.subject)


def _fields(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WardStatsError(f"{path}: cannot be read as TOML ({error}). docs/club.md shows an example.") from error
