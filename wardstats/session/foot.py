"""The foot of every page, also of one that had nothing to show: other ways to the boards, the appearance."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import streamlit as st
from streamlit.runtime.scriptrunner import StopException

from wardstats.boards.help import draw_foot, replay_day
from wardstats.frontend.bodies import file_address
from wardstats.session.caches import cached, store
from wardstats.view.view import View


@contextmanager
def foot(view: View) -> Iterator[None]:
    """Draw the foot below the page that runs within."""
    try:
        yield
    except StopException:  # the page ended early
        _draw(view)
        raise
    _draw(view)


def end_page() -> NoReturn:
    """End a page early, but not what stands below it: after ``st.stop`` Streamlit draws nothing more."""
    raise StopException


def day_to_replay() -> str:
    """Return the last day in Vietnam on which several boards were up one after the other; empty where there is none."""
    return replay_day(tuple(entry.published_at for entry in store().history()))


def _draw(view: View) -> None:
    """Draw links, the choice of the appearance, and the script that both the choice and the menu need."""
    st.html(cached(draw_foot, view, day_to_replay(), file_address("page.js")), unsafe_allow_javascript=True)
