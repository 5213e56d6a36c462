"""A drawing is made once for all readers of the same view; another one, or another view, is another drawing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
import streamlit as st

from tests.views import view_of
from wardstats.boards.map import Sizes, draw_block_map
from wardstats.boards.models.model_map import draw_model_map
from wardstats.boards.ranking.board import draw_ranking
from wardstats.boards.ward.lessons import draw_lessons
from wardstats.boards.ward.movement import draw_what_if
from wardstats.boards.ward.profile import draw_profile
from wardstats.charts.map.geography import Geography, build_geography
from wardstats.session.caches import cached, drawing_key, own
from wardstats.snapshot.store import Snapshot
from wardstats.view.ranking_choice import OFFICIAL, RankingChoice
from wardstats.view.view import View


@pytest.fixture(autouse=True)
def fresh_caches() -> Iterator[None]:
    st.cache_resource.clear()
    st.session_state.clear()
    yield
    st.cache_resource.clear()
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


def test_a_layout_counts_by_its_key_alone(small_snapshot: Snapshot) -> None:
    view = view_of(small_snapshot)
    drawn = cached(draw_anew, view, layout(small_snapshot, "w01"))
    assert cached(draw_anew, view, layout(small_snapshot, "w01")) is drawn
    assert cached(draw_anew, view, layout(small_snapshot, "w02")) is not drawn
