"""The projector's map as plain SVG: shapes and places of labels are drawn once, colours and ranks change in the page.

Takes the layout from ``charts.map.geography`` and the places of labels from ``charts.map.map_labels``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from wardstats.charts.map.geography import DESIGN_HEIGHT_PX, DESIGN_WIDTH_PX, Bounds, Geography, Panel
from wardstats.charts.map.map_labels import MapLabel, place_frame_names, place_labels
from wardstats.charts.map.svg_shapes import path
from wardstats.charts.map.ward_map import by_size

_WIDTH = DESIGN_WIDTH_PX
_HEIGHT = DESIGN_HEIGHT_PX
# A projector draws a panel half as large again as it is laid out: names are to be read from the back of a hall.
_FONT_PX = 32
_WANTED_PX, _SMALLEST_PX = 26, 16  # a name gets smaller than wanted before it is left out
_FRAME_FONTS_PX = (24, 20, 16, 12)
_WIDER = 1.25  # than estimated: the names of frames are bold, in whatever font the projector's machine has
_LINE_HEIGHT = 1.3
_ISLAND_LINE_PX = 4


def overview_svg(geography: Geography, cluster_names: Mapping[str, str], title: str) -> str:
    """Return the whole area with a frame around each group of members."""
    panel = geography.overview
    scale = _WIDTH / panel.width_m
    context = "".join(path(shape, scale, _HEIGHT, 'class="around"') for shape in panel.context)
    members = _members(panel, scale)
    frames = {code: tuple(edge * scale for edge in geography.frame(code)) for code in geography.clusters}
    drawn = []
    for west, south, east, north in frames.values():
        box = f'x="{west:.1f}" y="{_HEIGHT - north:.1f}" width="{east - west:.1f}" height="{north - south:.1f}"'
        drawn.append(f'<rect class="frame" {box} rx="2"/>')
    names, font = _frame_names({code: _four(frame) for code, frame in frames.items()}, cluster_names)
    for code, place in names.items():
        anchor = {"left": "start", "right": "end", "center": "middle"}[place["xanchor"]]
        shift = {"bottom": -0.33 * font, "top": font, "middle": 0.33 * font}[place["yanchor"]]
        x = place["x"] + {"start": 2, "end": -2, "middle": 0}[anchor] * (place["yanchor"] == "middle") * 2
        y = _HEIGHT - place["y"] + shift
        text = escape(cluster_names[code])
        style = f'style="font-size:{font}px;text-anchor:{anchor}"'
        drawn.append(f'<text class="frame-name" {style} x="{x:.1f}" y="{y:.1f}">{text}</text>')
    boxes = [shapely.box(*np.array(place["box"]) / scale) for place in names.values()]
    window = _window([*panel.context, *panel.shapes.values(), *boxes], scale, padding=8)
    return _svg(context + members + "".join(drawn), title, window)


def panel_svg(panel: Panel, names: Mapping[str, str], title: str) -> str:
    """Return one group of members, each with its name and a place for its rank."""
    scale = _WIDTH / panel.width_m
    context = "".join(path(shape, scale, _HEIGHT, 'class="around"') for shape in panel.context)
    members = _members(panel, scale)
    # The widest rank there can be, so that its place holds whatever the rank becomes.
    widest = {code: ("88", names[code]) for code in panel.shapes}
    labels = _labels(panel, widest)
    texts = []
    for label in labels:
        x, top = label.centre[0], _HEIGHT - label.box[3]
        if label.anchor is not None:
            west, south, east, north = label.box
            to_x, to_y = label.anchor
            near_x, near_y = min(max(to_x, west), east), min(max(to_y, south), north)
            ends = f'x1="{near_x:.1f}" y1="{_HEIGHT - near_y:.1f}" x2="{to_x:.1f}" y2="{_HEIGHT - to_y:.1f}"'
            texts.append(f'<line class="leader" {ends}/>')
        place = "beside" if label.anchor is not None else "inside"
        code, size = escape(label.unit_code), label.font_px
        texts.append(
            f'<g class="label {place}" data-label="{code}">'
            f'<text class="place" x="{x:.1f}" y="{top + size + 2:.1f}" font-size="{size + 2}"></text>'
            + "".join(
                f'<text x="{x:.1f}" y="{top + (size + 2 + row * size) * _LINE_HEIGHT + size:.1f}" font-size="{size}">'
                f"{escape(line)}</text>"
                for row, line in enumerate(label.name_lines)
            )
            + "</g>"
        )
    boxes = [shapely.box(*np.array(label.box) / scale) for label in labels]
    window = _window([*panel.shapes.values(), *boxes], scale, padding=8)
    return _svg(context + members + "".join(texts), title, window)


def _labels(panel: Panel, texts: Mapping[str, tuple[str, str]]) -> list[MapLabel]:
    """Return a label for each member, whole and as large as wanted where there is a place for all of them so."""
    large = place_labels(panel, texts, _FONT_PX, _WIDTH, _WANTED_PX)
    if sum(bool(label.name_lines) for label in large) == len(texts):
        return large
    return place_labels(panel, texts, _FONT_PX, _WIDTH, _SMALLEST_PX)


def _members(panel: Panel, scale: float) -> str:
    """Return the shapes of the members; a broad line around small islands lets them be seen from afar."""
    drawn = []
    for code, shape in panel.shapes.items():
        whole, tiny = by_size(shape, panel.metres_per_pixel)
        unit = f'data-unit="{escape(code)}"'
        drawn.append(path(shapely.GeometryCollection(list(whole)), scale, _HEIGHT, unit))
        broad = f'{unit} style="stroke-width:{_ISLAND_LINE_PX}"'
        drawn.append(path(shapely.GeometryCollection(list(tiny)), scale, _HEIGHT, broad))
    return "".join(drawn)


def _frame_names(frames: Mapping[str, Bounds], names: Mapping[str, str]) -> tuple[dict[str, dict[str, Any]], int]:
    """Return the places of the frames' names, and the largest type in which none of them is left out."""
    wanted = sum(bool(names.get(code)) for code in frames)
    tried = ((place_frame_names(frames, names, round(font * _WIDER), _WIDTH), font) for font in _FRAME_FONTS_PX)
    smallest = place_frame_names(frames, names, _FRAME_FONTS_PX[-1], _WIDTH), _FRAME_FONTS_PX[-1]
    return next(((placed, font) for placed, font in tried if len(placed) == wanted), smallest)


def _window(shapes: Iterable[BaseGeometry], scale: float, padding: float) -> str:
    """Return the part of the panel that holds something, as a view box: a projector has no room to waste."""
    west, south, east, north = shapely.total_bounds(list(shapes)) * scale
    west, south = max(0.0, west - padding), max(0.0, south - padding)
    east, north = min(float(_WIDTH), east + padding), min(float(_HEIGHT), north + padding)
    return f"{west:.1f} {_HEIGHT - north:.1f} {east - west:.1f} {north - south:.1f}"


def _svg(content: str, title: str, window: str) -> str:
    return f'<svg viewBox="{window}" role="img" aria-label="{escape(title)}">{content}</svg>'


def _four(frame: tuple[float, ...]) -> Bounds:
    west, south, east, north = frame
    return west, south, east, north
