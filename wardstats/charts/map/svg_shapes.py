"""Shapes of the map as paths of SVG."""

from __future__ import annotations

from collections.abc import Iterable

import shapely
from shapely.geometry.base import BaseGeometry


def path(shape: BaseGeometry, scale: float, top: float, attributes: str) -> str:
    """Return a shape as a path; nothing where it has no area.

    Args:
        scale: Pixels a unit of the shape's coordinates.
        top: The pixel at which the drawing begins: the map's y runs up, the screen's down.
        attributes: Of the path, as SVG.
    """
    rings = []
    for polygon in shapely.get_parts(shape):
        if polygon.geom_type == "Polygon":
            rings += [polygon.exterior, *polygon.interiors]
    return f'<path {attributes} d="{"".join(_ring(ring.coords, scale, top) for ring in rings)}"/>' if rings else ""


def _ring(points: Iterable[tuple[float, ...]], scale: float, top: float) -> str:
    written = [f"{x * scale:.1f} {top - y * scale:.1f}" for x, y, *_ in points]
    return "M" + "L".join(written[:-1]) + "Z"
