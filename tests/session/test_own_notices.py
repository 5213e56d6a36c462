"""The page of notices: one's own notices with how far they got, and choices that are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests import test_pages
from tests.fresh import forget
from tests.mail_server import block_with_people, give_roles, owe
from tests.small_block import build_by_command
from tests.test_pages import html
from wardstats.intake.notices.desk import Desk
from wardstats.intake.notices.outbox import now
from wardstats.intake.notices.recipients import person_key
from wardstats.intake.workspace import Workspace
from wardstats.ledger.access import Actor
from wardstats.session import own_notices, signin

OFFICER = "officer@one.test"
ACTOR = Actor("Officer", "ward_officer", OFFICER, "w01", OFFICER)
KEY = person_key(OFFICER)


Visit = Callable[[str], AppTest]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    found = block_with_people(tmp_path, [(OFFICER, "ward_officer", "w01"), ("b@two.test", "ward_officer", "w02")])
    build_by_command(found.places.data, found.places.var)
    monkeypatch.setattr(signin, "is_configured", lambda: True)
    monkeypatch.setattr(signin, "visitor", lambda: ACTOR)
    monkeypatch.setattr(own_notices, "acting", lambda: ACTOR)
    forget()
    yield found
    forget()


@pytest.fixture
def visit(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Visit:
    """Open the page in a language."""
    places = workspace.places
    return lambda language: test_pages.visit(monkeypatch, places.var, places.data, "notices.py", lang=language)


def test_own_notices_stand_there_with_how_far_they_got(workspace: Workspace, visit: Visit) -> None:
    notices = owe(workspace, 2)
    own = [notice for notice in notices if notice.person == KEY]
    desk = Desk(workspace)
    desk.outbox.write(own[0].with_way("mail", own[0].ways["mail"].moved("given_up", now(), "550 No such mailbox")))
    app = visit("en")
    assert not app.exception
    text = html(app)
    assert "Your notices: 2, the newest first" in [head.value for head in app.subheader]
    assert text.count("Bắc Sơn ward: the submission for October 2026 was returned") == 2
    assert "given up" in text and "550 No such mailbox" in text and "E-mail: waiting" in text
    assert any("no mail server" in caption.value for caption in app.caption)


def test_choices_are_saved_and_shown_again(workspace: Workspace, visit: Visit) -> None:
    app = visit("en")
    app.multiselect(key="notices_kinds").set_value(["late"])
    app.selectbox(key="notices_mail").set_value("digest")
    app.selectbox(key="notices_language").set_value("hi")
    app.text_input(key="notices_webhook").set_value("https://a.test/hook")
    app.checkbox(key="notices_has_feed").check()
    app.button(key="notices_save").click()
    app.run()
    assert not app.exception
    assert ["Saved. It counts from the next notice on."] == [box.value for box in app.success]
    chosen = Desk(workspace).choices(KEY)
    assert (chosen.kinds, chosen.mail, chosen.language) == (("late",), "digest", "hi")
    assert (chosen.webhook, chosen.feed) == ("https://a.test/hook", 1)
    text = html(app)
    assert f"/notices/feed?token={KEY}.1." in text and chosen.secret in text
    app.button(key="notices_feed").click()
    app.run()
    assert Desk(workspace).choices(KEY).feed == 2
    assert f"/notices/feed?token={KEY}.2." in html(app)


def test_an_address_that_cannot_be_used_is_told_beside_the_button(workspace: Workspace, visit: Visit) -> None:
    app = visit("vi")
    app.text_input(key="notices_webhook").set_value("ftp://a.test/")
    app.button(key="notices_save").click()
    app.run()
    assert "https://" in app.error[0].value.replace("\\", "")
    assert not (Desk(workspace).outbox.folder / "people").exists()


def test_who_is_on_no_list_is_told_whom_to_ask(workspace: Workspace, visit: Visit) -> None:
    give_roles(workspace, [("b@two.test", "ward_officer", "w02")])
    app = visit("en")
    assert not app.exception
    assert "Ask the administrator" in app.error[0].value
    assert not app.multiselect
