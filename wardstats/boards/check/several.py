"""Steps that the block takes with several hand-ins at once: which are offered, to which, and what they will do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from wardstats.boards.check.overview import PERIODS, due_text
from wardstats.core.languages import Translator
from wardstats.core.periods import parse_period
from wardstats.intake import checking, reminding
from wardstats.intake.form import choosable_periods
from wardstats.intake.overview import Cell, Chosen, overview
from wardstats.intake.queue import LEADS_TO, OPEN, HandIn, hand_ins, state_names
from wardstats.intake.words import action_names, moment
from wardstats.intake.workspace import Workspace
from wardstats.ledger import Entry
from wardstats.ledger.access import Action, Actor, identity_key, may

WAITS_FOR: Mapping[Action, tuple[str, ...]] = {
    "cross_check": ("self_scored",), "appraise": ("self_scored", "cross_checked"), "accept": OPEN,
}  # fmt: skip
STEPS: tuple[Action, ...] = ("remind", *WAITS_FOR)
_WORK: Mapping[Action, Callable[..., Entry]] = {
    "cross_check": checking.cross_check, "appraise": checking.appraise, "accept": checking.accept,
}  # fmt: skip


@dataclass(frozen=True)
class Target:
    """One thing that a step would be taken with.

    Attributes:
        key: What it is chosen by: the hand-in's id, or that of the reminder.
        seen: The last entry that is known of it.
        hand_in: None for a reminder of what is not there.
        cell: None but for a reminder.
    """

    key: str
    unit: str
    period: str
    seen: int
    hand_in: HandIn | None = None
    cell: Cell | None = None


def step_names(speak: Translator) -> dict[Action, str]:
    """Return what each step is called on its button."""
    return {
        "remind": speak("Remind"),
        "cross_check": speak("Cross-checked"),
        "appraise": speak("Appraised"),
        "accept": speak("Accept"),
    }


def targets(workspace: Workspace, actor: Actor, step: Action, chosen: Chosen, today: date) -> list[Target]:
    """Return with what somebody may take a step, among the wards and states that are looked at."""
    entries = workspace.ledger.entries()
    if step == "remind":
        return _reminders(workspace, actor, entries, chosen, today)
    found = []
    for item in hand_ins(entries):
        own = {identity_key(entry.actor) for entry in item.story if entry.action == "handin"}
        is_theirs = may(actor, step, item.unit_code) and identity_key(actor.identity) not in own
        if is_theirs and item.state in WAITS_FOR[step] and chosen.has_hand_in(item):
            found.append(Target(item.subject, item.unit_code, item.period, item.last_number, item))
    return found


def _reminders(
    workspace: Workspace, actor: Actor, entries: Sequence[Entry], chosen: Chosen, today: date
) -> list[Target]:
    catalogue = workspace.catalogue()
    units = [u.unit_code for u in catalogue.units if u.is_member and may(actor, "remind", u.unit_code)]
    periods = choosable_periods(catalogue, today)[:PERIODS]
    over = [period for period in periods if parse_period(period).ends_on < today][:1]
    cells = overview(catalogue, entries, units, periods, today)
    waiting = [
        cell
        for cell in cells.values()
        if chosen.has(cell) and (cell.state == "returned" or (cell.hand_in is None and cell.period in over))
    ]
    head = entries[-1].number if entries else 0
    return [
        Target(f"reminder-{cell.unit_code}-{cell.period}", cell.unit_code, cell.period, head, cell.hand_in, cell)
        for cell in waiting
    ]


def target_name(target: Target, workspace: Workspace, speak: Translator) -> str:
    """Return what a target is called in a list."""
    name = workspace.unit_name(target.unit, speak.language)
    return f"{name} · {speak.period(target.period, is_short=True)}"


def plan_table(step: Action, found: Sequence[Target], workspace: Workspace, speak: Translator) -> pd.DataFrame:
    """Return what a step will do, a line for each of its targets."""
    return pd.DataFrame([_planned(step, target, workspace, speak) for target in found])


def _planned(step: Action, target: Target, workspace: Workspace, speak: Translator) -> dict[str, str]:
    states = state_names(speak)
    row = {
        speak("Unit"): workspace.unit_name(target.unit, speak.language),
        speak("Period"): speak.period(target.period, is_short=True),
    }
    if target.cell is not None:
        cell = target.cell
        now = states["returned"] if cell.hand_in else (speak("overdue") if cell.is_overdue else speak("not yet"))
        last = speak("reminded {at}", at=moment(cell.reminded.at, speak)) if cell.reminded else ""
        return row | {
            speak("State"): " · ".join(filter(None, (now, due_text(cell, speak), last))),
            speak("Then"): action_names(speak)["remind"],
        }
    assert target.hand_in is not None
    warned = len(target.hand_in.latest.details.get("notices", ()))
    return row | {
        speak("State"): states[target.hand_in.state],
        speak("Then"): states[LEADS_TO[step]],
        speak("Figures"): str(len(target.hand_in.figures)),
        speak("Second look"): str(warned) if warned else "",
    }


def take(workspace: Workspace, actor: Actor, step: Action, target: Target, note: str) -> Entry:
    """Take a step with one target; errors as of the step itself."""
    if step == "remind":
        return reminding.remind(workspace, actor, target.unit, target.period, note=note, expected=target.seen)
    return _WORK[step](workspace, actor, target.key, note=note, expected=target.seen)
