"""The projector's map: names for the back of a hall, and no file of boundaries that takes the page down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import geopandas
import pandas as pd
import pytest
import shapely
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.boundary_shapes import geojson, laocai_units, squares, write_geojson
from tests.small_block import build_and_publish
from wardstats.charts.map.geography import Geography, build_geography
from wardstats.core.settings import PROJECT, settings
from wardstats.live.application import Live
from wardstats.live.conference_map import overview_svg, panel_svg

CLUSTERS = {"lao_cai_sa_pa": "Lào Cai – Sa Pa", "yen_bai": "Yên Bái", "nghia_lo": "Nghĩa Lộ"}
NAMES = laocai_units().set_index("unit_code")["name_vi"].to_dict()


@pytest.fixture(scope="module")
def geography() -> Geography:
    return build_geography(laocai_units())


@pytest.fixture(scope="module")
def projector(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Path]]:
    """A projector's server, and the file of boundaries that it was told to use."""
    var, data = tmp_path_factory.mktemp("var"), PROJECT / "data" / "laocai"
    build_and_publish(data, var)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WARDSTATS_BOUNDARIES", str(var / "given.geojson"))
        live = Live(settings(data, var))
    with TestClient(Starlette(routes=live.routes())) as client:
        yield client, var / "given.geojson"


def test_each_panel_is_filled_and_its_names_are_whole_and_large(geography: Geography) -> None:
    for panel in geography.clusters.values():
        drawn = panel_svg(panel, NAMES, "x")
        _, _, width, height = map(float, re.findall(r'viewBox="([^"]+)"', drawn)[0].split())
        scale = 320 / panel.width_m
        assert sum(shape.area for shape in panel.shapes.values()) * scale**2 > 0.4 * width * height
        for code in panel.shapes:
            label = re.findall(f'data-label="{code}">(.*?)</g>', drawn)[0]
            lines = re.findall(r'font-size="(\d+)">([^<]+)</text>', label)
            assert " ".join(line for _, line in lines) == NAMES[code]
            assert {int(size) for size, _ in lines} <= set(range(16, 33))


def test_the_overview_names_every_group_within_its_window(geography: Geography) -> None:
    drawn = overview_svg(geography, CLUSTERS, "x")
    names = re.findall(
        r'class="frame-name" style="font-size:(\d+)px;text-anchor:\w+" x="([-\d.]+)" y="([-\d.]+)"', drawn
    )
    west, top, width, height = map(float, re.findall(r'viewBox="([^"]+)"', drawn)[0].split())
    assert len(names) == len(CLUSTERS)
    for size, x, y in names:
        assert int(size) >= 16
        assert west <= float(x) <= west + width and top <= float(y) <= top + height


def test_boundaries_that_cannot_be_used_draw_circles_and_new_ones_are_seen(
    projector: tuple[TestClient, Path], caplog: pytest.LogCaptureFixture
) -> None:
    client, given = projector
    notes = []
    for shapes in (None, squares().to_crs("EPSG:9208"), squares()):
        if shapes is not None:
            write_geojson(given, geojson(shapes))
        answer = client.get("/conference?lang=vi")
        assert answer.status_code == 200
        assert answer.text.count('data-unit="03006"') == 2  # on the overview and in its panel
        assert str(given.parent) not in answer.text
        notes.append("Bản đồ sơ lược" in answer.text)
        assert "Chưa cài" not in answer.text
    assert notes == [True, True, False]
    assert [str(given) in record.getMessage() for record in caplog.records if "oundaries" in record.getMessage()] == [
        True,
        True,
    ]


def test_small_islands_are_drawn_with_a_broad_line() -> None:
    units = pd.DataFrame({"unit_code": ["48"], "cluster": "", "is_member": True})
    island = shapely.box(1_200_000, 0, 1_203_000, 3_000)
    both = geopandas.GeoDataFrame(
        {"unit_code": ["48"]}, geometry=[shapely.union(shapely.box(0, 0, 100_000, 100_000), island)], crs=32648
    )
    drawn = overview_svg(build_geography(units, both), {}, "x")
    assert [len(found) > 0 for found in re.findall(r'<path data-unit="48"( style="stroke-width:4")? d="', drawn)] == [
        False,
        True,
    ]
