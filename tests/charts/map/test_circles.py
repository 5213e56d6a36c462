"""Circles in the place of boundaries: true areas, none over another, and drawn together until they fill a panel."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from tests.boundary_shapes import laocai_units
from wardstats.charts.map.circles import gathered_shapes, schematic_shapes
from wardstats.charts.map.geography import DESIGN_HEIGHT_PX, DESIGN_WIDTH_PX, build_geography

ASPECT = DESIGN_WIDTH_PX / DESIGN_HEIGHT_PX


def of_cluster(cluster: str) -> pd.DataFrame:
    units = laocai_units()
    return units[units["is_member"] & (units["cluster"] == cluster)]


@pytest.mark.parametrize("cluster", ["lao_cai_sa_pa", "yen_bai", "nghia_lo"])
def test_members_fill_nearly_half_of_their_panel(cluster: str) -> None:
    panel = build_geography(laocai_units()).clusters[cluster]
    share = sum(shape.area for shape in panel.shapes.values()) / (panel.width_m * panel.height_m)
    assert share > 0.46


@pytest.mark.parametrize("cluster", ["lao_cai_sa_pa", "yen_bai", "nghia_lo"])
def test_drawn_together_each_stays_on_its_side_of_the_others(cluster: str) -> None:
    units = of_cluster(cluster)
    apart, together = (
        shapes.set_index("unit_code").geometry for shapes in (schematic_shapes(units), gathered_shapes(units, ASPECT))
    )
    np.testing.assert_allclose(together.area / 1e6, units["area_km2"], rtol=1e-9)
    for first, second in combinations(units["unit_code"], 2):
        assert not together[first].intersects(together[second]), (first, second)
        before, after = (
            np.array(shapes[second].centroid.coords[0]) - np.array(shapes[first].centroid.coords[0])
            for shapes in (apart, together)
        )
        assert before @ after > 0, (first, second)  # within a right angle of the true direction


def test_the_same_circles_every_time_and_one_alone_stays() -> None:
    units = of_cluster("yen_bai")
    again = gathered_shapes(units, ASPECT)
    assert gathered_shapes(units, ASPECT).geometry.geom_equals(again.geometry).all()
    alone = units.iloc[:1]
    assert gathered_shapes(alone, ASPECT).geometry.geom_equals(schematic_shapes(alone).geometry).all()


def test_many_members_stay_where_they_are() -> None:
    units = laocai_units().assign(is_member=True)
    assert gathered_shapes(units, ASPECT).geometry.geom_equals(schematic_shapes(units).geometry).all()
