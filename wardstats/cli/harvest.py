"""The command ``harvest``: figures of Decision 766 from the National Public Service Portal. See docs/harvest.md.

Exit codes: 0 recorded (or, with --dry-run, in order), 1 refused or alarming, 2 usage, 3 the portal could not be
reached, 4 another harvest is running, 5 recorded but not published: the board that is up is a final result, or cannot
be had with these figures and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import pandas as pd
import typer

from wardstats.cli.console import (
    Data,
    Format,
    FormatOption,
    Var,
    errors,
    finished_desk,
    print_frame,
    show_progress,
)
from wardstats.core.errors import DataError, WardStatsError
from wardstats.core.languages import local_today, translator
from wardstats.core.settings import PROJECT, Settings, settings
from wardstats.core.statuses import NO_FIGURES

if TYPE_CHECKING:
    from wardstats.core.periods import Period
    from wardstats.harvest.workflow import Options, Outcome, Told
    from wardstats.intake.workspace import Workspace
    from wardstats.ledger import Entry

PROVINCES = PROJECT / "data" / "provinces_766"
COLUMNS = ["period", "severity", "code", "place", "text"]


class Code(IntEnum):
    """Exit codes; 2 is usage, as everywhere."""

    done = 0
    refused = 1
    usage = 2
    unreachable = 3
    busy = 4
    waits = 5


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(harvest)


def harvest(
    period: Annotated[
        str | None, typer.Option(help="Such as 2026-10; the last one that has ended if not given.")
    ] = None,
    first: Annotated[str | None, typer.Option("--from", help="First period, to fill in the past.")] = None,
    last: Annotated[
        str | None, typer.Option("--to", help="Last period; the last one that has ended if not given.")
    ] = None,
    all_units: Annotated[
        bool, typer.Option("--all-units", help="All units of units.csv, not the members only.")
    ] = False,
    provinces: Annotated[
        bool, typer.Option("--provinces", help="The provinces instead: benchmark lines, and the block of provinces.")
    ] = False,
    publish: Annotated[
        bool, typer.Option("--publish", help="Put it on the board that is up if nothing alarming was found.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check and show; record nothing.")] = False,
    accept: Annotated[str, typer.Option(metavar="REASON", help="Record in spite of alarms, and say why.")] = "",
    fresh: Annotated[bool, typer.Option("--fresh", help="Take no answer of an interrupted harvest.")] = False,
    by: Annotated[str, typer.Option(help="Who has it made.")] = "harvest",
    province: Annotated[str, typer.Option(envvar="WARDSTATS_PROVINCE", help="Name, or departmentId.")] = "Lào Cai",
    provinces_data: Annotated[Path, typer.Option(help="Data folder of the block of provinces.")] = PROVINCES,
    base_url: Annotated[
        str | None, typer.Option(envvar="WARDSTATS_PORTAL", help="Address of the portal; the true one if not given.")
    ] = None,
    delay: Annotated[float, typer.Option(min=0, help="Seconds between two requests; 0 only for tests.")] = 1.0,
    attempts: Annotated[int, typer.Option(min=1, help="How often to ask for the same answer.")] = 6,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds of silence before asking again.")] = 60.0,
    contact: Annotated[str, typer.Option(envvar="WARDSTATS_CONTACT", help="Address in the User-Agent.")] = "",
    output: FormatOption = Format.table,
    data: Data = None,
    var: Var = None,
) -> None:
    """Harvest official figures from the National Public Service Portal, whole periods only."""
    from wardstats.harvest.client import Manners
    from wardstats.harvest.endpoints import BASE_URL
    from wardstats.harvest.workflow import Options, harvest_provinces, harvest_units

    places = settings(data, var)
    manners = Manners(delay_s=delay, attempts=attempts, silence_s=timeout, answer_s=3 * timeout, contact=contact)
    options = Options(
        base_url or BASE_URL, province, all_units, dry_run, fresh, accept.strip(), by.strip() or "harvest",
        manners=manners, provinces=provinces_data,
    )  # fmt: skip
    if not contact:
        errors.print("No contact is set: give the portal's people an address with --contact or WARDSTATS_CONTACT.")
    periods = _periods(places, provinces, period, first, last)
    outcomes, code = _run(places, periods, options, harvest_provinces if provinces else harvest_units)
    findings = [[o.harvest.period.text, *f.as_dict().values()] for o in outcomes for f in o.harvest.findings]
    print_frame(pd.DataFrame(findings, columns=COLUMNS), output, NO_FIGURES)
    for outcome in outcomes:
        errors.print(_told(outcome), markup=False)
    if publish and code is Code.done and not dry_run:
        code = _publish(places, options.actor, outcomes)
    elif publish:
        errors.print("Nothing was published.")
    raise typer.Exit(code)


def _periods(
    places: Settings, is_provinces: bool, period: str | None, first: str | None, last: str | None
) -> list[Period]:
    """Return the periods asked for, oldest first; what is asked for wrongly ends with exit code 2."""
    from wardstats.catalogue.load import load_catalogue
    from wardstats.core.periods import parse_period, period_containing
    from wardstats.harvest.faults import HarvestError
    from wardstats.harvest.workflow import latest_period, periods_between

    if period and (first or last):
        raise typer.BadParameter("give either --period, or --from and --to")
    if last and not first:
        raise typer.BadParameter("--to needs --from")
    try:
        if period:
            return [parse_period(period)]
        if first:
            return periods_between(first, last or latest_period(parse_period(first).kind).text)
        if is_provinces:  # the running year: what the portal itself shows
            return [period_containing(local_today(), "year")]
        return [latest_period(load_catalogue(places.data).block.frequency)]
    except (ValueError, HarvestError) as error:
        raise typer.BadParameter(str(error)) from error


def _run(
    places: Settings,
    periods: list[Period],
    options: Options,
    make: Callable[[Settings, Period, Options, Told], Outcome],
) -> tuple[list[Outcome], Code]:
    """Harvest one period after another; a portal that cannot be reached ends it, a refusal does not."""
    from wardstats.harvest.faults import BusyError, HarvestError, PortalError
    from wardstats.harvest.workflow import Told

    outcomes, code = [], Code.done
    with show_progress() as step:
        told = Told(step, lambda text: errors.print(text, markup=False))
        for number, period in enumerate(periods):
            try:
                outcomes.append(make(places, period, options, told))
            except PortalError as error:
                errors.print(str(error), markup=False)
                if left := [later.text for later in periods[number + 1 :]]:
                    errors.print(f"Not begun: {', '.join(left)}.")
                return outcomes, Code.unreachable
            except BusyError as error:  # before its base class
                errors.print(str(error), markup=False)
                return outcomes, Code.busy
            except HarvestError as error:
                errors.print(str(error), markup=False)
                return outcomes, Code.usage
            if outcomes[-1].state in ("refused", "alarmed"):
                code = Code.refused
    return outcomes, code


def _told(outcome: Outcome) -> str:
    harvest = outcome.harvest
    text = harvest.period.text
    count = len(harvest.readings)
    match outcome.state:
        case "recorded":
            changed = sum(len(entry.changes) for entry in outcome.entries)
            numbers = ", ".join(f"{entry.number}" for entry in outcome.entries)
            return f"{text}: {count} figures recorded, {changed} of them new or changed (ledger entry {numbers})."
        case "checked":
            return f"{text}: {count} figures, in order. Nothing was recorded, as asked for."
        case "alarmed":
            return (
                f"{text}: NOT recorded: {count} figures with alarms, listed above. Look at them; then, today, run the "
                "same command with --accept REASON, which asks the portal nothing again."
            )
        case _:
            return f"{text}: REFUSED, nothing was recorded. The answers are kept for a look in {outcome.aside}."


def _publish(places: Settings, actor: str, outcomes: list[Outcome]) -> Code:
    """Put what was harvested on the board that is up, and nothing besides; a final result is left as it is."""
    from wardstats.intake import publishing
    from wardstats.intake.words import waiting_words
    from wardstats.ledger.access import local_administrator

    workspace = finished_desk(places)
    texts = [outcome.harvest.period.text for outcome in outcomes]
    note = f"National portal figures {' - '.join(dict.fromkeys((texts[0], texts[-1])))}"
    try:
        shown = publishing.publish_only(
            workspace, local_administrator(actor), _readings(workspace, outcomes), is_unattended=True, first_note=note
        )
    except DataError:
        errors.print("Recorded, but not published:")
        raise
    except WardStatsError as error:
        raise WardStatsError(f"Recorded, but not published: {error}") from error
    if shown.waits:
        errors.print(f"Recorded, but not published. {waiting_words(shown.waits, translator('en'))}", markup=False)
        return Code.waits
    errors.print(f"Snapshot {shown.snapshot_id} is up.")
    return Code.done


def _readings(workspace: Workspace, outcomes: list[Outcome]) -> list[Entry]:
    """Return the entries of this ledger that make up what was harvested: a later reading holds only what changed."""
    entries = workspace.ledger.entries()
    written = {entry.sha256 for outcome in outcomes for entry in outcome.entries}
    subjects = {entry.subject for entry in entries if entry.sha256 in written}
    return [entry for entry in entries if entry.action == "harvest" and entry.subject in subjects]
