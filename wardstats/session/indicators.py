"""Choosing the indicator of a page; the choice lives in the address as indicator=."""

from __future__ import annotations

from functools import partial

import streamlit as st

from wardstats.session.address import choose, share, unknown
from wardstats.session.unknown_choice import tell_unknown
from wardstats.view.view import View

_KEY = "indicator"


def choose_any_indicator(view: View) -> str:
    """Let the reader choose an indicator, of the theme where one is chosen. For one there is not the page ends.

    A link may ask for one of another theme: it is shown, and stays until the reader chooses another theme.
    """
    names = {str(code): str(name) for code, name in view.indicators["indicator_name"].items()}
    below, nodes = view.below(view.node), view.indicators["node_code"]
    offered = {code: name for code, name in names.items() if nodes[code] in below} or names
    state = st.session_state
    asked, written = st.query_params.get(_KEY), state.get("address", {}).get(_KEY)
    is_chosen_anew = state.get("indicator_theme", view.node) != view.node and asked in ("", None, written)
    state["indicator_theme"] = view.node
    code = choose(_KEY, names, next(iter(offered)))
    if missing := unknown(_KEY, names):
        tell_unknown(_KEY, missing, names, view.speak)
    if is_chosen_anew and code not in offered:
        code = state[_KEY] = next(iter(offered))
    options = list(offered) if code in offered else [code, *offered]
    st.selectbox(
        view.speak("Indicator"), options, key=_KEY, format_func=partial(_name, names), width=640,
        accept_new_options=True,
    )  # fmt: skip
    share(indicator=code)
    return code


def _name(names: dict[str, str], code: str) -> str:
    """What is typed stands for itself."""
    return names.get(code, code)
