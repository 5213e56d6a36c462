"""Members give their position on a topic until its answers are due; then the head of the block decides, with a reason.

Every step is an entry of the ledger and asks ``access.require`` itself; what a page showed is never believed. What is
possible on which day is told by ``catalogue.consultation``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from functools import partial
from typing import Any

from wardstats.catalogue import consultation
from wardstats.catalogue.load import Catalogue
from wardstats.catalogue.upkeep import ACTION as UPKEEP
from wardstats.core.club_records import STANCES, Position, Topic
from wardstats.core.languages import LANGUAGES, Translator, translator
from wardstats.core.records import column_of
from wardstats.intake.cells import clean_text
from wardstats.intake.faults import IntakeError
from wardstats.intake.publishing import Shown, publish_only
from wardstats.intake.workspace import Workspace, recorded, signed
from wardstats.ledger import Entry, StaleError
from wardstats.ledger.access import Actor, require

LONGEST = 2000
Fault = Callable[[Translator], str]


class ConsultationError(IntakeError):
    """A position or a decision is not possible. The message lists everything that is wrong."""


@recorded
def give_position(
    workspace: Workspace,
    actor: Actor,
    topic_id: str,
    unit_code: str,
    stance: str | None,
    text: str = "",
    *,
    today: date,
    expected: int | None = None,
) -> Entry:
    """Write a member's position on a topic, or another one in its place.

    Args:
        unit_code: The member whose position it is.
        stance: agree, amend, disagree or abstain.
        text: Why, or what should be changed, in the block's own language; may be empty.
        today: The day it is in the block.
        expected: The last entry of the ledger that the actor knew.

    Raises:
        AccessError: The actor may not.
        ConsultationError: The topic takes no positions, or something is wrong with this one; everything is listed.
        StaleError: Somebody else wrote this member's position in the meantime.
    """
    require(actor, "position", unit_code)
    seen = workspace.ledger.head if expected is None else expected
    catalogue = workspace.catalogue()
    text = _cleaned(text)
    faults = [*_not_open(_topic(catalogue, topic_id), today), *_too_long(lambda speak: speak("Position"), text)]
    if unit_code not in {unit.unit_code for unit in catalogue.units if unit.is_member}:
        faults.append(partial(_no_member, unit_code))
    if stance not in STANCES:
        faults.append(partial(_no_stance, stance))
    _refuse(faults)
    position = {"stance": stance, "given_on": today.isoformat()}
    position |= {column_of("text", catalogue.block.default_language): text} if text else {}
    subject = consultation.position_subject(topic_id, unit_code)
    details = {"topic_id": topic_id, "position": position}
    draft = signed(actor, "position", unit_code=unit_code, subject=subject, details=details)
    return workspace.ledger.append(draft, expected=seen, check=_unless(seen, topic_id, consultation.DECIDING))


@recorded
def withdraw_position(
    workspace: Workspace, actor: Actor, topic_id: str, unit_code: str, *, today: date, expected: int | None = None
) -> Entry:
    """Take a member's position back, so that it has given none; arguments and errors as in ``give_position``."""
    require(actor, "position_withdraw", unit_code)
    seen = workspace.ledger.head if expected is None else expected
    catalogue = workspace.catalogue()
    faults = _not_open(_topic(catalogue, topic_id), today)
    if find_position(catalogue, topic_id, unit_code) is None:
        name = partial(workspace.unit_name, unit_code)
        faults.append(
            lambda speak: speak("{name} has given no position on this topic: nothing to withdraw.",
                                name=name(speak.language))
        )  # fmt: skip
    _refuse(faults)
    subject = consultation.position_subject(topic_id, unit_code)
    draft = signed(actor, "position_withdraw", unit_code=unit_code, subject=subject, details={"topic_id": topic_id})
    return workspace.ledger.append(draft, expected=seen, check=_unless(seen, topic_id, consultation.DECIDING))


@recorded
def decide(
    workspace: Workspace,
    actor: Actor,
    topic_id: str,
    decision: str,
    reason: str,
    *,
    today: date,
    expected: int | None = None,
) -> Entry:
    """Decide a topic as the head of the block, once its answers were due.

    Args:
        decision: In the block's own language.
        reason: Why, likewise.

    Raises:
        AccessError: The actor does not act for the unit that heads the block on that day.
        ConsultationError: The topic cannot be decided, or a text is missing or too long; everything is listed.
        StaleError: Somebody else decided in the meantime, or a member wrote its position.
    """
    catalogue = workspace.catalogue()
    head = catalogue.block.head_on(today)
    require(actor, "decide", head)
    seen = workspace.ledger.head if expected is None else expected
    topic, decision, reason = _topic(catalogue, topic_id), _cleaned(decision), _cleaned(reason)
    faults: list[Fault] = []
    if not consultation.can_be_decided(topic, today):
        faults.append(partial(_not_to_decide, topic, today))
    names: tuple[tuple[Fault, str], ...] = (
        (lambda speak: speak("Decision on the topic"), decision), (lambda speak: speak("Reason"), reason)
    )  # fmt: skip
    for name, text in names:
        faults += _too_long(name, text) if text else [partial(_missing, name)]
    _refuse(faults)
    own = catalogue.block.default_language
    made = {
        column_of("decision", own): decision,
        column_of("reason", own): reason,
        **{column_of("decided_by", language): _office(workspace, head, language) for language in LANGUAGES},
        "decided_on": today.isoformat(),
    }
    return _settle(workspace, actor, "decide", topic_id, head, reason, seen, {"decision": made})


@recorded
def reopen(
    workspace: Workspace, actor: Actor, topic_id: str, reason: str, *, today: date, expected: int | None = None
) -> Entry:
    """Take a decision back in the year in which it was made: the topic waits for another. Errors as in ``decide``."""
    catalogue = workspace.catalogue()
    head = catalogue.block.head_on(today)
    require(actor, "reopen", head)
    seen = workspace.ledger.head if expected is None else expected
    topic, reason = _topic(catalogue, topic_id), _cleaned(reason)
    name: Fault = lambda speak: speak("Reason")  # noqa: E731
    faults = _too_long(name, reason) if reason else [partial(_missing, name)]
    if not consultation.can_be_reopened(topic, today):
        faults.append(partial(_not_to_reopen, topic, today))
    _refuse(faults)
    return _settle(workspace, actor, "reopen", topic_id, head, reason, seen, {})


def show_topic(workspace: Workspace, actor: Actor, topic_id: str) -> Shown:
    """Put everything that was written on a topic on the board that is up, and nothing besides.

    Raises:
        AccessError, SnapshotError, IntakeError: As in ``publishing.publish_only``.
    """
    entries = workspace.ledger.entries()
    own = [entry for entry in entries if entry.action in consultation.COUNTING and _is_about(entry, topic_id)]
    return publish_only(workspace, actor, own)


def find_position(catalogue: Catalogue, topic_id: str, unit_code: str) -> Position | None:
    """Return where a member stands on a topic, or None."""
    given = (item for item in catalogue.club.positions if (item.topic_id, item.unit_code) == (topic_id, unit_code))
    return next(given, None)


def _settle(
    workspace: Workspace,
    actor: Actor,
    action: str,
    topic_id: str,
    head: str | None,
    reason: str,
    seen: int,
    details: dict[str, Any],
) -> Entry:
    subject = consultation.decision_subject(topic_id)
    draft = signed(
        actor, action, unit_code=head, subject=subject, note=reason, details={"topic_id": topic_id, **details}
    )
    return workspace.ledger.append(draft, expected=seen, check=_unless(seen, topic_id, consultation.COUNTING))


def _unless(seen: int, topic_id: str, actions: Collection[str]) -> Callable[[Sequence[Entry]], None]:
    """Return a check, made while nobody else writes: that nothing came in between on which a step on a topic rests."""

    def check(entries: Sequence[Entry]) -> None:
        later = [entry for entry in entries if entry.number > seen]
        about = [entry for entry in later if entry.action in actions and _is_about(entry, topic_id)]
        if between := [*about, *(entry for entry in later if entry.action == UPKEEP)]:
            raise StaleError(between)

    return check


def _is_about(entry: Entry, topic_id: str) -> bool:
    return consultation.topic_of(entry) == topic_id


def _topic(catalogue: Catalogue, topic_id: str) -> Topic:
    for topic in catalogue.club.topics:
        if topic.topic_id == topic_id:
            return topic
    known = ", ".join(topic.topic_id for topic in catalogue.club.topics)
    raise ConsultationError(
        lambda speak: speak("{code}: no such topic. There are: {known}.", code=topic_id, known=known or speak("none"))
    )


def _office(workspace: Workspace, head: str | None, language: str) -> str:
    """Return who decides, as readers are told: an office, not a person."""
    speak = translator(language)
    if head is None:
        return speak("the block's secretariat")
    return speak("{name}, head of the block", name=workspace.unit_name(head, language))


def _cleaned(text: str) -> str:
    return "\n".join(filter(None, (clean_text(line) for line in text.splitlines())))


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise ConsultationError(lambda speak: "\n".join(fault(speak) for fault in faults))


def _not_open(topic: Topic, today: date) -> list[Fault]:
    def told(speak: Translator) -> str:
        found = consultation.stage_of(topic, today)
        if found == "ahead":
            return speak("Members may answer from {day} on.", day=speak.day(topic.opened_on))
        if found == "waits":
            assert topic.answers_by is not None
            return speak("Answers were due by {day}: positions cannot be given, changed or withdrawn any more. Ask the "
                         "block's secretariat.", day=speak.day(topic.answers_by))  # fmt: skip
        return speak("The topic is decided: positions cannot be given, changed or withdrawn any more.")

    return [] if consultation.stage_of(topic, today) == "open" else [told]


def _not_to_decide(topic: Topic, today: date, speak: Translator) -> str:
    if consultation.stage_of(topic, today) == "decided":
        return speak("The topic is decided already. Take the decision back first, with a reason.")
    if topic.opened_on > today or topic.answers_by is None:
        return speak("Members may answer from {day} on.", day=speak.day(topic.opened_on))
    return speak("Members may answer until {day}. Decide from the day after.", day=speak.day(topic.answers_by))


def _not_to_reopen(topic: Topic, today: date, speak: Translator) -> str:
    if consultation.stage_of(topic, today) != "decided":
        return speak("The topic is not decided: there is nothing to take back.")
    return speak("A decision can be taken back only in the year in which it was made. Open a new topic instead.")


def _too_long(name: Fault, text: str) -> list[Fault]:
    def told(speak: Translator) -> str:
        return speak("{field}: found {count} letters; expected at most {most}. Shorten it.", field=name(speak),
                     count=len(text), most=LONGEST)  # fmt: skip

    return [told] if len(text) > LONGEST else []


def _missing(name: Fault, speak: Translator) -> str:
    return speak("{field}: found nothing; expected an entry. Fill it in.", field=name(speak))


def _no_member(unit_code: str, speak: Translator) -> str:
    return speak("{field}: found {value}; expected one that the data folder knows.", field=speak("Unit"),
                 value=repr(unit_code))  # fmt: skip


def _no_stance(stance: str | None, speak: Translator) -> str:
    if not stance:
        return _missing(lambda speak: speak("Position"), speak)
    return speak("{field}: found {value}; expected one of {known}.", field=speak("Position"), value=repr(stance),
                 known=", ".join(STANCES))  # fmt: skip
