"""The parts of the page of checking that correct one figure, and give or lift a bonus or a penalty."""

from __future__ import annotations

from typing import Any

import streamlit as st

from wardstats.core.languages import Translator
from wardstats.intake import checking
from wardstats.intake.faults import Finding
from wardstats.intake.form import Form, Row, value_of
from wardstats.intake.validation import figure_findings, figure_notices
from wardstats.ledger import Figure
from wardstats.ledger.access import Actor
from wardstats.session.hand_ins import choose_ward, done, units_of
from wardstats.session.signin import acting, attempt, plain, told, workspace
from wardstats.session.typed import number_field, typed_numbers
from wardstats.view.view import View


def correct_part(view: View, actor: Actor) -> None:
    """Draw the fields that correct a figure, for somebody who may."""
    speak = view.speak
    unit, period = choose_ward(view, units_of(actor, "correct"), "correct")
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
    if not any(isinstance(number, Finding) for number in numbers.values()):
        counts = (numbers.get("value"), numbers.get("numerator"), numbers.get("denominator"))
        for notice in figure_notices({code: Figure(*counts, "", "")}, form, speak).values():
            st.warning(plain(notice), icon=":material/visibility:")
    st.text_area(speak("Reason"), key="correct_reason", max_chars=2000)
    st.button(
        speak("Correct"), type="primary", key="correct", icon=":material/edit:", on_click=_correct_now,
        args=(view, unit, period, code, fields, seen),
    )  # fmt: skip
    told("correct")


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
        done(view, "correct", entry, f"{getattr(indicator, f'name_{view.language}')}: {written}")

    attempt(view, "correct", work)


def adjust_part(view: View, actor: Actor) -> None:
    """Draw the fields of a bonus or penalty, and those that were given, for somebody who may."""
    speak = view.speak
    unit, period = choose_ward(view, units_of(actor, "adjust"), "adjust")
    seen = workspace().ledger.head
    label, asked = speak("Points: bonus above, penalty below 0"), workspace().form(unit, period).points_asked
    number_field(label, None, asked, speak, "adjust_points")
    st.text_area(speak("Reason"), key="adjust_reason", max_chars=2000)
    st.button(
        speak("Record"), type="primary", key="adjust", icon=":material/add_task:", on_click=_adjust_now,
        args=(view, unit, period, None, {"points": (label, "adjust_points", asked)}, seen),
    )  # fmt: skip
    told("adjust")
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
                speak("Cancel"), key=f"lift_{subject}", icon=":material/undo:", on_click=_adjust_now,
                args=(view, entry.unit_code, entry.period, subject, {}, seen),
            )  # fmt: skip
            told(f"lift_{subject}")


def _adjust_now(view: View, unit: str, period: str, lifted: str | None, fields: dict[str, Any], seen: int) -> None:
    """Record a bonus or penalty, or lift an earlier one; the reason that was typed goes with either."""
    reason, speak = st.session_state.get("adjust_reason", ""), view.speak

    def work() -> None:
        points = typed_numbers(fields, speak).get("points") or 0.0
        said = reason if reason.strip() or not lifted else speak("cancelled")
        entry = checking.adjust(
            workspace(), acting(), unit, period, points, said, adjustment=lifted, expected=seen, speak=speak
        )
        if lifted:
            done(view, f"lift_{lifted}", entry)
        else:
            done(view, "adjust", entry, f"{workspace().unit_name(unit, view.language)}: {speak.signed(points, 2)}")
            st.session_state["adjust_points"] = ""  # a second click gives nothing twice

    attempt(view, f"lift_{lifted}" if lifted else "adjust", work)
