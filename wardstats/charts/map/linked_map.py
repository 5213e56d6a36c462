"""Groups of the map as HTML: a picture of the shapes, a link over each member, and the labels as text.

Beside a ranking it is drawn sooner than figures of Plotly's, and the keyboard reaches every member. The picture stands
in a data address, because Streamlit lets no SVG element into a page; labels stay text, in the page's own fonts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from wardstats.charts.map.geography import Bounds, Geography, Panel
from wardstats.charts.map.map_colours import DARK, LIGHT, Palette, text_colour
from wardstats.charts.map.map_labels import MapLabel, place_labels
from wardstats.charts.map.svg_shapes import path
from wardstats.charts.map.ward_map import Ward, by_size, colour_that_shows, outline, rows_by_unit, wards_of

_WIDTH_PX = 270  # the narrowest at which a panel is shown
_FONT_PX = 12
_PADDING_PX = 4.0
_CORNERS_PX = 1.0  # a link's outline may be that far off the shape's
_HATCH = (
    "<pattern id='missing' width='6' height='6' patternUnits='userSpaceOnUse' patternTransform='rotate(45)'>"
    "<rect width='6' height='6' fill='{ground}'/><path d='M0 0V6' stroke='{line}' stroke-width='1.5'/></pattern>"
)


def linked_map(
    geography: Geography,
    frame: pd.DataFrame,
    colour_range: tuple[float, float],
    titles: Mapping[str, str],
    alts: Mapping[str, str],
    addresses: Mapping[str, str],
    *,
    dark: bool = False,
) -> str:
    """Draw one panel for each group of members, in the order of ``titles``.

    Args:
        frame: One row per unit, as for ``ward_map.cluster_map``.
        colour_range: Values at the pale and at the strong end of the scale.
        titles: The name of each group, by its code; those without a panel are left out.
        alts: What each panel says, likewise.
        addresses: Where a member leads, by unit_code.
    """
    palette = DARK if dark else LIGHT
    rows = rows_by_unit(frame)
    panels = [
        _panel(geography.clusters[code], rows, colour_range, title, alts[code], addresses, palette, geography)
        for code, title in titles.items()
        if code in geography.clusters
    ]
    return f'<div class="ws-map">{"".join(panels)}</div>'


def _panel(
    panel: Panel,
    rows: Mapping[str, dict[str, Any]],
    colour_range: tuple[float, float],
    title: str,
    alt: str,
    addresses: Mapping[str, str],
    palette: Palette,
    geography: Geography,
) -> str:
    wards = wards_of(panel, rows, colour_range, palette is DARK)
    scale = _WIDTH_PX / panel.width_m
    # Placed for the widest rank there can be: a name stays where it is from period to period, and is placed once.
    widest = {ward.unit_code: ("8" * max(2, len(ward.label)), ward.unit_name) for ward in wards}
    labels = place_labels(panel, widest, _FONT_PX, _WIDTH_PX)
    shapes = {code: shapely.transform(shape, lambda xy: xy * scale) for code, shape in panel.shapes.items()}
    window = _window([*shapes.values(), *(shapely.box(*label.box) for label in labels)], panel, scale)
    width, height = window[2] - window[0], window[3] - window[1]
    picture = _picture(panel, wards, labels, window, scale, palette)
    ground = f";background:{palette.context}" if geography.is_schematic else ""
    links = "".join(_link(ward, shapes[ward.unit_code], window, addresses) for ward in wards)
    shown = {ward.unit_code: ward for ward in wards}
    names = "".join(_label(label, shown[label.unit_code], window, palette) for label in labels)
    return (
        f'<figure aria-label="{escape(alt)}"><figcaption>{escape(title)}</figcaption>'
        f'<div style="--ws-form:{width / height:.3f}{ground}"><img alt="" src="{picture}">{links}{names}</div>'
        "</figure>"
    )


def _window(shapes: list[BaseGeometry], panel: Panel, scale: float) -> Bounds:
    """Return the part of a panel that holds something, in pixels from its lower left corner."""
    west, south, east, north = shapely.total_bounds(shapes)
    most = panel.width_m * scale, panel.height_m * scale
    return (
        max(0.0, float(west) - _PADDING_PX), max(0.0, float(south) - _PADDING_PX),
        min(most[0], float(east) + _PADDING_PX), min(most[1], float(north) + _PADDING_PX),
    )  # fmt: skip


def _picture(
    panel: Panel, wards: list[Ward], labels: list[MapLabel], window: Bounds, scale: float, palette: Palette
) -> str:
    """Return the address of a picture of the shapes and of the lines from labels that stand beside them."""
    west, south, east, north = window
    drawn = [_HATCH.format(ground=palette.missing, line=palette.hatch)]
    around = f"fill='{palette.context}' stroke='{palette.hairline}' stroke-width='0.6'"
    drawn += [path(shape, scale, north, around) for shape in panel.context]
    for ward in sorted(wards, key=lambda ward: ward.is_first):  # its outline lies over the neighbours'
        whole, tiny = by_size(panel.shapes[ward.unit_code], panel.metres_per_pixel)
        colour, line = outline(ward, palette)
        fill = "url(#missing)" if ward.is_missing else ward.fill
        drawn.append(path(_together(whole), scale, north, f"fill='{fill}' stroke='{colour}' stroke-width='{line}'"))
        shown = colour if ward.is_first else colour_that_shows(ward, palette)
        drawn.append(path(_together(tiny), scale, north, f"fill='{ward.fill}' stroke='{shown}' stroke-width='3'"))
    for label in labels:
        if label.anchor is not None:
            to_x, to_y = label.anchor
            near_x, near_y = min(max(to_x, label.box[0]), label.box[2]), min(max(to_y, label.box[1]), label.box[3])
            line = f"M{near_x:.1f} {north - near_y:.1f}L{to_x:.1f} {north - to_y:.1f}"
            drawn.append(f"<path d='{line}' stroke='{palette.text}'/>")
            drawn.append(f"<circle cx='{to_x:.1f}' cy='{north - to_y:.1f}' r='2' fill='{palette.text}'/>")
    box = f"viewBox='{west:.1f} 0 {east - west:.1f} {north - south:.1f}'"
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' {box} stroke-linejoin='round'>{''.join(drawn)}</svg>"
    return "data:image/svg+xml," + quote(svg, safe=" '=/:.,-()")


def _together(shapes: tuple[BaseGeometry, ...]) -> BaseGeometry:
    return shapely.GeometryCollection(list(shapes))


def _link(ward: Ward, shape: BaseGeometry, window: Bounds, addresses: Mapping[str, str]) -> str:
    """Return a link that has the form of the shape's largest part."""
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    corners = shapely.get_coordinates(largest.exterior.simplify(_CORNERS_PX))[:-1]
    box = largest.bounds
    inner = 100 * (corners - box[:2]) / np.maximum(np.subtract(box[2:], box[:2]), 1e-9)
    form = ",".join(f"{x:.0f}% {100 - y:.0f}%" for x, y in inner)
    told = escape(_plain(ward.hover))
    (left, top), (right, bottom) = _shares(box[0], box[3], window), _shares(box[2], box[1], window)
    place = f"left:{left:.1f}%;top:{top:.1f}%;width:{right - left:.1f}%;height:{bottom - top:.1f}%"
    style = f"{place};clip-path:polygon({form})"
    address = escape(addresses[ward.unit_code])
    return f'<a href="{address}" target="_self" title="{told}" aria-label="{told}" style="{style}"></a>'


def _label(label: MapLabel, ward: Ward, window: Bounds, palette: Palette) -> str:
    colour = text_colour(ward.fill) if label.anchor is None else palette.text
    lines = [f"<b>{escape(ward.label)}</b>" if ward.label else "", *(escape(line) for line in label.name_lines)]
    left, top = _shares(*label.centre, window)
    style = f"left:{left:.1f}%;top:{top:.1f}%;color:{colour};font-size:{label.font_px}px"
    return f'<span aria-hidden="true" style="{style}">{"<br>".join(filter(None, lines))}</span>'


def _shares(x: float, y: float, window: Bounds) -> tuple[float, float]:
    """Return how far a point lies from a window's left and upper edge, in per cent of its width and height."""
    west, south, east, north = window
    return 100 * (x - west) / (east - west), 100 * (north - y) / (north - south)


def _plain(hover: str) -> str:
    """Return a text made for Plotly without its tags, a line for each of its lines."""
    return unescape(re.sub(r"<[^>]+>", "", hover.replace("<br>", "\n")))
