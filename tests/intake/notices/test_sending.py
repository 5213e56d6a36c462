"""A run of ``notify``: whom it writes what, and what it asks again right before each sending."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.mail_server import MailServer, block_with_people, give_roles, mail_server, owe
from tests.small_block import Folder
from wardstats.core.locks import LockedError, locked
from wardstats.intake.notices import sending
from wardstats.intake.notices.choices import Choices
from wardstats.intake.notices.desk import Desk
from wardstats.intake.notices.outbox import Notice, Outbox, now
from wardstats.intake.notices.recipients import person_key
from wardstats.intake.notices.sending import Report, notify
from wardstats.intake.workspace import Workspace
from wardstats.ledger.access import PeopleError, people_path
from wardstats.ledger.entry import Draft

OFFICER, OTHER, SECRETARIAT = "officer@one.test", "officer@two.test", "office@block.test"
PEOPLE = [(OFFICER, "ward_officer", "w01"), (OTHER, "ward_officer", "w02"), (SECRETARIAT, "secretariat", None)]
MORNING = datetime(2026, 11, 2, 2, tzinfo=UTC)  # 9:00 in Vietnam; nothing is due


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as found:
        yield found


@pytest.fixture
def workspace(tmp_path: Path, server: MailServer) -> Workspace:
    return block_with_people(tmp_path, PEOPLE, server.port)


def choose(workspace: Workspace, address: str, **choices: Any) -> None:
    made = Choices(**({"language": "vi"} | choices))
    Desk(workspace).change(person_key(address), lambda _: made)


def give_back(workspace: Workspace, note: str = "Đọc lại", unit: str = "w01") -> None:
    for action in ("handin", "return"):
        workspace.ledger.append(Draft(action, "x", "secretariat", unit, "2026-10", f"handin-{unit}", note))


def notices(workspace: Workspace) -> list[Notice]:
    return Outbox(workspace.places.var).notices()


def states(workspace: Workspace) -> dict[str, int]:
    return Counter(notice.ways["mail"].state for notice in notices(workspace) if "mail" in notice.ways)


def test_the_first_run_tells_nobody_the_past_and_the_next_what_has_come_since(
    workspace: Workspace, server: MailServer
) -> None:
    give_back(workspace)
    assert notify(workspace, MORNING) == Report()
    give_back(workspace, "Lần hai")
    assert notify(workspace, MORNING).sent == 1
    assert server.recipients == [OFFICER]
    assert "Lần hai" in server.messages[0].get_content()
    assert notify(workspace, MORNING) == Report()  # told once
    assert len(server.messages) == 1


def test_what_was_written_before_the_run_was_stopped_is_not_written_twice(
    workspace: Workspace, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stopped between the notices and the cursor, the next run finds the same events, and the same ids."""
    notify(workspace, MORNING)
    give_back(workspace)

    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(sending, "write_durably", stop)
        notify(workspace, MORNING)
    assert states(workspace) == {"waiting": 1}
    assert notify(workspace, MORNING).written == 0
    assert server.recipients == [OFFICER]


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


def test_a_digest_goes_once_a_day_at_seven_with_all_that_waits(workspace: Workspace, server: MailServer) -> None:
    choose(workspace, OFFICER, mail="digest")
    give_roles(workspace, PEOPLE[:1])
    evening = datetime(2026, 11, 2, 13, tzinfo=UTC)  # 20:00
    before, seven = datetime(2026, 11, 2, 23, 59, tzinfo=UTC), datetime(2026, 11, 3, 0, 0, tzinfo=UTC)
    notify(workspace, evening)  # the digest of that day has nothing to tell, so there is none
    give_back(workspace, "Một")
    notify(workspace, before)
    give_back(workspace, "Hai")
    assert notify(workspace, before).waiting == 2
    assert server.messages == []
    notify(workspace, seven)
    (message,) = server.messages
    assert "Một" in message.get_content() and "Hai" in message.get_content()
    give_back(workspace, "Ba")
    notify(workspace, seven + timedelta(hours=3))
    assert len(server.messages) == 1  # waits for tomorrow
    notify(workspace, seven + timedelta(days=1))
    assert "Ba" in server.messages[1].get_content() and "Một" not in server.messages[1].get_content()
    kinds = Counter((notice.kind, notice.ways["mail"].state) for notice in notices(workspace))
    assert kinds == {("returned", "bundled"): 3, ("digest", "sent"): 2}


def test_a_digest_leaves_out_what_somebody_has_no_right_to_any_more(workspace: Workspace, server: MailServer) -> None:
    give_roles(workspace, PEOPLE[:1])
    choose(workspace, OFFICER, mail="digest")
    owe(workspace, 2)
    server.refuses[OFFICER] = "450 Later"
    notify(workspace, MORNING)
    give_roles(workspace, [(OFFICER, "ward_officer", "w03")])
    server.refuses.clear()
    notify(workspace, now() + timedelta(hours=1))
    assert server.messages == []
    digest = next(notice for notice in notices(workspace) if notice.kind == "digest")
    assert (digest.ways["mail"].state, digest.ways["mail"].reason) == ("dropped", "no_right")


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
