"""What is entered into the outbox: from now on, once each, and in a digest where that was chosen."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from tests.mail_server import MORNING, OFFICER, PEOPLE, MailServer, choose, give_back, give_roles, notices, owe, states
from wardstats.intake.notices import entering
from wardstats.intake.notices.outbox import now
from wardstats.intake.notices.report import Report
from wardstats.intake.notices.sending import notify
from wardstats.intake.workspace import Workspace


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
        patch.setattr(entering, "write_durably", stop)
        notify(workspace, MORNING)
    assert states(workspace) == {"waiting": 1}
    assert notify(workspace, MORNING).written == 0
    assert server.recipients == [OFFICER]


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
    morning = (now() + timedelta(days=1)).replace(hour=2)  # 9:00 in Vietnam, after what is owed
    notify(workspace, morning)
    give_roles(workspace, [(OFFICER, "ward_officer", "w03")])
    server.refuses.clear()
    notify(workspace, morning + timedelta(hours=1))
    assert server.messages == []
    digest = next(notice for notice in notices(workspace) if notice.kind == "digest")
    assert (digest.ways["mail"].state, digest.ways["mail"].reason) == ("dropped", "no_right")
