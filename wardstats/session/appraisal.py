"""The fields in which the block appraises single lines of a hand-in with figures and reasons of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from wardstats.core.languages import Translator
from wardstats.intake.checking import Appraised
from wardstats.intake.columns import headings
from wardstats.intake.form import Row
from wardstats.intake.queue import HandIn, find_hand_in
from wardstats.intake.web_form import asked_columns
from wardstats.intake.workspace import Workspace
from wardstats.session.signin import plain, workspace
from wardstats.session.typed import number_field, typed_numbers


def appraisal_fields(item: HandIn, names: Mapping[str, str], speak: Translator) -> None:
    """Let somebody choose lines and type, for each, the figure that is to count and why."""
    form = workspace().form(item.unit_code, item.period)
    codes = st.multiselect(
        speak("Lines appraised with another figure"), [code for code in item.figures if code in form.rows],
        format_func=lambda code: names.get(str(code), str(code)), key=_chosen(item),
        placeholder=speak("Choose indicators"),
    )  # fmt: skip
    for code in map(str, codes):
        row, (_, given) = form.rows[code], item.figures[code]
        with st.container(border=True, key=f"appraised_line_{code}"):
            st.markdown(f"**{plain(names.get(code, code))}**")
            places = st.columns([2, 2, 5] if row.is_ratio else [2, 5], vertical_alignment="bottom")
            for place, (column, (label, key, asked)) in zip(places, _fields(item, row, speak).items(), strict=False):
                with place:
                    number_field(label, getattr(given, column), asked, speak, key)
            places[-1].text_input(speak("Reason"), key=_reason(item, code), max_chars=500)


def appraised_figures(workspace: Workspace, subject: str, speak: Translator) -> dict[str, Appraised]:
    """Return the lines that were chosen, with the figures and reasons that stand in their fields at this moment.

    Raises:
        RejectedError: Something is wrong with a number.
    """
    state: Any = st.session_state
    item = find_hand_in(workspace.ledger.entries(), subject)
    if not (codes := state.get(_chosen(item))):
        return {}
    form = workspace.form(item.unit_code, item.period)
    return {
        code: Appraised(
            typed_numbers(_fields(item, form.row(code), speak), speak), state.get(_reason(item, code)) or ""
        )
        for code in map(str, codes)
    }


def _version(item: HandIn) -> str:
    """Name what was handed in: what was typed for it is not for what the ward hands in later."""
    return f"{item.subject}_{item.latest.number}"


def _chosen(item: HandIn) -> str:
    return f"appraised_{_version(item)}"


def _reason(item: HandIn, code: str) -> str:
    return f"appraised_reason_{_version(item)}_{code}"


def _fields(item: HandIn, row: Row, speak: Translator) -> dict[str, tuple[str, str, Any]]:
    names = headings(speak)
    return {
        column: (names[column], f"appraised_{_version(item)}_{row.code}_{column}", row.asked(column))
        for column in asked_columns(row)
    }
