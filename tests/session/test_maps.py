"""A map is laid out anew when its boundary file changes, and only then or when a unit does."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fresh import forget
from tests.views import view_of
from wardstats.charts.map.geography import Geography
from wardstats.core.settings import settings
from wardstats.session import maps
from wardstats.snapshot.store import Snapshot
from wardstats.view.view import View


@pytest.mark.parametrize("is_named_by", ["environment", "block.toml"])
def test_a_new_boundary_file_is_read_and_new_figures_alone_move_nothing(
    laocai: Snapshot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_named_by: str
) -> None:
    forget()
    file = tmp_path / "shapes.geojson"
    file.write_text("{}", encoding="utf-8")
    own = is_named_by == "environment"
    places = replace(settings(), data=tmp_path, boundaries=file if own else None)
    read: list[str | None] = []
    view = view_of(laocai)
    name = None if own else file.name

    def query(snapshot_id: str, query_name: str, params: tuple[tuple[str, str], ...]) -> object:
        rows = laocai.query(query_name, **dict(params))
        return rows.assign(boundaries_path=name) if query_name == "block" else rows

    monkeypatch.setattr(maps, "places", lambda: places)
    monkeypatch.setattr(maps, "cached_query", query)
    monkeypatch.setattr(View, "block", property(lambda _: {"boundaries_path": name}))
    monkeypatch.setattr(maps, "read_boundaries", lambda _, path, key: read.append(path))  # none: circles
    first = maps.geography(view)
    assert isinstance(first, Geography)
    assert maps.geography(replace(view, snapshot_id="another")) is first
    assert read == [name]
    os.utime(file, ns=(1, 1))
    assert maps.geography(view) is not first
    assert read == [name, name]
    forget()
