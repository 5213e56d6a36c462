"""What every page stands in: the side bar and the view it settles, the headline, notices, the source line."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from html import escape
from typing import Any, NoReturn

import streamlit as st

from wardstats.boards.page_frame import CHOICES, PageFrame, draw_page_frame
from wardstats.charts.html import components
from wardstats.charts.html.take_away import take_away
from wardstats.charts.html.unbroken_names import unbroken_names
from wardstats.charts.style import CONFIG
from wardstats.core.errors import NothingPublishedError, SnapshotError
from wardstats.core.languages import LANGUAGE_NAMES, LANGUAGES, translator
from wardstats.core.pointer import Published
from wardstats.core.records import ROOT
from wardstats.frontend.one_app import is_of_old_kind, make_one_app
from wardstats.session.address import choose, reader_language, share, unknown
from wardstats.session.caches import cached, cached_query, draw_ahead, prefetch, publish_queue, store
from wardstats.session.foot import end_page
from wardstats.session.unknown_choice import tell_unknown
from wardstats.snapshot.store import Snapshot
from wardstats.view.completeness import leading_period
from wardstats.view.demonstration_notice import LOOKED_BACK
from wardstats.view.view import View

WATCH_EVERY_S = 1.0
_TEXT_FIRST_S = 0.05
SEEN_COOKIE = "wardstats_seen"  # static/page.js keeps in it which board this browser saw last
# What pages have nothing of: it is not offered there.
_IGNORED = {
    "contract": ("theme",), "block": ("theme",), "models": ("theme",), "method": ("theme",),
    "year_end": ("theme",), "submit": CHOICES, "check": CHOICES, "log": CHOICES, "upkeep": CHOICES,
    "notices": CHOICES, "help": CHOICES,
}  # fmt: skip


def current_board() -> tuple[Published, Snapshot]:
    """Return what is up and its snapshot; a page without one stops with the way to make it."""
    try:
        published = store().publication()
        return published, store().snapshot(published.snapshot_id)
    except NothingPublishedError:
        speak = translator(reader_language("vi"))
        st.set_page_config(page_title=speak("Nothing has been published yet"))
        st.title(speak("Nothing has been published yet"))
        st.markdown(speak("Build the first snapshot on the server, then load this page again:"))
        st.html(components.code("python -m wardstats build"))
        st.stop()
    except SnapshotError:
        speak = translator(reader_language("vi"))
        st.set_page_config(page_title=speak("The board cannot be shown at the moment"))
        st.title(speak("The board cannot be shown at the moment"))
        st.markdown(speak("Whoever runs the server finds the reason in its log and at /healthz."))
        st.stop()


def sidebar() -> View:
    """Draw what all pages share at the side and return the visitor's view."""
    prefetch.asked()
    st.session_state["drawings"] = {}
    published, snapshot = current_board()
    st.session_state["published"], st.session_state["goes_by"] = published, CHOICES
    block = cached_query(snapshot.id, "block", (("language", "vi"),)).iloc[0]
    language = choose("lang", LANGUAGES, reader_language(block["default_language"]))
    speak = translator(language)
    ranked = cached_query(snapshot.id, "ranked_period", ())
    periods = dict(zip(ranked["period"], ranked["is_finished"], strict=True))
    tree = cached_query(snapshot.id, "theme_tree", (("language", language),))
    names = {ROOT: speak("All themes")} | dict(zip(tree["node_code"], tree["theme_name"], strict=True))
    depth = dict(zip(tree["node_code"], tree["depth"], strict=True))
    if not periods:
        st.title(speak("No period can be ranked yet"))
        st.markdown(speak("Add figures for a period whose year has criteria, then build again."))
        st.stop()
    choose("period", list(periods), leading_period(ranked))
    choose("theme", list(names), ROOT)
    indent: Callable[[str], str] = lambda code: "\u2003" * (depth.get(code, 1) - 1) + names[code]  # noqa: E731
    named: Callable[[str], str] = lambda period: (  # noqa: E731
        speak.period(period) if periods[period] else f"{speak.period(period)} · {speak('unfinished')}"
    )
    with st.sidebar:
        st.session_state["offer"] = st.container()  # what the page goes by is offered there
        st.segmented_control(
            speak("Language"), LANGUAGES, key="lang", format_func=LANGUAGE_NAMES.__getitem__, required=True
        )
    st.session_state["choices"] = {
        "period": (speak("Period"), list(periods), named),
        "theme": (speak("Theme"), list(names), indent),
    }
    there_is = {"period": (list(periods), named), "theme": (list(names), names.__getitem__)}
    st.session_state["unknown"] = {
        key: (asked, {code: name(code) for code in codes})
        for key, (codes, name) in there_is.items()
        if (asked := unknown(key, codes))
    }
    known = {key: st.session_state[key] for key in there_is if key not in st.session_state["unknown"]}
    share(lang=language, **known)
    view = View(
        snapshot_id=snapshot.id,
        language=language,
        period=st.session_state["period"],
        node=st.session_state["theme"],
        is_dark=st.context.theme.type == "dark",
        fetch=cached_query,
    )
    st.session_state["view"] = view
    st.html(components.frame_words(view.block["block_name"], speak("Skip to the main part")))
    return view


def view() -> View:
    """Return the view that ``sidebar`` settled in this run; a page whose period or theme there is not ends here."""
    run_as_one_app()
    state = st.session_state
    found: View = state["view"]
    for key, (asked, options) in state["unknown"].items():
        if key in state["goes_by"]:
            tell_unknown(key, asked, options, found.speak)
    return found


def run(page: Any) -> None:
    """Run the page that was asked for, and offer at the side what it goes by; ``page_head`` names the tab after it."""
    state = st.session_state
    state["page_title"] = page.title
    state["goes_by"] = tuple(key for key in CHOICES if key not in _IGNORED.get(page.url_path, ()))
    with state["offer"]:
        for key in state["goes_by"]:
            label, options, named = state["choices"][key]
            st.selectbox(label, options, key=key, format_func=named)
    # Streamlit forgets what a widget held that is not drawn, or drawn by another page: a choice is for all pages.
    kept = {key for key in CHOICES if key not in state["goes_by"]}
    if state.get("page") != page.url_path:
        kept |= set(state["address"]) - {"lang", *CHOICES}
    for key in kept & set(state):
        state[key] = state[key]
    state["page"] = page.url_path
    page.run()


def run_as_one_app() -> None:
    """Make sure that dashboard.py runs, whatever page was asked for, also where the server has not seen to it."""
    if is_of_old_kind():
        make_one_app()
        st.rerun()


@st.fragment(run_every=WATCH_EVERY_S)
def watch(view: View) -> None:
    """Run the page again once something else is published. Asked every second by each open page: one ``stat``."""
    try:
        published = store().publication()
    except SnapshotError:
        return  # the pointer is gone: what is shown is still the newest there was
    if published.key != st.session_state["published"].key:
        published_at = datetime.fromisoformat(published.published_at).timestamp()
        st.session_state["turn"] = publish_queue().wait(published_at)
        st.rerun()


def drawn() -> None:
    """Tell that the page is drawn: whoever waits after a publish is next, and then what may be looked at next."""
    prefetch.asked()
    draw_ahead(st.session_state["view"])
    if (turn := st.session_state.pop("turn", None)) is not None:
        publish_queue().done(turn)


def page_head(view: View, title: str, span: str = "", back: int = LOOKED_BACK, about: str = "") -> None:
    """Draw the context, the headline and, where it applies, the notice of demonstration figures; name the tab.

    Args:
        span: quarter or year where the page is about the one that holds the view's period.
        back: How many periods before the page shows, or compares with.
        about: The unit, indicator or the like that the page is about, for the title of the tab.
    """
    st.session_state["looked_back"] = back
    heading = st.session_state["frame"] = _frame(view, span, back)
    page = st.session_state.get("page_title", "")
    st.set_page_config(page_title=heading.tab_title(" · ".join(filter(None, (about, page)))))
    html(view, components.page_head(heading.context, title) + heading.notice)


def _frame(view: View, span: str, back: int) -> PageFrame:
    return cached(draw_page_frame, view, span, back, st.session_state["goes_by"], st.session_state["published"])


def chart(figure: Any, key: str, alt: str, *, has_row: bool = True, note: str = "", **options: Any) -> Any:
    """Draw a chart in our own looks, and below it the row from which it is taken away.

    Its alternative text ends with the period and the theme that the page's head tells.

    With the first chart of a visit the browser starts the drawing program, for a tenth of a second or more, and
    paints nothing meanwhile: what is drawn before gets a moment to be painted. A browser that was here before has the
    program at hand, and gets none.

    Args:
        has_row: Draw that row; where several charts share one, ``taken_away`` draws it.
        note: What the small figures of the chart are; stands in that row.
        options: Those of ``st.plotly_chart``, whose answer is returned.
    """
    if "text_came_first" not in st.session_state:
        st.session_state["text_came_first"] = True
        if not st.context.cookies.get(SEEN_COOKIE):
            time.sleep(_TEXT_FIRST_S)
    alt = st.session_state["frame"].alt_text(alt)
    answer = st.plotly_chart(figure, theme=None, config=CONFIG, key=key, alt=alt, **options)
    if has_row:
        taken_away(key, note)
    return answer


def taken_away(key: str, note: str = "") -> None:
    """Draw the row from which a chart, or all charts of a container, are taken away as a picture."""
    view: View = st.session_state["view"]
    st.html(take_away(key, f"wardstats_{key}_{view.period}", view.speak, note))


def html(view: View, body: str) -> None:
    """Draw HTML of ours, in which no line breaks inside a unit's name."""
    st.html(unbroken(view, body))


def contents(view: View, parts: Mapping[str, str]) -> None:
    """Draw links to the parts of a long page: their headings by their anchors."""
    html(view, components.contents(view.speak("On this page"), parts))


def html_chart(view: View, body: str, key: str, keys: str = "", alt: str = "") -> None:
    """Draw a chart that is HTML of ours, with its legend, and below it the row from which it is taken away.

    Args:
        keys: HTML of the legend, which belongs to the picture.
        alt: What several pictures say together; period and theme are added, as for ``chart``.
    """
    if alt:
        body = f'<div role="group" aria-label="{escape(st.session_state["frame"].alt_text(alt))}">{body}</div>'
    with st.container(key=key):
        html(view, keys + body)
    taken_away(key)


def unbroken(view: View, text: str) -> str:
    """Return a text in which no line breaks inside a unit's name."""
    return unbroken_names(text, tuple(view.unit_names.values()))


def empty_state(advice: str) -> NoReturn:
    """Say that there is nothing to show, and what to do; ends the page."""
    st.info(advice, icon=":material/info:")
    end_page()


def sources(view: View, span: str = "") -> None:
    """Draw where the figures of the period, or of its quarter or year, come from."""
    if line := _frame(view, span, st.session_state["looked_back"]).sources:
        st.html(line)
