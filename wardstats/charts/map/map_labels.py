"""Where the map's labels go: inside their shape, beside it with a leader line, or left out.

Owns the search for places that touch nothing else, in pixels at the design width; refuses to know colours or figures.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from wardstats.charts.map.geography import DESIGN_HEIGHT_PX, DESIGN_WIDTH_PX, Bounds, Panel

_LINE_HEIGHT = 1.3
_MARGIN = 2.0
_MOST_LEADERS = 20
_MOST_LABELS = 200
# A label beside its shape: how far off it may be, how many spots are compared, and how much of it may lie on a member.
_REACH = 90.0
_MOST_SPOTS = 500
_MOST_COVERED = 0.25


@dataclass(frozen=True)
class MapLabel:
    """A placed label. Box and anchor are in pixels from the panel's lower left corner at the design size.

    Attributes:
        unit_code: The unit it names.
        text: Its lines, ready for Plotly.
        name_lines: The lines of the name; none where there was only room for the first line.
        font_px: Size of its last line.
        box: West, south, east, north.
        anchor: Where the leader line ends, or None where the label lies inside its own shape.
    """

    unit_code: str
    text: str
    name_lines: tuple[str, ...]
    font_px: int
    box: Bounds
    anchor: tuple[float, float] | None

    @property
    def centre(self) -> tuple[float, float]:
        """Middle of the box."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2


def place_labels(
    panel: Panel,
    texts: Mapping[str, tuple[str, str]],
    font_px: int = 12,
    width_px: int = DESIGN_WIDTH_PX,
    smallest_px: int | None = None,
) -> list[MapLabel]:
    """Find a place for every label, the same way every time.

    A label goes inside its own shape where its text fits there, at the roomiest spot, if need be one pixel smaller;
    otherwise beside it with a leader line, at the nearest spot that touches no label, no member and not the panel's
    edge. Where even that is not to be had only the first line is tried, and failing that the label is left out:
    hovering still tells. So it is from the start where there are too many for leader lines to be followed. On a wider
    panel than the one designed for, labels only move further apart.

    Args:
        texts: Label and name by unit_code, both short.
        font_px: Size of the name; the label above it is a little larger.
        width_px: The narrowest width at which the panel is shown.
        smallest_px: Names may get as small as this, the largest that fits, and inside their shapes they may be written
            on two lines; None: one pixel smaller, on one line.
    """
    scale = width_px / panel.width_m
    extent = (3.0, 3.0, panel.width_m * scale - 3, panel.height_m * scale - 3)
    shapes = {code: shapely.transform(panel.shapes[code], lambda xy: xy * scale) for code in texts}
    is_crowded = len(texts) > _MOST_LEADERS
    placed: list[MapLabel] = []
    beside: list[str] = []
    for code, shape in shapes.items() if len(texts) <= _MOST_LABELS else ():
        label = _label_inside(code, shape, _attempts(texts[code], font_px, smallest_px, is_crowded))
        if label is not None:
            placed.append(label)
        elif not is_crowded:
            beside.append(code)
    for code in sorted(beside, key=lambda code: (shapes[code].area, code)):
        sizes = [font_px] if smallest_px is None else range(font_px, smallest_px - 1, -2)
        whole = [(_label_lines(texts[code], size), size) for size in sizes]
        others = [shape for other, shape in shapes.items() if other != code]
        for kept, size in [*whole, (whole[0][0][:1], font_px)]:
            spot = _box_beside(shapes[code], _box_size(kept), extent, others, placed)
            if spot is not None:
                placed.append(MapLabel(code, _label_text(kept), _name_lines(kept), size, *spot))
                break
    return placed


def _label_inside(code: str, shape: BaseGeometry, attempts: list[tuple[list[_Line], int]]) -> MapLabel | None:
    for lines, size in attempts:
        box = _box_inside(shape, tuple(lines))
        if box is not None:
            return MapLabel(code, _label_text(lines), _name_lines(lines), size, box, None)
    return None


_Line = tuple[str, float, bool]


def _label_lines(text: tuple[str, str], font_px: int) -> list[_Line]:
    label, name = text
    return [(label, font_px + 2, True), (name, font_px, False)] if label else [(name, font_px, False)]


def _attempts(
    text: tuple[str, str], font_px: int, smallest_px: int | None, or_first_line: bool
) -> list[tuple[list[_Line], int]]:
    """Return what is tried inside a shape, the best first, each with the size of its name."""
    if smallest_px is None:
        attempts = [(_label_lines(text, size), size) for size in (font_px, font_px - 1)]
    else:
        sizes = range(font_px, smallest_px - 1, -1)
        attempts = [(lines, size) for size in sizes for lines in _with_breaks(text, size)]
    return [*attempts, (_label_lines(text, font_px)[:1], font_px)] if or_first_line else attempts


def _with_breaks(text: tuple[str, str], font_px: int) -> list[list[_Line]]:
    """Return the lines of a label with its name on one line and, where it has several words, on two."""
    label, name = text
    words = name.split()
    whole = _label_lines(text, font_px)
    if len(words) < 2:
        return [whole]
    breaks = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    halves = min(breaks, key=lambda pair: max(_text_width(half, font_px, is_bold=False) for half in pair))
    return [whole, [*whole[:-1], *((half, font_px, False) for half in halves)]]


def _name_lines(lines: Sequence[_Line]) -> tuple[str, ...]:
    return tuple(text for text, _, is_bold in lines if not is_bold)


def _label_text(lines: list[_Line]) -> str:
    written = []
    for text, size, is_bold in lines:
        plain = html.escape(text, quote=False)
        written.append(f'<b style="font-size:{size}px">{plain}</b>' if is_bold else plain)
    return "<br>".join(written)


def _box_size(lines: Sequence[_Line]) -> tuple[float, float]:
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


@lru_cache(maxsize=4000)  # the same few ranks and names in the same shapes, for every board and reader
def _box_inside(shape: BaseGeometry, lines: tuple[_Line, ...]) -> Bounds | None:
    """Return the roomiest place for the text within the shape, or None where it does not fit."""
    size = _box_size(lines)
    west, south, east, north = shape.bounds
    # Some 25 steps either way: fine where room is scarce, coarse where there is plenty.
    boxes = _boxes(shape.bounds, size, step=max(1.5, (east - west - size[0]) / 25, (north - south - size[1]) / 25))
    shapely.prepare(shape)
    # A rank over a name is no rectangle but a T upside down, which fits where its whole box would not: each line is
    # looked at by itself. Its own leading, above its capitals and below its tails, holds no ink and may lie outside.
    boxes, written = _within_shape(shape, boxes, lines)
    if not len(boxes):
        return None
    # Room around the text counts up to where more is no longer seen; from there on the middle of the shape is best.
    outline = shapely.boundary(shape)
    room = np.minimum(np.min([shapely.distance(outline, line) for line in written], axis=0), 6.0)
    off_centre = shapely.distance(shape.centroid, shapely.points((boxes[:, :2] + boxes[:, 2:]) / 2))
    return _bounds(boxes[int(np.argmax(room - 0.25 * off_centre))])


def _within_shape(
    shape: BaseGeometry, boxes: np.ndarray, lines: tuple[_Line, ...]
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Return the boxes whose lines all lie in a shape, and the rectangles of these lines, the last line first."""
    written: list[np.ndarray] = []
    bottom = np.zeros(len(boxes)) + boxes[:, 1]
    for number, (text, size, is_bold) in enumerate(reversed(lines), start=1):
        top = bottom + size * _LINE_HEIGHT
        low = bottom + (0.15 * size if number == 1 else 0)
        high = top - (0.25 * size if number == len(lines) else 0)
        spare = (boxes[:, 2] - boxes[:, 0] - _text_width(text, size, is_bold)) / 2 - _MARGIN
        line = np.asarray(shapely.box(boxes[:, 0] + spare, low, boxes[:, 2] - spare, high))
        is_within = shapely.contains(shape, line)
        boxes, bottom, line, *written = _keep(is_within, boxes, top, line, *written)
        written.append(line)
    return boxes, written


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
