"""wardstats.charts.map.geography: circles in the place of boundaries, panels, click points."""

from __future__ import annotations

import os
import pickle
from itertools import combinations
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from wardstats.charts.map.boundary_faults import BoundaryError
from wardstats.charts.map.boundary_files import PROJECTED_CRS, read_boundaries
from wardstats.charts.map.circles import schematic_shapes
from wardstats.charts.map.geography import DESIGN_HEIGHT_PX, DESIGN_WIDTH_PX, Geography, Panel, build_geography
from wardstats.core.settings import PROJECT

# The full boundaries are not ours to ship. Where a copy is at hand, one test more runs.
REAL_BOUNDARIES = [
    path
    for path in (
        Path(os.environ.get("WARDSTATS_BOUNDARIES", "")),
        *sorted(PROJECT.parent.glob("*/data/laocai_units_2025.geojson")),
    )
    if path.is_file()
]


def wavy_line(start: tuple[float, float], end: tuple[float, float]) -> list[tuple[float, float]]:
    """Return a line with ripples and many points, the same from either end."""
    first, last = sorted([start, end])
    share = np.linspace(0, 1, 60)[:, None]
    straight = np.array(first) * (1 - share) + np.array(last) * share
    ripple = np.sin(share * np.pi) * (0.004 * np.sin(share * 3 * np.pi) + 0.0008 * np.sin(share * 23 * np.pi))
    across = np.array([last[1] - first[1], first[0] - last[0]]) / 0.05
    points = [(float(x), float(y)) for x, y in straight + ripple * across]
    return points if first == start else points[::-1]


def wavy_cell(column: int, row: int) -> shapely.Polygon:
    """Return one cell of a grid near Lào Cai, in degrees, whose sides are shared with its neighbours'."""
    west, south = 104.0 + 0.05 * column, 22.0 + 0.05 * row
    corners = [(west, south), (west + 0.05, south), (west + 0.05, south + 0.05), (west, south + 0.05)]
    corners = [(round(x, 6), round(y, 6)) for x, y in corners]
    ring = [point for a, b in zip(corners, corners[1:] + corners[:1], strict=True) for point in wavy_line(a, b)[:-1]]
    return shapely.Polygon(ring)


CELLS = {f"{10 * row + column:05d}": wavy_cell(column, row) for row in range(6) for column in range(6)}
MEMBERS = {"00000": "west", "00001": "west", "00010": "west", "00044": "east", "00045": "east"}


@pytest.fixture
def boundary_file(tmp_path: Path) -> Path:
    path = tmp_path / "cells.geojson"
    geopandas.GeoDataFrame({"code": list(CELLS)}, geometry=list(CELLS.values()), crs="EPSG:4326").to_file(path)
    return path


@pytest.fixture
def units() -> pd.DataFrame:
    projected = geopandas.GeoSeries(list(CELLS.values()), crs="EPSG:4326").to_crs(PROJECTED_CRS)
    return pd.DataFrame(
        {
            "unit_code": list(CELLS),
            "cluster": [MEMBERS.get(code, "") for code in CELLS],
            "is_member": [code in MEMBERS for code in CELLS],
            "area_km2": projected.area / 1e6,
            "lat": [cell.centroid.y for cell in CELLS.values()],
            "lon": [cell.centroid.x for cell in CELLS.values()],
        }
    )


# --- circles


def test_a_circle_has_the_area_of_its_unit(units: pd.DataFrame) -> None:
    circles = schematic_shapes(units)
    assert list(circles["unit_code"]) == list(units["unit_code"])
    assert circles.crs == PROJECTED_CRS
    np.testing.assert_allclose(circles.geometry.area / 1e6, units["area_km2"], rtol=1e-9)


def test_circles_of_members_do_not_overlap_and_stay_near(units: pd.DataFrame) -> None:
    circles = schematic_shapes(units).set_index("unit_code").geometry
    true = geopandas.points_from_xy(units["lon"], units["lat"], crs="EPSG:4326").to_crs(PROJECTED_CRS)
    moved = pd.Series(shapely.distance(circles.centroid.to_numpy(), np.asarray(true)), index=units["unit_code"])
    for first, second in combinations(MEMBERS, 2):
        assert not circles[first].intersects(circles[second]), (first, second)
    assert moved[list(MEMBERS)].max() < 3_000
    assert moved.drop(list(MEMBERS)).max() < 1


def test_circles_on_one_spot_are_parted_alike_every_time(units: pd.DataFrame) -> None:
    stacked = units.assign(lat=22.0, lon=104.0)
    circles = schematic_shapes(stacked).set_index("unit_code").geometry
    for first, second in combinations(MEMBERS, 2):
        assert not circles[first].intersects(circles[second])
    assert schematic_shapes(stacked).geometry.geom_equals(circles.reset_index(drop=True)).all()


def test_a_member_without_a_centre_is_named(units: pd.DataFrame) -> None:
    units.loc[units["unit_code"] == "00044", "lat"] = np.nan
    with pytest.raises(BoundaryError, match="not 00044"):
        build_geography(units)


# --- panels


def geographies(units: pd.DataFrame, boundary_file: Path) -> list[Geography]:
    return [build_geography(units), build_geography(units, read_boundaries(boundary_file, units).located)]


def test_every_member_is_in_exactly_one_cluster_panel(units: pd.DataFrame, boundary_file: Path) -> None:
    for geography in geographies(units, boundary_file):
        assert list(geography.clusters) == ["west", "east"]
        shown = [code for panel in geography.clusters.values() for code in panel.shapes]
        assert sorted(shown) == sorted(MEMBERS)
        assert sorted(geography.overview.shapes) == sorted(MEMBERS)
        for cluster, panel in geography.clusters.items():
            assert {MEMBERS[code] for code in panel.shapes} == {cluster}


def test_circles_are_said_to_be_schematic(units: pd.DataFrame, boundary_file: Path) -> None:
    assert [geography.is_schematic for geography in geographies(units, boundary_file)] == [True, False]


def test_panels_have_the_shape_designed_for_and_hold_their_members(units: pd.DataFrame, boundary_file: Path) -> None:
    for geography in geographies(units, boundary_file):
        for panel in (geography.overview, *geography.clusters.values()):
            assert panel.width_m / panel.height_m == pytest.approx(DESIGN_WIDTH_PX / DESIGN_HEIGHT_PX)
            extent = shapely.box(0, 0, panel.width_m, panel.height_m)
            assert all(extent.contains_properly(shape) for shape in panel.shapes.values())


def test_frames_lie_where_the_members_are(units: pd.DataFrame, boundary_file: Path) -> None:
    for geography in geographies(units, boundary_file):
        for cluster, panel in geography.clusters.items():
            frame = shapely.box(*geography.frame(cluster))
            for code in panel.shapes:
                assert frame.contains(geography.overview.shapes[code].centroid)


def test_a_member_without_a_cluster_is_on_the_overview_only(units: pd.DataFrame) -> None:
    for empty in ("", None):
        units["cluster"] = units["cluster"].astype(object)
        units.loc[units["unit_code"] == "00044", "cluster"] = empty
        geography = build_geography(units)
        assert "00044" in geography.overview.shapes
        assert list(geography.clusters["east"].shapes) == ["00045"]


def test_a_member_without_a_boundary_is_named(units: pd.DataFrame, boundary_file: Path) -> None:
    boundaries = read_boundaries(boundary_file, units).located
    with pytest.raises(BoundaryError, match="not 00010"):
        build_geography(units, boundaries[boundaries["unit_code"] != "00010"])


def test_simplified_neighbours_still_share_their_border(units: pd.DataFrame, boundary_file: Path) -> None:
    geography = build_geography(units, read_boundaries(boundary_file, units).located)
    for panel in (geography.overview, geography.clusters["west"]):
        left, right = panel.shapes["00000"], panel.shapes["00001"]
        assert left.intersection(right).area < 1
        assert left.intersection(right).length > 4_000
    steps = (geography.overview.shapes["00000"], geography.clusters["west"].shapes["00000"], CELLS["00000"])
    corners = [int(shapely.get_num_coordinates(shape)) for shape in steps]
    assert corners == sorted(set(corners)), "the overview is simplified most"


def test_a_geography_can_be_cached(units: pd.DataFrame) -> None:
    geography = build_geography(units)
    assert pickle.loads(pickle.dumps(geography)) == geography == build_geography(units)


# --- click points


def assert_clicks_find_their_member(panel: Panel) -> None:
    """Ask for the nearest click point from everywhere in each member, as a figure does."""
    owners = np.repeat(list(panel.targets), [len(points) for points in panel.targets.values()])
    tree = shapely.STRtree(shapely.points(np.vstack(list(panel.targets.values()))))
    random = np.random.default_rng(7)
    for code, shape in panel.shapes.items():
        west, south, east, north = shape.bounds
        places = random.uniform((west, south), (east, north), (4_000, 2))
        places = shapely.points(places[shapely.contains_xy(shape, places)])
        (_, nearest), distance = tree.query_nearest(places, return_distance=True, all_matches=False)
        depth = shapely.distance(shape.boundary, places) / panel.metres_per_pixel
        # A finger or a pointer is no finer than three pixels.
        assert not ((owners[nearest] != code) & (depth > 3.5)).any(), code
        assert (owners[nearest] == code).mean() > 0.95, code
        assert distance.max() / panel.metres_per_pixel < 20, code


def test_click_points_lie_inside_their_shape(units: pd.DataFrame, boundary_file: Path) -> None:
    for geography in geographies(units, boundary_file):
        for panel in (geography.overview, *geography.clusters.values()):
            for code, points in panel.targets.items():
                assert points, code
                assert shapely.contains_xy(panel.shapes[code], np.array(points)).all(), code


def test_a_click_anywhere_in_a_member_finds_it(units: pd.DataFrame, boundary_file: Path) -> None:
    for geography in geographies(units, boundary_file):
        for panel in geography.clusters.values():
            assert_clicks_find_their_member(panel)


@pytest.mark.skipif(not REAL_BOUNDARIES, reason="the province's boundary file is not at hand (WARDSTATS_BOUNDARIES)")
def test_the_real_boundaries_make_four_panels() -> None:
    units = pd.read_csv(PROJECT / "data" / "laocai" / "units.csv", dtype={"unit_code": "string"})
    members = units[units["is_member"]]
    geography = build_geography(units, read_boundaries(REAL_BOUNDARIES[0], units).located)
    assert sorted(len(panel.shapes) for panel in geography.clusters.values()) == [3, 3, 4]
    located = {code: shape for panel in geography.clusters.values() for code, shape in panel.shapes.items()}
    for code, area_km2 in members.set_index("unit_code")["area_km2"].items():
        assert located[code].area / 1e6 == pytest.approx(area_km2, rel=0.05)
    for panel in geography.clusters.values():
        assert_clicks_find_their_member(panel)
