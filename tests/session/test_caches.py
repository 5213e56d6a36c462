"""A drawing is made once for all readers of the same view; another one, or another view, is another drawing."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass, replace
from datetime import date
from inspect import isclass
from typing import Any

import pandas as pd
import pytest
import streamlit as st

import wardstats.boards
import wardstats.view
from tests.views import view_of
from wardstats.boards.map import DrawBlockMap, Sizes
from wardstats.boards.models.model_map import DrawModelMap
from wardstats.boards.ranking.board import DrawRanking
from wardstats.boards.ward.lessons import DrawLessons
from wardstats.boards.ward.movement import DrawWhatIf
from wardstats.boards.ward.profile import DrawProfile
from wardstats.charts.map.geography import Geography, build_geography
from wardstats.session.caches import cached, drawing_key, own
from wardstats.snapshot.store import Snapshot
from wardstats.view.ranking_choice import RankingChoice
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


@dataclass(frozen=True)
class DrawAnew:
    """Makes another object with each call."""

    choice: Any

    def __call__(self, view: View) -> object:
        return object()


def draw_anew(view: View) -> object:
    return object()


def test_a_drawing_is_told_by_its_class_and_its_fields(small_snapshot: Snapshot) -> None:
    here, there = layout(small_snapshot, "w01"), layout(small_snapshot, "w02")
    assert here == layout(small_snapshot, "w01") != there
    drawings = [
        DrawProfile("w01"),
        DrawProfile("w02"),
        DrawLessons("w01"),
        DrawRanking(),
        DrawRanking(has_bands=True),
        DrawRanking(RankingChoice("year")),
        DrawRanking(RankingChoice("", (("living", 2.0),))),
        DrawWhatIf("w01", ()),
        DrawWhatIf("w01", (("green_space", None),)),
        DrawWhatIf("w01", (("green_space", 0.0),)),
        DrawBlockMap(here),
        DrawBlockMap(there),
        DrawBlockMap(here, sizes=Sizes(font=12)),
        DrawModelMap(here, date(2026, 5, 1)),
        DrawModelMap(here, date(2026, 5, 2)),
        draw_anew,
    ]
    assert len({drawing_key(draw) for draw in drawings}) == len(drawings)
    assert drawing_key(DrawBlockMap(here)) == drawing_key(DrawBlockMap(layout(small_snapshot, "w01")))


def test_a_function_within_a_function_is_refused() -> None:
    unit_code = "w01"

    def draw(view: View) -> str:
        return unit_code

    with pytest.raises(TypeError, match="frozen dataclass"):
        drawing_key(draw)
    with pytest.raises(TypeError, match="frozen dataclass"):
        drawing_key(lambda view: pd.DataFrame())


def test_every_drawing_is_a_frozen_dataclass() -> None:
    found = {
        item
        for package in (wardstats.boards, wardstats.view)
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        for name, item in vars(importlib.import_module(module.name)).items()
        if re.match("Draw[A-Z]", name) and isclass(item)
    }
    assert DrawProfile in found
    for kind in found:
        assert is_dataclass(kind), kind
        assert kind.__hash__ is not None, kind  # frozen, and compared by its fields
        assert callable(kind), kind


@pytest.mark.parametrize("keep", [cached, own])
def test_equal_drawings_of_equal_views_are_made_once(small_snapshot: Snapshot, keep: Any) -> None:
    view = view_of(small_snapshot)
    first = keep(DrawAnew("w01"), view)
    assert keep(DrawAnew("w01"), replace(view)) is first
    assert keep(DrawAnew("w02"), view) is not first
    assert keep(draw_anew, view) is keep(draw_anew, view) is not first
    for other in ({"language": "vi"}, {"node": "living"}, {"is_dark": True}, {"period": "2026-03"}):
        assert keep(DrawAnew("w01"), replace(view, **other)) is not first


def test_a_layout_counts_by_its_key_alone(small_snapshot: Snapshot) -> None:
    view = view_of(small_snapshot)
    drawn = cached(DrawAnew(layout(small_snapshot, "w01")), view)
    assert cached(DrawAnew(layout(small_snapshot, "w01")), view) is drawn
    assert cached(DrawAnew(layout(small_snapshot, "w02")), view) is not drawn
