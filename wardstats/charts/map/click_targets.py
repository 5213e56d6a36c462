"""Points inside a map's shapes that catch a click or a tap: a figure answers with the nearest one.

Owns nothing but that search; knows shapes as plain geometry in metres.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

Point = tuple[int, int]


def click_targets(shapes: Mapping[str, BaseGeometry], spacing_m: float) -> dict[str, tuple[Point, ...]]:
    """Return points inside each shape, dense enough that a click anywhere in it finds one of its own.

    A figure answers a click with the nearest point. A grid alone would let a click near a border find a point of the
    neighbour, so points also come in pairs on either side of every line, equally far from it: the nearer one is then on
    the side that was clicked. Where a bend or a narrow tip upsets that, points are added until it holds.

    Args:
        shapes: The shapes by unit_code, which do not overlap.
        spacing_m: Distance between the points of the grid.

    Returns:
        Whole metres by unit_code, at least one point each.
    """
    inset = spacing_m * 0.4
    beside = _points_beside_lines(list(shapes.values()), step=spacing_m, inset=inset)
    targets: dict[str, np.ndarray] = {}
    for code, shape in shapes.items():
        grid = _inside(_grid(shape, spacing_m), shape, margin=inset)
        targets[code] = np.vstack([grid, _inside(beside, shape, margin=inset * 0.6)])
        if not len(targets[code]):
            middle = shape.representative_point()
            targets[code] = np.array([[middle.x, middle.y]])
    probes = {code: _inside(_grid(shape, spacing_m / 5), shape, spacing_m / 14) for code, shape in shapes.items()}
    for _ in range(4):
        if not _add_where_wrong(targets, probes, spacing_m):
            break
    return {code: tuple((round(x), round(y)) for x, y in points) for code, points in targets.items()}


def _grid(shape: BaseGeometry, spacing: float) -> np.ndarray:
    """Return the points of one grid, common to all shapes, within a shape's extent."""
    west, south, east, north = shape.bounds
    columns = np.arange(np.ceil(west / spacing), np.floor(east / spacing) + 1) * spacing
    rows = np.arange(np.ceil(south / spacing), np.floor(north / spacing) + 1) * spacing
    return np.array(np.meshgrid(columns, rows)).reshape(2, -1).T


def _add_where_wrong(targets: dict[str, np.ndarray], probes: Mapping[str, np.ndarray], spacing: float) -> bool:
    """Make targets of probes whose nearest target is another shape's or far away; tell whether there were any."""
    owners = np.repeat(list(targets), [len(points) for points in targets.values()])
    tree = shapely.STRtree(np.asarray(shapely.points(np.vstack(list(targets.values())))))
    any_wrong = False
    for code, points in probes.items():
        located = shapely.points(points)
        (asked, nearest), distance = tree.query_nearest(located, return_distance=True, all_matches=False)
        is_wrong = (owners[nearest] != code) | (distance > spacing * 0.8)
        any_wrong |= bool(is_wrong.any())
        added: list[np.ndarray] = []
        # A few of each crowd suffice.
        for point in points[asked[is_wrong]]:
            if all(np.hypot(*(point - other)) > spacing * 0.4 for other in added):
                added.append(point)
        targets[code] = np.vstack([targets[code], *added])
    return any_wrong


def _points_beside_lines(shapes: list[BaseGeometry], step: float, inset: float) -> np.ndarray:
    """Walk along all borders and return a point on either side at every step."""
    # Ripples smaller than the distance kept would turn the sides every which way.
    outlines = shapely.simplify(shapely.union_all(shapely.boundary(shapes)), inset / 2)
    found = [np.empty((0, 2))]
    for line in shapely.get_parts(shapely.line_merge(outlines)):
        count = max(1, round(line.length / step))
        along = (np.arange(count) + 0.5) * line.length / count
        here, back, ahead = (
            shapely.get_coordinates(shapely.line_interpolate_point(line, np.clip(along + shift, 0, line.length)))
            for shift in (0, -inset / 2, inset / 2)
        )
        tangent = ahead - back
        tangent /= np.maximum(np.hypot(tangent[:, 0], tangent[:, 1]), 1e-9)[:, None]
        normal = np.column_stack([-tangent[:, 1], tangent[:, 0]])
        found += [here + inset * normal, here - inset * normal]
    return np.vstack(found)


def _inside(points: np.ndarray, shape: BaseGeometry, margin: float) -> np.ndarray:
    west, south, east, north = shape.bounds
    x, y = points.T
    points = points[(x >= west) & (x <= east) & (y >= south) & (y <= north)]  # most lie far off
    if not len(points):
        return points
    located = shapely.points(points)
    shapely.prepare(shape)
    inner = shapely.contains(shape, located) & (shapely.distance(shapely.boundary(shape), located) >= margin)
    return points[inner]
