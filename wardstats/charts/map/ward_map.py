"""The map: a province overview and a zoomed panel per cluster, one figure each, so that columns can stack.

Owns how a figure is put together, from the layout of ``geography`` and a frame of what to show; refuses to
read data, to translate, or to call Streamlit. Shapes are plain filled lines: Plotly's own map types fetch their
base layer from the internet.
"""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import shapely
from shapely.geometry.base import BaseGeometry

from wardstats.charts.figure import Figure
from wardstats.charts.map.geography import DESIGN_HEIGHT_PX, DESIGN_WIDTH_PX, OVERVIEW, Geography, Panel
from wardstats.charts.map.map_colours import DARK, LIGHT, Palette, contrast_ratio, scale_colour, text_colour
from wardstats.charts.map.map_labels import place_frame_names, place_labels
from wardstats.charts.style import FONT
from wardstats.core.rows import dictionaries

MISSING_LABEL = "–"
TITLE_HEIGHT_PX = 24

_HOVER_PX = 28
_OVERVIEW_HOVER_PX = 10
_OUTLINE_PX = 1.2
# A part whose area by its outline is less than this would be hidden by the outline: a square 4 px wide.
_TINY_PX = 1.0
_SEEN_CONTRAST = 1.6


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
        cluster: One of ``geography.clusters``.
        frame: One row per unit: unit_code, unit_name, value (NaN where missing), label (a rank, or a value as text),
            hover (text for Plotly, made by the page). A member without a row counts as missing. An optional column
            is_first says who is outlined in gold; without it, whoever stands highest on the scale.
        colour_range: Values at the pale and at the strong end of the scale; (10, 1) for ranks.
        height: Pixels; the width follows the column.
        font_px: Size of the names.
        width_px: The narrowest width at which the figure is shown, for which its labels are placed. A projector's page
            can pass more, and a larger font_px; the height then has to grow alike.

    Returns:
        A figure in which each member's click points carry its unit_code as customdata.
    """
    palette = DARK if dark else LIGHT
    panel = geography.clusters[cluster]
    wards = wards_of(panel, rows_by_unit(frame), colour_range, dark)
    layout = _layout(panel, title, palette, height)
    layout["annotations"] = _label_notes(panel, wards, palette, font_px, width_px)
    if geography.is_schematic:
        layout["plot_bgcolor"] = palette.context
    return _figure(panel, wards, palette, layout)


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
        cluster_names: The names written at the frames, by cluster code; all others as for ``cluster_map``.
    """
    palette = DARK if dark else LIGHT
    panel = geography.overview
    wards = wards_of(panel, rows_by_unit(frame), colour_range, dark)
    in_clusters = {code for cluster in geography.clusters.values() for code in cluster.shapes}
    alone = [ward for ward in wards if ward.unit_code not in in_clusters]
    notes = _label_notes(panel, alone, palette, font_px, width_px)
    notes += _frame_notes(geography, cluster_names or {}, font_px, width_px)
    layout = _layout(panel, title, palette, height)
    layout |= {"annotations": notes, "shapes": _frame_outlines(geography, palette)}
    return _figure(panel, wards, palette, layout)


@dataclass(frozen=True)
class Ward:
    """One member as it is shown."""

    unit_code: str
    unit_name: str
    label: str
    hover: str
    fill: str
    is_missing: bool
    is_first: bool


def rows_by_unit(frame: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """Return what a frame tells of each unit; see ``cluster_map``."""
    shown = [name for name in ("unit_code", "unit_name", "value", "label", "hover", "is_first") if name in frame]
    return {row["unit_code"]: row for row in dictionaries(frame[shown])}


def wards_of(
    panel: Panel, rows: Mapping[str, dict[str, Any]], colour_range: tuple[float, float], dark: bool
) -> list[Ward]:
    """Return the members of a panel; ``rows`` as ``rows_by_unit`` gives them."""
    known = [float(row["value"]) for row in rows.values() if row["value"] is not None]
    values = {code: math.nan if row["value"] is None else float(row["value"]) for code, row in rows.items()}
    best = (min if colour_range[1] < colour_range[0] else max)(known, default=math.nan)
    wards = []
    for code in panel.shapes:
        row = rows.get(code, {"unit_name": code, "label": "", "hover": code})
        value = values.get(code, math.nan)
        is_missing = math.isnan(value)
        wards.append(
            Ward(
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


def _figure(panel: Panel, wards: list[Ward], palette: Palette, layout: dict[str, Any]) -> go.Figure:
    figure = Figure(layout)
    if panel.context:
        figure.add("scatter", **_shape_trace(panel.context, palette.context, palette.hairline, 0.6))
    # First place last: its outline lies over the neighbours'.
    for ward in sorted(wards, key=lambda ward: ward.is_first):
        for trace in _ward_traces(panel, ward, palette):
            figure.add("scatter", **trace)
    for ward in wards:
        figure.add("scatter", **_target_trace(panel, ward, palette))
    return figure


def _layout(panel: Panel, title: str, palette: Palette, height: int) -> dict[str, Any]:
    axis = {"visible": False, "fixedrange": True, "showgrid": False, "zeroline": False}
    layout: dict[str, Any] = {
        "template": None,  # Plotly's own would add 6 KB of settings, all of them overridden here
        "height": height,
        "margin": {"l": 0, "r": 0, "t": TITLE_HEIGHT_PX if title else 0, "b": 0, "pad": 0},
        "xaxis": {**axis, "range": [0, round(panel.width_m)]},
        "yaxis": {**axis, "range": [0, round(panel.height_m)], "scaleanchor": "x", "scaleratio": 1},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "color": palette.text, "size": 12},
        "showlegend": False,
        # Streamlit would set these two itself where a click counts, and draw the map again; both axes are fixed.
        "dragmode": "pan",
        "clickmode": "event+select",
        "hovermode": "closest",
        "hoverdistance": _OVERVIEW_HOVER_PX if panel.panel_code == OVERVIEW else _HOVER_PX,
        "hoverlabel": {
            "bgcolor": palette.surface,
            "bordercolor": palette.frame,
            "font": {"family": FONT, "color": palette.text, "size": 13},
            "align": "left",
        },
    }
    if title:
        layout["title"] = {
            "text": f"<b>{html.escape(title, quote=False)}</b>",
            "font": {"family": FONT, "color": palette.text, "size": 14},
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "pad": {"t": 4, "b": 0, "l": 0, "r": 0},
        }
    return layout


def _ward_traces(panel: Panel, ward: Ward, palette: Palette) -> list[dict[str, Any]]:
    whole, tiny = by_size(panel.shapes[ward.unit_code], panel.metres_per_pixel)
    # On the overview a ward is a dozen pixels wide: a broad line would cover it.
    first_width = 1.6 if panel.panel_code == OVERVIEW else 3.0
    line = outline(ward, palette, first_width)
    traces = []
    if whole:
        trace = _shape_trace(whole, ward.fill, *line)
        if ward.is_missing:
            pattern = {"shape": "/", "bgcolor": palette.missing, "fgcolor": palette.hatch, "size": 6, "solidity": 0.25}
            trace |= {"fillpattern": pattern}
        traces.append(trace)
    if tiny:
        own = line if ward.is_first else (colour_that_shows(ward, palette), 2.5 * _OUTLINE_PX)
        traces.append(_shape_trace(tiny, ward.fill, *own))
    traces[0]["name"] = ward.unit_name
    return traces


def outline(ward: Ward, palette: Palette, first_px: float = 3.0) -> tuple[str, float]:
    """Return colour and width in pixels of the line around a member."""
    if ward.is_first:
        return palette.gold, first_px
    return palette.hatch if ward.is_missing else palette.border, _OUTLINE_PX


def colour_that_shows(ward: Ward, palette: Palette) -> str:
    """Return the outline of a part too small for the usual one: its own colour, a stronger one where that is faint."""
    if ward.is_missing:
        return palette.text
    own = (ward.fill, *palette.scale)
    return next(colour for colour in own if contrast_ratio(colour, palette.surface) >= _SEEN_CONTRAST)


@lru_cache(maxsize=4000)
def by_size(shape: BaseGeometry, pixel: float) -> tuple[tuple[BaseGeometry, ...], tuple[BaseGeometry, ...]]:
    """Part the polygons of a shape into those that bear an outline and those it would cover, such as small islands.

    Args:
        pixel: Metres a pixel.
    """
    parts = shapely.get_parts(shape)
    is_tiny = shapely.area(parts) < _TINY_PX * pixel * shapely.length(parts)
    return tuple(parts[~is_tiny]), tuple(parts[is_tiny])


def _shape_trace(shapes: tuple[BaseGeometry, ...], fill: str, line: str, width: float) -> dict[str, Any]:
    x, y = _rings(shapes)
    return {
        "x": x,
        "y": y,
        "mode": "lines",
        "fill": "toself",
        "fillcolor": fill,
        # Plotly's own thinning of lines would open gaps between neighbours.
        "line": {"color": line, "width": width, "simplify": False},
        "hoverinfo": "skip",
    }


@lru_cache(maxsize=4000)  # the shapes stay, their colours change
def _rings(shapes: tuple[BaseGeometry, ...]) -> tuple[list[int | None], list[int | None]]:
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


def _target_trace(panel: Panel, ward: Ward, palette: Palette) -> dict[str, Any]:
    """Return the unseen points that answer a pointer; they stay unseen when Plotly marks what was selected."""
    x, y = zip(*panel.targets[ward.unit_code], strict=True)
    unseen = {"marker": {"opacity": 0}}
    # One point of each ward is drawn, which is what takes time; all of them answer.
    marker = {"size": 6, "opacity": 0, "color": palette.frame, "maxdisplayed": 1}
    return {
        "x": list(x),
        "y": list(y),
        "mode": "markers",
        "marker": marker,
        "selected": unseen,
        "unselected": unseen,
        "customdata": [[ward.unit_code]] * len(x),
        "hovertemplate": ward.hover + "<extra></extra>",
        "name": ward.unit_name,
    }


def _label_notes(
    panel: Panel, wards: list[Ward], palette: Palette, font_px: int, width_px: int
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
    frames = {}
    for cluster in geography.clusters:
        west, south, east, north = geography.frame(cluster)
        frames[cluster] = (west / metres, south / metres, east / metres, north / metres)
    notes = []
    for cluster, spot in place_frame_names(frames, names, font_px, width_px).items():
        place = {"x": round(spot["x"] * metres), "y": round(spot["y"] * metres)}
        place |= {"xanchor": spot["xanchor"], "yanchor": spot["yanchor"], "borderpad": 2}
        text = html.escape(names[cluster], quote=False)
        notes.append({**place, "text": text, "showarrow": False, "font": {"size": font_px}})
    return notes
