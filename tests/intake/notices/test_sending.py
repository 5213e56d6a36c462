"""A run of ``notify``: whom it writes what, and what it asks again right before each sending."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.mail_server import (
    MORNING,
    OFFICER,
    OTHER,
    PEOPLE,
    MailServer,
    block_with_people,
    choose,
    give_back,
    give_roles,
    notices,
    owe,
    states,
)
from tests.small_block import Folder
from wardstats.core.locks import LockedError, locked
from wardstats.intake.notices import sending
from wardstats.intake.notices.choices import new_secret
from wardstats.intake.notices.outbox import Delivery, Outbox, now
from wardstats.intake.notices.recipients import person_key
from wardstats.intake.notices.report import Report
from wardstats.intake.notices.sending import notify
from wardstats.intake.workspace import Workspace
from wardstats.ledger.access import PeopleError, people_path
from wardstats.ledger.entry import Draft


def test_whose_role_was_taken_gets_nothing_from_that_moment(
    workspace: Workspace, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Taken in the midst of a run, after the first message."""
    owe(workspace, 3)
    carry = sending.Courier.carry

    def carry_then_take(*args: Any) -> Any:
        outcome = carry(*args)
        give_roles(workspace, PEOPLE[1:])
        return outcome

    monkeypatch.setattr(sending.Courier, "carry", carry_then_take)
    report = notify(workspace, MORNING)
    assert server.recipients == [OFFICER]
    own = [notice for notice in notices(workspace) if notice.unit_code == "w01"]
    reasons = Counter((notice.ways["mail"].state, notice.ways["mail"].reason) for notice in own)
    # Of the nine one was sent; the others' people belong to another ward, or to no list any more.
    assert reasons == {("sent", ""): 1, ("dropped", "no_right"): 8}
    assert report.dropped == 8


def test_who_was_moved_to_another_ward_gets_nothing_of_the_old_one(workspace: Workspace, server: MailServer) -> None:
    give_roles(workspace, PEOPLE[:1])
    owe(workspace, 1)
    give_roles(workspace, [(OFFICER, "ward_officer", "w03")])
    notify(workspace, MORNING)
    assert server.messages == []
    assert states(workspace) == {"dropped": 1}


def test_while_the_file_of_roles_is_faulty_nothing_is_sent_and_nothing_lost(
    workspace: Workspace, server: MailServer
) -> None:
    give_roles(workspace, PEOPLE[:1])
    owe(workspace, 2)
    whole = people_path(workspace.places).read_text(encoding="utf-8")
    people_path(workspace.places).write_text("[[person]", encoding="utf-8")
    with pytest.raises(PeopleError):
        notify(workspace, MORNING)
    assert (server.messages, states(workspace)) == ([], {"waiting": 2})
    people_path(workspace.places).write_text(whole, encoding="utf-8")
    assert notify(workspace, MORNING).sent == 2


def test_each_chooses_what_how_and_in_which_language(workspace: Workspace, server: MailServer) -> None:
    choose(workspace, OFFICER, kinds=("accepted",))
    choose(workspace, OTHER, language="hi")
    notify(workspace, MORNING)
    for unit in ("w01", "w02"):
        give_back(workspace, unit=unit)
    notify(workspace, MORNING)
    assert server.recipients == [OTHER]
    assert server.messages[0]["Content-Language"] == "hi"
    assert "लौटाए गए" in server.messages[0].get_content()
    assert len(notices(workspace)) == 2  # the page shows both


def test_what_is_switched_off_before_it_is_sent_is_not_sent(workspace: Workspace, server: MailServer) -> None:
    give_roles(workspace, PEOPLE[:1])
    owe(workspace, 1)
    choose(workspace, OFFICER, mail="off")
    notify(workspace, MORNING)
    assert server.messages == []
    assert [notice.ways["mail"].reason for notice in notices(workspace)] == ["switched_off"]


def test_a_reminder_that_was_overtaken_is_not_sent(workspace: Workspace, server: MailServer) -> None:
    folder = Folder(workspace.places.data).replace("block.toml", "deadline = 2027-01-15", "hand_in_days = 20")
    give_roles(workspace, PEOPLE[:1])
    server.refuses[OFFICER] = "450 Later"
    due = datetime(2026, 11, 18, 2, tzinfo=UTC)
    assert notify(workspace, due).written == 1
    server.refuses.clear()
    workspace.ledger.append(Draft("handin", "x", "ward_officer", "w01", "2026-10", "handin-w01"))
    notify(workspace, now() + timedelta(days=1) if now() > due else due + timedelta(days=1))
    assert folder.path.is_dir() and server.messages == []
    assert [notice.ways["mail"].reason for notice in notices(workspace)] == ["overtaken"]


def test_a_refusal_for_good_is_given_up_and_a_passing_one_tried_again(workspace: Workspace, server: MailServer) -> None:
    give_roles(workspace, [PEOPLE[0], ("second@one.test", "ward_officer", "w01")])
    owe(workspace, 1)
    server.refuses |= {OFFICER: "550 No such mailbox", "second@one.test": "450 Later"}
    report = notify(workspace)
    assert (report.given_up, report.waiting) == (1, 1)
    by_state = {notice.ways["mail"].state: notice.ways["mail"] for notice in notices(workspace)}
    assert by_state["given_up"].reason == "550 No such mailbox"
    assert by_state["waiting"].tries == 1
    server.refuses.clear()
    assert notify(workspace).sent == 0  # not before the pause is over
    assert notify(workspace, now() + timedelta(minutes=2)).waiting == 0
    assert server.recipients == ["second@one.test"]


def test_a_server_that_is_away_costs_no_try_and_its_password_is_not_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    workspace = block_with_people(tmp_path, PEOPLE[:1], port=9)  # nobody listens there
    path = workspace.places.var / "notices.toml"
    path.write_text(path.read_text(encoding="utf-8") + 'user = "board"\npassword = "Tr0ub4dor"\n', encoding="utf-8")
    owe(workspace, 3)
    report = notify(workspace, MORNING)
    assert report.waiting == 3
    assert len(report.troubles) == 1 and "cannot be reached" in report.troubles[0]
    assert {notice.ways["mail"].tries for notice in notices(workspace)} == {0}
    kept = [item for item in workspace.places.var.rglob("*") if item.is_file() and item.name != "notices.toml"]
    told = [*report.troubles, *capfd.readouterr(), *(item.read_text(errors="replace") for item in kept)]
    assert not any("Tr0ub4dor" in text for text in told)


def test_two_runs_at_once_do_not_send_twice(workspace: Workspace, server: MailServer) -> None:
    owe(workspace, 1)
    outbox = Outbox(workspace.places.var)
    with locked(outbox.lock, "notify"), pytest.raises(LockedError, match="sending notices"):
        notify(workspace, MORNING)
    assert server.messages == []


def test_without_a_mail_server_notices_wait(tmp_path: Path) -> None:
    workspace = block_with_people(tmp_path, PEOPLE[:1])
    owe(workspace, 1)
    assert notify(workspace, MORNING) == Report(waiting=1)


def test_what_could_not_be_sent_for_two_weeks_is_not_sent(workspace: Workspace, server: MailServer) -> None:
    give_roles(workspace, PEOPLE[:1])
    owe(workspace, 1)
    notify(workspace, now() + timedelta(days=15))
    assert server.messages == []
    assert [notice.ways["mail"].reason for notice in notices(workspace)] == ["too_old"]


def test_damaged_choices_of_one_keep_nobody_else_from_theirs(workspace: Workspace, server: MailServer) -> None:
    notify(workspace, MORNING)
    choose(workspace, OFFICER, mail="off")
    path = workspace.places.var / "notices" / "people" / f"{person_key(OFFICER)}.json"
    whole = path.read_bytes()
    path.write_bytes(b"{")
    for unit in ("w01", "w02"):
        give_back(workspace, unit=unit)
    report = notify(workspace, MORNING)
    assert server.recipients == [OTHER]
    assert len(report.troubles) == 1 and path.name in report.troubles[0]
    path.write_bytes(whole)
    assert notify(workspace, MORNING).troubles == []
    assert server.recipients == [OTHER]  # what was chosen counts, once it can be read


def test_a_receiver_that_fails_is_called_once_a_run_and_holds_up_no_mail(
    workspace: Workspace, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in (OFFICER, OTHER):
        choose(workspace, address, webhook=f"https://{address.partition('@')[2]}/", secret=new_secret())
    notify(workspace, MORNING)
    for unit in ("w01", "w02"):
        give_back(workspace, "Một", unit)
        give_back(workspace, "Hai", unit)
    calls: list[tuple[str, int]] = []

    def post(call: Any, delivery: Delivery, *, allow_loopback: bool) -> Delivery:
        calls.append((call.url, len(server.messages)))
        return delivery.failed(now(), "timeout") if "one" in call.url else delivery.moved("sent", now())

    monkeypatch.setattr(sending.webhook, "post", post)
    notify(workspace, MORNING)
    assert Counter(calls) == {("https://one.test/", 4): 1, ("https://two.test/", 4): 2}
    states = Counter((notice.ways["webhook"].state, notice.ways["webhook"].tries) for notice in notices(workspace))
    assert states == {("waiting", 1): 1, ("waiting", 0): 1, ("sent", 0): 2}


def test_a_damaged_notice_is_named_and_keeps_nobody_else_from_theirs(workspace: Workspace, server: MailServer) -> None:
    owed = owe(workspace, 2)
    own = next(notice for notice in owed if notice.person == person_key(OFFICER))
    path = workspace.places.var / "notices" / "outbox" / own.person / f"{own.id}.json"
    path.write_bytes(b"")
    report = notify(workspace)
    assert report.sent == 1 and server.recipients == [OFFICER]
    assert len(report.troubles) == 1 and path.name in report.troubles[0]
