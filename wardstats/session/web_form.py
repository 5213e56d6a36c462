"""The form on the web: the lines of a ward and period by theme, kept as they are typed, judged as a workbook is.

Owns the fields; what is in them is read by ``intake.web_form`` and kept by ``intake.form_draft``.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from hashlib import sha256
from typing import Any

import streamlit as st

from wardstats.boards.submit import last_figure, typed_findings_table
from wardstats.charts.html import components
from wardstats.core.languages import Translator
from wardstats.intake import form_draft, web_form
from wardstats.intake.columns import INPUTS, answers, headings, situations
from wardstats.intake.faults import Finding, IntakeError
from wardstats.intake.form import Form, Row
from wardstats.intake.form_draft import Edit, FormDraft, Place
from wardstats.intake.handing_in import Upload
from wardstats.intake.health import refusal
from wardstats.intake.queue import HandIn
from wardstats.intake.validation import Validated
from wardstats.intake.words import moment
from wardstats.ledger.access import Actor
from wardstats.session import hand_ins as steps
from wardstats.session.signin import acting, attempt, plain, tell, told, workspace
from wardstats.session.typed import number_field
from wardstats.view.view import View

KEY = "web_form"  # messages about the form as a whole stand at its button
_TOLD_EDITS = 8


def web_form_part(view: View, actor: Actor, form: Form, earlier: HandIn | None) -> Upload | None:
    """Draw the form; return what is typed as a file once it has no fault and its officer has asked what it changes.

    Args:
        earlier: What the ward handed in last for this period, or None.
    """
    speak, unit, period = view.speak, form.unit.unit_code, form.period
    try:
        draft = form_draft.read_draft(workspace(), actor, unit, period)
    except IntakeError as error:
        st.error(plain(refusal(error, speak)))
        _discard_button(view, form, FormDraft())
        return None
    judged = web_form.judge_typed(form, draft, speak)
    _head(view, actor, form, draft, earlier)
    theme = _choose_theme(view, form, draft, judged)
    is_asked = st.session_state.get(_name("asked", unit, period)) == _digest(form, draft, speak)
    part = theme
    for code, row in form.rows.items():
        if form.theme_path(row.theme_code)[0] == theme:
            if row.theme_code != part:
                part = row.theme_code
                st.markdown(f"##### {plain(form.theme_name(part, view.language))}")
            found = [finding for finding in judged.findings if finding.indicator == code]
            _line(view, form, row, draft, found, is_asked)
    st.session_state[_name("seen", unit, period)] = draft
    return _foot(view, form, draft, judged, is_asked)


def hand_in_typed(view: View, unit: str, period: str, upload: Upload, files: str, note: str, head: int) -> None:
    """Hand in what is typed, if it is still what its officer looked at."""
    _keep(view, unit, period)
    now = attempt(view, "handin", lambda: _typed_now(view, unit, period))
    if now is None:
        return
    if now != upload:
        text = view.speak("The form has changed since you looked. Nothing was submitted. Look at it once more.")
        tell(KEY, "warning", text)
        return
    before = st.session_state.get("upload_version", 0)
    steps.hand_in(view, unit, period, upload, files, note, head)
    if st.session_state.get("upload_version", 0) != before:  # it is submitted: the same is not to be looked at again
        st.session_state.pop(_name("asked", unit, period), None)


def _typed_now(view: View, unit: str, period: str) -> Upload:
    """Return what stands in the draft at this moment as a file."""
    draft = form_draft.read_draft(workspace(), acting("draft"), unit, period)
    return web_form.typed_file(workspace().form(unit, period), draft, view.speak)


def _name(what: str, unit: str, period: str) -> str:
    return f"web_{what}_{unit}_{period}"


def _field(unit: str, period: str, code: str, column: str) -> str:
    return f"web_{unit}_{period}_{code}_{column}"


def _digest(form: Form, draft: FormDraft, speak: Translator) -> str:
    return sha256(web_form.typed_file(form, draft, speak).content).hexdigest()


def _follow(form: Form, code: str, draft: FormDraft) -> None:
    """Put into a line's fields what the draft has, where they showed something else; what is typed stays otherwise."""
    unit, period, state = form.unit.unit_code, form.period, st.session_state
    seen: FormDraft | None = state.get(_name("seen", unit, period))
    for column in (*web_form.asked_columns(form.rows[code]), "situation", "evidence", "note"):
        key, text = _field(unit, period, code, column), draft.text(code, column)
        if key not in state or (seen is not None and text != seen.text(code, column)):
            state[key] = text


def _keep(view: View, unit: str, period: str) -> None:
    """Keep what stands in the fields that are drawn; called as soon as one of them has changed."""
    state = st.session_state
    seen = state.get(_name("seen", unit, period), FormDraft())

    def work() -> tuple[form_draft.Kept, Any]:
        rows = workspace().form(unit, period).rows
        places: list[Place] = [(code, column) for code in rows for column in INPUTS]
        typed = {place: str(state[key] or "") for place in places if (key := _field(unit, period, *place)) in state}
        return form_draft.keep(workspace(), acting("draft"), unit, period, typed, seen), rows

    kept, rows = attempt(view, KEY, work) or (None, {})
    for edit, text in kept.refused if kept else ():
        told = view.speak(
            "{line}: {who} has written “{theirs}” there in the meantime ({at}); you typed “{yours}”. Theirs is kept. "
            "Type yours again to put it in its place.",
            line=_about(edit, rows, view.speak), who=edit.name, theirs=edit.after, at=moment(edit.at, view.speak),
            yours=text,
        )  # fmt: skip
        tell(KEY, "warning", told)


def _about(edit: Edit, rows: Any, speak: Translator) -> str:
    name = rows[edit.code].indicator.text(speak.language) if edit.code in rows else edit.code
    return f"{name}, {headings(speak).get(edit.column, edit.column)}"


def _head(view: View, actor: Actor, form: Form, draft: FormDraft, earlier: HandIn | None) -> None:
    """Say when the draft was kept and by whom, and what others have changed since it was opened here."""
    speak, unit, period, state = view.speak, form.unit.unit_code, form.period, st.session_state
    if draft.texts:
        last = draft.edits[-1]
        st.caption(plain(speak("Draft kept {at}, by {who}. It stays here until it is discarded.",
                               at=moment(last.at, speak), who=last.name)))  # fmt: skip
    else:
        st.caption(speak("What is typed is kept as a draft at once, for all officers of the ward."))
    since = state.setdefault(_name("since", unit, period), draft.version)
    if others := draft.since(since, actor):
        lines = [
            f"{moment(edit.at, speak)} · {edit.name} · {_about(edit, form.rows, speak)}: "
            f"{edit.before or '–'} → {edit.after or '–'}"
            for edit in others[-_TOLD_EDITS:]
        ]
        st.info(plain("\n\n".join([speak("Others have typed since you opened this form:"), *lines])))
    if earlier is not None and not draft.texts:
        st.button(
            speak("Begin with what was submitted last"), key="web_begin", icon=":material/content_copy:",
            on_click=_begin, args=(view, unit, period, web_form.texts_of(earlier, form, speak)),
        )  # fmt: skip


def _begin(view: View, unit: str, period: str, texts: dict[Place, str]) -> None:
    attempt(view, KEY, lambda: form_draft.keep(workspace(), acting("draft"), unit, period, texts, FormDraft()))


def _choose_theme(view: View, form: Form, draft: FormDraft, judged: Validated) -> str:
    """Let the officer go from theme to theme; each says how many of its lines have something typed."""
    lines: dict[str, list[str]] = {}
    for code, row in form.rows.items():
        lines.setdefault(form.theme_path(row.theme_code)[0], []).append(code)
    wrong = {finding.indicator for finding in judged.faults}

    def named(theme: str) -> str:
        codes = lines[theme]
        done = sum(any(draft.line(code).values()) for code in codes)
        mark = ":material/error: " if wrong & set(codes) else ""
        return f"{mark}{plain(form.theme_name(theme, view.language))} {done}/{len(codes)}"

    themes = list(lines)
    if st.session_state.get("web_theme") not in themes:  # another year has others
        st.session_state.pop("web_theme", None)
    return st.segmented_control(
        view.speak("Theme"), themes, default=themes[0], format_func=named, key="web_theme", required=True
    )


def _line(view: View, form: Form, row: Row, draft: FormDraft, found: Sequence[Finding], is_asked: bool) -> None:
    """Draw the fields of one indicator, the figure of the period before, and what is wrong with what is typed."""
    speak, unit, period, names = view.speak, form.unit.unit_code, form.period, headings(view.speak)
    key = partial(_field, unit, period, row.code)
    _follow(form, row.code, draft)
    kept: dict[str, Any] = {"on_change": _keep, "args": (view, unit, period)}
    with st.container(border=True, key=f"web_line_{row.code}"):
        st.markdown(f"**{plain(row.indicator.text(view.language))}**")
        st.caption(plain(last_figure(row, speak)))
        places = st.columns([2, 2, 3, 4, 4] if row.is_ratio else [4, 3, 4, 4], vertical_alignment="bottom")
        numbers = []
        for place, column in zip(places, web_form.asked_columns(row), strict=False):
            with place:
                if row.unit == "yes_no":
                    _choice(names[column], answers(speak), key(column), kept)
                else:
                    numbers.append(number_field(names[column], None, row.asked(column), speak, key(column), **kept))
        rest = places[-3:]
        said = {name: word for name, word in situations(speak).items() if name in web_form.asked_situations(row)}
        with rest[0]:
            _choice(names["situation"], said, key("situation"), kept)
        for place, column in zip(rest[1:], ("evidence", "note"), strict=True):
            place.text_input(names[column], key=key(column), max_chars=500, **kept)
        if any(isinstance(number, Finding) for number in numbers):
            return  # told at the field
        is_half = row.is_ratio and sum(number is None for number in numbers) == 1
        if is_half and not is_asked:
            return  # the second count is being typed
        for finding in found:
            text = f"{web_form.field_name(finding, speak)}: {finding.told(speak, with_place=False)}"
            (st.warning if finding.is_notice else st.error)(plain(text.removeprefix(": ")))


def _choice(label: str, words: dict[str, str], key: str, on_change: dict[str, Any]) -> None:
    st.selectbox(label, ["", *words], format_func=lambda name: words.get(name, "–"), key=key, **on_change)


def _foot(view: View, form: Form, draft: FormDraft, judged: Validated, is_asked: bool) -> Upload | None:
    """Draw how much is filled in, every fault, and the buttons; return the file once it may be looked at."""
    speak, unit, period = view.speak, form.unit.unit_code, form.period
    done = sum(any(draft.line(code).values()) for code in form.rows)
    st.caption(speak("{done} of {total} lines filled in.", done=done, total=len(form.rows)))
    with st.container(horizontal=True, gap="small"):
        st.button(
            speak("Look at what would change"), key="web_look", icon=":material/visibility:",
            type="secondary" if is_asked else "primary", on_click=_look, args=(view, unit, period),
        )  # fmt: skip
        if draft.texts:
            _discard_button(view, form, draft)
    told(KEY)
    if not is_asked:
        return None
    if judged.faults:
        count = len(judged.faults)
        st.error(speak("{count} {count:fault|faults}. Nothing was submitted. Correct the fields named.", count=count))
        st.html(components.text_table(typed_findings_table(judged.faults, form, speak)))
        return None
    return web_form.typed_file(form, draft, speak)


def _look(view: View, unit: str, period: str) -> None:
    """Keep what is typed, and remember that its officer asks what it would change."""
    _keep(view, unit, period)
    typed = attempt(view, KEY, lambda: _typed_now(view, unit, period))
    if typed is not None:
        st.session_state[_name("asked", unit, period)] = sha256(typed.content).hexdigest()


def _discard_button(view: View, form: Form, draft: FormDraft) -> None:
    """Ask before a draft is thrown away."""
    speak = view.speak
    with st.popover(speak("Discard the draft"), icon=":material/delete:"):
        st.markdown(speak("Everything typed here for this ward and period is thrown away, for all its officers. What "
                          "was submitted stays."))  # fmt: skip
        st.button(
            speak("Discard it now"), key="web_discard", on_click=_discard,
            args=(view, form.unit.unit_code, form.period, draft),
        )  # fmt: skip


def _discard(view: View, unit: str, period: str, seen: FormDraft) -> None:
    def work() -> None:
        form_draft.discard(workspace(), acting(), unit, period, seen)
        for name in [key for key in st.session_state if str(key).startswith(_field(unit, period, "", "")[:-1])]:
            del st.session_state[name]
        for what in ("seen", "since", "asked"):
            st.session_state.pop(_name(what, unit, period), None)
        tell(KEY, "success", view.speak("The draft is discarded."))

    attempt(view, KEY, work)
