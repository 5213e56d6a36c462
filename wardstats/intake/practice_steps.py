"""Members write practices: drafted by a ward, checked by another hand, published by the secretariat, or taken back.

Every step is an entry of the ledger and asks ``access.require`` itself; what a page showed is never believed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from pydantic import ValidationError

from wardstats.catalogue.practices import Written, written_practices
from wardstats.core.club_records import Practice
from wardstats.core.languages import LANGUAGE_NAMES, LANGUAGES, Translator
from wardstats.core.periods import parse_period
from wardstats.core.records import column_of
from wardstats.intake.evidence import Evidence
from wardstats.intake.faults import IntakeError
from wardstats.intake.workspace import Workspace, recorded, signed, today
from wardstats.ledger import Entry
from wardstats.ledger.access import Actor, require

FIELDS = (
    *(column_of(name, language) for name in Practice.texts for language in LANGUAGES),
    "cost_vnd", "indicator_code", "period_before", "period_after", "model_code", "link",
)  # fmt: skip
LONGEST = 4000
Fault = Callable[[Translator], str]  # what is wrong with one field, in a language


class PracticeError(IntakeError):
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
        raise PracticeError(
            lambda speak: speak(
                "{subject}: found it {state}; expected {states}. Look at its present state.", subject=subject,
                state=practice_state_names(speak)[found.state],
                states=" / ".join(practice_state_names(speak)[state] for state in states),
            )
        )  # fmt: skip
    details: dict[str, Any] = {"version": found.last_number}
    if action == "practice_publish":
        text = found.practice.model_dump(
            mode="json", exclude={"practice_id", "is_sample", "source_id"}, exclude_none=True
        )
        details["practice"] = text | {"published_on": today()}  # what was published stays what it was
    draft = signed(actor, action, unit_code=found.unit_code, subject=subject, note=note, details=details)
    return workspace.ledger.append(draft, expected=found.last_number if expected is None else expected)


def practice_state_names(speak: Translator) -> dict[str, str]:
    """Return what the states of a practice are called."""
    return {
        "draft": speak("written, waits for a check"),
        "checked": speak("checked, waits to be published"),
        "published": speak("published"),
        "withdrawn": speak("withdrawn"),
    }


def field_names(speak: Translator) -> dict[str, str]:
    """Return what the fields of a practice are called; texts that stand in each language without the language."""
    return {
        "title": speak("Title"),
        "problem": speak("Problem"),
        "action": speak("What was done"),
        "by_whom": speak("By whom"),
        "contact": speak("Office to ask"),
        "cost_vnd": speak("Cost, dong"),
        "indicator_code": speak("Indicator that shows the result"),
        "period_before": speak("Period before"),
        "period_after": speak("Period after"),
        "model_code": speak("Model"),
        "link": speak("Link"),
        "unit_code": speak("Unit"),
    }


def _field_name(field: str, speak: Translator) -> str:
    names, (stem, _, language) = field_names(speak), field.rpartition("_")
    in_language = f"{names[stem]} ({LANGUAGE_NAMES[language]})" if stem in names and language in LANGUAGES else field
    return names.get(field, in_language)


def _wrong_field(fault: Any) -> Fault:
    """Return what is wrong with a field, from what the record found."""
    field, is_empty = ".".join(map(str, fault["loc"])), fault["input"] is None or fault["type"] == "missing"

    def told(speak: Translator) -> str:
        name = _field_name(field, speak)
        if is_empty:
            return speak("{field}: found nothing; expected an entry. Fill it in.", field=name)
        return speak("{field}: found {value}; expected {rule}. Correct it.", field=name, value=repr(fault["input"]),
                     rule=fault["msg"])  # fmt: skip

    return told


def _unknown_field(name: str, speak: Translator) -> str:
    return speak("{field}: found an unknown field; expected one of {known}.", field=name, known=", ".join(FIELDS))


def _too_long(name: str, length: int, speak: Translator) -> str:
    field = _field_name(name, speak)
    return speak("{field}: found {count} letters; expected at most {most}. Shorten it.", field=field, count=length,
                 most=LONGEST)  # fmt: skip


def _unknown_code(name: str, code: str, speak: Translator) -> str:
    field = _field_name(name, speak)
    return speak("{field}: found {value}; expected one that the data folder knows.", field=field, value=repr(code))


def _not_after(before: str, after: str, speak: Translator) -> str:
    field, first, last = _field_name("period_after", speak), speak.period(before), speak.period(after)
    return speak("{field}: found {after}; expected a period that ends after {before}.", field=field, after=last,
                 before=first)  # fmt: skip


def _checked(workspace: Workspace, unit_code: str, subject: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields as they are kept, or refuse them with everything that is wrong."""
    faults: list[Fault] = [partial(_unknown_field, name) for name in set(fields) - set(FIELDS)]
    kept = {name: value for name, value in fields.items() if name in FIELDS and value not in (None, "")}
    faults += [
        partial(_too_long, name, len(value))
        for name, value in kept.items()
        if isinstance(value, str) and len(value) > LONGEST
    ]
    whole = {"practice_id": subject, "unit_code": unit_code, "is_sample": False, "source_id": "club_practice"}
    catalogue = workspace.catalogue()
    try:
        practice = Practice.model_validate(kept | whole, context={"language": catalogue.block.default_language})
    except ValidationError as error:
        wrong = [*faults, *map(_wrong_field, error.errors(include_url=False))]
        raise PracticeError(lambda speak: "\n".join(fault(speak) for fault in wrong)) from error
    known = {
        "indicator_code": {item.indicator_code for item in catalogue.indicators},
        "model_code": {item.model_code for item in catalogue.club.models} | {None},
        "unit_code": {item.unit_code for item in catalogue.units if item.is_member},
    }
    for name, codes in known.items():
        if (code := getattr(practice, name)) not in codes:
            faults.append(partial(_unknown_code, name, str(code or "")))
    before, after = parse_period(practice.period_before), parse_period(practice.period_after)
    if after.ends_on <= before.ends_on:
        faults.append(partial(_not_after, before.text, after.text))
    if faults:
        raise PracticeError(lambda speak: "\n".join(fault(speak) for fault in faults))
    return practice.model_dump(mode="json", include={*kept, "unit_code"})  # without the texts that were filled in
