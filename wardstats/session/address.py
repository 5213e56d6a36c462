"""Choices that live in the address of a page, so that a link shows the same view to whoever opens it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from wardstats.core.languages import LANGUAGES, best_language, find_name


def reader_language(default: str) -> str:
    """Return the language of the address or of this session, else of the browser, else the default."""
    asked = st.query_params.get("lang") or st.session_state.get("lang")
    return asked if asked in LANGUAGES else best_language(st.context.locale, default)


def meant(asked: str | None, options: Sequence[str] | Mapping[str, str]) -> str | None:
    """Return the option that an address asks for, also where a spreadsheet took the noughts off a code; else None."""
    if asked is None or asked in options:
        return asked
    same = [option for option in options if option.lstrip("0") == asked] if asked.isdecimal() else []
    return same[0] if len(same) == 1 else None


def unknown(key: str, options: Sequence[str] | Mapping[str, str]) -> str | None:
    """Return what an address asks for and no option is, until the reader chooses something; call it after ``choose``.

    ``share`` is not to be called for it: the address keeps what it asks for.
    """
    asked, told = st.query_params.get(key), st.session_state.setdefault("told_unknown", {})
    if not asked or meant(asked, options) is not None or asked == st.session_state.get("address", {}).get(key):
        told.pop(key, None)
        return None
    if told.get(key, ("", ""))[0] != asked:
        told[key] = (asked, st.session_state[key])
    return asked if told[key][1] == st.session_state[key] else None


def choose(key: str, options: Sequence[str] | Mapping[str, str], default: str) -> str:
    """Settle a choice that lives in the address: a changed address wins, then the widget, then the default.

    On a page that is come back to, the widget is gone and the address says what was chosen.

    Call it before the widget with the same key, and ``share`` after all widgets. Where options come with their names,
    the widget may accept what is typed: Streamlit's own search knows no letter without its accent, ``find_name`` does.
    """
    in_address = st.query_params.get(key)
    written = st.session_state.get("address", {}).get(key)
    is_gone = key not in st.session_state
    if (wanted := meant(in_address, options)) is not None and (in_address != written or is_gone):
        st.session_state[key] = wanted
    elif (typed := st.session_state.get(key)) not in options:
        found = find_name(typed, options) if typed and isinstance(options, Mapping) else None
        st.session_state[key] = found or (written if typed and written in options else default)
    return st.session_state[key]


def choose_several(
    key: str, options: Sequence[str] | Mapping[str, str], default: Sequence[str], most: int | None = None
) -> list[str]:
    """Settle several choices that live in the address, joined by commas, as ``choose`` does for one.

    A page that is come back to shows what was chosen there before; ``most`` is how many may be chosen. What there is
    not is left out, and ``left_out`` tells it; where nothing else was asked for, nothing is chosen.
    """
    in_address, written = st.query_params.get(key), st.session_state.get("address", {}).get(key)
    if in_address is not None and in_address != written:
        wanted = in_address.split(",")
    elif key in st.session_state:
        wanted = st.session_state[key]
    else:
        wanted = list(default) if written is None else written.split(",")
    if isinstance(options, Mapping):
        wanted = [code if code in options else find_name(code, options) or code for code in wanted if code]
    found = {code: meant(code, options) for code in wanted if code}
    known = list(dict.fromkeys(code for code in found.values() if code is not None))[:most]
    wrong = [code for code, known_as in found.items() if known_as is None]
    told = st.session_state.setdefault("left_out", {})
    if wrong or told.get(key, ((), known))[1] != known:
        told[key] = (wrong, known)
    st.session_state[key] = known
    return st.session_state[key]


def left_out(key: str) -> list[str]:
    """Return what ``choose_several`` was asked for and there is not, until something else is chosen."""
    return list(st.session_state.get("left_out", {}).get(key, ((), ()))[0])


def choose_text(key: str, longest: int) -> str:
    """Settle a text that lives in the address, as ``choose`` does for a choice."""
    in_address, written = st.query_params.get(key), st.session_state.get("address", {}).get(key)
    if in_address is not None and in_address != written:
        st.session_state[key] = in_address[:longest]
    elif key not in st.session_state:
        st.session_state[key] = written or ""
    return st.session_state[key]


def share(**choices: str) -> None:
    """Write the choices to the address, so that the view can be shared by its link.

    An empty one is written only over another: each change of the address is a step that Back has to go.
    """
    told = {key: value for key, value in choices.items() if value or key in st.query_params}
    others = {key: value for key, value in st.query_params.items() if key not in choices}
    wanted = {**others, **told}
    if wanted != dict(st.query_params):
        st.query_params.from_dict(wanted)
    st.session_state.setdefault("address", {}).update(choices)
