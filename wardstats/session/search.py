"""The search at the side: one list of all that has a name, which opens what is chosen or typed."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from wardstats.boards.search import Index, search_index
from wardstats.session.signin import plain
from wardstats.view.view import View

_KEY = "search_all"
_LONGEST = 40


def search_box(view: View, place: DeltaGenerator) -> None:
    """Draw the search; open the page of what was asked for, or tell what has a name like it."""
    speak, index = view.speak, search_index(view)
    place.selectbox(
        speak("Search"), index.listed, index=None, key=_KEY, format_func=index.label, accept_new_options=True,
        filter_mode="contains", label_visibility="collapsed", on_change=_take,
        placeholder=speak("Search: unit, indicator, theme …"),
    )  # fmt: skip
    if asked := st.session_state.pop("asked_for", None):
        if found := index.find(asked):
            address = st.session_state["address"]
            looked_at = {key: address[key] for key in ("lang", "period", "theme") if key in address}
            st.switch_page(found.page, query_params=looked_at | found.choices)
        place.caption(plain(_not_found(view, asked, index)))


def _not_found(view: View, asked: str, index: Index) -> str:
    speak = view.speak
    told = speak("Nothing is called “{name}”.", name=asked[:_LONGEST])
    near = [f"“{entry.label}”" for entry in index.nearest(asked)]
    return f"{told} {speak('Nearest: {names}', names=speak.names(near))}" if near else told


def _take() -> None:
    """Keep what was chosen, and empty the list for the next search."""
    st.session_state["asked_for"] = st.session_state[_KEY]
    st.session_state[_KEY] = None
