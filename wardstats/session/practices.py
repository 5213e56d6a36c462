"""The tab on which members write practices, and those with other roles check, publish or take them back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from wardstats.catalogue.practices import Written, written_practices
from wardstats.core.club_records import Practice
from wardstats.core.languages import LANGUAGE_NAMES, LANGUAGES
from wardstats.core.periods import parse_period
from wardstats.core.records import column_of
from wardstats.intake import practice_steps, publishing
from wardstats.intake.evidence import MAX_FILE_BYTES, Evidence, check_evidence
from wardstats.intake.judge import open_evidence
from wardstats.intake.numbers import Asked
from wardstats.intake.words import waiting_words
from wardstats.ledger import Entry
from wardstats.ledger.access import AccessError, Action, Actor, may
from wardstats.session.hand_ins import prepare_uploader, units_of
from wardstats.session.signin import (
    access_fault,
    acting,
    attempt,
    confirm,
    explained,
    for_whom,
    is_configured,
    no_sign_in,
    plain,
    tell,
    told,
    visitor,
    workspace,
)
from wardstats.session.typed import number_field, typed_numbers
from wardstats.view.view import View

_COST = Asked(low=0, is_whole=True)


def write_practice(view: View) -> None:
    """Draw the tab for whoever is there."""
    speak = view.speak
    head = st.container()
    if not is_configured():
        no_sign_in(view)
        return
    try:
        confirm()
        actor = visitor()
    except AccessError as error:
        st.error(plain(access_fault(error, speak)))
        return
    if actor is None:
        st.info(speak("Sign in at the side to go on."), icon=":material/login:")
        for_whom(view)
        return
    actions: tuple[Action, ...] = ("practice_draft", "practice_check", "practice_publish")
    if not any(may(actor, action, unit) for action in actions for unit in (actor.unit_code, "")):
        st.warning(speak("Your role reads practices and does not write them."), icon=":material/lock:")
        return
    with explained(view):
        _queue(view, actor)
        if units := units_of(actor, "practice_draft"):
            _form(view, units)
        with head:  # what has no button of its own any more
            told()


def _queue(view: View, actor: Actor) -> None:
    speak = view.speak
    entries = workspace().ledger.entries()
    shown = [item for item in written_practices(entries).values() if _concerns(actor, item)]
    if not shown:
        return
    st.subheader(speak("Practices under way"))
    states = practice_steps.practice_state_names(speak)
    for item in reversed(shown):
        title, name = item.practice.text(_own(), "title"), workspace().unit_name(item.unit_code, view.language)
        label = f"{plain(title)} · {plain(name)}"
        with st.expander(f"{label} · {states[item.state]}", expanded=item.state in ("draft", "checked")):
            _one(view, actor, item)


def _own() -> str:
    """Return the language in which practices are written first."""
    return workspace().catalogue().block.default_language


def _concerns(actor: Actor, item: Written) -> bool:
    actions: tuple[Action, ...] = ("practice_draft", "practice_check", "practice_publish")
    return any(may(actor, action, item.unit_code) for action in actions)


def _one(view: View, actor: Actor, item: Written) -> None:
    speak, practice = view.speak, item.practice
    st.markdown(f"**{speak('Problem')}:** {plain(practice.text(_own(), 'problem'))}")
    st.markdown(f"**{speak('What was done')}:** {plain(practice.text(_own(), 'action'))}")
    first, last = speak.period(practice.period_before), speak.period(practice.period_after)
    name = practice.indicator_code
    if name in view.indicators.index:
        name = view.indicator_name(name)
    st.markdown(f"**{speak('Result')}:** {plain(name)}, {first} → {last}")
    for entry in item.story:
        if entry.note:
            st.caption(plain(f"{entry.actor}: {entry.note}"))
    steps: list[tuple[Action, tuple[str, ...], str, str, Callable[..., Any]]] = [
        ("practice_check", ("draft",), speak("Checked"), "check", practice_steps.check_practice),
        ("practice_publish", ("checked",), speak("Publish"), "campaign", practice_steps.publish_practice),
        (
            "practice_withdraw",
            ("draft", "checked", "published"),
            speak("Take back"),
            "undo",
            practice_steps.withdraw_practice,
        ),
    ]
    open_steps = [step for step in steps if item.state in step[1] and may(actor, step[0], item.unit_code)]
    if not open_steps:
        return
    note = st.text_input(speak("Note"), key=f"practice_note_{item.subject}", max_chars=500)
    with st.container(horizontal=True):
        for action, _, label, icon, work in open_steps:
            st.button(
                label, key=f"{action}_{item.subject}", icon=f":material/{icon}:", on_click=_do,
                args=(view, work, action, item.subject, item.last_number, note),
                type="secondary" if action == "practice_withdraw" else "primary",
            )  # fmt: skip
    told(item.subject)


def _do(view: View, work: Callable[..., Any], action: Action, subject: str, expected: int, note: str) -> None:
    def step() -> tuple[Actor, Entry, bool]:
        actor = acting()
        before = written_practices(workspace().ledger.entries())
        was_up = subject in before and before[subject].published is not None
        entry = work(workspace(), actor, subject, note=note, expected=expected)
        return actor, entry, action == "practice_publish" or (was_up and may(actor, "publish"))

    if not (done := attempt(view, subject, step)):
        return
    tell("practice", "success", view.speak("Done. It is in the ledger."))
    actor, entry, moves_board = done
    if moves_board:  # told apart: what is recorded stays recorded, whatever becomes of the board
        shown = attempt(view, "practice", lambda: publishing.publish_only(workspace(), actor, [entry]))
        if shown and shown.waits:
            tell("practice", "warning", waiting_words(shown.waits, view.speak))


def _form(view: View, units: list[str]) -> None:
    speak, catalogue = view.speak, workspace().catalogue()
    st.subheader(speak("Write a practice"))
    version = st.session_state.get("practice_version", 0)
    key: Callable[[str], str] = lambda name: f"new_{name}_{version}"  # noqa: E731
    unit = st.selectbox(
        speak("Unit"), units, key=key("unit"), format_func=lambda code: workspace().unit_name(code, view.language)
    )
    labels = practice_steps.field_names(speak)
    for name in Practice.texts:
        draw = st.text_area if name in ("problem", "action") else st.text_input
        draw(labels[name], key=key(column_of(name, _own())), max_chars=2000)
    left, middle, right = st.columns(3)
    codes = [code for code in view.indicators.index if code in {i.indicator_code for i in catalogue.indicators}]
    code = left.selectbox(
        speak("Indicator that shows the result"), codes, key=key("indicator_code"), format_func=view.indicator_name
    )
    figures = catalogue.figures
    known = figures[(figures["unit_code"] == unit) & (figures["indicator_code"] == code)]["period"].unique()
    periods = sorted(known, key=lambda text: parse_period(text).ends_on)
    if len(periods) < 2:
        st.warning(speak("This ward has fewer than two figures of the indicator: a result cannot be shown."))
        return
    middle.selectbox(speak("Period before"), periods[:-1], key=key("period_before"), format_func=speak.period, index=0)
    right.selectbox(
        speak("Period after"), periods[1:], key=key("period_after"), format_func=speak.period, index=len(periods) - 2
    )
    left, right = st.columns(2)
    with left:
        number_field(speak("Cost, dong"), None, _COST, speak, key("cost_vnd"))
    models = {item.model_code: item.text(view.language) for item in catalogue.club.models}
    right.selectbox(
        speak("Model"), ["", *models], key=key("model_code"), format_func=lambda c: models.get(c, speak("none"))
    )
    with st.expander(speak("In other languages (optional)")):
        for language in LANGUAGES:
            for name in Practice.texts_asked_for if language != _own() else ():
                title = f"{labels[name]} · {LANGUAGE_NAMES[language]}"
                st.text_input(title, key=key(column_of(name, language)), max_chars=2000)
    prepare_uploader(view)
    files = st.file_uploader(
        speak("Evidence: PDF files or pictures (at most {size} MB each)", size=MAX_FILE_BYTES // 1_000_000),
        accept_multiple_files=True, key=key("files"),
        max_upload_size=MAX_FILE_BYTES // 1_000_000,
    )  # fmt: skip
    st.caption(speak("Before and after are read from the indicators; nobody types a result here."))
    uploads = [(item.name, item.getvalue()) for item in files]
    st.button(
        speak("Submit the practice"), type="primary", icon=":material/send:", key="practice_send", on_click=_send,
        args=(view, version, uploads, workspace().ledger.head),
    )  # fmt: skip
    told("practice_send")


def _send(view: View, version: int, uploads: list[tuple[str, bytes]], expected: int) -> None:
    values = {name: st.session_state.get(f"new_{name}_{version}") for name in (*practice_steps.FIELDS, "unit")}
    unit = str(values.pop("unit"))

    def step() -> list[Evidence]:
        label = view.speak("Cost, dong")
        cost = typed_numbers({"cost": (label, f"new_cost_vnd_{version}", _COST)}, view.speak)["cost"]
        values["cost_vnd"] = None if cost is None else int(cost)
        actor = acting("handin")
        files = check_evidence(uploads, view.speak, open_evidence)
        practice_steps.draft_practice(workspace(), actor, unit, values, files=files, expected=expected)
        return files

    if (kept := attempt(view, "practice_send", step)) is not None:
        st.session_state["practice_version"] = version + 1  # an empty form
        text = view.speak("Submitted. It is published once it has been checked.")
        changed = [notice.told(view.speak) for item in kept for notice in item.notices]
        tell("practice", "success", " ".join([text, *changed]))
