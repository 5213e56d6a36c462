"""The colours of the map: the scale of values, text that stays readable on it, and the legend.

The colours themselves stand in core/palette.toml. Refuses to know shapes or figures.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from wardstats.core.palette import MAP, MAP_DARK


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


def _palette(table: dict[str, Any]) -> Palette:
    return Palette(**{**table, "scale": tuple(table["scale"])})


LIGHT, DARK = _palette(MAP), _palette(MAP_DARK)


@dataclass(frozen=True)
class LegendStep:
    """One box of the legend: its colour, the values it stands for, and a readable text colour."""

    colour: str
    lower: float
    upper: float
    text_colour: str


def scale_colour(value: float, colour_range: tuple[float, float], dark: bool = False) -> str:
    """Return the colour of a value as #rrggbb.

    Args:
        value: The value; NaN gives the colour of a missing one. Outside the range it gets the colour of the nearer end.
        colour_range: Values at the pale and at the strong end. (10, 1) paints rank 1 strongest.
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
