"""What one visitor sees: language, period and theme from the address, and cached answers of the published snapshot.

The only module of the package that knows Streamlit. Owns no layout; see ``components`` and pages/.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from types import FunctionType
from typing import Any, NoReturn, TypeVar

import pandas as pd
import streamlit as st

from wardstats import components
from wardstats.errors import SnapshotError
from wardstats.i18n import LANGUAGE_NAMES, best_language, translator
from wardstats.paths import Settings, settings
from wardstats.records import LANGUAGES, ROOT
from wardstats.store import Snapshot, Store
from wardstats.view import View

T = TypeVar("T")


@st.cache_resource
def places() -> Settings:
    """Return the folders this server works with, once for all sessions."""
    return settings()


@st.cache_resource
def store() -> Store:
    """Return the store of published snapshots, one for all sessions."""
    gc.freeze()  # the libraries loaded by now never die: later collections need not walk them
    return Store(places().var)


@st.cache_data(max_entries=2000, show_spinner=False)
def cached_query(snapshot_id: str, name: str, params: tuple[tuple[str, Any], ...]) -> pd.DataFrame:
    """Return the answer of a named query on one snapshot."""
    return store().snapshot(snapshot_id).query(name, **dict(params))


def current_snapshot() -> Snapshot:
    """Return the published snapshot; a page without one stops with the way to make it."""
    try:
        return store().current()
    except SnapshotError:
        speak = translator(reader_language("vi"))
        st.title(speak("Nothing has been published yet"))
        st.markdown(speak("Build the first snapshot on the server, then load this page again:"))
        st.code("python -m wardstats build", language="shell")
        st.stop()


def reader_language(default: str) -> str:
    """Return the language of the address or of this session, else of the browser, else the default."""
    asked = st.query_params.get("lang") or st.session_state.get("lang")
    return asked if asked in LANGUAGES else best_language(st.context.locale, default)


def choose(key: str, options: Sequence[str], default: str) -> str:
    """Settle a choice that lives in the address: a changed address wins, then the widget, then the default.

    Call it before the widget with the same key, and ``share`` after all widgets.
    """
    in_address = st.query_params.get(key)
    written = st.session_state.get("address", {}).get(key)
    if in_address in options and in_address != written:
        st.session_state[key] = in_address
    elif st.session_state.get(key) not in options:
        st.session_state[key] = default
    return st.session_state[key]


def share(**choices: str) -> None:
    """Write the choices to the address, so that the view can be shared by its link."""
    others = {key: value for key, value in st.query_params.items() if key not in choices}
    wanted = {**others, **choices}
    if wanted != dict(st.query_params):
        st.query_params.from_dict(wanted)
    st.session_state["address"] = choices


def sidebar() -> View:
    """Draw what all pages share at the side and return the visitor's view."""
    snapshot = current_snapshot()
    block = cached_query(snapshot.id, "block", (("language", "vi"),)).iloc[0]
    language = choose("lang", LANGUAGES, reader_language(block["default_language"]))
    speak = translator(language)
    periods = cached_query(snapshot.id, "ranked_period", ())["period"].tolist()
    tree = cached_query(snapshot.id, "theme_tree", (("language", language),))
    names = {ROOT: speak("All themes")} | dict(zip(tree["node_code"], tree["theme_name"], strict=True))
    depth = dict(zip(tree["node_code"], tree["depth"], strict=True))
    if not periods:
        st.title(speak("No period can be ranked yet"))
        st.markdown(speak("Add figures for a period whose year has criteria, then build again."))
        st.stop()
    choose("period", periods, periods[0])
    choose("theme", list(names), ROOT)
    indent: Callable[[str], str] = lambda code: "\u2003" * (depth.get(code, 1) - 1) + names[code]  # noqa: E731
    with st.sidebar:
        st.selectbox(speak("Period"), periods, key="period", format_func=speak.period)
        st.selectbox(speak("Theme"), list(names), key="theme", format_func=indent)
        st.segmented_control(
            speak("Language"), LANGUAGES, key="lang", format_func=LANGUAGE_NAMES.__getitem__, required=True
        )
    share(lang=language, period=st.session_state["period"], theme=st.session_state["theme"])
    view = View(
        snapshot_id=snapshot.id,
        language=language,
        period=st.session_state["period"],
        node=st.session_state["theme"],
        is_dark=st.context.theme.type == "dark",
        fetch=cached_query,
    )
    st.session_state["view"] = view
    return view


def view() -> View:
    """Return the view that ``sidebar`` settled in this run."""
    return st.session_state["view"]


@st.cache_resource(
    max_entries=500,
    show_spinner=False,
    hash_funcs={View: View.key, FunctionType: lambda function: f"{function.__module__}.{function.__qualname__}"},
)
def cached(draw: Callable[[View], T], view: View) -> T:
    """Return what a pure function makes of a view, made once for all readers who look at the same.

    They share the very object, which nobody changes: a copy of a figure costs more than the rest of the page.
    """
    return draw(view)


def page_head(view: View, title: str) -> None:
    """Draw the context, the headline and, where it applies, the notice of demonstration figures."""
    speak, block, rules = view.speak, view.block, view.rules
    context = [
        block["block_name"],
        speak("period {period}", period=speak.period(view.period)),
        speak("sample criteria") if rules["is_sample"] else "",
        speak("built {moment}", moment=speak.moment(block["built_at"])),
    ]
    st.html(components.page_head(context, title))
    share = view.frame("demonstration_share", period=view.period).iloc[0]
    if share["demonstration_count"]:
        text = speak(
            "{count} of the {total} indicators shown are made up to show how the board works. "
            "They say nothing about any real unit.",
            count=int(share["demonstration_count"]),
            total=int(share["indicator_count"]),
        )
        st.html(components.banner(speak("Demonstration figures."), text))


def empty_state(advice: str) -> NoReturn:
    """Say that there is nothing to show, and what to do; ends the page."""
    st.info(advice, icon=":material/info:")
    st.stop()


def table(view: View, frame: pd.DataFrame, name: str) -> None:
    """Show a table with its download; the file says which of its figures are demonstration ones."""
    st.dataframe(frame, hide_index=True, width="stretch")
    st.download_button(
        view.speak("Download as CSV"),
        lambda: frame.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig"),
        file_name=f"{name}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def sources(view: View) -> None:
    """Draw where the figures of the period come from."""
    st.html(components.source_line(view.frame("source_used", period=view.period), view.speak))
