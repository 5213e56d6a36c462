"""The command line: ``python -m wardstats COMMAND``.

Results go to stdout, everything else to stderr. Exit codes: 0 done, 1 the data or the request has a problem, 2 usage.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import pandas as pd
import typer

from wardstats import __version__
from wardstats.catalogue.load import load_catalogue
from wardstats.cli import access, analysis, boundaries, club, harvest, intake, notices, publication, sheet, upkeep
from wardstats.cli.boundaries import boundary_faults
from wardstats.cli.console import (
    Data,
    Format,
    FormatOption,
    Language,
    Period,
    Theme,
    Var,
    build_snapshot,
    errors,
    finished_desk,
    known_period,
    open_snapshot,
    open_view,
    print_frame,
    show_progress,
    write_file,
)
from wardstats.core.durable_files import storage_error
from wardstats.core.errors import DataError, WardStatsError
from wardstats.core.languages import translator
from wardstats.core.locks import Holder, held_by, while_waiting
from wardstats.core.settings import settings
from wardstats.core.statuses import NO_FIGURES
from wardstats.intake import publishing
from wardstats.intake.workspace import Workspace
from wardstats.ledger import ledger_of
from wardstats.ledger.access import local_administrator
from wardstats.view.absence import so_far
from wardstats.view.adjustments import decisions, reasons
from wardstats.view.closing import gap_columns, gaps, rule_of_gaps
from wardstats.view.completeness import unfinished
from wardstats.view.ranking_choice import official, periods_in, span_kinds

app = typer.Typer(add_completion=False, no_args_is_help=True, help=__doc__, pretty_exceptions_enable=False)
access.register(app)
analysis.register(app)
boundaries.register(app)
club.register(app)
harvest.register(app)
intake.register(app)
notices.register(app)
publication.register(app)
sheet.register(app)
upkeep.register(app)


@app.command()
def build(
    data: Data = None,
    var: Var = None,
    publish: Annotated[bool, typer.Option("--publish", help="Do what publish does; needs --by.")] = False,
    by: Annotated[str, typer.Option(help="Who publishes.")] = "",
) -> None:
    """Check a data folder and compute every score; what is up stays up, only the first board of all is published."""
    if publish:
        publication.publish(by, data=data, var=var)
        return
    if by:
        raise WardStatsError("build --by: found nobody to name, because building publishes nothing. Add --publish.")
    places = settings(data, var)
    workspace = finished_desk(places)
    for fault in boundary_faults(places):  # of the map alone: no reason to hold a board back
        errors.print(f"The map: {fault.problem}", markup=False)
    snapshot_id = build_snapshot(workspace)
    if publishing.publish_first(workspace, snapshot_id):
        errors.print(f"Snapshot {snapshot_id} published: the first board of {places.var}.", markup=False)
    else:
        errors.print(publication.what_waits(places, snapshot_id), markup=False)
    print(snapshot_id)


@app.command()
def check(data: Data = None, output: FormatOption = Format.table) -> None:
    """Check a data folder; list every problem and exit 1 if there is one. What is only worth a look is listed too."""
    places = settings(data)
    folder = places.data
    faults = boundary_faults(places)
    fatal = [fault.problem for fault in faults if fault.is_fatal]
    try:
        catalogue = load_catalogue(folder, ledger_of(places))
        if fatal:
            raise DataError(fatal)
    except DataError as error:
        problems = DataError([*error.problems, *fatal]).problems
        if output is Format.table:
            for problem in problems:
                print(problem)
            errors.print(f"{len(problems)} problems in {folder}. Nothing was changed.")
        else:
            print_frame(
                pd.DataFrame([problem.as_dict() for problem in problems]).astype({"line": "Int64"}),
                output,
                NO_FIGURES,
            )
        raise typer.Exit(1) from None
    notices = [*catalogue.notices, *(fault.problem for fault in faults)]
    if output is Format.table:
        for notice in notices:
            print(notice)
    elif output is Format.json or notices:
        columns = ["file", "line", "column", "found", "expected", "remedy"]
        frame = pd.DataFrame([notice.as_dict() for notice in notices], columns=columns).astype({"line": "Int64"})
        print_frame(frame, output, NO_FIGURES)
    members = sum(unit.is_member for unit in catalogue.units)
    errors.print(
        f"{folder}: no problem in {members} members, {len(catalogue.indicators)} indicators, "
        f"{len(catalogue.figures)} figures" + (f", {len(notices)} to look at." if notices else ".")
    )


@app.command()
def rank(
    period: Period = None,
    theme: Theme = None,
    span: Annotated[
        str | None, typer.Option(help="quarter or year: the mean over the one that holds the period.")
    ] = None,
    output: FormatOption = Format.table,
    pdf: Annotated[Path | None, typer.Option(help="Write the ranking on paper to this file instead.")] = None,
    language: Language = "vi",
    data: Data = None,
    var: Var = None,
) -> None:
    """Print the ranking of a period, or of the quarter or year that holds it; or write it on paper."""
    view = open_view(settings(data, var), language, period, theme)
    if span is not None and span not in (kinds := span_kinds(view)):
        raise WardStatsError(
            f"--span {span!r}: this block ranks by {view.block['frequency']}; choose {', '.join(kinds)}."
        )
    if pdf is not None:
        from wardstats.boards.print.ranking_sheet import ranking_pdf

        write_file(pdf, ranking_pdf(view, span or ""))
        return
    found = official(view, span or "")
    frame, parts = found.ranking, found.parts
    columns = ["rank", "unit_code", "unit_name", "score", "max_score", "coverage", "previous_rank", "status"]
    columns += ["previous_status"]
    if found.span is not None:
        errors.print(f"{found.span.text}: mean of {found.span.count} of {found.span.expected} periods.")
        columns += ["period_count", "rank_best", "rank_worst"]
        frame = frame.astype({"rank_best": "Int64", "rank_worst": "Int64"})
    elif gaps(view):
        open_places = gap_columns(view, frame["unit_code"])
        frame, columns = frame.assign(**open_places), [*columns, *open_places]
    if (frame["adjustment"].fillna(0) != 0).any():
        decided = decisions(view, periods_in(view, found.span))
        why = [reasons(decided.get(unit, []), view.speak) for unit in frame["unit_code"]]
        frame, columns = frame.assign(adjustment_reason=why), [*columns, "adjustment"]
        columns += ["adjustment_reason"] if output is not Format.table else []  # too wide for a terminal
    if found.span is None and (frame["missing_count"] > 0).any():
        errors.print(f"{period or view.period}: {rule_of_gaps(view)}", markup=False)
    if note := unfinished(frame, view.speak):
        columns.append("is_finished")
        errors.print(f"{found.span.text if found.span else view.period}: {note}.", markup=False)
    if among := so_far(frame, view.speak):
        errors.print(f"{view.names[view.node]}: {among}.", markup=False)
    known = set(parts["node_code"])
    themes = [code for code in view.themes.query("parent_code == @view.node")["node_code"] if code in known]
    frame = frame.astype({"rank": "Int64", "previous_rank": "Int64"})  # whole numbers also where one is missing
    wide = parts.pivot(index="unit_code", columns="node_code", values="score")  # noqa: PD010 - one value a cell
    print_frame(frame[columns].join(wide[themes] if themes else wide, on="unit_code"), output)


@app.command()
def values(
    period: Period = None,
    unit: Annotated[list[str] | None, typer.Option(help="Unit code; may be repeated.")] = None,
    indicator: Annotated[list[str] | None, typer.Option(help="Indicator code; may be repeated.")] = None,
    output: FormatOption = Format.table,
    data: Data = None,
    var: Var = None,
) -> None:
    """Print the figures of a period with the points they earned."""
    opened = open_snapshot(settings(data, var))
    period = period or known_period(opened, None)
    frame = opened.query("figure_points", period=period, unit=unit or [], indicator=indicator or [])
    if frame.empty:
        raise WardStatsError(f"No figure for --period {period} with these units and indicators. Check the codes.")
    print_frame(frame.drop(columns=["measured_period", "age_months"]), output)


@app.command()
def snapshots(output: FormatOption = Format.table, data: Data = None, var: Var = None) -> None:
    """List the snapshots, oldest first, with their states and which of them is up."""
    places = settings(data, var)
    rows = publication.snapshot_states(places.var)
    if not rows:
        errors.print(f"{places.var}: no snapshot yet. Build one: python -m wardstats build")
    print_frame(pd.DataFrame(rows, columns=list(publication.COLUMNS)), output, NO_FIGURES)


@app.command()
def rollback(
    snapshot_id: Annotated[str | None, typer.Argument(help="The one to go back to [the one before].")] = None,
    by: Annotated[str, typer.Option(help="Who does it; recorded in the ledger.")] = "command line",
    note: Annotated[str, typer.Option(help="Shown on the boards, instead of the note it had.")] = "",
    reason: Annotated[str, typer.Option(help="Why a result is provisional again; asked for then.")] = "",
    data: Data = None,
    var: Var = None,
) -> None:
    """Put an older snapshot up again."""
    workspace, actor = Workspace.of(settings(data, var)), local_administrator(by)
    chosen = publishing.roll_back(workspace, actor, snapshot_id, note, reason=reason)
    errors.print(f"Snapshot {chosen} is up again.")
    print(chosen)


@app.command()
def demonstrate(
    first: Annotated[str, typer.Option("--from", help="First month.")] = "2025-07",
    last: Annotated[str, typer.Option("--to", help="Last month.")] = "2026-10",
    seed: Annotated[int, typer.Option(help="The same seed makes the same figures.")] = 2025,
    national: Annotated[bool, typer.Option("--national", help="A whole made-up folder of national size.")] = False,
    units: Annotated[int, typer.Option(min=1, help="Of the national folder.")] = 3321,
    indicators: Annotated[int, typer.Option(min=1, help="Of the national folder.")] = 60,
    months: Annotated[int, typer.Option(min=1, help="Of the national folder, up to --to.")] = 24,
    data: Data = None,
) -> None:
    """Write demonstration figures, marked as such, for every indicator that has no real one."""
    from wardstats.catalogue.demonstration import write_demonstration
    from wardstats.catalogue.demonstration_national import Size, write_national_demonstration

    if national:
        if data is None:
            raise WardStatsError("--national writes a whole data folder: say where with --data DIR.")
        with show_progress() as report:
            path = write_national_demonstration(data, Size(units, indicators, months), last, seed, report)
        errors.print(f"{path} written. All of its units and figures are made up, and marked so.")
        return
    path = write_demonstration(settings(data).data, first, last, seed)
    errors.print(f"{path} written. These figures are made up; the dashboard says so wherever they appear.")


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        print(__version__)
        raise typer.Exit()


def _waiting(path: Path, holder: Holder | None) -> None:
    errors.print(f"Waiting for {path}: {held_by(holder, translator('en'))}", markup=False)


def main() -> None:
    """Run the command line; a problem is told in words, never as a traceback."""
    for stream in (sys.stdout, sys.stderr):  # Windows consoles may default to a code page without Vietnamese
        stream.reconfigure(encoding="utf-8")  # pyright: ignore[reportAttributeAccessIssue]
    try:
        with while_waiting(_waiting):
            app()
    except DataError as error:
        for problem in error.problems:
            errors.print(str(problem), markup=False)
        errors.print(f"{len(error.problems)} problems. Nothing was published.")
        sys.exit(1)
    except WardStatsError as error:
        errors.print(str(error), markup=False)
        sys.exit(1)
    except OSError as error:
        if (told := storage_error(error)) is None:
            raise
        errors.print(str(told), markup=False)
        sys.exit(1)
