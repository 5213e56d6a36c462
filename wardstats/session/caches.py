"""What all sessions of one server share: its folders, the published snapshots, and cached answers and drawings.

Owners of processes, limits and queues are made once and stay: they are no cache, and clearing one orphans none of them.
"""

from __future__ import annotations

import atexit
import gc
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import replace
from datetime import datetime
from functools import partial, wraps
from typing import Any, TypeVar

import pandas as pd
import streamlit as st
from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx

from wardstats.core.settings import Settings, settings
from wardstats.core.weighed_cache import WeighedCache, frame_bytes, handed_out
from wardstats.frontend.prefetch import Prefetch
from wardstats.frontend.publish_queue import PublishQueue
from wardstats.frontend.uploads import Uploads
from wardstats.snapshot.sql_box import SqlBox
from wardstats.snapshot.store import Store
from wardstats.view.view import View

T = TypeVar("T")
_OWN_DRAWINGS = 60  # of all readers together; with thousands of units one takes megabytes
_AHEAD_AT_MOST_S = 0.5
# A page asks forty times a run: Streamlit's own cache would take a third of a warm run's time.
_frames: WeighedCache[tuple[Any, ...], pd.DataFrame] = WeighedCache(160_000_000, frame_bytes)
_DRAWINGS, _DRAWING_BYTES = 400, 250_000  # so many of pages, of an average weight
_drawings: WeighedCache[tuple[Any, ...], Any] = WeighedCache(_DRAWINGS * _DRAWING_BYTES, lambda _: _DRAWING_BYTES)
_TOOK_KEPT = 4000
_took_s: dict[tuple[Any, ...], float] = {}  # processor time of each drawing, when it was last made
prefetch = Prefetch()  # server.py starts it
uploads = Uploads()  # server.py has them guarded
_own: OrderedDict[tuple[Any, ...], Any] = OrderedDict()
_trying = threading.Lock()
_shared: dict[Callable[[], Any], Any] = {}
_sharing = threading.RLock()


def shared(make: Callable[[], T]) -> Callable[[], T]:
    """Have something made once for all sessions, by whoever asks first, and kept until ``let_go``."""

    @wraps(make)
    def found() -> T:
        if make not in _shared:
            with _sharing:
                if make not in _shared:
                    _shared[make] = make()
        return _shared[make]

    return found


def let_go() -> None:
    """End and forget what all sessions share: the server stops, or a test begins."""
    with _sharing:
        for made in _shared.values():
            if isinstance(made, SqlBox):
                made.close()
        _shared.clear()
        _own.clear()
        _frames.clear()
        _drawings.clear()


@shared
def places() -> Settings:
    """Return the folders this server works with, once for all sessions."""
    return settings()


@shared
def store() -> Store:
    """Return the store of published snapshots, one for all sessions."""
    gc.freeze()  # the libraries loaded by now never die: later collections need not walk them
    atexit.register(gc.unfreeze)  # but at the end they want to be let go in order
    return Store(places().var)


@shared
def publish_queue() -> PublishQueue:
    """Return the queue in which all sessions wait for their turn after a publish."""
    return PublishQueue()


@shared
def sql_box() -> SqlBox:
    """Return the runner of analysts' queries, one for all sessions."""
    return SqlBox(places().snapshots)


def session_id() -> str:
    """Return what Streamlit calls this reader's session; empty where no page runs."""
    found = get_script_run_ctx(suppress_warning=True)
    return found.session_id if found else ""


def cached_query(snapshot_id: str, name: str, params: tuple[tuple[str, Any], ...]) -> pd.DataFrame:
    """Return the answer of a named query on one snapshot.

    Kept once for all sessions; each reader gets a copy, whose texts are shared.
    """
    key = (snapshot_id, name, params)
    return handed_out(_frames.get(key, lambda: store().snapshot(snapshot_id).query(name, **dict(params))))


def cached(draw: Callable[..., T], view: View, *choice: Hashable) -> T:
    """Return what a pure function makes of a view and a choice, made once for all readers who look at the same.

    They share the very object, which nobody changes: a copy of a figure costs more than the rest of the page.
    """
    key = drawing_key(draw, *choice)
    st.session_state.setdefault("drawings", {})[key] = draw
    return _kept(key, draw, view)


def drawing_key(draw: Callable[..., Any], *choice: Hashable) -> tuple[Any, ...]:
    """Return what tells a drawing from all others: the module and name of a function, and what it is given.

    Raises:
        TypeError: The function was made within another one: what it was made for would be missing from the key.
    """
    if "<" in draw.__qualname__:  # <locals> or <lambda>
        raise TypeError(
            f"{draw.__module__}.{draw.__qualname__}: found a function made within another one as a drawing; expected "
            "a function of a module. Give it what it depends on beside the view."
        )
    return (draw.__module__, draw.__qualname__, *choice)


def _kept(drawing: tuple[Any, ...], draw: Callable[..., T], view: View) -> T:
    """Return what is drawn, kept by the keys of the drawing and of the view."""

    def drawn() -> T:
        started = time.thread_time()
        made = draw(view, *drawing[2:])
        while len(_took_s) >= _TOOK_KEPT:  # what readers choose is without end
            _took_s.pop(next(iter(_took_s)), None)
        _took_s[drawing] = time.thread_time() - started
        return made

    return _drawings.get((drawing, view.key()), drawn)


def draw_ahead(view: View) -> None:
    """Let what this run has drawn be drawn for the periods beside the view's too, once nobody waits for anything.

    But for what took long: with thousands of units the reader who clicks meanwhile would wait for it.
    """
    periods = view.frame("ranked_period")["period"].tolist()  # newest first
    at = periods.index(view.period)
    beside = [replace(view, period=period) for period in periods[at + 1 : at + 2] + periods[max(at - 1, 0) : at]]
    drawings = st.session_state.pop("drawings", {}).items()
    prefetch.offer(
        ((key, other.key()), partial(_if_published, key, draw, other))
        for other in beside
        for key, draw in drawings
        if _took_s.get(key, 0.0) <= _AHEAD_AT_MOST_S
    )


def _if_published(key: tuple[Any, ...], draw: Callable[..., Any], view: View) -> None:
    if store().publication().snapshot_id == view.snapshot_id:
        _kept(key, draw, view)


def own(draw: Callable[..., T], view: View, *choice: Hashable) -> T:
    """Return what ``cached`` does, kept apart: what one reader tries out pushes out no page that others look at."""
    key = (drawing_key(draw, *choice), view.key())
    with _trying:
        if key in _own:
            _own.move_to_end(key)
            return _own[key]
    drawn = draw(view, *choice)
    with _trying:
        _own[key] = drawn
        while len(_own) > _OWN_DRAWINGS:
            _own.popitem(last=False)
    return drawn


def publications(view: View) -> pd.DataFrame:
    """Return what was published, when and by whom, newest first: the change log of the data."""
    speak, history = view.speak, store().history()[::-1][:50]
    moments = [datetime.fromisoformat(entry.published_at).replace(tzinfo=None) for entry in history]
    return pd.DataFrame(
        {
            speak("Published"): [speak.moment(moment) for moment in moments],
            speak("By"): [entry.by for entry in history],
            speak("Note"): [entry.note for entry in history],
            speak("Result"): [speak("final") if entry.is_final else speak("provisional") for entry in history],
            speak("Snapshot"): [entry.snapshot_id for entry in history],
        }
    )
