"""The secretariat reminds a ward of what it still has to hand in: one entry of the ledger, which its officers see."""

from __future__ import annotations

from datetime import date, datetime

from wardstats.core.languages import TIME_ZONE, local_today
from wardstats.intake.faults import IntakeError
from wardstats.intake.handing_in import check_note
from wardstats.intake.overview import overview
from wardstats.intake.words import actor_name, moment
from wardstats.intake.workspace import Workspace, recorded, signed
from wardstats.ledger import Entry
from wardstats.ledger.access import Actor, require


@recorded
def remind(
    workspace: Workspace,
    actor: Actor,
    unit_code: str,
    period: str,
    *,
    note: str = "",
    today: date | None = None,
    expected: int | None = None,
) -> Entry:
    """Remind a ward of a period that it has not handed in, or that was returned; once a day at most.

    Args:
        today: The day it is; in Vietnam unless given.
        expected: The last entry that the actor knew.

    Raises:
        AccessError: The actor may not.
        IntakeError: No such ward or period, nothing waits for the ward, or it was reminded on the same day.
        StaleError: Somebody reminded it in the meantime.
    """
    require(actor, "remind", unit_code)
    form, entries = workspace.form(unit_code, period), workspace.ledger.entries()
    day = today or local_today()
    cell = overview(form.catalogue, entries, [unit_code], [form.period], day)[unit_code, form.period]
    if cell.waits_for != "ward":
        raise IntakeError(
            lambda speak: speak("{unit}, {period}: found it submitted already; a reminder says what is missing.",
                                unit=workspace.unit_name(unit_code, speak.language), period=speak.period(period))
        )  # fmt: skip
    last = cell.reminded
    if last is not None and datetime.fromisoformat(last.at).astimezone(TIME_ZONE).date() >= day:
        raise IntakeError(
            lambda speak: speak("{unit}, {period}: {who} has reminded them today ({at}); once a day is enough.",
                                unit=workspace.unit_name(unit_code, speak.language), period=speak.period(period),
                                who=actor_name(last, speak), at=moment(last.at, speak))
        )  # fmt: skip
    draft = signed(
        actor, "remind", unit_code=unit_code, period=form.period, subject=f"reminder-{unit_code}-{form.period}",
        note=check_note(note),
    )  # fmt: skip
    return workspace.ledger.append(draft, expected=workspace.ledger.head if expected is None else expected)
