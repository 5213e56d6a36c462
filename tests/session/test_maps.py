"""A map is laid out anew when its boundaries change, and only then or when a unit does; a bad file is told in words."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.boundary_shapes import geojson, squares, write_geojson
from tests.fresh import forget
from tests.views import view_of
from wardstats.charts.map import layout
from wardstats.charts.map.geography import Geography
from wardstats.core.settings import settings
from wardstats.session import maps
from wardstats.snapshot.store import Snapshot
from wardstats.view.view import View


@pytest.mark.parametrize("is_named_by", ["environment", "block.toml", "nothing"])
def test_new_boundaries_are_read_and_new_figures_alone_move_nothing(
    laocai: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_named_by: str
) -> None:
    forget()
    file = write_geojson(tmp_path / "boundaries.geojson", geojson(squares()))
    in_block = file.name if is_named_by == "block.toml" else None
    var = tmp_path if is_named_by == "nothing" else tmp_path / "var"
    places = replace(settings(), data=tmp_path, var=var, boundaries=file if is_named_by == "environment" else None)
    read: list[Path] = []
    view = view_of(laocai)

    def reading(path: Path, *arguments: Any, **options: Any) -> object:
        read.append(path)
        return read_boundaries(path, *arguments, **options)

    read_boundaries = layout.read_boundaries
    monkeypatch.setattr(layout, "read_boundaries", reading)
    monkeypatch.setattr(maps, "places", lambda: places)
    monkeypatch.setattr(maps, "cached_query", lambda _, name, params: laocai.query(name, **dict(params)))
    monkeypatch.setattr(View, "block", property(lambda _: {"boundaries_path": in_block, "boundaries_key": None}))
    first = maps.geography(view)
    assert isinstance(first, Geography) and not first.is_schematic
    assert maps.geography(replace(view, snapshot_id="another")) is first
    assert read == [file]
    os.utime(file, ns=(1, 1))
    assert maps.geography(view) is not first
    assert read == [file, file]
    forget()


@pytest.mark.parametrize(
    ("language", "words"),
    [("vi", "Không dùng được tệp ranh giới"), ("en", "cannot be used"), ("hi", "का उपयोग नहीं हो सकता")],
)
def test_boundaries_that_cannot_be_used_are_told_in_the_reader_s_language(
    laocai: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, language: str, words: str
) -> None:
    forget()
    file = write_geojson(tmp_path / "latlon.geojson", geojson(squares().to_crs("EPSG:9208")))
    told: list[str] = []
    monkeypatch.setattr(maps, "places", lambda: replace(settings(), boundaries=file))
    monkeypatch.setattr(maps, "cached_query", lambda _, name, params: laocai.query(name, **dict(params)))
    monkeypatch.setattr(maps.st, "warning", lambda text, icon: told.append(text))
    drawn = maps.geography(view_of(laocai, language))
    assert drawn is not None and drawn.is_schematic
    (text,) = told
    assert words in text and file.name in text
    assert str(tmp_path) not in text
    forget()
