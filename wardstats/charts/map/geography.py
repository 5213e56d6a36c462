"""Where the units lie: real boundaries or schematic circles, cut into an overview and one panel per cluster.

Owns everything measured in metres: reading a boundary file, the circles that stand in for one, the extent of each
panel, how far its shapes are simplified, and the points a click is caught by. Refuses to know about colours, words,
figures or Streamlit: ``wardstats.charts.map.ward_map`` draws what is laid out here.

All results depend on the units frame and the boundaries alone and are plain picklable records, so they can be cached.
Geometry is in EPSG:32648 (UTM zone 48 north, metres), which covers Vietnam's mainland with little distortion.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from wardstats.charts.map.click_targets import Point, click_targets
from wardstats.core.errors import WardStatsError

OVERVIEW = "overview"
PROJECTED_CRS = "EPSG:32648"
GEOGRAPHIC_CRS = "EPSG:4326"

# The narrowest panel that is designed for: a phone's column, less a line for the panel's name. Wider panels only gain
# room, so what fits here fits everywhere.
DESIGN_WIDTH_PX = 320
DESIGN_HEIGHT_PX = 276

_PADDING = 0.04
_SIMPLIFY_PX = 1.2
_ROUNDNESS_PX = 0.12
_AROUND = 0.75
_CLUSTER_TARGET_PX = 14.0
_OVERVIEW_TARGET_PX = 5.0
_CIRCLE_CORNERS = 64
_CIRCLE_GAP_M = 150.0

Bounds = tuple[float, float, float, float]


class BoundaryError(WardStatsError):
    """A boundary file is missing, unreadable, or does not hold the units it should."""


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
        is_schematic: True where circles stand in for boundaries, which the page has to say.
        key: Tells it from every other layout; the same shapes have the same one.
    """

    overview: Panel = field(compare=False)
    clusters: dict[str, Panel] = field(compare=False)
    is_schematic: bool = field(compare=False)
    key: str

    def frame(self, cluster: str) -> Bounds:
        """Return where a cluster's panel lies on the overview, in metres from the overview's south-west corner."""
        left, bottom = self.overview.bounds[:2]
        west, south, east, north = self.clusters[cluster].bounds
        return west - left, south - bottom, east - left, north - bottom


def build_geography(units: pd.DataFrame, boundaries: geopandas.GeoDataFrame | None = None) -> Geography:
    """Lay out the overview and one panel for each cluster.

    Args:
        units: One row per unit: unit_code, cluster (empty where it belongs to none), is_member, area_km2, lat, lon.
        boundaries: The result of ``load_boundaries``, or None to draw circles.

    Returns:
        The panels. A member without a cluster is on the overview only.

    Raises:
        BoundaryError: A member has no boundary, or no centre and area to draw a circle from.
    """
    members = units[units["is_member"].astype(bool)]
    located = schematic_shapes(units) if boundaries is None else boundaries
    place = "lat, lon and area_km2 of the units" if boundaries is None else "the boundaries"
    _require_codes(located["unit_code"], members["unit_code"], place)
    shapes = dict(zip(located["unit_code"], located.geometry, strict=True))
    is_schematic = boundaries is None
    member_codes = list(members["unit_code"])
    clusters: dict[str, Panel] = {}
    for cluster, group in members.groupby("cluster", sort=False):
        if str(cluster):
            codes = list(group["unit_code"])
            clusters[str(cluster)] = _panel(str(cluster), codes, codes, shapes, is_schematic)
    overview = _panel(OVERVIEW, member_codes, list(shapes), shapes, is_schematic)
    places = [(code, shape.wkb_hex) for code, shape in shapes.items()]
    panels = members[["unit_code", "cluster"]].astype(str).to_numpy().tolist()
    key = sha256(repr((places, panels, is_schematic)).encode()).hexdigest()[:16]
    return Geography(overview, clusters, is_schematic, key)


# --- boundaries -------------------------------------------------------------------------------------------------------


def load_boundaries(path: Path, key: str, member_codes: Iterable[str] = ()) -> geopandas.GeoDataFrame:
    """Read a GeoJSON or GeoPackage file of unit boundaries.

    Args:
        key: Its column that holds the unit code. Rows of the same code are joined.

    Returns:
        unit_code and geometry (polygons, EPSG:32648), in the file's order. A file that names no coordinate system is
        taken to be in degrees (EPSG:4326), as the GeoJSON standard says.

    Raises:
        BoundaryError: The file is missing or unreadable, has no such column, has rows without polygons, or lacks a
            member. All faults of the rows are listed at once.
    """
    if not path.is_file():
        raise BoundaryError(
            f"{path}: found no such file; expected a GeoJSON or GeoPackage file of boundaries. "
            "Correct the path, or leave it out to draw circles instead."
        )
    try:
        raw = geopandas.read_file(path)
    except (OSError, RuntimeError, ValueError) as error:
        raise BoundaryError(
            f"{path}: found a file that cannot be read as a map ({error}); expected GeoJSON or GeoPackage. "
            "Export the boundaries again in one of these formats."
        ) from error
    if key not in raw.columns or not isinstance(raw, geopandas.GeoDataFrame):
        present = ", ".join(sorted(str(column) for column in raw.columns if column != "geometry")) or "none"
        raise BoundaryError(
            f"{path}: found no column '{key}' beside shapes (columns: {present}); expected the unit codes there. "
            "Name the right column as the key."
        )
    codes = raw[key].astype("string").fillna("").str.strip()
    polygons = [_polygons_of(shape) for shape in raw.geometry]
    empty = [
        code or f"row {row}"
        for row, (code, shape) in enumerate(zip(codes, polygons, strict=True), start=1)
        if shape.is_empty
    ]
    if empty:
        raise BoundaryError(
            f"{path}, geometry: found no polygon for {', '.join(empty)}; expected one for every row. "
            "Draw the missing shapes or remove these rows."
        )
    _require_codes(codes, member_codes, f"{path}, {key}")
    located = geopandas.GeoDataFrame(
        {"unit_code": codes.astype(object)}, geometry=polygons, crs=raw.crs or GEOGRAPHIC_CRS
    ).to_crs(PROJECTED_CRS)
    if located["unit_code"].duplicated().any():
        located = located.dissolve("unit_code", sort=False).reset_index()
    return geopandas.GeoDataFrame(
        {"unit_code": list(located["unit_code"])}, geometry=list(located.geometry), crs=PROJECTED_CRS
    )


def _polygons_of(shape: BaseGeometry | None) -> BaseGeometry:
    """Return the areas of a shape, mended, without stray lines and points."""
    if shape is None or shape.is_empty:
        return shapely.MultiPolygon()
    mended = shapely.make_valid(shape)
    parts = [part for part in shapely.get_parts(mended, return_index=False) if part.geom_type.endswith("Polygon")]
    return shapely.union_all(parts) if parts else shapely.MultiPolygon()


def _require_codes(found: Iterable[str], expected: Iterable[str], place: str) -> None:
    present = set(found)
    missing = sorted(set(expected) - present)
    if not missing:
        return
    # A spreadsheet turns 02647 into 2647: common enough to be worth its own advice.
    bare = {code.lstrip("0") for code in missing} & present
    remedy = (
        "Store the codes as text, with their leading zeros." if bare else "Add what is missing or correct the codes."
    )
    raise BoundaryError(
        f"{place}: found {len(present)} units but not {', '.join(missing)}; expected every member. {remedy}"
    )


# --- circles where there are no boundaries ----------------------------------------------------------------------------


def schematic_shapes(units: pd.DataFrame) -> geopandas.GeoDataFrame:
    """Draw each unit as a circle of its own area around its centre.

    Circles of neighbouring members would overlap, since a ward is seldom round. They are pushed apart along the line
    between their centres, each by half, until none overlap: areas stay true and places shift by a few kilometres, which
    a reader is told by the word schematic. Shrinking them instead would make the one thing that is exact wrong. Units
    that are not members stay where they are and may overlap, being background.

    Args:
        units: unit_code, is_member, area_km2, lat, lon.

    Returns:
        unit_code and geometry (EPSG:32648), in the order of the units; the area of each polygon is area_km2. Units
        whose centre or area is not known are left out.
    """
    units = units.dropna(subset=["lat", "lon", "area_km2"])
    points = geopandas.points_from_xy(units["lon"], units["lat"], crs=GEOGRAPHIC_CRS).to_crs(PROJECTED_CRS)
    centres = np.column_stack([points.x, points.y])
    # A polygon inscribed in a circle is smaller than it; this radius gives the polygon, not the circle, the right area.
    area_m2 = units["area_km2"].to_numpy(float) * 1e6
    radii = np.sqrt(2 * area_m2 / (_CIRCLE_CORNERS * np.sin(2 * np.pi / _CIRCLE_CORNERS)))
    is_member = units["is_member"].to_numpy(bool)
    centres[is_member] = _push_apart(centres[is_member], radii[is_member])
    angles = np.linspace(0, 2 * np.pi, _CIRCLE_CORNERS, endpoint=False)
    corners = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    rings = centres[:, None, :] + radii[:, None, None] * corners[None, :, :]
    return geopandas.GeoDataFrame(
        {"unit_code": list(units["unit_code"])}, geometry=list(shapely.polygons(rings)), crs=PROJECTED_CRS
    )


def _push_apart(centres: np.ndarray, radii: np.ndarray, rounds: int = 400) -> np.ndarray:
    """Move overlapping circles apart, the same way every time, until none overlap.

    Where members fill a whole country there is no room for that; then it stops after some rounds, with what is left
    spread evenly.
    """
    centres = centres.copy()
    if len(centres) < 2:
        return centres
    reach = 2 * radii.max() + _CIRCLE_GAP_M
    for _ in range(rounds):
        located = np.asarray(shapely.points(centres))
        first, second = shapely.STRtree(located).query(located, predicate="dwithin", distance=reach)
        # Every pair once, in an order that does not hang on the tree's.
        pairs = np.column_stack([first, second])[first < second]
        first, second = pairs[np.lexsort(pairs.T[::-1])].T
        apart = centres[second] - centres[first]
        distance = np.hypot(apart[:, 0], apart[:, 1])
        overlap = radii[first] + radii[second] + _CIRCLE_GAP_M - distance
        touching = overlap > 1.0
        if not touching.any():
            break
        # Equal centres have no line between them: send each pair off in a direction of its own.
        angle = 2.4 * np.arange(len(distance))
        aside = np.column_stack([np.cos(angle), np.sin(angle)])
        direction = np.where((distance > 1e-6)[:, None], apart / np.maximum(distance, 1e-6)[:, None], aside)
        step = np.where(touching, overlap / 2, 0.0)[:, None] * direction
        np.add.at(centres, second, step)
        np.add.at(centres, first, -step)
    return centres


# --- panels -----------------------------------------------------------------------------------------------------------


def _panel(
    panel_code: str,
    members: list[str],
    extent: list[str],
    shapes: Mapping[str, BaseGeometry],
    is_schematic: bool,
) -> Panel:
    bounds = _fit(shapely.total_bounds([shapes[code] for code in extent]))
    west, south, east, north = bounds
    width, height = east - west, north - south
    # A panel wider or taller than the design shows more of the surroundings, which are kept that far around.
    window = (west - _AROUND * width, south - _AROUND * height, east + _AROUND * width, north + _AROUND * height)
    near = [code for code, shape in shapes.items() if shapely.box(*window).intersects(shape)]
    pixel = width / DESIGN_WIDTH_PX
    if is_schematic:
        simplified = {code: shapes[code].simplify(_ROUNDNESS_PX * pixel) for code in near}
    else:
        simplified = _simplify({code: shapes[code] for code in near}, _SIMPLIFY_PX * pixel)
    local = {code: shapely.transform(shape, lambda xy: xy - (west, south)) for code, shape in simplified.items()}
    clip = tuple(shapely.transform(shapely.box(*window), lambda xy: xy - (west, south)).bounds)
    # Close up, circles of neighbours run off the panel and into each other and tell nothing.
    around = [] if is_schematic and panel_code != OVERVIEW else [code for code in local if code not in set(members)]
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


def _fit(bounds: Collection[float]) -> Bounds:
    """Pad an extent and widen or heighten it to the shape of a panel."""
    west, south, east, north = (float(edge) for edge in bounds)
    width, height = (east - west) * (1 + 2 * _PADDING), (north - south) * (1 + 2 * _PADDING)
    width = max(width, height * DESIGN_WIDTH_PX / DESIGN_HEIGHT_PX, 1.0)
    height = width * DESIGN_HEIGHT_PX / DESIGN_WIDTH_PX
    x, y = (west + east) / 2, (south + north) / 2
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _simplify(shapes: Mapping[str, BaseGeometry], tolerance_m: float) -> dict[str, BaseGeometry]:
    """Thin out the lines, keeping common borders common.

    Boundary files are seldom a perfect coverage: small overlaps and gaps are closed first, or their lines would stay as
    they are. A unit too small to survive that keeps its own shape.
    """
    originals = np.array(list(shapes.values()), dtype=object)
    closed = shapely.coverage_clean(originals)  # pyright: ignore[reportAttributeAccessIssue] (stubs are of 2.1)
    thinned = shapely.coverage_simplify(closed, tolerance_m)
    return {
        code: _polygons_of(thin) if not thin.is_empty else original
        for code, thin, original in zip(shapes, thinned, originals, strict=True)
    }
