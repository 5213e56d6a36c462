"""Which boundaries a map is drawn from, and that those which cannot be used never stop it."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from tests.boundary_shapes import geojson, laocai_units, one_file_a_unit, squares, write_geojson
from wardstats.charts.map.boundary_choice import boundary_source
from wardstats.charts.map.layout import lay_out
from wardstats.core.settings import Settings


@pytest.fixture(scope="module")
def units() -> pd.DataFrame:
    return laocai_units()


@pytest.fixture
def places(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "data", tmp_path / "var", None)


def test_the_environment_goes_before_block_toml_and_that_before_what_is_kept(places: Settings, tmp_path: Path) -> None:
    assert boundary_source(places, None, None) is None
    kept = write_geojson(places.kept_boundaries, {})
    own = replace(places, boundaries=tmp_path / "own.zip", boundaries_key="ma")
    sources = [
        boundary_source(places, None, None),
        boundary_source(places, "shapes.gpkg", "code"),
        boundary_source(own, "shapes.gpkg", "code"),
    ]
    assert [(source.path, source.key) for source in sources if source] == [
        (kept, None),
        (places.data / "shapes.gpkg", "code"),
        (tmp_path / "own.zip", "ma"),
    ]


def test_a_source_changes_with_any_of_its_files(places: Settings, tmp_path: Path) -> None:
    folder = one_file_a_unit(tmp_path / "wards", squares())
    own = replace(places, boundaries=folder)
    before = boundary_source(own, None, None)
    assert boundary_source(own, None, None) == before
    os.utime(folder / "wards" / "03006.geojson", ns=(1, 2**62))
    assert boundary_source(own, None, None) != before


def test_boundaries_make_a_map_that_is_not_schematic(places: Settings, tmp_path: Path, units: pd.DataFrame) -> None:
    own = replace(places, boundaries=one_file_a_unit(tmp_path / "wards", squares()))
    layout = lay_out(units, boundary_source(own, None, None))
    assert layout.refused is None
    assert layout.geography is not None and not layout.geography.is_schematic
    shown = {code for panel in layout.geography.clusters.values() for code in panel.shapes}
    assert shown == set(units.loc[units["is_member"], "unit_code"])


def test_boundaries_that_cannot_be_used_are_logged_once_and_circles_drawn(
    places: Settings, tmp_path: Path, units: pd.DataFrame, caplog: pytest.LogCaptureFixture
) -> None:
    path = write_geojson(tmp_path / "vn2000.geojson", geojson(squares().to_crs("EPSG:9208")))
    with caplog.at_level(logging.WARNING):
        layout = lay_out(units, boundary_source(replace(places, boundaries=path), None, None))
    assert layout.geography is not None and layout.geography.is_schematic
    assert layout.refused is not None and layout.refused.faults[0].kind == "coordinates"
    assert [str(path) in record.getMessage() and "WGS 84" in record.getMessage() for record in caplog.records] == [True]


def test_without_places_of_units_there_is_no_map_whatever_the_file(places: Settings, units: pd.DataFrame) -> None:
    nowhere = units.assign(lat=None)
    assert lay_out(nowhere, None).geography is None
    layout = lay_out(nowhere, boundary_source(places, "none.geojson", None))
    assert layout.geography is None
    assert layout.refused is not None


@pytest.mark.hostile("files of boundaries")
@pytest.mark.parametrize(
    "coordinates",
    [
        [[[104, 22], [104.1, 22.1], [104, 22.1], [104.1, 22], [104, 22]]],
        [[[104, 22], [104, 22]]],
        [[]],
        [],
        [[[1e300, 0]]],
    ],
)
def test_no_shape_stops_a_map(places: Settings, tmp_path: Path, units: pd.DataFrame, coordinates: object) -> None:
    collection = geojson(squares())
    collection["features"][0]["geometry"] = {"type": "Polygon", "coordinates": coordinates}
    path = write_geojson(tmp_path / "odd.geojson", json.loads(json.dumps(collection)))
    layout = lay_out(units, boundary_source(replace(places, boundaries=path), None, None))
    assert layout.geography is not None
    assert set(layout.geography.overview.shapes) == set(units.loc[units["is_member"], "unit_code"])
