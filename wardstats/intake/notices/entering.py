"""Enters what is owed into the outbox: a notice for each event and person, and one a day for who wants a digest.

Whatever moment it is stopped at, the next run enters the same again, and nothing twice.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from wardstats.core.durable_files import PRIVATE, write_durably
from wardstats.core.errors import SnapshotError
from wardstats.core.languages import TIME_ZONE
from wardstats.intake.notices.desk import Desk
from wardstats.intake.notices.outbox import Delivery, Notice, Outbox, OutboxError, Way, notice_id
from wardstats.intake.notices.owed import Event, owed_by_boards, owed_by_work
from wardstats.intake.notices.recipients import Recipient
from wardstats.intake.notices.report import Report, told_of_one
from wardstats.snapshot.store import Store

DIGEST_HOUR = 7  # in Vietnam


@dataclass(frozen=True)
class Cursor:
    """How far the ledger and the boards have been told.

    Attributes:
        entry: Number of the last entry.
        published: Key of the last publication; empty for none.
    """

    entry: int = 0
    published: str = ""


def enter_owed(desk: Desk, report: Report, moment: datetime) -> set[str]:
    """Write a notice for each event and person, then move the cursor; return the ids of those that last.

    Written before the cursor moves, and never twice: killed in between, the next run finds the same events again.
    """
    people = desk.people()
    if not people:  # as while the list is saved: told to nobody now, it would be told to nobody for good
        report.troubles.append("The list of roles (access.toml) names nobody: nothing is told, and everything waits.")
        return set()
    workspace, store = desk.workspace, Store(desk.workspace.places.var)
    path = desk.outbox.folder / "cursor.json"
    entries, history = workspace.ledger.entries(), store.history()
    head, top = entries[-1].number if entries else 0, history[-1].key if history else ""
    cursor = _read_cursor(path) or Cursor(head, top)  # the first run tells nobody the past
    events = owed_by_work(workspace, entries, cursor.entry, moment.astimezone(TIME_ZONE).date())
    try:
        events += owed_by_boards(store, cursor.published)
    except SnapshotError as error:  # told with the next run that can read it
        report.tell(error)
        top = cursor.published
    lasting = set()
    for event in events:
        for recipient in people.values():
            if recipient.may_be_told(event.kind, event.unit_code):
                notice = _notice(desk, event, recipient, report, moment)
                report.written += desk.outbox.add(notice)
                lasting |= {notice.id} if event.lasts else set()
    if Cursor(head, top) != _read_cursor(path):
        write_durably(path, json.dumps({"entry": head, "published": top}).encode(), PRIVATE)
    return lasting


def lasting_ids(desk: Desk, head: int, moment: datetime) -> set[str]:
    """Return the ids of notices that are owed as long as they last, as things stand after an entry of the ledger."""
    entries, day = desk.workspace.ledger.entries(), moment.astimezone(TIME_ZONE).date()
    lasting = [event for event in owed_by_work(desk.workspace, entries, head, day) if event.lasts]
    return {notice_id(event.kind, event.name, person) for event in lasting for person in desk.people()}


def _read_cursor(path: Path) -> Cursor | None:
    try:
        return Cursor(**json.loads(path.read_bytes()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError) as error:
        raise OutboxError(
            f"{path}: found {error}; expected the last entry and board that were told. Restore the file, or remove it: "
            "then only what comes from now on is told."
        ) from error


def _notice(desk: Desk, event: Event, recipient: Recipient, report: Report, moment: datetime) -> Notice:
    """Return the notice of an event; where choices are damaged it waits by every way until they are read again."""
    by_mail, by_webhook = bool(recipient.address), True
    with told_of_one(report):
        chosen = desk.choices(recipient.key)
        by_mail = by_mail and event.kind in chosen.kinds and chosen.mail != "off"
        by_webhook = event.kind in chosen.kinds and bool(chosen.webhook)
    ways: dict[Way, Delivery] = {}
    ways |= {"mail": Delivery()} if by_mail else {}
    ways |= {"webhook": Delivery()} if by_webhook else {}
    facts = dict(event.facts) | ({"lasts": True} if event.lasts else {})
    number = notice_id(event.kind, event.name, recipient.key)
    made_at = moment.isoformat(timespec="milliseconds")
    return Notice(number, event.kind, recipient.key, event.unit_code, facts, made_at, ways)


def enter_digests(desk: Desk, report: Report, moment: datetime) -> None:
    """From seven on, put what waits for somebody's digest into one message of the day."""
    day = moment.astimezone(TIME_ZONE)
    if day.hour < DIGEST_HOUR or desk.ways.mail is None:
        return
    for person in desk.people():
        with told_of_one(report):
            if desk.choices(person).mail == "digest":
                _enter_digest(desk.outbox, report, person, day, moment)


def _enter_digest(outbox: Outbox, report: Report, person: str, day: datetime, moment: datetime) -> None:
    notices = outbox.notices(person, report.tell)
    number = notice_id("digest", day.date().isoformat(), person)
    seven = day.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    waiting = [notice for notice in notices if notice.kind != "digest" and _state(notice) == "waiting"
               and datetime.fromisoformat(notice.made_at) < seven]  # fmt: skip
    digest = next((notice for notice in notices if notice.id == number), None)
    if digest is None and waiting:
        facts = {"notices": [notice.id for notice in waiting]}
        digest = Notice(number, "digest", person, None, facts, moment.isoformat(), {"mail": Delivery()})
        outbox.add(digest)  # before the others say that they are in it
    for notice in waiting:
        if digest is not None and notice.id in digest.facts["notices"]:
            outbox.write(notice.with_way("mail", notice.ways["mail"].moved("bundled", moment)))


def _state(notice: Notice) -> str:
    delivery = notice.delivery("mail")
    return delivery.state if delivery else ""
