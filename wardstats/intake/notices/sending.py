"""One run of ``python -m wardstats notify``: writes what is owed into the outbox, then sends what is due.

Right before each sending it is asked again: whether the person still has the right to it, whether it is still owed, and
what the person chose. Killed at any moment, the next run goes on where this one was; see docs/notices.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from wardstats.core.languages import translator
from wardstats.core.locks import HASTE_S, PATIENCE_S, locked
from wardstats.intake.notices import webhook
from wardstats.intake.notices.choices import Choices
from wardstats.intake.notices.courier import Courier
from wardstats.intake.notices.desk import Desk
from wardstats.intake.notices.entering import enter_digests, enter_owed, lasting_ids
from wardstats.intake.notices.mail import Letterhead, mail_of, message_id
from wardstats.intake.notices.outbox import Delivery, Notice, Outbox, Way, now
from wardstats.intake.notices.recipients import Recipient
from wardstats.intake.notices.report import Report, told_of_one
from wardstats.intake.notices.ways import MailServer, password_of, ways_path
from wardstats.intake.notices.words import told
from wardstats.intake.workspace import Workspace

LIFETIME = timedelta(days=14)  # what could not be sent for so long is not sent any more
KEPT = timedelta(days=400)  # then a notice that waits for nothing is removed


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
        lasting = enter_owed(desk, report, moment)
        _settle(desk.outbox, report)
        enter_digests(desk, report, moment)
        _deliver(desk, report, moment, lasting)
        left = desk.outbox.notices(tell=report.tell)
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


def _settle(outbox: Outbox, report: Report) -> None:
    """Take up what a courier had in hand that was killed itself: nobody knows whether the server took it."""
    for notice in outbox.notices(tell=report.tell):
        for way, delivery in notice.ways.items():
            if delivery.state == "sending":
                outbox.write(notice.with_way(way, delivery.failed(now(), "in_doubt", is_doubtful=True)))


def _forget(outbox: Outbox, notices: Sequence[Notice], moment: datetime) -> None:
    """Remove what is old and waits for nothing; neither the ledger nor a board tells it again."""
    for notice in notices:
        is_open = any(delivery.state in ("waiting", "sending") for delivery in notice.ways.values())
        if not is_open and moment - datetime.fromisoformat(notice.made_at) > KEPT:
            outbox.remove(notice)


def _deliver(desk: Desk, report: Report, moment: datetime, lasting: set[str]) -> None:
    """Send what is due: e-mail first, so that no receiver of a webhook holds it up.

    Args:
        lasting: Ids of notices that are still owed, of those that are only owed as long as they last.
    """
    still = _Still(desk, moment, desk.workspace.ledger.head, lasting)
    with _post(desk) as post:
        for notice in _due(desk, report, "mail", moment):
            with told_of_one(report):
                if contents := _contents(desk, notice, "mail", still.owed(), moment):
                    _mail(desk, post, notice, contents)
            if post is not None and post.trouble:
                report.troubles.append(post.trouble)
                break  # a server that cannot be reached is left alone until the next run
    away: set[str] = set()
    for notice in _due(desk, report, "webhook", moment):
        with told_of_one(report):
            if notice.person not in away and _contents(desk, notice, "webhook", still.owed(), moment):
                if _call(desk, notice).state != "sent":
                    away.add(notice.person)  # likewise


@dataclass
class _Still:
    """Which notices that are only owed as long as they last are owed; worked out again once the ledger has grown."""

    desk: Desk
    moment: datetime
    head: int
    lasting: set[str]

    def owed(self) -> set[str]:
        """Return their ids."""
        if (head := self.desk.workspace.ledger.head) != self.head:
            self.head, self.lasting = head, lasting_ids(self.desk, head, self.moment)
        return self.lasting


def _due(desk: Desk, report: Report, way: Way, moment: datetime) -> Iterator[Notice]:
    for notice in desk.outbox.notices(tell=report.tell):
        delivery = notice.delivery(way)
        if delivery is not None and delivery.is_due(moment):
            yield notice


def _contents(desk: Desk, notice: Notice, way: Way, lasting: set[str], moment: datetime) -> Sequence[Notice]:
    """Return what is to be said, asked at this moment; where nothing is, note why, and return nothing."""
    people = desk.people()
    if not people:  # as while the list is saved: nobody's right was taken
        return ()
    recipient, chosen = people.get(notice.person), desk.choices(notice.person)
    parts = [notice]
    if notice.kind == "digest":
        parts = [desk.outbox.read(notice.person, part) for part in notice.facts["notices"]]
    allowed = [p for p in parts if recipient is not None and recipient.may_be_told(p.kind, p.unit_code)]
    wanted = [part for part in allowed if part.kind in chosen.kinds]
    owed = [part for part in wanted if not part.facts.get("lasts") or part.id in lasting]
    is_off = chosen.mail == "off" if way == "mail" else not chosen.webhook
    if not allowed:
        reason = "no_right"
    elif is_off or not wanted:
        reason = "switched_off"
    elif not owed:
        reason = "overtaken"
    elif moment - datetime.fromisoformat(notice.made_at) > LIFETIME:
        reason = "too_old"
    else:
        return owed
    desk.outbox.write(notice.with_way(way, notice.ways[way].moved("dropped", now(), reason)))
    return ()


def _mail(desk: Desk, post: _Post | None, notice: Notice, contents: Sequence[Notice]) -> None:
    """Send one notice by e-mail, unless it waits: for a server, or for the digest."""
    chosen = desk.choices(notice.person)
    if post is not None and (chosen.mail == "at_once" or notice.kind == "digest"):
        post.carry(notice, contents, desk.people()[notice.person], chosen)


def _call(desk: Desk, notice: Notice) -> Delivery:
    """Post one notice to its person's receiver; note and return how far it got."""
    chosen, ways = desk.choices(notice.person), desk.ways
    content = told(notice, desk.catalogue, translator(chosen.language))
    call = webhook.Call.of(notice, content, ways.address, chosen, chosen.language)
    delivery = webhook.post(call, notice.ways["webhook"], allow_loopback=ways.webhooks.allow_loopback)
    desk.outbox.write(notice.with_way("webhook", delivery))
    return delivery


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
