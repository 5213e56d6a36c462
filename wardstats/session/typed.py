"""Fields in which people type numbers: a text field, read by the one reader of numbers, with what was understood.

Not Streamlit's number field: that is an HTML one, which a browser with an English interface reads without its commas.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from wardstats.core.languages import Translator
from wardstats.intake.faults import Finding, RejectedError
from wardstats.intake.numbers import Asked, read_within, understood, written_number
from wardstats.session.signin import plain

_LONGEST = 60


def number_field(
    label: str,
    number: float | str | None,
    asked: Asked,
    speak: Translator,
    key: str,
    help: str | None = None,  # noqa: A002 - as Streamlit calls it
    **options: Any,
) -> float | Finding | None:
    """Draw a field for a number; return the number that is in it, None where it is empty, or what is wrong with it.

    Args:
        number: What it shows at first; a text, such as one of an address, as it is.
        key: Of the widget; ``typed_numbers`` reads it again when a button is pressed.
        options: More of those of ``st.text_input``.
    """
    first = number if isinstance(number, str) else written_number(number, speak, asked.decimals)
    text = st.text_input(
        plain(label), value=first, key=key, help=help, max_chars=_LONGEST, autocomplete="off", **options
    )
    typed = read_within(text, asked, speak, label)
    if isinstance(typed, Finding):
        st.error(plain(typed.told(speak, with_place=False)))
    elif typed is not None:
        st.caption(plain(speak("Understood: {number}", number=understood(typed, asked, speak))))
    return typed


def typed_numbers(fields: Mapping[str, tuple[str, str, Asked]], speak: Translator) -> dict[str, float | None]:
    """Read fields at the moment when a button is pressed: the page may not have been drawn again since.

    Args:
        fields: By name: label, key of the widget, which number is asked for.

    Raises:
        RejectedError: Something is wrong with one of them.
    """
    state: Any = st.session_state
    found = {
        name: read_within(state.get(key) or "", asked, speak, label) for name, (label, key, asked) in fields.items()
    }
    if faults := [typed for typed in found.values() if isinstance(typed, Finding)]:
        raise RejectedError(faults)
    return {name: typed for name, typed in found.items() if not isinstance(typed, Finding)}
