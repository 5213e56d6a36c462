"""Members write practices: drafted by a ward, checked by another hand, published by the secretariat, or taken back.

Every step is an entry of the ledger and asks ``access.require`` itself; what a page showed is never believed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from wardstats.catalogue.practices import Written, written_practices
from wardstats.core.club_records import Practice
from wardstats.core.errors import WardStatsError
from wardstats.core.languages import LANGUAGES
from wardstats.core.periods import parse_period
from wardstats.core.records import column_of
from wardstats.intake.evidence import Evidence
from wardstats.intake.workspace import Workspace, recorded, signed, today
from wardstats.ledger import Entry
from wardstats.ledger.access import Actor, require

FIELDS = (
    *(column_of(name, language) for name in Practice.texts for language in LANGUAGES),
    "cost_vnd", "indicator_code", "period_before", "period_after", "model_code", "link",
)  # fmt: skip
LONGEST = 4000


class PracticeError(WardStatsError):
    """A practice cannot be written, or a step is not possible. The message lists everything that is wrong."""


@recorded
def draft_practice(
    workspace: Workspace,
    actor: Actor,
    unit_code: str,
    fields: Mapping[str, Any],
    *,
    subject: str | None = None,
    files: Sequence[Evidence] = (),
    note: str = "",
    expected: int | None = None,
) -> Entry:
    """Write a practice, or a new version of it. Nobody sees it but those who check.

    Args:
        unit_code: The ward whose practice it is.
        fields: Columns of practices.csv; see ``FIELDS``. Results are not among them: they come from the indicators.
        subject: The practice to revise; a new one if not given.
        files: Files that belong to it, already checked.

    Raises:
        AccessError: The actor may not.
        PracticeError: Something is wrong with the text; everything is listed.
        StaleError: Somebody acted on it in the meantime.
    """
    require(actor, "practice_draft", unit_code)
    entries = workspace.ledger.entries()
    seen = len(entries) if expected is None else expected
    known = written_practices(entries)
    if subject is None:
        count = sum(item.unit_code == unit_code for item in known.values())
        subject = f"practice-{unit_code}-{count + 1}"
    elif find_practice(entries, subject).unit_code != unit_code:
        raise PracticeError(f"{subject}: found another ward's practice; expected one of unit {unit_code}.")
    details = {"practice": _checked(workspace, unit_code, subject, fields)}
    kept = tuple(workspace.ledger.store(item.name, item.content, item.media_type) for item in files)
    entry = signed(
        actor, "practice_draft", unit_code=unit_code, subject=subject, note=note, attachments=kept, details=details
    )
    return workspace.ledger.append(entry, expected=seen)


@recorded
def check_practice(
    workspace: Workspace, actor: Actor, subject: str, *, note: str = "", expected: int | None = None
) -> Entry:
    """Say that a practice was checked; errors as in ``draft_practice``."""
    return _step(workspace, actor, subject, "practice_check", ("draft",), note, expected)


@recorded
def publish_practice(
    workspace: Workspace, actor: Actor, subject: str, *, note: str = "", expected: int | None = None
) -> Entry:
    """Settle that readers see a checked practice from the next board on; errors as in ``draft_practice``."""
    return _step(workspace, actor, subject, "practice_publish", ("checked",), note, expected)


@recorded
def withdraw_practice(
    workspace: Workspace, actor: Actor, subject: str, *, note: str = "", expected: int | None = None
) -> Entry:
    """Take a practice back, published or not; errors as in ``draft_practice``."""
    return _step(workspace, actor, subject, "practice_withdraw", ("draft", "checked", "published"), note, expected)


def find_practice(entries: Sequence[Entry], subject: str) -> Written:
    """Return a practice of the ledger.

    Raises:
        PracticeError: There is none of this id.
    """
    known = written_practices(entries)
    if subject not in known:
        raise PracticeError(f"{subject}: no such practice. There are: {', '.join(known) or 'none yet'}.")
    return known[subject]


def _step(
    workspace: Workspace,
    actor: Actor,
    subject: str,
    action: Any,
    states: tuple[str, ...],
    note: str,
    expected: int | None,
) -> Entry:
    found = find_practice(workspace.ledger.entries(), subject)
    require(actor, action, found.unit_code)
    if found.state not in states:
        raise PracticeError(f"{subject}: found it {found.state}; expected {' or '.join(states)}. Look at it again.")
    details: dict[str, Any] = {"version": found.last_number}
    if action == "practice_publish":
        text = found.practice.model_dump(
            mode="json", exclude={"practice_id", "is_sample", "source_id"}, exclude_none=True
        )
        details["practice"] = text | {"published_on": today()}  # what was published stays what it was
    draft = signed(actor, action, unit_code=found.unit_code, subject=subject, note=note, details=details)
    return workspace.ledger.append(draft, expected=found.last_number if expected is None else expected)


def _checked(workspace: Workspace, unit_code: str, subject: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields as they are kept, or refuse them with everything that is wrong."""
    faults = [
        f"{name}: found an unknown field; expected one of {', '.join(FIELDS)}" for name in set(fields) - set(FIELDS)
    ]
    kept = {name: value for name, value in fields.items() if name in FIELDS and value not in (None, "")}
    faults += [
        f"{name}: found {len(value)} letters; expected at most {LONGEST}"
        for name, value in kept.items()
        if isinstance(value, str) and len(value) > LONGEST
    ]
    whole = {"practice_id": subject, "unit_code": unit_code, "is_sample": False, "source_id": "club_practice"}
    catalogue = workspace.catalogue()
    try:
        practice = Practice.model_validate(kept | whole, context={"language": catalogue.block.default_language})
    except ValidationError as error:
        faults += [f"{'.'.join(map(str, f['loc']))}: {f['msg']}" for f in error.errors(include_url=False)]
        raise PracticeError("\n".join(faults)) from error
    known = {
        "indicator_code": {item.indicator_code for item in catalogue.indicators},
        "model_code": {item.model_code for item in catalogue.club.models} | {None},
        "unit_code": {item.unit_code for item in catalogue.units if item.is_member},
    }
    for name, codes in known.items():
        if (code := getattr(practice, name)) not in codes:
            faults.append(f"{name}: found {code!r}; expected one that the data folder knows")
    before, after = parse_period(practice.period_before), parse_period(practice.period_after)
    if after.ends_on <= before.ends_on:
        faults.append(f"period_after: found {after.text}; expected a period that ends after {before.text}")
    if faults:
        raise PracticeError("\n".join(faults))
    return practice.model_dump(mode="json", include={*kept, "unit_code"})  # without the texts that were filled in
