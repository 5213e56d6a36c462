"""The map: a province overview and a zoomed panel per cluster, one figure each, so that columns can stack.

Owns colours, where labels go and how a figure is put together. Takes the layout from ``wardstats.geography`` and a
frame of what to show; refuses to read data, to translate, or to call Streamlit. Shapes are plain filled lines: Plotly's
own map types fetch their base layer from the internet.
"""

from __future__ import annotations

import html
import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import shapely
from shapely.geometry.base import BaseGeometry

from wardstats.geography import DESIGN_HEIGHT_PX, DESIGN_WIDTH_PX, OVERVIEW, Bounds, Geography, Panel

MAP_CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}
MISSING_LABEL = "–"
TITLE_HEIGHT_PX = 24

_FONT = "Source Sans, Noto Sans Devanagari, sans-serif"
_LINE_HEIGHT = 1.3
_MARGIN = 2.0
_MOST_LEADERS = 20
_MOST_LABELS = 200
# A label beside its shape: how far off it may be, how many spots are compared, and how much of it may lie on a member.
_REACH = 90.0
_MOST_SPOTS = 500
_MOST_COVERED = 0.25
_HOVER_PX = 28
_OVERVIEW_HOVER_PX = 10


@dataclass(frozen=True)
class Palette:
    """The colours of one theme; ``scale`` runs from the low to the high end."""

    scale: tuple[str, ...]
    missing: str
    hatch: str
    context: str
    hairline: str
    border: str
    frame: str
    gold: str
    text: str
    surface: str


LIGHT = Palette(
    scale=("#e3f0ea", "#a9d2bf", "#4f9877", "#0b5d43"),
    missing="#eceff0",
    hatch="#d3d9db",
    context="#f2f4f4",
    hairline="#d9dfdf",
    border="#ffffff",
    frame="#0b5d43",
    gold="#d99a00",
    text="#1d2b26",
    surface="#ffffff",
)
# On a dark page the eye reads bright as much, so the scale runs the other way round.
DARK = Palette(
    scale=("#1d3a30", "#2b6b53", "#4fa582", "#a5e0c6"),
    missing="#2a3134",
    hatch="#3d474b",
    context="#1b2124",
    hairline="#363f43",
    border="#0e1117",
    frame="#7cc4a5",
    gold="#f0b429",
    text="#e8eeeb",
    surface="#0e1117",
)


@dataclass(frozen=True)
class LegendStep:
    """One box of the legend: its colour, the values it stands for, and a readable text colour."""

    colour: str
    lower: float
    upper: float
    text_colour: str


@dataclass(frozen=True)
class MapLabel:
    """A placed label. Box and anchor are in pixels from the panel's lower left corner at the design size.

    Attributes:
        unit_code: The unit it names.
        text: Its lines, ready for Plotly.
        font_px: Size of its last line.
        box: West, south, east, north.
        anchor: Where the leader line ends, or None where the label lies inside its own shape.
    """

    unit_code: str
    text: str
    font_px: int
    box: Bounds
    anchor: tuple[float, float] | None

    @property
    def centre(self) -> tuple[float, float]:
        """Middle of the box."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2


# --- colours ----------------------------------------------------------------------------------------------------------


def scale_colour(value: float, colour_range: tuple[float, float], dark: bool = False) -> str:
    """Return the colour of a value as #rrggbb.

    Args:
        value: The value; NaN gives the colour of a missing one. Outside the range it gets the colour of the nearer end.
        colour_range: Values at the pale and at the strong end. (10, 1) paints rank 1 strongest.
        dark: For a dark page.
    """
    palette = DARK if dark else LIGHT
    if math.isnan(value):
        return palette.missing
    low, high = colour_range
    # All units alike: nobody is ahead, so nobody gets an end of the scale.
    share = 0.5 if high == low else min(1.0, max(0.0, (value - low) / (high - low)))
    position = share * (len(palette.scale) - 1)
    start = min(int(position), len(palette.scale) - 2)
    first, second = _channels(palette.scale[start]), _channels(palette.scale[start + 1])
    mixed = first + (second - first) * (position - start)
    return "#" + "".join(f"{round(channel):02x}" for channel in mixed)


def contrast_ratio(first: str, second: str) -> float:
    """Return the contrast of two #rrggbb colours, 1 to 21 (WCAG 2.2)."""

    def luminance(colour: str) -> float:
        part = _channels(colour) / 255
        linear = np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)
        return float(linear @ np.array([0.2126, 0.7152, 0.0722]))

    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def text_colour(background: str) -> str:
    """Return a text colour of contrast 4.5 or more on the background: soft dark, else white, else black.

    Either white or black always reaches 4.58, so the last one cannot fail.
    """
    return next(
        (colour for colour in (LIGHT.text, "#ffffff") if contrast_ratio(colour, background) >= 4.5),
        "#000000",
    )


def legend_steps(colour_range: tuple[float, float], steps: int = 5, dark: bool = False) -> list[LegendStep]:
    """Cut the colour scale into equal steps for a legend, the pale end first.

    Each has the colour of its middle; the map itself blends without steps.
    """
    low, high = colour_range
    edges = np.linspace(low, high, steps + 1)
    found = []
    for lower, upper in zip(edges[:-1], edges[1:], strict=True):
        colour = scale_colour(float(lower + upper) / 2, colour_range, dark)
        found.append(LegendStep(colour, float(lower), float(upper), text_colour(colour)))
    return found


def _channels(colour: str) -> np.ndarray:
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], dtype=float)


# --- labels -----------------------------------------------------------------------------------------------------------


def place_labels(
    panel: Panel, texts: Mapping[str, tuple[str, str]], font_px: int = 12, width_px: int = DESIGN_WIDTH_PX
) -> list[MapLabel]:
    """Find a place for every label, the same way every time.

    A label goes inside its own shape where its text fits there, at the roomiest spot, if need be one pixel smaller;
    otherwise beside it with a leader line, at the nearest spot that touches no label, no member and not the panel's
    edge. Where even that is not to be had only the first line is tried, and failing that the label is left out:
    hovering still tells. So it is from the start where there are too many for leader lines to be followed. On a wider
    panel than the one designed for, labels only move further apart.

    Args:
        panel: The panel.
        texts: Label and name by unit_code, both short.
        font_px: Size of the name; the label above it is a little larger.
        width_px: The narrowest width at which the panel is shown.
    """
    scale = width_px / panel.width_m
    extent = (3.0, 3.0, panel.width_m * scale - 3, panel.height_m * scale - 3)
    shapes = {code: shapely.transform(panel.shapes[code], lambda xy: xy * scale) for code in texts}
    is_crowded = len(texts) > _MOST_LEADERS
    placed: list[MapLabel] = []
    beside: list[str] = []
    for code, shape in shapes.items() if len(texts) <= _MOST_LABELS else ():
        label = _label_inside(code, shape, texts[code], font_px, or_first_line=is_crowded)
        if label is not None:
            placed.append(label)
        elif not is_crowded:
            beside.append(code)
    for code in sorted(beside, key=lambda code: (shapes[code].area, code)):
        lines = _label_lines(texts[code], font_px)
        others = [shape for other, shape in shapes.items() if other != code]
        for kept in (lines, lines[:1]):
            spot = _box_beside(shapes[code], _box_size(kept), extent, others, placed)
            if spot is not None:
                placed.append(MapLabel(code, _label_text(kept), font_px, *spot))
                break
    return placed


def _label_inside(
    code: str, shape: BaseGeometry, text: tuple[str, str], font_px: int, or_first_line: bool
) -> MapLabel | None:
    attempts = [(_label_lines(text, size), size) for size in (font_px, font_px - 1)]
    if or_first_line:
        attempts.append((_label_lines(text, font_px)[:1], font_px))
    for lines, size in attempts:
        box = _box_inside(shape, lines)
        if box is not None:
            return MapLabel(code, _label_text(lines), size, box, None)
    return None


_Line = tuple[str, float, bool]


def _label_lines(text: tuple[str, str], font_px: int) -> list[_Line]:
    label, name = text
    return [(label, font_px + 2, True), (name, font_px, False)] if label else [(name, font_px, False)]


def _label_text(lines: list[_Line]) -> str:
    written = []
    for text, size, is_bold in lines:
        plain = html.escape(text, quote=False)
        written.append(f'<b style="font-size:{size}px">{plain}</b>' if is_bold else plain)
    return "<br>".join(written)


def _box_size(lines: list[_Line]) -> tuple[float, float]:
    width = max(_text_width(text, size, is_bold) for text, size, is_bold in lines)
    return width + 2 * _MARGIN, sum(size * _LINE_HEIGHT for _, size, _ in lines)


def _text_width(text: str, size: float, is_bold: bool) -> float:
    """Estimate a line's width: Source Sans, which Streamlit ships, and some five percent more for other fonts."""
    ems = 0.0
    for character in unicodedata.normalize("NFD", text):
        if unicodedata.category(character) in ("Mn", "Cf"):
            continue
        if character in " iljtfrI.,:;'|!()-":
            ems += 0.34 if character in "tfr" else 0.28
        elif character in "mwMW%@—":
            ems += 0.87
        elif character.isupper() or ord(character) > 0x0900:
            ems += 0.64
        else:
            ems += 0.56
    return ems * size * (1.06 if is_bold else 1.0)


def _box_inside(shape: BaseGeometry, lines: list[_Line]) -> Bounds | None:
    """Return the roomiest place for the text within the shape, or None where it does not fit."""
    size = _box_size(lines)
    west, south, east, north = shape.bounds
    # Some 25 steps either way: fine where room is scarce, coarse where there is plenty.
    boxes = _boxes(shape.bounds, size, step=max(1.5, (east - west - size[0]) / 25, (north - south - size[1]) / 25))
    shapely.prepare(shape)
    # A rank over a name is no rectangle but a T upside down, which fits where its whole box would not. A line's own
    # leading, above its capitals and below its tails, holds no ink and may lie outside.
    base = boxes[:, 1] + 0.15 * lines[-1][1]
    middle = boxes[:, 1] + lines[-1][1] * _LINE_HEIGHT
    top = boxes[:, 3] - 0.25 * lines[0][1]
    spare = max(0.0, (size[0] - _text_width(*lines[0])) / 2 - _MARGIN) if len(lines) > 1 else 0.0
    name = shapely.box(boxes[:, 0], base, boxes[:, 2], np.minimum(middle, top))
    label = shapely.box(boxes[:, 0] + spare, np.minimum(middle, top), boxes[:, 2] - spare, top)
    boxes, name, label = _keep(shapely.contains(shape, name), boxes, name, label)
    boxes, name, label = _keep(shapely.contains(shape, label), boxes, name, label)
    if not len(boxes):
        return None
    # Room around the text counts up to where more is no longer seen; from there on the middle of the shape is best.
    outline = shapely.boundary(shape)
    room = np.minimum(np.minimum(shapely.distance(outline, name), shapely.distance(outline, label)), 6.0)
    off_centre = shapely.distance(shape.centroid, shapely.points((boxes[:, :2] + boxes[:, 2:]) / 2))
    return _bounds(boxes[int(np.argmax(room - 0.25 * off_centre))])


def _box_beside(
    shape: BaseGeometry,
    size: tuple[float, float],
    extent: Bounds,
    others: list[BaseGeometry],
    placed: list[MapLabel],
) -> tuple[Bounds, tuple[float, float]] | None:
    """Return the best place next to the shape, and where in the shape its leader line ends."""
    core = shape.buffer(-7)
    core = shape.representative_point() if core.is_empty else core
    west, south, east, north = shape.bounds
    near = (
        max(extent[0], west - size[0] - _REACH),
        max(extent[1], south - size[1] - _REACH),
        min(extent[2], east + size[0] + _REACH),
        min(extent[3], north + size[1] + _REACH),
    )
    # What is a pixel off does not matter here, and far away even less: both would cost most of the time.
    others = [shapely.clip_by_rect(other.simplify(1), *near) for other in others]
    members = shapely.union_all([shape.simplify(1), *others])
    taken = shapely.union_all(
        [shapely.box(*label.box).buffer(2) for label in placed]
        + [_leader(label.box, label.anchor) for label in placed if label.anchor]
    )
    shapely.prepare([taken, members])
    boxes = _boxes(near, size, step=4.0)
    boxes, rectangles = _keep(~shapely.intersects(taken, shapely.box(*boxes.T)), boxes, shapely.box(*boxes.T))
    leaders = shapely.shortest_line(rectangles, core)
    boxes, rectangles, leaders = _keep(~shapely.intersects(taken, leaders), boxes, rectangles, leaders)
    nearest = np.argsort(shapely.length(leaders), kind="stable")[:_MOST_SPOTS]
    boxes, rectangles, leaders = _keep(nearest, boxes, rectangles, leaders)
    if not len(boxes):
        return None
    # Text on another member would be taken for that one's, so it is worth a long way round; so is crossing one.
    covered = shapely.area(shapely.intersection(members, rectangles)) / (size[0] * size[1])
    crossed = shapely.length(shapely.intersection(shapely.union_all(others), leaders)) if others else 0.0
    too_near = np.where(shapely.distance(members, rectangles) < 4, 40, 0)
    cost = shapely.length(leaders) + 2000 * covered + 3 * crossed + too_near
    best = int(np.argmin(cost))
    if covered[best] > _MOST_COVERED:
        return None
    end = shapely.get_coordinates(leaders[best])[-1]
    return _bounds(boxes[best]), (float(end[0]), float(end[1]))


def _boxes(extent: Bounds, size: tuple[float, float], step: float) -> np.ndarray:
    """Return every box of a size in an extent, step by step, as rows of west, south, east, north."""
    west, south, east, north = extent
    x = np.arange(west, east - size[0], step)
    y = np.arange(south, north - size[1], step)
    corners = np.array(np.meshgrid(x, y)).reshape(2, -1).T
    return np.hstack([corners, corners + size])


def _keep(wanted: np.ndarray, *arrays: np.ndarray) -> tuple[np.ndarray, ...]:
    return tuple(array[wanted] for array in arrays)


def _bounds(box: np.ndarray) -> Bounds:
    west, south, east, north = (float(edge) for edge in box)
    return west, south, east, north


def _leader(box: Bounds, anchor: tuple[float, float]) -> shapely.LineString:
    """Return the line from a box's nearest edge to the anchor."""
    nearest = (min(max(anchor[0], box[0]), box[2]), min(max(anchor[1], box[1]), box[3]))
    return shapely.LineString([nearest, anchor])


def place_frame_names(
    frames: Mapping[str, Bounds], names: Mapping[str, str], font_px: int = 12, width_px: int = DESIGN_WIDTH_PX
) -> dict[str, dict[str, Any]]:
    """Find a place for the name of every frame on the overview: above it, below it or at a side.

    Args:
        frames: Where the frames lie, in pixels, by cluster.
        names: Their names; a cluster without one gets none.
        font_px: Size of the text.
        width_px: The narrowest width at which the overview is shown.

    Returns:
        By cluster: x and y of a frame's corner or edge, the side of the text that is held there (xanchor, yanchor), and
        its box.
    """
    taken = {cluster: shapely.box(*frame) for cluster, frame in frames.items()}
    panel = shapely.box(2, 2, width_px - 2, width_px * DESIGN_HEIGHT_PX / DESIGN_WIDTH_PX - 2)
    placed: dict[str, dict[str, Any]] = {}
    for cluster, (west, south, east, north) in frames.items():
        if not names.get(cluster):
            continue
        width, height = _box_size([(names[cluster], font_px, False)])
        middle = (west + east) / 2
        spots = [
            (x, y, xanchor, yanchor)
            for y, yanchor in ((north, "bottom"), (south, "top"))
            for x, xanchor in ((west, "left"), (east, "right"), (middle, "center"))
        ] + [(east, (south + north) / 2, "left", "middle"), (west, (south + north) / 2, "right", "middle")]
        for x, y, xanchor, yanchor in spots:
            left = x - width * {"left": 0, "center": 0.5, "right": 1}[xanchor]
            low = y - height * {"bottom": 0, "middle": 0.5, "top": 1}[yanchor]
            rectangle = shapely.box(left, low, left + width, low + height)
            others = [shape for other, shape in taken.items() if other != cluster]
            if panel.contains(rectangle) and not any(rectangle.intersects(other) for other in others):
                taken[f"name of {cluster}"] = rectangle
                placed[cluster] = {"x": x, "y": y, "xanchor": xanchor, "yanchor": yanchor, "box": rectangle.bounds}
                break
    return placed


# --- figures ----------------------------------------------------------------------------------------------------------


def cluster_map(
    geography: Geography,
    cluster: str,
    frame: pd.DataFrame,
    colour_range: tuple[float, float],
    *,
    title: str = "",
    dark: bool = False,
    height: int = DESIGN_HEIGHT_PX + TITLE_HEIGHT_PX,
    font_px: int = 12,
    width_px: int = DESIGN_WIDTH_PX,
) -> go.Figure:
    """Draw one cluster's panel: its members coloured and labelled, their surroundings in grey.

    Args:
        geography: The layout.
        cluster: One of ``geography.clusters``.
        frame: One row per unit: unit_code, unit_name, value (NaN where missing), label (a rank, or a value as text),
            hover (text for Plotly, made by the page). A member without a row counts as missing. An optional column
            is_first says who is outlined in gold; without it, whoever stands highest on the scale.
        colour_range: Values at the pale and at the strong end of the scale; (10, 1) for ranks.
        title: The panel's name, in the reader's language.
        dark: For a dark page.
        height: Pixels; the width follows the column.
        font_px: Size of the names.
        width_px: The narrowest width at which the figure is shown, for which its labels are placed. A projector's page
            can pass more, and a larger font_px; the height then has to grow alike.

    Returns:
        A figure in which each member's click points carry its unit_code as customdata.
    """
    palette = DARK if dark else LIGHT
    panel = geography.clusters[cluster]
    wards = _wards(panel, frame, colour_range, dark)
    figure = _figure(panel, wards, palette, title, height)
    if geography.is_schematic:
        figure.update_layout(plot_bgcolor=palette.context)
    figure.update_layout(annotations=_label_notes(panel, wards, palette, font_px, width_px))
    return figure


def overview_map(
    geography: Geography,
    frame: pd.DataFrame,
    colour_range: tuple[float, float],
    *,
    cluster_names: Mapping[str, str] | None = None,
    title: str = "",
    dark: bool = False,
    height: int = DESIGN_HEIGHT_PX + TITLE_HEIGHT_PX,
    font_px: int = 12,
    width_px: int = DESIGN_WIDTH_PX,
) -> go.Figure:
    """Draw the whole area, with a frame where each cluster's panel lies.

    Members that belong to no cluster have no panel of their own and are labelled here.

    Args:
        geography: The layout.
        frame: As for ``cluster_map``.
        colour_range: As for ``cluster_map``.
        cluster_names: The names written at the frames, by cluster code.
        title: The panel's name, in the reader's language.
        dark: For a dark page.
        height: As for ``cluster_map``.
        font_px: As for ``cluster_map``.
        width_px: As for ``cluster_map``.
    """
    palette = DARK if dark else LIGHT
    panel = geography.overview
    wards = _wards(panel, frame, colour_range, dark)
    figure = _figure(panel, wards, palette, title, height)
    in_clusters = {code for cluster in geography.clusters.values() for code in cluster.shapes}
    alone = [ward for ward in wards if ward.unit_code not in in_clusters]
    notes = _label_notes(panel, alone, palette, font_px, width_px)
    notes += _frame_notes(geography, cluster_names or {}, font_px, width_px)
    figure.update_layout(annotations=notes, shapes=_frame_outlines(geography, palette))
    return figure


@dataclass(frozen=True)
class _Ward:
    unit_code: str
    unit_name: str
    label: str
    hover: str
    fill: str
    is_missing: bool
    is_first: bool


def _wards(panel: Panel, frame: pd.DataFrame, colour_range: tuple[float, float], dark: bool) -> list[_Ward]:
    rows: dict[str, dict[str, Any]] = {row["unit_code"]: row for row in frame.to_dict("records")}
    values = {code: float(row["value"]) for code, row in rows.items()}
    known = [value for value in values.values() if not math.isnan(value)]
    best = (min if colour_range[1] < colour_range[0] else max)(known, default=math.nan)
    wards = []
    for code in panel.shapes:
        row = rows.get(code, {"unit_name": code, "label": "", "hover": code})
        value = values.get(code, math.nan)
        is_missing = math.isnan(value)
        wards.append(
            _Ward(
                unit_code=code,
                unit_name=str(row["unit_name"]),
                label=MISSING_LABEL if is_missing else str(row["label"]),
                hover=str(row["hover"]),
                fill=scale_colour(value, colour_range, dark),
                is_missing=is_missing,
                is_first=not is_missing and bool(row.get("is_first", value == best)),
            )
        )
    return wards


def _figure(panel: Panel, wards: list[_Ward], palette: Palette, title: str, height: int) -> go.Figure:
    # First place last: its outline lies over the neighbours'.
    drawn = sorted(wards, key=lambda ward: ward.is_first)
    shapes = [_shape_trace(panel.context, palette.context, palette.hairline, 0.6)] if panel.context else []
    shapes += [_ward_trace(panel, ward, palette) for ward in drawn]
    targets = [_target_trace(panel, ward, palette) for ward in wards]
    figure = go.Figure(data=shapes + targets, layout=_layout(panel, title, palette, height))
    # Plotly's default template would add 6 KB of settings, all of them overridden here.
    figure.update_layout(template=None)
    return figure


def _layout(panel: Panel, title: str, palette: Palette, height: int) -> dict[str, Any]:
    axis = {"visible": False, "fixedrange": True, "showgrid": False, "zeroline": False}
    layout: dict[str, Any] = {
        "height": height,
        "margin": {"l": 0, "r": 0, "t": TITLE_HEIGHT_PX if title else 0, "b": 0, "pad": 0},
        "xaxis": {**axis, "range": [0, round(panel.width_m)]},
        "yaxis": {**axis, "range": [0, round(panel.height_m)], "scaleanchor": "x", "scaleratio": 1},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": _FONT, "color": palette.text, "size": 12},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverdistance": _OVERVIEW_HOVER_PX if panel.panel_code == OVERVIEW else _HOVER_PX,
        "hoverlabel": {
            "bgcolor": palette.surface,
            "bordercolor": palette.frame,
            "font": {"family": _FONT, "color": palette.text, "size": 13},
            "align": "left",
        },
    }
    if title:
        layout["title"] = {
            "text": f"<b>{html.escape(title, quote=False)}</b>",
            "font": {"family": _FONT, "color": palette.text, "size": 14},
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 4, "b": 0, "l": 0, "r": 0},
        }
    return layout


def _ward_trace(panel: Panel, ward: _Ward, palette: Palette) -> dict[str, Any]:
    # On the overview a ward is a dozen pixels wide: a broad line would cover it.
    first_width = 1.6 if panel.panel_code == OVERVIEW else 3.0
    line = (palette.gold, first_width) if ward.is_first else (palette.border, 1.2)
    trace = _shape_trace((panel.shapes[ward.unit_code],), ward.fill, *line)
    if ward.is_missing:
        pattern = {"shape": "/", "bgcolor": palette.missing, "fgcolor": palette.hatch, "size": 6, "solidity": 0.25}
        trace |= {"fillpattern": pattern, "line": {**trace["line"], "color": palette.hatch}}
    return trace | {"name": ward.unit_name}


def _shape_trace(shapes: tuple[BaseGeometry, ...], fill: str, line: str, width: float) -> dict[str, Any]:
    x, y = _outline(shapes)
    return {
        "type": "scatter",
        "x": x,
        "y": y,
        "mode": "lines",
        "fill": "toself",
        "fillcolor": fill,
        # Plotly's own thinning of lines would open gaps between neighbours.
        "line": {"color": line, "width": width, "simplify": False},
        "hoverinfo": "skip",
    }


def _outline(shapes: tuple[BaseGeometry, ...]) -> tuple[list[int | None], list[int | None]]:
    """Return the rings of the shapes one after the other, parted by None, in whole metres."""
    # Holes run against their outer ring, which is what leaves them unfilled.
    polygons = shapely.orient_polygons(shapely.get_parts(np.array(shapes, dtype=object)))
    x: list[int | None] = []
    y: list[int | None] = []
    for ring in shapely.get_rings(polygons):
        points = np.rint(shapely.get_coordinates(ring)).astype(int)
        x += [*points[:, 0].tolist(), None]
        y += [*points[:, 1].tolist(), None]
    return x[:-1], y[:-1]


def _target_trace(panel: Panel, ward: _Ward, palette: Palette) -> dict[str, Any]:
    """Return the unseen points that answer a pointer; they stay unseen when Plotly marks what was selected."""
    x, y = zip(*panel.targets[ward.unit_code], strict=True)
    unseen = {"marker": {"opacity": 0}}
    return {
        "type": "scatter",
        "x": list(x),
        "y": list(y),
        "mode": "markers",
        "marker": {"size": 6, "opacity": 0, "color": palette.frame},
        "selected": unseen,
        "unselected": unseen,
        "customdata": [[ward.unit_code]] * len(x),
        "hovertemplate": ward.hover + "<extra></extra>",
        "name": ward.unit_name,
    }


def _label_notes(
    panel: Panel, wards: list[_Ward], palette: Palette, font_px: int, width_px: int
) -> list[dict[str, Any]]:
    """Return the labels as annotations: Plotly would dim text traces once something is selected."""
    fills = {ward.unit_code: ward.fill for ward in wards}
    texts = {ward.unit_code: (ward.label, ward.unit_name) for ward in wards}
    metres = panel.width_m / width_px
    notes: list[dict[str, Any]] = []
    for label in place_labels(panel, texts, font_px, width_px):
        x, y = (round(pixel * metres) for pixel in label.centre)
        note: dict[str, Any] = {"text": label.text, "borderpad": 0, "font": {"size": label.font_px}}
        if label.anchor is None:
            note["font"]["color"] = text_colour(fills[label.unit_code])
            note |= {"x": x, "y": y, "showarrow": False}
        else:
            # An arrow in the panel's own coordinates: Plotly starts it at the text's edge, at any size of the panel.
            end_x, end_y = (round(pixel * metres) for pixel in label.anchor)
            note |= {"x": end_x, "y": end_y, "ax": x, "ay": y, "axref": "x", "ayref": "y", "showarrow": True}
            note |= {"arrowhead": 6, "arrowsize": 0.8, "arrowwidth": 1, "arrowcolor": palette.text}
        notes.append(note)
    return notes


def _frame_outlines(geography: Geography, palette: Palette) -> list[dict[str, Any]]:
    outlines = []
    for cluster in geography.clusters:
        west, south, east, north = (round(edge) for edge in geography.frame(cluster))
        corners = {"x0": west, "y0": south, "x1": east, "y1": north}
        outlines.append({"type": "rect", "line": {"color": palette.frame, "width": 1.2}, **corners})
    return outlines


def _frame_notes(geography: Geography, names: Mapping[str, str], font_px: int, width_px: int) -> list[dict[str, Any]]:
    metres = geography.overview.width_m / width_px
    frames = {cluster: _bounds(np.array(geography.frame(cluster)) / metres) for cluster in geography.clusters}
    notes = []
    for cluster, spot in place_frame_names(frames, names, font_px, width_px).items():
        place = {"x": round(spot["x"] * metres), "y": round(spot["y"] * metres)}
        place |= {"xanchor": spot["xanchor"], "yanchor": spot["yanchor"], "borderpad": 2}
        text = html.escape(names[cluster], quote=False)
        notes.append({**place, "text": text, "showarrow": False, "font": {"size": font_px}})
    return notes
