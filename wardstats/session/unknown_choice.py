"""What stands in place of a page when its address asks for a unit, a period or a theme that there is not."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import NoReturn

import streamlit as st

from wardstats.core.languages import Translator, find_name
from wardstats.session.signin import plain

_LONGEST = 40
_NEAREST = 3
_ALL_UP_TO = 30  # of so many options each has its button


def tell_unknown(key: str, asked: str, options: Mapping[str, str], speak: Translator) -> NoReturn:
    """Say what there is not, and offer what was probably meant; ends the page, so that nothing else is taken for it.

    Args:
        key: unit, period or theme.
        asked: What the address asks for.
        options: What there is: code and name.
        speak: The reader's language.
    """
    code = asked if len(asked) <= _LONGEST else f"{asked[:_LONGEST]} …"
    titles = {
        "unit": speak("There is no unit “{code}” in this block", code=code),
        "period": speak("There is no period “{code}” on this board", code=code),
        "theme": speak("There is no theme “{code}” on this board", code=code),
    }
    st.title(plain(titles[key]), anchor=False)
    near = get_close_matches(asked, list(options), _NEAREST, 0.5)
    if (named := find_name(asked, options)) and named not in near:
        near = [named, *near]
    if near:
        st.write(speak("Was one of these meant?"))
        _offer(key, near, options)
    if others := [option for option in options if option not in near] if len(options) <= _ALL_UP_TO else []:
        st.write(speak("All others:") if near else speak("These are there:"))
        _offer(key, others, options)
    st.stop()


def _offer(key: str, codes: list[str], options: Mapping[str, str]) -> None:
    with st.container(horizontal=True, gap="small"):
        for code in codes:
            st.button(plain(options[code]), key=f"meant_{key}_{code}", on_click=_take, args=(key, code))


def _take(key: str, code: str) -> None:
    st.query_params[key] = code
