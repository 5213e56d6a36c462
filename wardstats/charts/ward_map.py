"""The map: a province overview and a zoomed panel per cluster, one figure each, so that columns can stack on a phone.

Owns colours, where labels go and how a figure is put together. Takes the layout from ``wardstats.geography`` and a frame
of what to show; refuses to read data, to translate, or to call Streamlit. Shapes are plain filled lines: Plotly's own
map types fetch their base layer from the internet.
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

from wardstats.geography import DESIGN_HEIGHT_PX, DESIGN_WIDTH_PX, Bounds, Geography, Panel

MAP_CONFIG = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False}
MISSING_LABEL = "–"
TITLE_HEIGHT_PX = 24

_FONT = "Source Sans, Noto Sans Devanagari, sans-serif"
_LINE_HEIGHT = 1.3
_HOVER_PX = 30


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
        box: West, south, east, north.
        anchor: Where the leader line ends, or None where the label lies inside its own shape.
    """

    unit_code: str
    text: str
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


def place_labels(panel: Panel, texts: Mapping[str, tuple[str, str]], font_px: int = 12) -> list[MapLabel]:
    """Find a place for every label, at the design size, the same way every time.

    A label goes inside its own shape where its whole box fits there, at the roomiest spot; otherwise beside it with a
    leader line, at the nearest spot that touches no label, no other member and not the panel's edge. Where even that is
    not to be had only the first line is tried, and failing that the label is left out: hovering still tells.

    Args:
        panel: The panel.
        texts: Label and name by unit_code, both short.
        font_px: Size of the name; the label above it is a little larger.
    """
    scale = 1 / panel.metres_per_pixel
    shapes = {code: shapely.transform(panel.shapes[code], lambda xy: xy * scale) for code in texts}
    placed: list[MapLabel] = []
    beside: list[str] = []
    for code, shape in shapes.items():
        lines = _label_lines(texts[code], font_px)
        box = _box_inside(shape, lines)
        if box is None:
            beside.append(code)
        else:
            placed.append(MapLabel(code, _label_text(lines), box, None))
    for code in sorted(beside, key=lambda code: (shapes[code].area, code)):
        lines = _label_lines(texts[code], font_px)
        others = [shape for other, shape in shapes.items() if other != code]
        for kept in (lines, lines[:1]):
            spot = _box_beside(shapes[code], _box_size(kept), others, placed)
            if spot is not None:
                placed.append(MapLabel(code, _label_text(kept), *spot))
                break
    return placed


_Line = tuple[str, float, bool]


def _label_lines(text: tuple[str, str], font_px: int) -> list[_Line]:
    label, name = text
    return [(label, font_px + 2, True), (name, font_px, False)] if label else [(name, font_px, False)]


def _label_text(lines: list[_Line]) -> str:
    return "<br>".join(
        f'<b style="font-size:{size}px">{html.escape(text, quote=False)}</b>' if is_bold
        else html.escape(text, quote=False)
        for text, size, is_bold in lines
    )


def _box_size(lines: list[_Line]) -> tuple[float, float]:
    margin = 3
    width = max(_text_width(text, size, is_bold) for text, size, is_bold in lines)
    # The first line's leading is empty: nothing stands above its capitals.
    return width + margin, sum(size * _LINE_HEIGHT for _, size, _ in lines) - 2


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
    size = _box_size(lines)
    boxes = _boxes(shape.bounds, size, step=2.0)
    # A rank over a name is no rectangle but a T upside down, which fits where its whole box would not.
    name_height = lines[-1][1] * _LINE_HEIGHT
    narrow = (size[0] - max([_text_width(*line) for line in lines[:-1]], default=0.0) - 3) / 2
    shapely.prepare(shape)
    texts = shapely.box(boxes[:, 0], boxes[:, 1], boxes[:, 2], boxes[:, 1] + name_height)
    if len(lines) > 1:
        inset = max(0.0, narrow)
        above = shapely.box(boxes[:, 0] + inset, boxes[:, 1] + name_height, boxes[:, 2] - inset, boxes[:, 3])
        texts = shapely.union(texts, above)
    boxes, texts = _keep(shapely.contains(shape, texts), boxes, texts)
    if not len(boxes):
        return None
    # Room around the label counts up to where more is no longer seen; from there on the middle of the shape is best.
    room = np.minimum(shapely.distance(shapely.boundary(shape), texts), 8.0)
    middle = shapely.distance(shape.centroid, shapely.centroid(texts))
    return _bounds(boxes[int(np.argmax(room - 0.15 * middle))])


def _box_beside(
    shape: BaseGeometry,
    size: tuple[float, float],
    others: list[BaseGeometry],
    placed: list[MapLabel],
) -> tuple[Bounds, tuple[float, float]] | None:
    edge = 3.0
    anchor = shapely.maximum_inscribed_circle(shape, tolerance=0.5).coords[0]
    boxes = _boxes((edge, edge, DESIGN_WIDTH_PX - edge, DESIGN_HEIGHT_PX - edge), size, step=4.0)
    rectangles = shapely.box(*boxes.T)
    taken = shapely.union_all([shapely.box(*label.box).buffer(2) for label in placed])
    taken = shapely.union_all([taken, *(_leader(label.box, label.anchor) for label in placed if label.anchor)])
    leaders = np.array([_leader(_bounds(box), anchor) for box in boxes], dtype=object)
    boxes, rectangles, leaders = _keep(
        ~shapely.intersects(taken, rectangles) & ~shapely.intersects(taken, leaders), boxes, rectangles, leaders
    )
    if not len(boxes):
        return None
    # Text on another member would be taken for that one's, so it is worth a long way round; so is crossing one.
    members = shapely.union_all([shape, *others])
    covered = shapely.area(shapely.intersection(members, rectangles)) / (size[0] * size[1])
    crossed = shapely.length(shapely.intersection(shapely.union_all(others), leaders)) if others else 0.0
    cost = shapely.length(leaders) + 2000 * covered + 3 * crossed + np.where(
        shapely.distance(members, rectangles) < 3, 20, 0
    )
    best = int(np.argmin(cost))
    return (_bounds(boxes[best]), (anchor[0], anchor[1])) if covered[best] < 0.5 else None


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


def _leader(box: Bounds, anchor: tuple[float, ...]) -> shapely.LineString:
    """Return the line from a box's nearest edge to the anchor."""
    x = min(max(anchor[0], box[0]), box[2])
    y = min(max(anchor[1], box[1]), box[3])
    return shapely.LineString([(x, y), (anchor[0], anchor[1])])


def place_frame_names(frames: Mapping[str, Bounds], names: Mapping[str, str], font_px: int = 12) -> list[MapLabel]:
    """Find a place for the name of every frame on the overview: above it, below it or at a side.

    Args:
        frames: Where the frames lie, in pixels, by cluster.
        names: Their names; a cluster without one gets none.
        font_px: Size of the text.
    """
    taken = [shapely.box(*frame) for frame in frames.values()]
    panel = shapely.box(2, 2, DESIGN_WIDTH_PX - 2, DESIGN_HEIGHT_PX - 2)
    placed = []
    for cluster, (west, south, east, north) in frames.items():
        lines = [(names.get(cluster, ""), font_px, False)]
        width, height = _box_size(lines)
        spots = [(x, y) for y in (north + 1, south - height - 1) for x in (west, east - width, (west + east - width) / 2)]
        spots += [(x, (south + north - height) / 2) for x in (east + 2, west - width - 2)]
        for x, y in spots if lines[0][0] else []:
            rectangle = shapely.box(x, y, x + width, y + height)
            if panel.contains(rectangle) and not any(rectangle.intersects(other) for other in taken):
                taken.append(rectangle)
                placed.append(MapLabel(cluster, _label_text(lines), (x, y, x + width, y + height), None))
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
        height: Pixels. The width follows the column; labels are placed for 320 pixels or more.
        font_px: Size of the names. Pass more for a projector: labels are placed accordingly.

    Returns:
        A figure in which each member's click points carry its unit_code as customdata.
    """
    panel = geography.clusters[cluster]
    wards = _wards(panel, frame, colour_range, dark)
    figure = _figure(panel, wards, title=title, dark=dark, height=height)
    _add_labels(figure, panel, wards, font_px, dark)
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
        height: Pixels.
        font_px: Size of the names.
    """
    panel = geography.overview
    wards = _wards(panel, frame, colour_range, dark)
    figure = _figure(panel, wards, title=title, dark=dark, height=height)
    in_clusters = {code for cluster in geography.clusters.values() for code in cluster.shapes}
    _add_labels(figure, panel, [ward for ward in wards if ward.unit_code not in in_clusters], font_px, dark)
    _add_frames(figure, geography, cluster_names or {}, font_px, dark)
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
    rows = frame.set_index("unit_code") if "unit_code" in frame.columns else frame
    values = rows["value"].astype(float)
    if "is_first" in rows.columns:
        first = set(rows.index[rows["is_first"].astype(bool)])
    else:
        low, high = colour_range
        best = values.min() if high < low else values.max()
        first = set(rows.index[values == best])
    wards = []
    for code in panel.shapes:
        row: Any = rows.loc[code] if code in rows.index else None
        value = math.nan if row is None else float(values[code])
        is_missing = math.isnan(value)
        wards.append(
            _Ward(
                unit_code=code,
                unit_name=code if row is None else str(row["unit_name"]),
                label=MISSING_LABEL if is_missing else str(row["label"]),
                hover=code if row is None else str(row["hover"]),
                fill=scale_colour(value, colour_range, dark),
                is_missing=is_missing,
                is_first=code in first and not is_missing,
            )
        )
    return wards


def _figure(panel: Panel, wards: list[_Ward], *, title: str, dark: bool, height: int) -> go.Figure:
    palette = DARK if dark else LIGHT
    # First place last: its outline lies over the neighbours'.
    drawn = sorted(wards, key=lambda ward: ward.is_first)
    shapes = [_shape_trace(panel.context, palette.context, palette.hairline, 0.6)]
    shapes += [_ward_trace(panel, ward, palette) for ward in drawn]
    targets = [_target_trace(panel, ward, palette) for ward in wards]
    figure = go.Figure(data=shapes + targets, layout=_layout(panel, title, palette, height))
    figure.layout.template = None
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
        "hoverdistance": _HOVER_PX,
        "hoverlabel": {
            "bgcolor": palette.surface,
            "bordercolor": palette.frame,
            "font": {"family": _FONT, "color": palette.text, "size": 13},
            "align": "left",
        },
    }
    if title:
        place = {"xref": "paper", "yref": "paper", "x": 0, "y": 1, "xanchor": "left", "yanchor": "bottom"}
        heading = f"<b>{html.escape(title, quote=False)}</b>"
        layout["annotations"] = [{**place, "text": heading, "showarrow": False, "font": {"size": 14}}]
    return layout


def _ward_trace(panel: Panel, ward: _Ward, palette: Palette) -> dict[str, Any]:
    line = (palette.gold, 3) if ward.is_first else (palette.border, 1.2)
    trace = _shape_trace((panel.shapes[ward.unit_code],), ward.fill, *line)
    if ward.is_missing:
        pattern = {"shape": "/", "bgcolor": palette.missing, "fgcolor": palette.hatch, "size": 6, "solidity": 0.25}
        trace |= {"fillpattern": pattern, "line": {"color": palette.hatch, "width": 1.2}}
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
        "line": {"color": line, "width": width},
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


def _add_labels(figure: go.Figure, panel: Panel, wards: list[_Ward], font_px: int, dark: bool) -> None:
    """Write the labels as annotations: Plotly dims text traces once something is selected."""
    palette = DARK if dark else LIGHT
    fills = {ward.unit_code: ward.fill for ward in wards}
    scale = panel.metres_per_pixel
    notes: list[dict[str, Any]] = []
    leaders: list[dict[str, Any]] = []
    for label in place_labels(panel, {ward.unit_code: (ward.label, ward.unit_name) for ward in wards}, font_px):
        colour = palette.text if label.anchor else text_colour(fills[label.unit_code])
        notes.append(_note(label.text, label.centre, scale, font_px, colour))
        if label.anchor:
            (x0, y0), (x1, y1) = np.rint(shapely.get_coordinates(_leader(label.box, label.anchor)) * scale).tolist()
            line = {"color": palette.text, "width": 0.8}
            leaders.append({"type": "line", "x0": x0, "y0": y0, "x1": x1, "y1": y1, "line": line})
    figure.layout.annotations = (*figure.layout.annotations, *notes)
    figure.layout.shapes = (*figure.layout.shapes, *leaders)


def _add_frames(
    figure: go.Figure, geography: Geography, names: Mapping[str, str], font_px: int, dark: bool
) -> None:
    palette = DARK if dark else LIGHT
    scale = geography.overview.metres_per_pixel
    frames = {cluster: geography.frame(cluster) for cluster in geography.clusters}
    outlines = []
    for x0, y0, x1, y1 in frames.values():
        line = {"color": palette.frame, "width": 1.2}
        corners = {"x0": round(x0), "y0": round(y0), "x1": round(x1), "y1": round(y1)}
        outlines.append({"type": "rect", "line": line, **corners})
    in_pixels = {cluster: _bounds(np.array(frame) / scale) for cluster, frame in frames.items()}
    notes = [
        _note(label.text, label.centre, scale, font_px, palette.text)
        for label in place_frame_names(in_pixels, names, font_px)
    ]
    figure.layout.annotations = (*figure.layout.annotations, *notes)
    figure.layout.shapes = (*figure.layout.shapes, *outlines)


def _note(text: str, centre: tuple[float, float], scale: float, font_px: int, colour: str) -> dict[str, Any]:
    x, y = round(centre[0] * scale), round(centre[1] * scale)
    return {"x": x, "y": y, "text": text, "showarrow": False, "borderpad": 0, "font": {"size": font_px, "color": colour}}
