"""Circles that stand for units whose boundaries are not known: of the true area, at the true centre or drawn together.

Owns where circles go. Refuses to know panels, labels and figures.
"""

from __future__ import annotations

import geopandas
import numpy as np
import pandas as pd
import shapely

from wardstats.charts.map.boundary_files import GEOGRAPHIC_CRS, PROJECTED_CRS

_CORNERS = 64
_GAP_M = 150.0
_TOUCHING_M = 1.0
# Drawing circles together: up to this share of their panel, and no more of them than a panel shows one by one.
_WANTED_SHARE = 0.62
_MOST_GATHERED = 60
_SHRINK = 0.98
_ROUNDS = 250


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
    centres, radii = _circles(units)
    is_member = units["is_member"].to_numpy(bool)
    centres[is_member] = _push_apart(centres[is_member], radii[is_member])
    return _drawn(units, centres, radii)


def gathered_shapes(units: pd.DataFrame, aspect: float) -> geopandas.GeoDataFrame:
    """Draw units as circles of their own area, drawn together until they fill a panel.

    A window of the panel's form closes around the circles step by step and pushes them along, so that each stays on its
    side of the others; it stops when they fill enough of it or can no longer give way.

    Args:
        units: unit_code, area_km2, lat, lon of the members of one panel, all known.
        aspect: Width of the panel by its height.

    Returns:
        As of ``schematic_shapes``; the middle of the window is that of the true places.
    """
    centres, radii = _circles(units)
    return _drawn(units, _gather(_push_apart(centres, radii), radii, aspect), radii)


def _circles(units: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return centres and radii in metres."""
    points = geopandas.points_from_xy(units["lon"], units["lat"], crs=GEOGRAPHIC_CRS).to_crs(PROJECTED_CRS)
    # A polygon inscribed in a circle is smaller than it; this radius gives the polygon, not the circle, the right area.
    area_m2 = units["area_km2"].to_numpy(float) * 1e6
    return np.column_stack([points.x, points.y]), np.sqrt(2 * area_m2 / (_CORNERS * np.sin(2 * np.pi / _CORNERS)))


def _drawn(units: pd.DataFrame, centres: np.ndarray, radii: np.ndarray) -> geopandas.GeoDataFrame:
    angles = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
    corners = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    rings = centres[:, None, :] + radii[:, None, None] * corners[None, :, :]
    return geopandas.GeoDataFrame(
        {"unit_code": list(units["unit_code"])}, geometry=list(np.asarray(shapely.polygons(rings))), crs=PROJECTED_CRS
    )


def _push_apart(centres: np.ndarray, radii: np.ndarray, rounds: int = 400) -> np.ndarray:
    """Move overlapping circles apart, the same way every time, until none overlap.

    Where members fill a whole country there is no room for that; then it stops after some rounds, with what is left
    spread evenly.
    """
    for _ in range(rounds if len(centres) > 1 else 0):
        pushed, overlap = _pushed(centres, radii)
        if overlap <= _TOUCHING_M:
            break
        centres = pushed
    return centres


def _pushed(centres: np.ndarray, radii: np.ndarray) -> tuple[np.ndarray, float]:
    """Return the centres after each overlapping pair has been moved apart, and the widest overlap before, in metres."""
    located = np.asarray(shapely.points(centres))
    reach = 2 * radii.max() + _GAP_M
    first, second = shapely.STRtree(located).query(located, predicate="dwithin", distance=reach)
    # Every pair once, in an order that does not hang on the tree's.
    pairs = np.column_stack([first, second])[first < second]
    first, second = pairs[np.lexsort(pairs.T[::-1])].T
    apart = centres[second] - centres[first]
    distance = np.hypot(apart[:, 0], apart[:, 1])
    overlap = radii[first] + radii[second] + _GAP_M - distance
    # Equal centres have no line between them: send each pair off in a direction of its own.
    angle = 2.4 * np.arange(len(distance))
    aside = np.column_stack([np.cos(angle), np.sin(angle)])
    direction = np.where((distance > 1e-6)[:, None], apart / np.maximum(distance, 1e-6)[:, None], aside)
    step = np.where(overlap > _TOUCHING_M, overlap / 2, 0.0)[:, None] * direction
    pushed = centres.copy()
    np.add.at(pushed, second, step)
    np.add.at(pushed, first, -step)
    return pushed, float(overlap.max(initial=0.0))


def _gather(centres: np.ndarray, radii: np.ndarray, aspect: float) -> np.ndarray:
    """Close a window of the aspect around circles that do not overlap, as far as they give way."""
    if not 1 < len(centres) <= _MOST_GATHERED:
        return centres
    low, high = (centres - radii[:, None]).min(axis=0), (centres + radii[:, None]).max(axis=0)
    middle = (low + high) / 2
    width = max(high[0] - low[0], (high[1] - low[1]) * aspect)
    wanted = np.sqrt(np.pi * (radii**2).sum() / _WANTED_SHARE * aspect)
    while width > wanted:
        width *= _SHRINK
        half = np.array([width, width / aspect]) / 2
        closer = _within(centres - middle, radii, half)
        if closer is None:
            break
        centres = middle + closer
    return centres


def _within(centres: np.ndarray, radii: np.ndarray, half: np.ndarray) -> np.ndarray | None:
    """Move circles into a window around the origin, none over another; None where they do not settle in it."""
    room = half - radii[:, None]
    if (room < 0).any():
        return None
    for _ in range(_ROUNDS):
        centres = np.clip(centres, -room, room)
        pushed, overlap = _pushed(centres, radii)
        if overlap < _GAP_M / 2:  # within the gap, so the circles themselves stay apart
            return centres
        centres = pushed
    return None
