"""Practices that members write in the program: what the ledger says about each, and which are published.

A practice is drafted by its ward, checked, published, and may be withdrawn. Each step is an entry whose subject is the
practice's id and whose ``details["practice"]`` is the text it is about, so that what was published stays what it was
while a revision is written. Nothing is published here: the next build reads ``published_practices``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from pydantic import ValidationError

from wardstats.catalogue.ledger_figures import figure_columns, settled_entries
from wardstats.core.club_records import Practice
from wardstats.core.records import Record, in_each_language
from wardstats.ledger import Entry, LedgerError
from wardstats.ledger.chain import LOSS

ACTIONS = ("practice_draft", "practice_check", "practice_publish", "practice_withdraw")
COUNTING = frozenset({"practice_publish", "practice_withdraw"})  # the others change nothing that readers see
SOURCE_ID = "club_practice"

R = TypeVar("R", bound=Record)
State = Literal["draft", "checked", "published", "withdrawn"]
LEADS_TO: Mapping[str, State] = {
    "practice_draft": "draft",
    "practice_check": "checked",
    "practice_publish": "published",
    "practice_withdraw": "withdrawn",
}


@dataclass(frozen=True)
class Written:
    """A practice as it stands in the ledger.

    Attributes:
        subject: Its id.
        practice: The newest text.
        published: The text that readers see, or None. Another one while a revision is under way.
        story: Its entries, oldest first.
    """

    subject: str
    practice: Practice
    published: Practice | None
    story: tuple[Entry, ...]

    @property
    def state(self) -> State:
        """What the last step made of it."""
        return LEADS_TO[self.story[-1].action]

    @property
    def unit_code(self) -> str:
        """The ward whose practice it is."""
        return self.practice.unit_code

    @property
    def last_number(self) -> int:
        """Number of its last entry."""
        return self.story[-1].number


def written_practices(entries: Iterable[Entry]) -> dict[str, Written]:
    """Return the practices of the ledger by id, in the order in which they were first written.

    Raises:
        LedgerError: An entry does not hold a practice.
    """
    entries = list(entries)
    has_loss = any(entry.action == LOSS for entry in entries)
    found: dict[str, Written] = {}
    for entry in entries:
        if entry.action not in LEADS_TO or entry.subject is None:
            continue
        before = found.get(entry.subject)
        if "practice" in entry.details:
            practice = practice_of(entry)
        elif before is not None:
            practice = before.practice
        elif has_loss:
            continue  # what it belongs to is among the entries whose loss was recorded
        else:
            raise LedgerError(f"Ledger, entry {entry.number} ({entry.action}): {entry.subject} was never written.")
        published = before.published if before else None
        if entry.action == "practice_publish":
            published = practice
        elif entry.action == "practice_withdraw":
            published = None
        found[entry.subject] = Written(entry.subject, practice, published, (*(before.story if before else ()), entry))
    return found


def published_practices(entries: Iterable[Entry]) -> list[Practice]:
    """Return the practices of the ledger that readers see."""
    return [item.published for item in written_practices(entries).values() if item.published]


def practice_of(entry: Entry) -> Practice:
    """Return the practice an entry is about.

    Raises:
        LedgerError: It holds none.
    """
    fields: dict[str, Any] = {"is_sample": False, "source_id": SOURCE_ID}
    return record_of(entry, Practice, fields | dict(entry.details["practice"]) | {"practice_id": entry.subject})


def record_of(entry: Entry, kind: type[R], fields: Mapping[str, Any]) -> R:
    """Return the record that an entry of the ledger holds.

    Raises:
        LedgerError: It is not one; every fault is told.
    """
    try:
        return kind.model_validate(fields)
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors())
        raise LedgerError(f"Ledger, entry {entry.number} ({entry.action}): {faults}.") from error


def practice_sources(entries: Iterable[Entry]) -> dict[str, dict[str, Any]]:
    """Return the source that practices written in the program name; empty where there is none."""
    published = [entry for entry in entries if entry.action == "practice_publish"]
    if not published:
        return {}
    return {
        SOURCE_ID: {
            **in_each_language("title", lambda speak: speak("Practices written by the members, checked and published")),
            "producer": "Câu lạc bộ Đô thị",
            "accessed": published[-1].at[:10],
        }
    }


def hand_in_differences(entries: Iterable[Entry]) -> list[dict[str, Any]]:
    """Return where the block accepted another figure than the ward had handed in: the cross-check's differences.

    Returns:
        One row a figure: unit_code, indicator_code, period, handed_in and accepted (values, or the ratios of counts),
        accepted_at, note. The last hand-in before an acceptance counts; the note is the reason of the figure, where it
        was appraised otherwise, else of the step.
    """
    entries = list(entries)
    settled = {entry.number for entry in settled_entries(entries)}  # an acceptance that was taken back is none
    handed: dict[tuple[str, str, str], Any] = {}
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for entry in entries:
        for change in entry.changes:
            if entry.action == "handin":
                handed[change.key] = change.after
            elif (
                entry.number in settled
                and entry.action in ("accept", "correct")
                and (own := handed.get(change.key)) is not None
            ):
                found.pop(change.key, None)
                if not own.same_as(change.after):
                    keys = dict(zip(("unit_code", "indicator_code", "period"), change.key, strict=True))
                    numbers = figure_columns("handed_in", own) | figure_columns("accepted", change.after)
                    reason = change.after.note if entry.action == "accept" and change.after else ""
                    found[change.key] = keys | numbers | {"accepted_at": entry.at, "note": reason or entry.note or None}
    return list(found.values())
