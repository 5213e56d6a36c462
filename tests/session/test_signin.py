"""The matrix once more through the pages: what each role is offered, and that a forged click does nothing more.

The pages run whole, with a visitor put in the place of the one that the identity provider vouches for; tests/browser
signs in for real.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.fresh import forget
from tests.intake_files import ENGLISH, OTHER, PERIOD, UNIT, desk_in, small_ranges, upload
from tests.ledger.access.test_rights import ALLOWED
from tests.test_pages import PATIENCE_S
from wardstats.charts.html.components import text_table
from wardstats.core.settings import PROJECT
from wardstats.intake import checking, handing_in, publishing
from wardstats.intake.form_draft import FormDraft
from wardstats.intake.workspace import Workspace
from wardstats.ledger.access import ROLES, Actor
from wardstats.session import corrections, hand_ins, publish, signin, web_form
from wardstats.session.caches import let_go

CLERK = Actor("Clerk", "administrator", "clerk@x.test")
STEPS = {"cross_check": checking.cross_check, "appraise": checking.appraise, "return": checking.give_back}


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Two boards published, and a hand-in of two wards."""
    folder = tmp_path_factory.mktemp("prepared")
    workspace = desk_in(folder, small_ranges(folder))
    publishing.publish(workspace, CLERK)
    checking.adjust(workspace, CLERK, UNIT, PERIOD, 1, "so that there are two")
    publishing.publish(workspace, CLERK)
    for unit in (UNIT, OTHER):
        handing_in.hand_in(workspace, CLERK, unit, PERIOD, upload(workspace.form(unit, PERIOD)), (), ENGLISH)
    return workspace


@pytest.fixture(autouse=True)
def fresh_caches(prepared: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("WARDSTATS_VAR", str(prepared.places.var))
    monkeypatch.setenv("WARDSTATS_DATA", str(prepared.places.data))
    forget()
    yield
    forget()


def as_visitor(monkeypatch: pytest.MonkeyPatch, actor: Actor | None) -> None:
    monkeypatch.setattr(signin, "is_configured", lambda: True)
    for module in (signin, hand_ins):
        monkeypatch.setattr(module, "visitor", lambda: actor)


def visit(page: str) -> AppTest:
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=PATIENCE_S)
    app.query_params["lang"] = "en"
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception, app.exception
    assert app._page_hash == app._finished_page_script_hash, f"another page than {page} was shown"
    return app


def actor_as(role: str) -> Actor:
    return Actor("A", role, "a@x.test", UNIT)  # pyright: ignore[reportArgumentType]


def keys(app: AppTest) -> set[str]:
    return {str(button.key) for button in app.button}


@pytest.mark.parametrize("role", [*ROLES, None])
def test_each_role_is_offered_what_it_may_do(monkeypatch: pytest.MonkeyPatch, role: str | None) -> None:
    own, other = ALLOWED[role] if role else (set(), set())
    as_visitor(monkeypatch, actor_as(role) if role else None)
    app = visit("submit")
    if "handin" in own | other:
        offered = next(box for box in app.selectbox if box.key == "submit_unit").options
        assert len(offered) == (10 if "handin" in other else 1)
        assert any("Sa Pa" in name for name in offered)
    else:
        assert not any(box.key == "submit_unit" for box in app.selectbox)
    app = visit("check")
    for unit, allowed in ((UNIT, own), (OTHER, other)):
        subject = f"handin-{unit}-{PERIOD}-1"
        if any(box.key == "check_subject" for box in app.selectbox):
            app.selectbox(key="check_subject").set_value(subject).run()
        offered = {key.removesuffix(f"_{subject}") for key in keys(app) if key.endswith(subject)}
        is_checking = bool({"cross_check", "accept"} & (own | other))
        expected = {"cross_check", "appraise", "return", "accept"} & allowed if is_checking else set()
        assert offered == expected, (role, unit)
    parts = {key for control in app.get("button_group") for key in [control.proto.id] if "check_part" in key}
    assert bool(parts) is bool({"cross_check", "accept"} & (own | other))
    app = visit("log")
    assert any(box.key == "log_entry" for box in app.selectbox) is ("read_log" in own | other)


@pytest.mark.hostile("forged widgets, roles, frames, messages")
@pytest.mark.parametrize("role", [role for role in ROLES if role not in ("secretariat", "administrator")])
def test_a_forged_click_does_nothing_that_the_role_may_not(
    prepared: Workspace, monkeypatch: pytest.MonkeyPatch, role: str, record_property: Callable[[str, object], None]
) -> None:
    """Every callback is called as if its button had been there; what is refused is refused by the function itself."""
    own, other = ALLOWED[role]
    as_visitor(monkeypatch, actor_as(role))
    monkeypatch.setattr(st, "session_state", {})
    let_go()
    view = _View()
    before = prepared.ledger.head
    for unit, allowed in ((UNIT, own), (OTHER, other)):
        subject = f"handin-{unit}-{PERIOD}-1"
        for action, work in STEPS.items():
            if action not in allowed:
                hand_ins.take(view, work, subject, before)  # pyright: ignore[reportArgumentType]
        hand_ins.take(view, checking.accept, subject, before)  # pyright: ignore[reportArgumentType]
        if "withdraw" not in allowed:
            hand_ins.withdraw(view, subject, before)  # pyright: ignore[reportArgumentType]
        if "handin" not in allowed:
            book = upload(prepared.form(unit, PERIOD), share=0.7)
            hand_ins.hand_in(view, unit, PERIOD, book, "none", "none", before)  # pyright: ignore[reportArgumentType]
            web_form.hand_in_typed(view, unit, PERIOD, book, "", "", before)  # pyright: ignore[reportArgumentType]
            web_form._begin(view, unit, PERIOD, {("qd766_online", "value"): "1"})  # pyright: ignore[reportArgumentType]
            web_form._discard(view, unit, PERIOD, FormDraft())  # pyright: ignore[reportArgumentType]
        corrections._adjust_now(view, unit, PERIOD, None, {}, before)  # pyright: ignore[reportArgumentType]
        corrections._correct_now(view, unit, PERIOD, "qd766_online", {}, before)  # pyright: ignore[reportArgumentType]
    publish._look_back(view, (), "any")  # pyright: ignore[reportArgumentType]
    assert prepared.ledger.head == before
    assert not (prepared.places.var / "drafts").exists()
    told = [text for messages in st.session_state["told"].values() for _, text in messages]
    record_property("tried", len(told))
    assert told and all("found the role" in text for text in told)


class _View:
    """As much of a view as a callback needs."""

    speak = ENGLISH
    language = "en"


@pytest.mark.hostile("forged widgets, roles, frames, messages")
def test_a_right_that_is_taken_away_is_gone_at_once(prepared: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    secretary = replace(actor_as("secretariat"), email="s@x.test")
    as_visitor(monkeypatch, secretary)
    app = visit("check")
    app.selectbox(key="check_subject").set_value(f"handin-{OTHER}-{PERIOD}-1").run()
    as_visitor(monkeypatch, replace(secretary, role="viewer"))
    before = prepared.ledger.head
    app.button(key=f"accept_handin-{OTHER}-{PERIOD}-1").click().run()
    assert prepared.ledger.head == before
    assert any("not for that role" in warning.value for warning in app.warning)


def test_a_data_folder_that_is_broken_at_the_moment_is_explained(
    prepared: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_visitor(monkeypatch, actor_as("secretariat"))
    path = prepared.places.data / "block.toml"
    text = path.read_text(encoding="utf-8")
    try:
        path.write_text(text.replace("frequency", "frequenzy"), encoding="utf-8")
        for page in ("submit", "check", "log", "upkeep"):
            app = visit(page)
            assert any("frequenzy" in error.value for error in app.error)
    finally:
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("has_sign_in", [False, True])
def test_who_is_not_signed_in_reads_what_they_may_do_and_no_commands(
    monkeypatch: pytest.MonkeyPatch, has_sign_in: bool
) -> None:
    monkeypatch.setattr(signin, "_auth_section", lambda: {"client_id": "wardstats"} if has_sign_in else {})
    for page in ("submit", "check", "log", "upkeep", "club"):
        app = visit(page)
        bodies = [element.proto.body for element in app.get("html")]
        texts = [body for body in bodies if "<style" not in body] + [element.value for element in app.markdown]
        shown = "\n".join(texts)
        assert "without signing in" in shown, page
        assert "head of the block" in shown, page
        assert not re.search(r"python -m|secrets|\.toml|\[auth\]", shown), page
        assert bool([button for button in app.button if "sign_in" in str(button.key)]) == has_sign_in


def test_the_own_ward_of_an_officer_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    as_visitor(monkeypatch, None)
    assert visit("ward").session_state["unit"] != UNIT
    as_visitor(monkeypatch, actor_as("ward_officer"))
    assert visit("ward").session_state["unit"] == UNIT
    assert visit("contract").session_state["unit"] == UNIT
    assert visit("compare").session_state["units"][0] == UNIT


def test_officers_see_the_state_of_their_own_ward_only(prepared: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {unit: prepared.unit_name(unit, "en") for unit in (UNIT, OTHER)}
    for page, actor, seen in (
        ("submit", actor_as("ward_officer"), {UNIT}),
        ("check", replace(actor_as("secretariat"), unit_code=None), {UNIT, OTHER}),
    ):
        as_visitor(monkeypatch, actor)
        (table,) = [one.proto.body for one in visit(page).get("html") if "ws-heat ws-states" in one.proto.body]
        shown = table.replace("\u00a0", " ")
        assert {unit for unit, name in names.items() if name in shown} == seen
        assert ("handin=" in shown) == (page == "check")


def test_an_officer_reads_on_every_page_what_their_ward_owes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hand_ins, "local_today", lambda: date(2026, 12, 5))  # November is over
    for actor, owes in ((actor_as("ward_officer"), True), (actor_as("checker"), False), (None, False)):
        as_visitor(monkeypatch, actor)
        for page in ("map", "club"):
            shown = "\n".join(element.proto.body for element in visit(page).get("html"))
            assert ("still has to submit: " in shown) == owes, (actor, page)


SIGNS = "a:red[b] :smile: http://x.test www.x.test WWW.x.test a@x.test *b* _c_ `d` ~e~ $f$ <b> &lt; ![g](h) [i](j) | #k"


@pytest.mark.parametrize("text", [SIGNS, "- a\n+ b\n1. c\n2) d", "a\n===", "a\n---", "\\[a](b)", "1. a"])
def test_every_mark_of_markdown_is_shown_as_it_is(text: str) -> None:
    shown = signin.plain(text)
    assert re.sub(r"\\([^a-zA-Z0-9\s])", r"\1", shown) == text
    bare = re.sub(r"\\.", "x", shown)
    assert not re.search(r"[`*_\[\]<>#|~$]|:\S|&\w|@\w|www\.|^\s*[-+=]|\d[.)]\s", bare, re.MULTILINE | re.IGNORECASE)


def test_a_label_without_marks_is_read_without_backslashes() -> None:
    label = 'Points: bonus above, penalty below 0 (3.5 %), e.g. -1 / year; "on time" & more'
    assert signin.plain(label) == label


@pytest.mark.hostile("XSS in name, note, by, cells")
def test_names_and_notes_are_shown_as_they_are(tmp_path: Path) -> None:
    hostile = "<script>alert(1)</script> ![x](http://evil.test/x) [a](javascript:alert(1)) $x$ :red[y]"
    shown = signin.plain(hostile)
    assert "](" not in shown.replace("\\](", "") and "<script" not in shown.replace("\\<", "")
    table = text_table(pd.DataFrame({hostile: [hostile]}))
    assert "<script" not in table and "&lt;script" in table
