"""The block's hand-ins at a glance: wards by periods, each with its state, since when, and whom it waits for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from wardstats.charts.html.club_components import matrix
from wardstats.charts.html.components import linked
from wardstats.core.languages import Translator
from wardstats.core.periods import parse_period
from wardstats.intake.form import choosable_periods
from wardstats.intake.overview import EVERYTHING, NOT_YET, OVERDUE, Cell, Chosen, overview
from wardstats.intake.queue import state_names
from wardstats.intake.words import moment
from wardstats.intake.workbook import unit_title
from wardstats.intake.workspace import Workspace

PERIODS = 6
_LOOKS: Mapping[str, str] = {
    NOT_YET: "ws-none", OVERDUE: "ws-late", "returned": "ws-late", "self_scored": "ws-h2", "cross_checked": "ws-h3",
    "appraised": "ws-h4", "accepted": "ws-h6",
}  # fmt: skip


@dataclass(frozen=True)
class Overview:
    """What is shown.

    Attributes:
        finding: Who has not handed in for the period that is due.
        table: Wards by periods, as HTML.
    """

    finding: str
    table: str


def cell_state_names(speak: Translator) -> dict[str, str]:
    """Return what each state of a cell is called."""
    return {NOT_YET: speak("not yet"), OVERDUE: speak("overdue")} | state_names(speak)


def draw_overview(
    workspace: Workspace,
    units: Sequence[str],
    today: date,
    speak: Translator,
    address: Callable[..., str] | None,
    chosen: Chosen = EVERYTHING,
) -> Overview:
    """Return the overview of some wards, the newest period first.

    Args:
        address: Where a hand-in is opened, with its id as ``handin``; None where they are not opened.
        chosen: Wards of which no cell is among these are left out.
    """
    catalogue = workspace.catalogue()
    periods = choosable_periods(catalogue, today)[:PERIODS]
    cells = overview(catalogue, workspace.ledger.entries(), units, periods, today)
    kind, known = catalogue.block.unit_kind, {unit.unit_code: unit for unit in catalogue.units}
    names = {unit: unit_title(known[unit], kind, speak) for unit in units}
    due = next((period for period in periods if parse_period(period).ends_on < today), "")
    rows = [
        (names[unit], "", [_cell(cells[unit, period], speak, address) for period in periods])
        for unit in units
        if any(chosen.has(cells[unit, period]) for period in periods)
    ]
    columns = [(speak.period(period, is_short=True), "") for period in periods]
    finding = _finding(cells, units, names, due, speak) if due and units else ""
    return Overview(finding, matrix("ws-states", finding, speak("Unit"), columns, rows))


def owed(workspace: Workspace, unit: str, today: date, speak: Translator) -> str:
    """Say what a ward still has to hand in: the period that is over, and what was returned; empty where nothing."""
    told = []
    for cell in open_cells(workspace, unit, today):
        if cell.hand_in is not None:
            why = [speak("returned")]
        elif parse_period(cell.period).ends_on < today:
            why = [due_text(cell, speak), speak("overdue") if cell.is_overdue else ""]
        else:
            continue
        reasons = ", ".join(filter(None, why))
        told.append(speak.period(cell.period) + (f" ({reasons})" if reasons else ""))
    if not told:
        return ""
    name = workspace.unit_name(unit, speak.language)
    return speak("{name} still has to submit: {periods}.", name=name, periods=speak.names(told))


def open_cells(workspace: Workspace, unit: str, today: date) -> list[Cell]:
    """Return the periods that wait for a ward, by urgency: what was returned, what is over, then the one that runs."""
    catalogue = workspace.catalogue()
    periods = choosable_periods(catalogue, today)[:PERIODS]
    ends = {period: parse_period(period).ends_on for period in periods}
    over = [period for period in periods if ends[period] < today][:1]
    running = [period for period in periods if ends[period] >= today]
    cells = overview(catalogue, workspace.ledger.entries(), [unit], periods, today)
    back = [cell for cell in cells.values() if cell.state == "returned"]
    return back + [cells[unit, period] for period in (*over, *running) if cells[unit, period].hand_in is None]


def _finding(
    cells: Mapping[tuple[str, str], Cell],
    units: Sequence[str],
    names: Mapping[str, str],
    period: str,
    speak: Translator,
) -> str:
    missing = [names[unit] for unit in units if cells[unit, period].hand_in is None]
    if not missing:
        return speak("{period}: all have submitted", period=speak.period(period))
    return speak("{period}: {count} of {total} have not submitted: {names}", period=speak.period(period),
                 count=len(missing), total=len(units), names=speak.names(missing))  # fmt: skip


def due_text(cell: Cell, speak: Translator) -> str:
    """Return by when a ward has to hand in; empty where no day is set."""
    return speak("due on {day}", day=speak.day(cell.due_on)) if cell.due_on else ""


def _cell(cell: Cell, speak: Translator, address: Callable[..., str] | None) -> str:
    names = cell_state_names(speak)
    whom = {"ward": speak("waits for the ward"), "block": speak("waits for the block"), "": ""}[cell.waits_for]
    if cell.hand_in is not None:
        since = moment(cell.hand_in.story[-1].at, speak)
        late = speak("late") if cell.hand_in.is_late else ""
        state = linked(names[cell.state], address(handin=cell.hand_in.subject) if address else "")
    else:
        since, late, state = due_text(cell, speak), "", escape(names[cell.state])
    reminded = speak("reminded {at}", at=moment(cell.reminded.at, speak)) if cell.reminded else ""
    small = " · ".join(filter(None, (since, late, whom, reminded)))
    return f'<td class="{_LOOKS[cell.state]}">{state}<small>{escape(small)}</small></td>'
