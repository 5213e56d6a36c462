"""What stands in place of a page whose address asks for a unit, period, theme or indicator that there is not."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import NoReturn

import streamlit as st

from wardstats.core.languages import Translator, find_name
from wardstats.session.address import left_out
from wardstats.session.foot import end_page
from wardstats.session.signin import plain

_LONGEST = 40
_NEAREST = 3
_ALL_UP_TO = 30  # of so many options each has its button


def tell_unknown(key: str, asked: str, options: Mapping[str, str], speak: Translator) -> NoReturn:
    """Say what there is not, and offer what was probably meant; ends the page, so that nothing else is taken for it.

    Args:
        key: unit, period, theme or indicator.
        asked: What the address asks for.
        options: What there is: code and name.
        speak: The reader's language.
    """
    code = _short(asked)
    titles = {
        "unit": speak("There is no unit “{code}” in this block", code=code),
        "period": speak("There is no period “{code}” on this board", code=code),
        "theme": speak("There is no theme “{code}” on this board", code=code),
        "indicator": speak("There is no indicator “{code}” in this block", code=code),
    }
    st.set_page_config(page_title=titles[key])
    st.title(plain(titles[key]), anchor=False)
    near = _nearest(asked, options)
    if near:
        st.write(speak("Was one of these meant?"))
        _offer(key, near, options)
    if others := [option for option in options if option not in near] if len(options) <= _ALL_UP_TO else []:
        st.write(speak("All others:") if near else speak("These are there:"))
        _offer(key, others, options)
    end_page()


def tell_left_out(key: str, options: Mapping[str, str], speak: Translator) -> None:
    """Say which of several units or indicators that were asked for there are not, and offer what was probably meant.

    Args:
        key: units, only_units or only_indicators, that ``choose_several`` settled.
        options: What there is: code and name.
        speak: The reader's language.
    """
    offered = set(st.session_state[key])
    for asked in left_out(key)[:_NEAREST]:
        code = _short(asked)
        if key == "only_indicators":
            told = speak("There is no indicator “{code}” in this selection; it is left out.", code=code)
        else:
            told = speak("There is no unit “{code}” in this block; it is left out.", code=code)
        st.warning(plain(told), icon=":material/warning:")
        if near := [code for code in _nearest(asked, options) if code not in offered]:
            offered.update(near)  # two wrong codes may be near the same one
            st.write(speak("Was one of these meant?"))
            _offer(key, near, options, st.session_state[key])


def _short(asked: str) -> str:
    return asked if len(asked) <= _LONGEST else f"{asked[:_LONGEST]} …"


def _nearest(asked: str, options: Mapping[str, str]) -> list[str]:
    """Return the codes that are probably meant, the likeliest name first."""
    near = get_close_matches(asked, list(options), _NEAREST, 0.5)
    named = find_name(asked, options)
    return [named, *near] if named and named not in near else near


def _offer(key: str, codes: list[str], options: Mapping[str, str], beside: list[str] | None = None) -> None:
    """Draw a button for each code; it is taken in the place of the one that was asked for, or beside others."""
    with st.container(horizontal=True, gap="small"):
        for code in codes:
            taken = ",".join([*(beside or []), code])
            st.button(plain(options[code]), key=f"meant_{key}_{code}", on_click=_take, args=(key, taken))


def _take(key: str, code: str) -> None:
    st.query_params[key] = code
