"""The page on which the block checks what wards handed in, corrects figures, and gives bonus and penalty."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import streamlit as st

from wardstats.charts.html import components
from wardstats.core.errors import WardStatsError
from wardstats.core.languages import TIME_ZONE, Translator
from wardstats.intake import checking, tables
from wardstats.intake.form import Form, Row, choosable_periods, value_of
from wardstats.intake.health import refusal
from wardstats.intake.preview import Preview, preview
from wardstats.intake.queue import OPEN, HandIn, hand_ins
from wardstats.intake.validation import figure_findings
from wardstats.ledger import Entry
from wardstats.ledger.access import Action, Actor, may
from wardstats.session.caches import store
from wardstats.session.harvest import harvest_part
from wardstats.session.publish import publish_part
from wardstats.session.signin import acting, attempt, explained, plain, tell, told, workspace
from wardstats.session.submit import preview_part
from wardstats.session.typed import number_field, typed_numbers
from wardstats.view.view import View


@explained
def check_page(view: View, actor: Actor) -> None:
    """Draw the page for somebody who may check."""
    speak = view.speak
    told("check")
    parts: dict[str, Callable[[View, Actor], None]] = {speak("Hand-ins"): _queue}
    if may(actor, "correct", ""):
        parts |= {speak("Correct"): _correct, speak("Bonus and penalty"): _adjust}
        parts |= {speak("National portal"): harvest_part, speak("Publish"): publish_part}
    names = list(parts)
    chosen = st.segmented_control(
        speak("What to do"), names, default=names[0], key="check_part", label_visibility="collapsed", required=True
    )
    parts[chosen if chosen in parts else names[0]](view, actor)


def _queue(view: View, actor: Actor) -> None:
    speak = view.speak
    found = [item for item in hand_ins(workspace().ledger.entries()) if may(actor, "read_queue", item.unit_code)]
    is_all = st.toggle(speak("Settled and returned ones too"), key="check_all")
    listed = [item for item in found if is_all or item.state in OPEN]
    if not listed:
        st.info(speak("Nothing waits to be checked."), icon=":material/done_all:")
        return
    labels = {item.subject: tables.hand_in_label(item, workspace(), speak) for item in listed}
    if st.session_state.get("check_subject") not in labels:
        st.session_state.pop("check_subject", None)
    subject = st.selectbox(
        speak("Hand-in"), list(labels), format_func=lambda key: labels.get(str(key), ""), key="check_subject"
    )
    item = next(item for item in listed if item.subject == subject)
    _story(view, item)
    try:
        changes = checking.acceptance(workspace(), item) if item.state in OPEN else item.latest.changes
    except WardStatsError as error:
        st.error(plain(refusal(error, speak)))
        changes = item.latest.changes
    st.html(components.text_table(tables.lines_table(item, changes, workspace().catalogue(), speak)))
    if item.state in OPEN:
        with st.expander(speak("What acceptance would do to points and rank"), icon=":material/leaderboard:"):
            preview_part(view, _previewed(view, item))
        _steps(view, actor, item)


def _story(view: View, item: HandIn) -> None:
    speak = view.speak
    for entry in item.story:
        who = entry.details.get("actor_name") or entry.actor
        what = tables.action_names(speak)[entry.action]
        st.text(f"{tables.moment(entry.at, speak)} · {who}: {what}" + (f"\n{entry.note}" if entry.note else ""))
    with st.container(horizontal=True, gap="small"):
        files = {file.sha256: file for entry in item.story for file in entry.attachments}  # of every version
        for digest, file in files.items():
            path = workspace().ledger.path(digest)
            st.download_button(
                plain(file.name), path.read_bytes if path.is_file() else b"", file_name=file.name, mime=file.media_type,
                icon=":material/attach_file:", on_click="ignore", key=f"file_{item.subject}_{digest[:16]}",
            )  # fmt: skip


def _previewed(view: View, item: HandIn) -> Preview:
    return _preview_of(item.subject, item.last_number, workspace().ledger.head, view.snapshot_id, item)


@st.cache_resource(max_entries=50, show_spinner=False, hash_funcs={HandIn: lambda item: item.subject})
def _preview_of(subject: str, last: int, head: int, snapshot_id: str, item: HandIn) -> Preview:
    """Preview a hand-in once for all who look at it."""
    form = workspace().form(item.unit_code, item.period)
    return preview(workspace(), form, item.latest, store().snapshot(snapshot_id))


def _steps(view: View, actor: Actor, item: HandIn) -> None:
    """Offer the steps that this actor may take with this hand-in."""
    speak = view.speak
    names = {found.indicator_code: found.text(view.language) for found in workspace().catalogue().indicators}
    with st.container(border=True):
        lines = st.multiselect(
            speak("Lines with a note"), list(item.figures), format_func=lambda code: names.get(code, str(code)),
            key=f"noted_{item.subject}", placeholder=speak("Choose indicators"),
        )  # fmt: skip
        for code in lines:
            st.text_input(plain(names.get(code, str(code))), key=f"line_{item.subject}_{code}", max_chars=500)
        st.text_area(speak("Note on the whole"), key=f"note_{item.subject}_{item.last_number}", max_chars=2000)
        with st.container(horizontal=True, gap="small"):
            for action, label, icon, work in _offers(view, item):
                if may(actor, action, item.unit_code):
                    st.button(
                        label, key=f"{action}_{item.subject}", icon=icon, on_click=_take,
                        type="primary" if action == "accept" else "secondary",
                        args=(view, work, item.subject, item.last_number),
                    )  # fmt: skip


Step = Callable[..., Entry]


def _offers(view: View, item: HandIn) -> list[tuple[Action, str, str, Step]]:
    speak = view.speak
    offers: list[tuple[Action, str, str, Step]] = []
    if item.state == "self_scored":
        offers.append(("cross_check", speak("Cross-checked"), ":material/rule:", checking.cross_check))
    if item.state in ("self_scored", "cross_checked"):
        offers.append(("appraise", speak("Appraised"), ":material/fact_check:", checking.appraise))
    offers.append(("return", speak("Return to the ward"), ":material/undo:", checking.give_back))
    offers.append(("accept", speak("Accept"), ":material/verified:", _accept))
    return offers


def _accept(workspace: Any, actor: Actor, subject: str, *, note: str, lines: dict[str, str], expected: int) -> Entry:
    return checking.accept(workspace, actor, subject, note=note, expected=expected)


def _take(view: View, work: Step, subject: str, seen: int) -> None:
    """Take a step. What was typed is read here: the page may not have been drawn again since."""
    typed = st.session_state
    lines = {code: typed.get(f"line_{subject}_{code}", "") for code in typed.get(f"noted_{subject}", ())}

    def step() -> None:
        note = typed.get(f"note_{subject}_{seen}", "")
        _done(view, work(workspace(), acting(), subject, note=note, lines=lines, expected=seen))

    attempt(view, "check", step)


def _done(view: View, entry: Entry, what_for: str = "") -> None:
    """Tell that a step was taken; ``what_for`` says with which number."""
    what = tables.action_names(view.speak)[entry.action]
    text = view.speak("Entry {number} of the ledger: {action}.", number=entry.number, action=what)
    tell("check", "success", f"{text} {what_for}".strip())


def _choose(view: View, key: str) -> tuple[str, str]:
    speak, catalogue = view.speak, workspace().catalogue()
    units = [unit.unit_code for unit in catalogue.units if unit.is_member]
    periods = choosable_periods(catalogue, datetime.now(TIME_ZONE).date())
    left, right = st.columns(2)
    unit = left.selectbox(
        speak("Unit"), units, format_func=lambda code: workspace().unit_name(code, view.language), key=f"{key}_unit"
    )
    period = right.selectbox(
        speak("Period"), periods, index=min(1, len(periods) - 1), format_func=speak.period, key=f"{key}_period"
    )
    return unit, period


def _correct(view: View, actor: Actor) -> None:
    speak = view.speak
    unit, period = _choose(view, "correct")
    form = workspace().form(unit, period)
    names = {code: row.indicator.text(view.language) for code, row in form.rows.items()}
    code = st.selectbox(
        speak("Indicator"), list(names), format_func=lambda key: names.get(key, str(key)), key="correct_code"
    )
    row = form.rows[code]
    labels = {"numerator": speak("Numerator"), "denominator": speak("Denominator"), "value": speak("Value")}
    seen = workspace().ledger.head
    fields = {
        name: (labels[name], f"correct_{unit}_{period}_{code}_{name}", row.asked(name))
        for name in (("numerator", "denominator") if row.is_ratio else ("value",))
    }
    numbers = {}
    for place, (name, (label, key, asked)) in zip(st.columns(2), fields.items(), strict=False):
        with place:
            numbers[name] = number_field(label, getattr(row.now, name) if row.now else None, asked, speak, key)
    if row.is_ratio:
        _share_of(numbers, row, form, speak)
    st.text_area(speak("Reason"), key="correct_reason", max_chars=2000)
    st.button(
        speak("Correct"), type="primary", key="correct", icon=":material/edit:", on_click=_correct_now,
        args=(view, unit, period, code, fields, seen),
    )  # fmt: skip


def _share_of(numbers: dict[str, Any], row: Row, form: Form, speak: Translator) -> None:
    """Say which share two counts give, or what is wrong between them."""
    if any(not isinstance(number, float) for number in numbers.values()):
        return
    if faults := figure_findings(row.code, numbers, form, "", speak):
        st.error(plain("\n".join(fault.told(speak, with_place=False) for fault in faults)))
    elif numbers["denominator"]:
        share = numbers["numerator"] / numbers["denominator"] * (100 if row.indicator.unit == "%" else 1)
        written = speak.measure(share, row.indicator.unit, row.indicator.decimals)
        st.caption(plain(speak("Understood: {number}", number=written)))


def _correct_now(view: View, unit: str, period: str, code: str, fields: dict[str, Any], seen: int) -> None:
    reason, speak = st.session_state.get("correct_reason", ""), view.speak

    def work() -> None:
        numbers = typed_numbers(fields, speak)
        entry = checking.correct(workspace(), acting(), unit, period, code, numbers, reason, expected=seen, speak=speak)
        indicator = workspace().form(unit, period).row(code).indicator
        value = value_of(entry.changes[0].after, indicator.unit)
        written = "–" if value is None else speak.measure(value, indicator.unit, indicator.decimals)
        _done(view, entry, f"{getattr(indicator, f'name_{view.language}')}: {written}")

    attempt(view, "check", work)


def _adjust(view: View, actor: Actor) -> None:
    speak = view.speak
    unit, period = _choose(view, "adjust")
    seen = workspace().ledger.head
    label, asked = speak("Points: bonus above, penalty below 0"), workspace().form(unit, period).points_asked
    number_field(label, None, asked, speak, "adjust_points")
    st.text_area(speak("Reason"), key="adjust_reason", max_chars=2000)
    st.button(
        speak("Record"), type="primary", key="adjust", icon=":material/add_task:", on_click=_adjust_now,
        args=(view, unit, period, None, {"points": (label, "adjust_points", asked)}, seen),
    )  # fmt: skip
    latest = {e.subject: e for e in workspace().ledger.entries() if e.action == "adjust" and e.subject}
    for subject, entry in latest.items():
        if entry.details["points"]:
            name = workspace().unit_name(entry.unit_code, view.language)
            about = (
                name,
                speak.period(entry.period or period, is_short=True),
                speak.signed(entry.details["points"], 2),
            )
            st.text(" · ".join((*about, entry.note)))
            st.button(
                speak("Lift"), key=f"lift_{subject}", icon=":material/undo:", on_click=_adjust_now,
                args=(view, entry.unit_code, entry.period, subject, {}, seen),
            )  # fmt: skip


def _adjust_now(view: View, unit: str, period: str, lifted: str | None, fields: dict[str, Any], seen: int) -> None:
    """Record a bonus or penalty, or lift an earlier one; the reason that was typed goes with either."""
    reason, speak = st.session_state.get("adjust_reason", ""), view.speak

    def work() -> None:
        points = typed_numbers(fields, speak).get("points") or 0.0
        said = reason if reason.strip() or not lifted else speak("lifted")
        entry = checking.adjust(
            workspace(), acting(), unit, period, points, said, adjustment=lifted, expected=seen, speak=speak
        )
        if lifted:
            _done(view, entry)
        else:
            _done(view, entry, f"{workspace().unit_name(unit, view.language)}: {speak.signed(points, 2)}")
            st.session_state["adjust_points"] = ""  # a second click gives nothing twice

    attempt(view, "check", work)
