"""One run of ``python -m wardstats notify``: writes what is owed into the outbox, then sends what is due.

Right before each sending it is asked again: whether the person still has the right to it, whether it is still owed, and
what the person chose. Killed at any moment, the next run goes on where this one was; see docs/notices.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from wardstats.core.durable_files import PRIVATE, write_durably
from wardstats.core.errors import SnapshotError
from wardstats.core.languages import TIME_ZONE, translator
from wardstats.core.locks import HASTE_S, PATIENCE_S, locked
from wardstats.intake.notices import webhook
from wardstats.intake.notices.choices import Choices, ChoicesError
from wardstats.intake.notices.courier import Courier
from wardstats.intake.notices.desk import Desk
from wardstats.intake.notices.mail import Letterhead, mail_of, message_id
from wardstats.intake.notices.outbox import Delivery, Notice, Outbox, OutboxError, Way, notice_id, now
from wardstats.intake.notices.owed import Event, owed_by_boards, owed_by_work
from wardstats.intake.notices.recipients import Recipient
from wardstats.intake.notices.ways import MailServer, password_of, ways_path
from wardstats.intake.notices.words import told
from wardstats.intake.workspace import Workspace
from wardstats.snapshot.store import Store

DIGEST_HOUR = 7  # in Vietnam
FRESH = timedelta(days=14)  # what waited longer, such as for a mail server, is news to nobody any more
KEPT = timedelta(days=400)  # then a notice that waits for nothing is removed


@dataclass
class Report:
    """What a run did.

    Attributes:
        written: New notices.
        sent: Messages and calls that were taken.
        doubtful: Of what was tried before, how many may come twice.
        troubles: What went wrong, in words for whoever runs the server.
    """

    written: int = 0
    sent: int = 0
    waiting: int = 0
    dropped: int = 0
    given_up: int = 0
    doubtful: int = 0
    troubles: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Cursor:
    """How far the ledger and the boards have been told.

    Attributes:
        entry: Number of the last entry.
        published: Key of the last publication; empty for none.
    """

    entry: int = 0
    published: str = ""


def notify(workspace: Workspace, moment: datetime | None = None) -> Report:
    """Write what is owed, then send what is due.

    Args:
        moment: When it is, with its zone; now unless given.

    Raises:
        DataError: notices.toml or the data folder is faulty.
        PeopleError: access.toml is faulty, so nobody has any right; what is written waits.
        LockedError: Another run, or the courier of one that was killed, is still at work.
    """
    desk, report, begun = Desk(workspace), Report(), now()
    moment = moment or begun
    with _alone(desk.outbox):
        _ = desk.ways  # told before the work, where it is faulty
        lasting = _write_owed(desk, report, moment)
        _settle(desk, report)
        _write_digests(desk, report, moment)
        _deliver(desk, report, moment, lasting)
        left = _notices(desk, report)
        _count(left, report, begun)
        _forget(desk.outbox, left, moment)
    return report


@contextmanager
def _alone(outbox: Outbox) -> Iterator[None]:
    """Make sure that nobody else writes: no other run, and no courier of one that was killed."""
    outbox.make()
    with locked(outbox.lock, "notify", HASTE_S):
        with locked(outbox.courier_lock, "notify", PATIENCE_S):
            outbox.clear_left_overs()
        yield


def _write_owed(desk: Desk, report: Report, moment: datetime) -> set[str]:
    """Write a notice for each event and person, then move the cursor; return the ids of those that last.

    Written before the cursor moves, and never twice: killed in between, the next run finds the same events again.
    """
    people = desk.people()
    if not people:  # told to nobody, it would be told for good
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
        report.troubles.append(str(error))
        top = cursor.published
    lasting = set()
    for event in events:
        for recipient in people.values():
            if recipient.may_be_told(event.kind, event.unit_code):
                notice = _notice(desk, event, recipient, moment)
                report.written += desk.outbox.add(notice)
                lasting |= {notice.id} if event.lasts else set()
    if Cursor(head, top) != _read_cursor(path):
        write_durably(path, json.dumps({"entry": head, "published": top}).encode(), PRIVATE)
    return lasting


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


def _notice(desk: Desk, event: Event, recipient: Recipient, moment: datetime) -> Notice:
    chosen = _readable_choices(desk, recipient.key)
    ways: dict[Way, Delivery] = {}
    if chosen is None:  # asked again at sending, where the fault is told
        ways |= {"mail": Delivery()} if recipient.address else {}
    elif event.kind in chosen.kinds:
        ways |= {"mail": Delivery()} if recipient.address and chosen.mail != "off" else {}
        ways |= {"webhook": Delivery()} if chosen.webhook else {}
    facts = dict(event.facts) | ({"lasts": True} if event.lasts else {})
    number = notice_id(event.kind, event.name, recipient.key)
    made_at = moment.isoformat(timespec="milliseconds")
    return Notice(number, event.kind, recipient.key, event.unit_code, facts, made_at, ways)


def _readable_choices(desk: Desk, person: str) -> Choices | None:
    """Return what somebody chose; None where the file is damaged, which keeps nobody else from theirs."""
    try:
        return desk.choices(person)
    except ChoicesError:
        return None


def _settle(desk: Desk, report: Report) -> None:
    """Take up what a courier had in hand that was killed itself: nobody knows whether the server took it."""
    for notice in _notices(desk, report):
        for way, delivery in notice.ways.items():
            if delivery.state == "sending":
                desk.outbox.write(notice.with_way(way, delivery.failed(now(), "in_doubt", is_doubtful=True)))


def _forget(outbox: Outbox, notices: Sequence[Notice], moment: datetime) -> None:
    """Remove what is old and waits for nothing; neither the ledger nor a board tells it again."""
    for notice in notices:
        is_open = any(delivery.state in ("waiting", "sending") for delivery in notice.ways.values())
        if not is_open and moment - datetime.fromisoformat(notice.made_at) > KEPT:
            outbox.remove(notice)


def _write_digests(desk: Desk, report: Report, moment: datetime) -> None:
    """From seven on, put what waits for somebody's digest into one message of the day."""
    local = moment.astimezone(TIME_ZONE)
    if local.hour < DIGEST_HOUR or desk.ways.mail is None:
        return
    notices = _notices(desk, report)
    begins = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    for person in desk.people():
        chosen = _readable_choices(desk, person)
        if chosen is None or chosen.mail != "digest":
            continue
        number = notice_id("digest", local.date().isoformat(), person)
        waiting = [n for n in notices if n.person == person and n.kind != "digest" and _state(n) == "waiting"
                   and datetime.fromisoformat(n.made_at) < begins]  # fmt: skip
        known = next((notice for notice in notices if notice.id == number), None)
        if known is None and waiting:
            facts = {"notices": [notice.id for notice in waiting]}
            known = Notice(number, "digest", person, None, facts, moment.isoformat(), {"mail": Delivery()})
            desk.outbox.add(known)  # before the others say that they are in it
        for notice in waiting:
            if known is not None and notice.id in known.facts["notices"]:
                bundled = notice.ways["mail"].moved("bundled", moment)
                desk.outbox.write(notice.with_way("mail", bundled))


def _state(notice: Notice) -> str:
    delivery = notice.delivery("mail")
    return delivery.state if delivery else ""


def _deliver(desk: Desk, report: Report, moment: datetime, lasting: set[str]) -> None:
    """Send what is due, by each way.

    Args:
        lasting: Ids of notices that are still owed, of those that are only owed as long as they last.
    """
    hung, seen = set[str](), desk.workspace.ledger.head
    with _post(desk) as post:
        for way, waiting in _due(_notices(desk, report), moment):
            if (way == "mail" and post is None) or (way == "webhook" and waiting.person in hung):
                continue  # what cannot be reached is left alone until the next run: others are not to wait for it
            if (head := desk.workspace.ledger.head) != seen:  # what was asked for may have come in the meantime
                seen, lasting = head, _lasting(desk, head, moment)
            try:
                notice = desk.outbox.read(waiting.person, waiting.id)
                _send(desk, post, notice, way, lasting)
                is_hung = way == "webhook" and desk.outbox.read(notice.person, notice.id).ways[way].state == "waiting"
                hung |= {notice.person} if is_hung else set()
            except (ChoicesError, OutboxError) as error:  # of one person; the others are sent theirs
                report.troubles.append(str(error))
            if post is not None and post.trouble:
                report.troubles.append(post.trouble)
                post = None


def _due(notices: Sequence[Notice], moment: datetime) -> list[tuple[Way, Notice]]:
    """Return what may be sent now, with the way: e-mail first, because a receiver of calls may keep one waiting."""
    ways: tuple[Way, ...] = ("mail", "webhook")
    return [(way, notice) for way in ways for notice in notices
            if (delivery := notice.delivery(way)) is not None and delivery.is_due(moment)]  # fmt: skip


def _lasting(desk: Desk, head: int, moment: datetime) -> set[str]:
    """Return the ids of notices that are owed as long as they last, as things stand at this moment."""
    events = owed_by_work(desk.workspace, desk.workspace.ledger.entries(), head, moment.astimezone(TIME_ZONE).date())
    return {notice_id(event.kind, event.name, person) for event in events if event.lasts for person in desk.people()}


def _notices(desk: Desk, report: Report) -> list[Notice]:
    """Return all notices; a file that is damaged is told and keeps no other from being sent."""
    damaged: list[str] = []
    found = desk.outbox.notices(damaged=damaged)
    report.troubles += [text for text in damaged if text not in report.troubles]
    return found


def _send(desk: Desk, post: _Post | None, notice: Notice, way: Way, lasting: set[str]) -> None:
    """Send one notice by one way, or note why it is not sent: asked at this moment, not when it was written."""
    people = desk.people()
    if not people:  # gone for a moment, such as while it is saved: nobody's right was taken
        return
    recipient, chosen = people.get(notice.person), desk.choices(notice.person)
    delivery = notice.ways[way]
    contents = _contents(desk, notice, recipient, chosen, lasting)
    if isinstance(contents, str):
        desk.outbox.write(notice.with_way(way, delivery.moved("dropped", now(), contents)))
        return
    assert recipient is not None
    if (way == "mail" and chosen.mail == "off") or (way == "webhook" and not chosen.webhook):
        desk.outbox.write(notice.with_way(way, delivery.moved("dropped", now(), "switched_off")))
    elif way == "webhook":
        speak = translator(chosen.language)
        content = told(notice, desk.catalogue, speak)
        allow = desk.ways.webhooks.allow_loopback
        call = webhook.Call.of(notice, content, desk.ways.address, chosen, speak.language)
        desk.outbox.write(notice.with_way(way, webhook.post(call, delivery, allow_loopback=allow)))
    elif post is not None and (chosen.mail == "at_once" or notice.kind == "digest"):
        post.carry(notice, contents, recipient, chosen)


def _contents(
    desk: Desk, notice: Notice, recipient: Recipient | None, chosen: Choices, lasting: set[str]
) -> Sequence[Notice] | str:
    """Return what a message is to say; or why it is not sent any more."""
    if recipient is None:
        return "no_right"
    if now() - datetime.fromisoformat(notice.made_at) > FRESH:
        return "overtaken"
    parts = [notice]
    if notice.kind == "digest":
        parts = [desk.outbox.read(notice.person, part) for part in notice.facts["notices"]]
    allowed = [part for part in parts if recipient.may_be_told(part.kind, part.unit_code)]
    wanted = [part for part in allowed if part.kind in chosen.kinds]
    owed = [part for part in wanted if not part.facts.get("lasts") or part.id in lasting]
    return owed or ("overtaken" if wanted else "switched_off" if allowed else "no_right")


@dataclass
class _Post:
    """E-mail, while a run lasts.

    Attributes:
        trouble: Why the server cannot be reached; empty while it can.
    """

    desk: Desk
    courier: Courier
    head: Letterhead
    trouble: str = ""

    def carry(self, notice: Notice, contents: Sequence[Notice], recipient: Recipient, chosen: Choices) -> None:
        """Send a notice by e-mail."""
        speak = translator(chosen.language)
        token = self.desk.links.token("unsubscribe", recipient.key)
        texts = [told(part, self.desk.catalogue, speak) for part in contents]
        message = mail_of(notice, texts, self.head, recipient.address, token, speak)
        name = message_id(notice, self.head)
        outcome = self.courier.carry(notice, self.head.sender, recipient.address, message, name)
        if outcome == "unreachable":
            reason = self.desk.outbox.read(notice.person, notice.id).ways["mail"].reason
            self.trouble = f"The mail server cannot be reached: {reason}"


@contextmanager
def _post(desk: Desk) -> Iterator[_Post | None]:
    """Have a courier at hand, where a mail server is set."""
    server = desk.ways.mail
    if server is None:
        yield None
        return
    block = desk.catalogue.block
    head = Letterhead(server.sender, server.name or block.name.text(block.default_language), desk.ways.address)
    courier = Courier(desk.outbox, _reached(server, ways_path(desk.workspace.places).parent))
    try:
        yield _Post(desk, courier, head)
    finally:
        courier.close()


def _reached(server: MailServer, folder: Path) -> dict[str, object]:
    """Return how the mail server is reached, in the words of ``aiosmtplib.SMTP``."""
    return {
        "hostname": server.host,
        "port": server.port,
        "username": server.user,
        "password": password_of(server, folder),
        "use_tls": server.encryption == "tls",
        "start_tls": server.encryption == "starttls",
    }


def _count(notices: Sequence[Notice], report: Report, begun: datetime) -> None:
    """Count what became of everything since the run began."""
    for delivery in (delivery for notice in notices for delivery in notice.ways.values()):
        report.waiting += delivery.state == "waiting"
        if delivery.at and datetime.fromisoformat(delivery.at) >= begun:
            report.sent += delivery.state == "sent"
            report.dropped += delivery.state == "dropped"
            report.given_up += delivery.state == "given_up"
            report.doubtful += delivery.reason == "in_doubt"
