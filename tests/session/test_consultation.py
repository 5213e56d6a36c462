"""Consultation through the club's page: what each role is offered, does and is refused, and what every page tells."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.fresh import forget
from tests.intake_files import LATER_DAY, OPEN_DAY, OTHER, TOPIC, UNIT, desk_in, headed, small_ranges
from tests.ledger.access.test_rights import ALLOWED
from tests.test_hostile_texts import RAW_MARKDOWN, RAW_TAG, read_as_markdown
from tests.test_pages import PATIENCE_S, html
from wardstats.catalogue.consultation import decision_subject, position_subject
from wardstats.core.languages import LANGUAGES, translator
from wardstats.core.settings import PROJECT, Settings
from wardstats.intake import consultation_steps as steps
from wardstats.intake import publishing
from wardstats.intake.workspace import Workspace
from wardstats.ledger.access import ROLES, Actor
from wardstats.session import consultation, hand_ins, practices, signin
from wardstats.session.caches import let_go

CLERK = Actor("Clerk", "administrator", "clerk@x.test")
EVIL = "<img src=x onerror=alert(1)> [x](http://evil.test) :red[y] $z$"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A board that is up, of a block that Sa Pa heads."""
    folder = tmp_path_factory.mktemp("prepared")
    workspace = headed(desk_in(folder, small_ranges(folder)), UNIT)
    publishing.publish(workspace, CLERK)
    return workspace


@pytest.fixture
def workspace(prepared: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    var = Path(shutil.copytree(prepared.places.var, tmp_path / "var"))
    monkeypatch.setenv("WARDSTATS_VAR", str(var))
    monkeypatch.setenv("WARDSTATS_DATA", str(prepared.places.data))
    forget()
    yield Workspace.of(Settings(prepared.places.data, var, None))
    forget()


def as_visitor(monkeypatch: pytest.MonkeyPatch, actor: Actor | None, today: date = OPEN_DAY) -> None:
    for module in (signin, consultation, practices):
        monkeypatch.setattr(module, "is_configured", lambda: True)
    for module in (signin, hand_ins, consultation, practices):
        monkeypatch.setattr(module, "visitor", lambda: actor)
    monkeypatch.setattr(consultation, "local_today", lambda: today)
    monkeypatch.setattr(hand_ins, "local_today", lambda: today)


def visit(page: str = "club", language: str = "en") -> AppTest:
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=PATIENCE_S)
    app.query_params["lang"] = language
    app.switch_page(f"pages/{page}.py").run()
    return checked(app)


def checked(app: AppTest) -> AppTest:
    assert not app.exception, app.exception
    return app


def actor_as(role: str, unit: str | None = UNIT) -> Actor:
    return Actor("A", role, "a@x.test", unit)  # pyright: ignore[reportArgumentType]


def offered(app: AppTest) -> set[str]:
    """Return the steps that are offered on the topic: give, withdraw, decide, reopen."""
    return {str(button.key).partition("_")[0] for button in app.button if TOPIC in str(button.key)}


def shown(app: AppTest) -> str:
    return re.sub(r"\s+", " ", html(app))


def field(app: AppTest, kind: str, name: str) -> str:
    """Return the key of a field of the topic's form."""
    return next(str(item.key) for item in app.get(kind) if TOPIC in str(item.key) and str(item.key).endswith(name))


@pytest.mark.parametrize("role", [*ROLES, None])
def test_each_role_is_offered_what_it_may_do(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, role: str | None
) -> None:
    """Sa Pa heads the block: who works there is offered what its own ward may, and who works at Yên Bái is not."""
    own, other = ALLOWED[role] if role else (set(), set())
    for unit, heads in ((UNIT, own), (OTHER, other)):
        as_visitor(monkeypatch, actor_as(role, unit) if role else None)
        app = visit()
        assert offered(app) == ({"give"} if "position" in own else set()), (role, unit)
        boxes = [box for box in app.selectbox if box.key == f"position_unit_{TOPIC}"]
        assert [len(box.options) for box in boxes] == ([10] if "position" in other else []), (role, unit)
        as_visitor(monkeypatch, actor_as(role, unit) if role else None, LATER_DAY)
        assert offered(visit()) == ({"decide"} if "decide" in heads else set()), (role, unit)
    steps.decide(workspace, CLERK, TOPIC, "Một nửa", "Đa số", today=LATER_DAY)
    for unit, heads in ((UNIT, own), (OTHER, other)):
        as_visitor(monkeypatch, actor_as(role, unit) if role else None, LATER_DAY)
        app = visit()
        assert offered(app) == ({"reopen"} if "reopen" in heads else set()), (role, unit)
        # What is decided and not published yet is seen by those who work for a ward or the block only.
        assert ("Một nửa" in shown(app)) is (role not in (None, "viewer"))


def test_a_position_is_given_changed_and_withdrawn_on_the_page(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_visitor(monkeypatch, actor_as("ward_officer"))
    app, key = visit(), position_subject(TOPIC, UNIT)
    checked(app.button(key=f"give_{key}").click().run())
    assert any("Position: found nothing" in error.value for error in app.error)
    app.radio(key=field(app, "radio", "stance")).set_value("amend").run()
    app.text_area(key=field(app, "text_area", "text")).set_value("Theo từng chợ").run()
    checked(app.button(key=f"give_{key}").click().run())
    assert [message.value.replace("\\", "") for message in app.success] == [
        "Entry 2 of the ledger: position given. It can be changed until 8 December 2026. "
        "Everybody sees it with the next publication."
    ]
    assert "Theo từng chợ" in shown(app)
    assert "1 entry of it can be seen by all after the next publication" in " ".join(c.value for c in app.caption)
    assert app.radio(key=field(app, "radio", "stance")).value == "amend"
    assert app.text_area(key=field(app, "text_area", "text")).value == "Theo từng chợ"
    assert offered(app) == {"give", "withdraw"}
    app.radio(key=field(app, "radio", "stance")).set_value("agree").run()
    checked(app.button(key=f"give_{key}").click().run())
    assert steps.find_position(workspace.catalogue(), TOPIC, UNIT).stance == "agree"  # pyright: ignore
    checked(app.button(key=f"withdraw_{key}").click().run())
    assert "position withdrawn" in app.success[0].value
    assert (offered(app), app.radio(key=field(app, "radio", "stance")).value) == ({"give"}, None)
    assert [entry.action for entry in workspace.ledger.entries()[1:]] == ["position", "position", "position_withdraw"]


def test_who_is_late_or_second_is_told_and_keeps_what_was_typed(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_visitor(monkeypatch, actor_as("ward_officer"))
    app, key = visit(), position_subject(TOPIC, UNIT)
    app.radio(key=field(app, "radio", "stance")).set_value("agree").run()
    app.text_area(key=field(app, "text_area", "text")).set_value("Của tôi").run()
    steps.give_position(workspace, CLERK, TOPIC, UNIT, "disagree", "Của họ", today=OPEN_DAY)
    checked(app.run())  # the page is drawn again, and the form is still the one that was filled in before
    checked(app.button(key=f"give_{key}").click().run())
    assert any("somebody else acted" in text.value and "position given" in text.value for text in app.warning)
    assert "Của họ" in shown(app)
    assert app.text_area(key=field(app, "text_area", "text")).value == "Của tôi"
    checked(app.button(key=f"give_{key}").click().run())  # they have been told, and decide again
    assert steps.find_position(workspace.catalogue(), TOPIC, UNIT).text("vi") == "Của tôi"  # pyright: ignore
    as_visitor(monkeypatch, actor_as("ward_officer"), LATER_DAY)  # midnight passes while the page is open
    checked(app.button(key=f"withdraw_{key}").click().run())
    assert workspace.ledger.entries()[-1].action == "position"
    assert offered(app) == {"decide"}  # their ward heads the block
    assert any("Answers were due by 8 December 2026" in error.value for error in app.tabs[2].error)


def test_the_head_decides_and_takes_it_back_on_the_page(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    as_visitor(monkeypatch, actor_as("ward_officer"), LATER_DAY)
    app, key = visit(), decision_subject(TOPIC)
    checked(app.button(key=f"decide_{key}").click().run())
    [error] = [error.value for error in app.error]
    assert "Decision on the topic: found nothing" in error and "Reason: found nothing" in error
    app.text_area(key=field(app, "text_area", "_decision")).set_value("Một nửa").run()
    app.text_area(key=field(app, "text_area", "text")).set_value("Đa số đồng ý").run()
    checked(app.button(key=f"decide_{key}").click().run())
    assert [message.value for message in app.success] == [
        "Entry 2 of the ledger: topic decided.", "Everybody sees it with the next publication."
    ]  # fmt: skip
    for part in ("Một nửa", "Đa số đồng ý", "Sa Pa ward, head of the block"):
        assert part in shown(app)
    app.text_area(key=field(app, "text_area", "text")).set_value("Nhầm").run()
    checked(app.button(key=f"reopen_{key}").click().run())
    assert "Một nửa" not in shown(app)
    assert any("The decision was taken back: Nhầm" in caption.value for caption in app.caption)
    assert [entry.action for entry in workspace.ledger.entries()[1:]] == ["decide", "reopen"]


def test_a_decision_of_the_secretariat_is_seen_by_all_at_once(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_visitor(monkeypatch, actor_as("secretariat", None), LATER_DAY)
    app = visit()
    app.text_area(key=field(app, "text_area", "_decision")).set_value("Một nửa").run()
    app.text_area(key=field(app, "text_area", "text")).set_value("Đa số").run()
    checked(app.button(key=f"decide_{decision_subject(TOPIC)}").click().run())
    assert [entry.action for entry in workspace.ledger.entries()[1:]] == ["decide", "publish"]
    as_visitor(monkeypatch, None, LATER_DAY)
    assert "Một nửa" in shown(visit())


@pytest.mark.hostile("forged widgets, roles, frames, messages")
@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("secretariat", "administrator")])
def test_a_forged_click_does_nothing_that_the_role_may_not(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, role: str, record_property: Callable[[str, object], None]
) -> None:
    """Every callback is called as if its button had been there, by somebody of a ward that does not head the block."""
    steps.give_position(workspace, CLERK, TOPIC, UNIT, "agree", today=OPEN_DAY)
    topic = next(item for item in workspace.catalogue().club.topics if item.topic_id == TOPIC)
    before = workspace.ledger.head
    as_visitor(monkeypatch, actor_as(role, OTHER))
    monkeypatch.setattr(st, "session_state", {})
    let_go()
    view = type("View", (), {"speak": translator("en"), "language": "en"})()
    key, decision = position_subject(TOPIC, UNIT), decision_subject(TOPIC)
    consultation._give(view, topic, UNIT, key, key)  # pyright: ignore[reportArgumentType]
    consultation._withdraw(view, topic, UNIT, key, key)  # pyright: ignore[reportArgumentType]
    consultation._decide(view, topic, decision, decision)  # pyright: ignore[reportArgumentType]
    consultation._reopen(view, topic, decision, decision)  # pyright: ignore[reportArgumentType]
    assert workspace.ledger.head == before
    told = [text for messages in st.session_state["told"].values() for _, text in messages]
    record_property("tried", len(told))
    assert len(told) == 4 and all("found the role" in text for text in told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_tells_what_is_owed(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    speak = translator(language)
    words = speak("{name} has given no position yet on {count} {count:topic|topics}", name="@", count=2).split("@")[1]
    as_visitor(monkeypatch, replace(actor_as("ward_officer"), unit_code=OTHER))
    app = visit("contract", language)
    assert words in shown(app)
    assert re.search(r'href="club\?tab=consultation&amp;lang=', html(app))
    as_visitor(monkeypatch, actor_as("secretariat", None))
    text = shown(visit("contract", language))
    assert words not in text
    assert speak("{count} of {total} have not answered: {what}", count=8, total=10, what="") in text
    as_visitor(monkeypatch, actor_as("viewer", OTHER))
    assert words not in shown(visit("contract", language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_is_not_signed_in_reads_whom_to_ask(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    speak = translator(language)
    as_visitor(monkeypatch, None)
    app = visit(language=language)
    assert speak("Sign in at the side to give your ward's position.") in [info.value for info in app.info]
    head = next(unit for unit in workspace.catalogue().units if unit.unit_code == UNIT)
    assert any(head.text(language) in text.value for text in app.markdown)
    assert "ws-topic" in shown(app)


def test_a_block_without_topics_says_who_enters_them(
    prepared: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = Path(shutil.copytree(prepared.places.data, tmp_path / "laocai"))
    for name in ("topics.csv", "positions.csv"):
        (data / name).unlink()
    workspace = Workspace.of(Settings(data, tmp_path / "var", None))
    publishing.publish(workspace, CLERK)
    monkeypatch.setenv("WARDSTATS_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("WARDSTATS_DATA", str(data))
    forget()
    as_visitor(monkeypatch, actor_as("ward_officer"))
    assert any("The block's secretariat enters the questions" in info.value for info in visit().info)
    forget()


@pytest.mark.hostile("XSS in name, note, by, cells")
def test_no_text_acts_on_the_page(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    steps.give_position(workspace, CLERK, TOPIC, OTHER, "agree", EVIL, today=OPEN_DAY)
    steps.decide(workspace, CLERK, TOPIC, EVIL, EVIL, today=LATER_DAY)
    as_visitor(monkeypatch, actor_as("ward_officer"), LATER_DAY)
    decided = visit()
    steps.reopen(workspace, CLERK, TOPIC, EVIL, today=LATER_DAY)
    for app in (decided, visit()):
        body = html(app)
        assert "&lt;img src=x onerror=alert(1)&gt;" in body
        assert not RAW_TAG.search(body)
        for place, text in read_as_markdown(app):
            assert not RAW_MARKDOWN.search(text), (place, text)
