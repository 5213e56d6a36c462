"""The block checks what wards handed in: cross-check, appraisal, return, acceptance, correction, bonus and penalty.

Nobody settles what they handed in themselves. Only ``accept`` and ``correct`` make figures count, ``adjust`` points.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from secrets import token_hex
from typing import Any

from wardstats.catalogue.ledger_figures import ledger_adjustments
from wardstats.core.languages import Translator, translator
from wardstats.intake.basis import was_published
from wardstats.intake.cells import clean_text
from wardstats.intake.columns import NUMBERS
from wardstats.intake.faults import Finding, IntakeError, RejectedError
from wardstats.intake.form import block_period
from wardstats.intake.handing_in import check_reason, source_id, source_of, step
from wardstats.intake.numbers import limits_text, written_number
from wardstats.intake.queue import OPEN, HandIn, find_hand_in, state_names
from wardstats.intake.validation import figure_findings
from wardstats.intake.workspace import Workspace, recorded, signed, today
from wardstats.ledger import Change, Entry, Figure
from wardstats.ledger.access import AccessError, Actor, identity_key, require

_LINE_NOTE_AT_MOST = 500
_ENGLISH = translator("en")


@dataclass(frozen=True)
class Appraised:
    """A figure that the block puts in the place of the ward's own.

    Attributes:
        numbers: value, numerator, denominator; those left out are empty.
        reason: Why; the ward reads it.
    """

    numbers: Mapping[str, float | None]
    reason: str


@recorded
def cross_check(
    workspace: Workspace,
    actor: Actor,
    subject: str,
    *,
    note: str = "",
    lines: Mapping[str, str] | None = None,
    expected: int | None = None,
) -> Entry:
    """Record that another member has checked a hand-in.

    Raises:
        AccessError: The actor may not, or handed it in themselves.
        IntakeError: There is none, it does not wait for this step, or a note is about a line it does not have.
        StaleError: Somebody acted on it in the meantime.
    """
    found = _waiting(workspace, actor, subject, "cross_check", ("self_scored",))
    details = {"lines": _line_notes(found, lines)}
    return step(workspace, actor, found, "cross_check", note=note, expected=expected, details=details)


@recorded
def appraise(
    workspace: Workspace,
    actor: Actor,
    subject: str,
    *,
    note: str = "",
    lines: Mapping[str, str] | None = None,
    figures: Mapping[str, Appraised] | None = None,
    expected: int | None = None,
    speak: Translator = _ENGLISH,
) -> Entry:
    """Record that the head of the block has appraised a hand-in, single lines otherwise than they were handed in.

    Args:
        figures: By indicator code, those that are to count in place of the ward's own.

    Raises:
        RejectedError: Such a figure is outside its limits.
        IntakeError: It has no reason, or is about a line that the hand-in does not have; else as in ``cross_check``.
    """
    found = _waiting(workspace, actor, subject, "appraise", ("self_scored", "cross_checked"))
    details: dict[str, Any] = {"lines": _line_notes(found, lines)}
    if figures:
        details["appraised"] = _appraised(workspace, found, figures, speak)
    return step(workspace, actor, found, "appraise", note=note, expected=expected, details=details)


@recorded
def give_back(
    workspace: Workspace,
    actor: Actor,
    subject: str,
    *,
    note: str = "",
    lines: Mapping[str, str] | None = None,
    expected: int | None = None,
) -> Entry:
    """Return a hand-in to its ward, with a note on the whole or on single lines; errors as in ``cross_check``."""
    found = _waiting(workspace, actor, subject, "return", OPEN)
    notes = _line_notes(found, lines)
    if not notes and not note.strip():
        raise IntakeError(
            lambda speak: speak("{subject}: found no reason; expected a note on a line or on the whole. Say what to "
                                "mend.", subject=subject)
        )  # fmt: skip
    return step(workspace, actor, found, "return", note=note, expected=expected, details={"lines": notes})


@recorded
def accept(
    workspace: Workspace,
    actor: Actor,
    subject: str,
    *,
    note: str = "",
    lines: Mapping[str, str] | None = None,
    expected: int | None = None,
) -> Entry:
    """Accept a hand-in: from now on its figures count, as verified. Errors as in ``cross_check``."""
    found = _waiting(workspace, actor, subject, "accept", OPEN)
    if workspace.catalogue().block.two_persons and not checked_by(found) - {identity_key(actor.identity)}:
        raise AccessError(
            lambda speak: speak(
                "{subject}: found no check by somebody else; two persons are asked for. Let a colleague check it, or "
                "accept what you have checked.", subject=subject,
            )
        )  # fmt: skip
    changes, details = acceptance(workspace, found), _sources(found) | {"lines": _line_notes(found, lines)}
    return step(workspace, actor, found, "accept", note=note, expected=expected, changes=changes, details=details)


@recorded
def undo_acceptance(
    workspace: Workspace,
    actor: Actor,
    subject: str,
    *,
    note: str = "",
    lines: Mapping[str, str] | None = None,
    expected: int | None = None,
) -> Entry:
    """Take an acceptance back that was on no board yet: the hand-in waits again. Errors as in ``cross_check``."""
    entries = workspace.ledger.entries()
    found = find_hand_in(entries, subject)
    require(actor, "unaccept", found.unit_code)
    if not can_be_undone(entries, found):
        raise IntakeError(
            lambda speak: speak("{subject}: found no acceptance that waits to be published; what was published is "
                                "corrected, figure by figure.", subject=subject)
        )  # fmt: skip
    accepted = found.story[-1]
    details = {"undoes": accepted.number, "returns_to": accepted.details["state_before"]}
    details["lines"] = _line_notes(found, lines)
    return step(workspace, actor, found, "unaccept", note=note, expected=expected, details=details)


def can_be_undone(entries: Sequence[Entry], found: HandIn) -> bool:
    """Tell whether a hand-in is accepted, and no board was up with it."""
    return found.state == "accepted" and not was_published(entries, found.story[-1])


def checked_by(found: HandIn) -> set[str]:
    """Return who cross-checked or appraised the version that waits, by what they are told apart by.

    A figure of the block's own was seen by nobody who had checked before it was written.
    """
    later = [entry for entry in found.story if entry.number > found.latest.number]
    own = max((entry.number for entry in later if entry.details.get("appraised")), default=0)
    checks = [entry for entry in later if entry.number >= own and entry.action in ("cross_check", "appraise")]
    return {identity_key(entry.actor) for entry in checks}


def acceptance(workspace: Workspace, found: HandIn) -> tuple[Change, ...]:
    """Return what accepting a hand-in would change.

    Raises:
        IntakeError: The block no longer asks for one of its figures.
    """
    form = workspace.form(found.unit_code, found.period)
    keys = {code: (found.unit_code, code, period) for code, (period, _) in found.counted.items()}
    now = workspace.in_force(list(keys.values()))
    if gone := [code for code in keys if code not in form.rows]:
        raise IntakeError(
            lambda speak: speak(
                "{subject}: found figures that are no longer asked for ({names}); expected those of the present "
                "criteria. Return it to the ward.", subject=found.subject, names=", ".join(gone),
            )
        )  # fmt: skip
    return tuple(
        Change(*keys[code], now.get(keys[code]), replace(figure, status="verified"))
        for code, (_, figure) in found.counted.items()
    )


@recorded
def correct(
    workspace: Workspace,
    actor: Actor,
    unit_code: str,
    period: str,
    indicator_code: str,
    numbers: Mapping[str, float | None],
    reason: str,
    *,
    expected: int | None = None,
    speak: Translator = _ENGLISH,
) -> Entry:
    """Correct one figure that counts, or set one, with a reason.

    Args:
        period: The period of the block in whose form the figure stands.
        numbers: value, numerator, denominator; those left out are empty.

    Raises:
        AccessError: The actor may not.
        RejectedError: The figure is outside its limits.
        IntakeError: No such indicator, or no reason.
        StaleError: Somebody changed the figure in the meantime.
    """
    require(actor, "correct", unit_code)
    seen = workspace.ledger.head if expected is None else expected
    form = workspace.form(unit_code, period)
    own_period = form.row(indicator_code).period
    if unknown := set(numbers) - set(NUMBERS):
        raise IntakeError(f"found {', '.join(sorted(unknown))}; expected value, numerator or denominator. Correct it.")
    if any(number is not None and not math.isfinite(number) for number in numbers.values()):
        raise IntakeError(f"{indicator_code}: found no finite number; expected one such as 87.5. Correct it.")
    reason = check_reason(reason)
    if faults := figure_findings(indicator_code, numbers, form, unit_code, speak):
        raise RejectedError(faults)
    key = (unit_code, indicator_code, own_period)
    now = workspace.in_force([key]).get(key)
    is_real = now is not None and now.status != "demonstration"
    source = now.source_id if now is not None and is_real else source_id(unit_code, period)
    given = {name: numbers.get(name) for name in NUMBERS}
    after = Figure(**given, status="verified", source_id=source, note=reason[:_LINE_NOTE_AT_MOST])
    if now is not None and is_real and after.same_as(now) and now.status == "verified":
        name = form.row(indicator_code).indicator
        raise IntakeError(
            lambda speak: speak("{indicator}: found the same figure already; expected another one. Nothing was "
                                "changed.", indicator=name.text(speak.language))
        )  # fmt: skip
    draft = signed(
        actor, "correct", unit_code=unit_code, period=period, note=reason, changes=(Change(*key, now, after),),
        details={} if is_real else {"sources": {source: source_of(form)}},
    )  # fmt: skip
    return workspace.ledger.append(draft, expected=seen)


@recorded
def adjust(
    workspace: Workspace,
    actor: Actor,
    unit_code: str,
    period: str,
    points: float,
    reason: str,
    *,
    adjustment: str | None = None,
    expected: int | None = None,
    speak: Translator = _ENGLISH,
) -> Entry:
    """Give a ward a bonus (+) or a penalty (-), or change an earlier one; 0 points lift it.

    Args:
        points: Bonus or penalty, at most all points of the year.
        adjustment: The id of an earlier one.

    Raises:
        AccessError: The actor may not.
        RejectedError: The points are none, or more than there are.
        IntakeError: No such ward, period or adjustment, or no reason.
        StaleError: Somebody changed it in the meantime.
    """
    require(actor, "adjust", unit_code)
    seen = workspace.ledger.head if expected is None else expected
    form = workspace.form(unit_code, block_period(workspace.catalogue(), period).text)
    if not form.points_asked.has(points):
        found = written_number(points, speak) if math.isfinite(points) else str(points)
        raise _no_points(found, limits_text(form.points_asked, speak), speak("Correct the number."), speak)
    if adjustment is None and points == 0:
        remedy = speak("To take an earlier one back, cancel that one.")
        raise _no_points("0", speak("a bonus above 0 or a penalty below 0"), remedy, speak)
    reason = check_reason(reason)
    earlier = [e for e in workspace.ledger.entries() if e.action == "adjust" and e.subject == adjustment]
    if adjustment is not None and (not earlier or (earlier[-1].unit_code, earlier[-1].period) != (unit_code, period)):
        raise IntakeError(f"adjustment {adjustment!r}: found none of this ward and period. List them with ledger show.")
    subject = adjustment or f"adjustment-{unit_code}-{period}-{token_hex(3)}"
    source = f"adjustment_{unit_code}_{period}"
    described = {"title": reason[:200], "producer": actor.name, "accessed": today()}
    draft = signed(
        actor, "adjust", unit_code=unit_code, period=form.period, subject=subject, note=reason,
        details={"points": points, "reason": reason, "source_id": source, "sources": {source: described}},
    )  # fmt: skip
    ledger_adjustments([Entry.of(draft, 1, "", "")])  # what the catalogue would refuse is refused here
    return workspace.ledger.append(draft, expected=seen)


def _waiting(workspace: Workspace, actor: Actor, subject: str, action: str, states: tuple[str, ...]) -> HandIn:
    """Return a hand-in that an actor may take this step with."""
    found = find_hand_in(workspace.ledger.entries(), subject)
    require(actor, action, found.unit_code)  # pyright: ignore[reportArgumentType]
    if found.state not in states:
        raise IntakeError(
            lambda speak: speak(
                "{subject}: found it {state}; expected {states}. Look at its present state.", subject=subject,
                state=state_names(speak)[found.state], states=" / ".join(state_names(speak)[state] for state in states),
            )
        )  # fmt: skip
    own = {identity_key(entry.actor) for entry in found.story if entry.action == "handin"}
    if action != "return" and identity_key(actor.identity) in own:
        raise AccessError(
            lambda speak: speak("{who}: found the one who submitted it; expected somebody else. Ask a colleague.",
                                who=actor.identity)
        )  # fmt: skip
    return found


def _appraised(
    workspace: Workspace, found: HandIn, figures: Mapping[str, Appraised], speak: Translator
) -> dict[str, dict[str, Any]]:
    """Return figures of the block's own as an entry keeps them; see ``appraise`` for what is refused."""
    form, faults, kept = workspace.form(found.unit_code, found.period), [], {}
    if unknown := [code for code in figures if code not in found.figures]:
        raise IntakeError(f"{found.subject}: found figures of {', '.join(unknown)}; expected lines that it has.")
    for code, own in figures.items():
        name = form.row(code).indicator.text(speak.language)
        numbers = {key: own.numbers.get(key) for key in NUMBERS}
        reason = clean_text(own.reason)
        if all(number is None for number in numbers.values()):
            faults.append(Finding(name, "", speak("nothing"), speak("a number"), speak("Type the appraised figure.")))
        if not reason or len(reason) > _LINE_NOTE_AT_MOST:
            count = speak("{count} letters", count=len(reason))
            most = speak("a reason of at most {count} letters", count=_LINE_NOTE_AT_MOST)
            faults.append(Finding(name, "", count, most, speak("Say why, in a sentence.")))
        faults += figure_findings(code, numbers, form, name, speak)
        kept[code] = numbers | {"reason": reason}
    if faults:
        raise RejectedError(faults)
    return kept


def _line_notes(found: HandIn, lines: Mapping[str, str] | None) -> dict[str, str]:
    notes = {code: clean_text(note) for code, note in (lines or {}).items() if note.strip()}
    if unknown := [code for code in notes if code not in found.figures]:
        raise IntakeError(f"{found.subject}: found notes on {', '.join(unknown)}; expected lines that it has.")
    if any(len(note) > _LINE_NOTE_AT_MOST for note in notes.values()):
        raise IntakeError(
            lambda speak: speak("{field}: found {count} letters; expected at most {most}. Shorten it.",
                                field=speak("Note"), count=max(map(len, notes.values())), most=_LINE_NOTE_AT_MOST)
        )  # fmt: skip
    return notes


def _sources(found: HandIn) -> dict[str, object]:
    return {"sources": found.latest.details.get("sources", {})}


def _no_points(found: str, expected: str, remedy: str, speak: Translator) -> RejectedError:
    return RejectedError([Finding(speak("Points"), "", found, expected, remedy)])
