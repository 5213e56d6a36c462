"""A drawing is made once for all readers of the same view; another one, or another view, is another drawing."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st

from tests.fresh import forget
from tests.views import view_of
from tests.visitor import sql_children
from wardstats.boards.map import Sizes, draw_block_map
from wardstats.boards.models.model_map import draw_model_map
from wardstats.boards.ranking.board import draw_ranking
from wardstats.boards.ward.lessons import draw_lessons
from wardstats.boards.ward.movement import draw_what_if
from wardstats.boards.ward.profile import draw_profile
from wardstats.charts.map.geography import Geography, build_geography
from wardstats.session import caches, signin
from wardstats.session.caches import cached, drawing_key, own
from wardstats.snapshot.store import Snapshot
from wardstats.view.ranking_choice import OFFICIAL, RankingChoice
from wardstats.view.view import View


@pytest.fixture(autouse=True)
def fresh_caches() -> Iterator[None]:
    forget()
    st.session_state.clear()
    yield
    forget()
    st.session_state.clear()


def layout(snapshot: Snapshot, member: str) -> Geography:
    units = snapshot.query("unit", language="vi")
    return build_geography(units.assign(is_member=units["unit_code"] == member))


def draw_anew(view: View, choice: Any = None) -> object:
    """Make another object with each call."""
    return object()


def test_a_drawing_is_told_by_its_function_and_choice(small_snapshot: Snapshot) -> None:
    here, there = layout(small_snapshot, "w01"), layout(small_snapshot, "w02")
    assert here == layout(small_snapshot, "w01") != there
    drawings = [
        (draw_profile, "w01"),
        (draw_profile, "w02"),
        (draw_lessons, "w01"),
        (draw_ranking,),
        (draw_ranking, OFFICIAL, True),
        (draw_ranking, RankingChoice("year")),
        (draw_ranking, RankingChoice("", (("living", 2.0),))),
        (draw_what_if, "w01", ()),
        (draw_what_if, "w01", (("green_space", None),)),
        (draw_what_if, "w01", (("green_space", 0.0),)),
        (draw_block_map, here),
        (draw_block_map, there),
        (draw_block_map, here, None, Sizes(font=12)),
        (draw_model_map, here, date(2026, 5, 1)),
        (draw_model_map, here, date(2026, 5, 2)),
        (draw_anew,),
    ]
    assert len({drawing_key(*drawing) for drawing in drawings}) == len(drawings)
    assert drawing_key(draw_block_map, here) == drawing_key(draw_block_map, layout(small_snapshot, "w01"))


def test_a_function_within_a_function_is_refused() -> None:
    unit_code = "w01"

    def draw(view: View) -> str:
        return unit_code

    with pytest.raises(TypeError, match="a function of a module"):
        drawing_key(draw)
    with pytest.raises(TypeError, match="a function of a module"):
        drawing_key(lambda view: pd.DataFrame())


@pytest.mark.parametrize("keep", [cached, own])
def test_equal_drawings_of_equal_views_are_made_once(small_snapshot: Snapshot, keep: Any) -> None:
    view = view_of(small_snapshot)
    first = keep(draw_anew, view, "w01")
    assert keep(draw_anew, replace(view), "w01") is first
    assert keep(draw_anew, view, "w02") is not first
    assert keep(draw_anew, view) is keep(draw_anew, view) is not first
    for other in ({"language": "vi"}, {"node": "living"}, {"is_dark": True}, {"period": "2026-03"}):
        assert keep(draw_anew, replace(view, **other), "w01") is not first


@pytest.fixture
def served(small_snapshot: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARDSTATS_VAR", str(tmp_path))
    (tmp_path / "snapshots").mkdir()


SHARED = (caches.places, caches.store, caches.publish_queue, caches.sql_box, signin.workspace, signin.limits)


@pytest.mark.parametrize("found", SHARED, ids=lambda found: found.__name__)
def test_what_owns_processes_limits_and_queues_outlives_every_cache(served: None, found: Callable[[], Any]) -> None:
    first = found()
    st.cache_data.clear()
    st.cache_resource.clear()
    assert found() is first
    caches.let_go()
    assert found() is not first


def test_what_is_shared_is_made_once_however_many_ask_first(served: None) -> None:
    made: list[object] = []

    @caches.shared
    def slow() -> object:
        time.sleep(0.05)
        made.append(object())
        return made[-1]

    with ThreadPoolExecutor(8) as pool:
        found = {id(each) for each in pool.map(lambda _: slow(), range(8))}
    assert len(made) == len(found) == 1


def test_letting_go_ends_the_process_that_forks(served: None) -> None:
    box = caches.sql_box()
    box.warm_up()
    assert len(sql_children(os.getpid())) == 1
    caches.let_go()
    assert not sql_children(os.getpid())


def test_how_long_drawings_took_is_kept_of_so_many_only(
    small_snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caches, "_TOOK_KEPT", 5)
    monkeypatch.setattr(caches, "_took_s", kept := {})
    for number in range(20):
        cached(draw_anew, view_of(small_snapshot), number)
    assert len(kept) == 5


@pytest.mark.hostile("forged widgets, roles, frames, messages")
def test_what_readers_try_out_is_bounded_for_all_of_them_together(small_snapshot: Snapshot) -> None:
    view = view_of(small_snapshot)
    page = cached(draw_anew, view)
    for number in range(3 * caches._OWN_DRAWINGS):
        st.session_state.clear()  # another reader
        newest = own(draw_anew, view, number)
    assert len(caches._own) == caches._OWN_DRAWINGS
    assert own(draw_anew, view, number) is newest
    assert cached(draw_anew, view) is page
    assert "own_drawings" not in st.session_state


def test_a_layout_counts_by_its_key_alone(small_snapshot: Snapshot) -> None:
    view = view_of(small_snapshot)
    drawn = cached(draw_anew, view, layout(small_snapshot, "w01"))
    assert cached(draw_anew, view, layout(small_snapshot, "w01")) is drawn
    assert cached(draw_anew, view, layout(small_snapshot, "w02")) is not drawn
