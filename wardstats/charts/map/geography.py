"""Where the units lie: real boundaries or schematic circles, cut into an overview and one panel per cluster.

Owns everything measured in metres: the extent of each panel, how far its shapes are simplified, and the points a click
is caught by. Files of boundaries are ``boundary_files``', the circles that stand in for them ``circles``'. Refuses to
know about colours, words, figures or Streamlit: ``wardstats.charts.map.ward_map`` draws what is laid out here.

All results depend on the units frame and the boundaries alone and are plain picklable records, so they can be cached.
Geometry is in EPSG:32648 (UTM zone 48 north, metres), which covers Vietnam's mainland with little distortion.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

import geopandas
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from wardstats.charts.map.boundary_files import require_codes, thinned
from wardstats.charts.map.circles import gathered_shapes, schematic_shapes
from wardstats.charts.map.click_targets import Point, click_targets

OVERVIEW = "overview"

# The narrowest panel that is designed for: a phone's column, less a line for the panel's name. Wider panels only gain
# room, so what fits here fits everywhere.
DESIGN_WIDTH_PX = 320
DESIGN_HEIGHT_PX = 276

_PADDING = 0.04
_CIRCLE_PADDING = 0.02  # circles touch the edge in four points only
_SIMPLIFY_PX = 1.2
_ROUNDNESS_PX = 0.12
_AROUND = 0.75
_CLUSTER_TARGET_PX = 14.0
_OVERVIEW_TARGET_PX = 5.0

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Panel:
    """One map: what it shows and how far it reaches.

    Shapes, context and targets are in metres from the panel's south-west corner.

    Attributes:
        panel_code: Cluster code, or ``overview``.
        bounds: West, south, east and north in EPSG:32648.
        shapes: Simplified shape of each member, by unit_code.
        context: Simplified shapes of the units that are not members, cut off well outside the panel. Circles have none
            in a cluster's panel.
        targets: Points inside each member's shape, by unit_code. The point nearest to any place in a member is its own.
    """

    panel_code: str
    bounds: Bounds
    shapes: dict[str, BaseGeometry]
    context: tuple[BaseGeometry, ...]
    targets: dict[str, tuple[Point, ...]]

    @property
    def width_m(self) -> float:
        """Width in metres."""
        return self.bounds[2] - self.bounds[0]

    @property
    def height_m(self) -> float:
        """Height in metres."""
        return self.bounds[3] - self.bounds[1]

    @property
    def metres_per_pixel(self) -> float:
        """Scale at the design size."""
        return self.width_m / DESIGN_WIDTH_PX


@dataclass(frozen=True)
class Geography:
    """All panels of a block; equal where the key is.

    Attributes:
        overview: Every unit, the members among them.
        clusters: One zoomed panel per cluster, in the order in which the units name them.
        frames: Where each cluster lies on the overview, in EPSG:32648.
        is_schematic: True where circles stand in for boundaries, which the page has to say. In a cluster's panel they
            are drawn together, on the overview they are in their places.
        key: Tells it from every other layout; the same shapes have the same one.
        credit: Where the boundaries come from, as far as they say so.
    """

    overview: Panel = field(compare=False)
    clusters: dict[str, Panel] = field(compare=False)
    frames: dict[str, Bounds] = field(compare=False)
    is_schematic: bool = field(compare=False)
    key: str
    credit: str = field(default="", compare=False)

    def frame(self, cluster: str) -> Bounds:
        """Return where a cluster lies on the overview, in metres from the overview's south-west corner."""
        left, bottom = self.overview.bounds[:2]
        west, south, east, north = self.frames[cluster]
        return west - left, south - bottom, east - left, north - bottom


def build_geography(units: pd.DataFrame, boundaries: geopandas.GeoDataFrame | None = None) -> Geography:
    """Lay out the overview and one panel for each cluster.

    Args:
        units: One row per unit: unit_code, cluster (empty where it belongs to none), is_member, area_km2, lat, lon.
        boundaries: What ``read_boundaries`` located, or None to draw circles.

    Returns:
        The panels. A member without a cluster is on the overview only.

    Raises:
        BoundaryError: A member has no boundary, or no centre and area to draw a circle from.
    """
    members = units[units["is_member"].astype(bool)]
    located = schematic_shapes(units) if boundaries is None else boundaries
    place = "lat, lon and area_km2 of the units" if boundaries is None else "the boundaries"
    require_codes(located["unit_code"], members["unit_code"], place)
    shapes = dict(zip(located["unit_code"], located.geometry, strict=True))
    is_schematic = boundaries is None
    member_codes = list(members["unit_code"])
    clusters: dict[str, Panel] = {}
    frames: dict[str, Bounds] = {}
    for cluster, group in members.groupby("cluster", sort=False):
        if str(cluster):
            codes = list(group["unit_code"])
            own = _gathered(group) if is_schematic else shapes
            clusters[str(cluster)] = _panel(str(cluster), codes, codes, own, is_schematic)
            frames[str(cluster)] = _fit(shapely.total_bounds([shapes[code] for code in codes]), _PADDING)
    overview = _panel(OVERVIEW, member_codes, list(shapes), shapes, is_schematic)
    places = [(code, shape.wkb_hex) for code, shape in shapes.items()]
    panels = members[["unit_code", "cluster"]].astype(str).to_numpy().tolist()
    key = sha256(repr((places, panels, is_schematic)).encode()).hexdigest()[:16]
    return Geography(overview, clusters, frames, is_schematic, key)


# --- panels -----------------------------------------------------------------------------------------------------------


def _gathered(members: pd.DataFrame) -> dict[str, BaseGeometry]:
    """Return the circles of one panel, which fill it as far as they can."""
    circles = gathered_shapes(members, DESIGN_WIDTH_PX / DESIGN_HEIGHT_PX)
    return dict(zip(circles["unit_code"], circles.geometry, strict=True))


def _panel(
    panel_code: str,
    members: list[str],
    extent: list[str],
    shapes: Mapping[str, BaseGeometry],
    is_schematic: bool,
) -> Panel:
    is_gathered = is_schematic and panel_code != OVERVIEW
    extent_m = shapely.total_bounds([shapes[code] for code in extent])
    bounds = _fit(extent_m, _CIRCLE_PADDING if is_gathered else _PADDING)
    west, south, east, north = bounds
    width, height = east - west, north - south
    # A panel wider or taller than the design shows more of the surroundings, which are kept that far around.
    window = (west - _AROUND * width, south - _AROUND * height, east + _AROUND * width, north + _AROUND * height)
    near = [code for code, shape in shapes.items() if shapely.box(*window).intersects(shape)]
    pixel = width / DESIGN_WIDTH_PX
    if is_schematic:
        simplified = {code: shapes[code].simplify(_ROUNDNESS_PX * pixel) for code in near}
    else:
        simplified = thinned({code: shapes[code] for code in near}, _SIMPLIFY_PX * pixel)
    local = {code: shapely.transform(shape, lambda xy: xy - (west, south)) for code, shape in simplified.items()}
    clip = tuple(shapely.transform(shapely.box(*window), lambda xy: xy - (west, south)).bounds)
    around = [code for code in local if code not in set(members)]
    context = [shapely.clip_by_rect(local[code], *clip) for code in around]
    drawn = {code: local[code] for code in members}
    spacing = (_OVERVIEW_TARGET_PX if panel_code == OVERVIEW else _CLUSTER_TARGET_PX) * pixel
    return Panel(
        panel_code=panel_code,
        bounds=bounds,
        shapes=drawn,
        context=tuple(shape for shape in context if not shape.is_empty),
        targets=click_targets(drawn, spacing),
    )


def _fit(bounds: Collection[float], padding: float) -> Bounds:
    """Pad an extent and widen or heighten it to the shape of a panel."""
    west, south, east, north = (float(edge) for edge in bounds)
    width, height = (east - west) * (1 + 2 * padding), (north - south) * (1 + 2 * padding)
    width = max(width, height * DESIGN_WIDTH_PX / DESIGN_HEIGHT_PX, 1.0)
    height = width * DESIGN_HEIGHT_PX / DESIGN_WIDTH_PX
    x, y = (west + east) / 2, (south + north) / 2
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2
