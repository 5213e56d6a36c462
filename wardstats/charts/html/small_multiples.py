"""Many small trends of one unit: a line of its own over the median of all, each in its own scale, names in full.

Pictures in a grid that wraps, and not a figure with 32 axes: Plotly lays out the axes one by one, which took longer
than the rest of the page, and on a phone they would be too small to read. SVG stands in data addresses, because
Streamlit lets no SVG element into a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from wardstats.charts.html.components import linked
from wardstats.core.palette import BOTH

_WIDTH, _HEIGHT, _MARGIN = 100.0, 40.0, 4.0
_GREY: str = BOTH["grey"]  # a picture does not know the appearance: this one stands out from both grounds


@dataclass(frozen=True)
class Trend:
    """One small trend.

    Attributes:
        name: Of what.
        values: One a period, oldest first; None where nothing was measured.
        medians: The same of all members.
        note: The last value and how it moved, in words.
        direction: 1 where it got better, -1 worse, 0 neither.
        is_dotted: Drawn from demonstration figures.
        href: Where the name leads, or empty.
    """

    name: str
    values: Sequence[float | None]
    medians: Sequence[float | None]
    note: str
    direction: int
    is_dotted: bool = False
    href: str = ""


def small_multiples(trends: Sequence[Trend], colour: str, label: str) -> str:
    """Return the trends as HTML, in a grid; ``label`` is their message in a sentence."""
    items = "".join(_item(trend, colour) for trend in trends)
    return f'<figure class="ws-trends" aria-label="{escape(label)}"><ul>{items}</ul></figure>'


def _item(trend: Trend, colour: str) -> str:
    mark = {1: "ws-rise", -1: "ws-fall"}.get(trend.direction, "")
    name = linked(trend.name, trend.href)
    return (
        f'<li><span class="ws-label">{name}</span><img src="{_picture(trend, colour)}" alt="">'
        f'<span class="ws-note {mark}">{escape(trend.note)}</span></li>'
    )


def _picture(trend: Trend, colour: str) -> str:
    known = [value for value in (*trend.values, *trend.medians) if value is not None]
    low, high = min(known), max(known)
    last = max(place for place, value in enumerate(trend.values) if value is not None)
    x, y = _point(last, len(trend.values), trend.values[last] or 0.0, low, high)
    shared = "fill='none' stroke-linecap='round' stroke-linejoin='round' vector-effect='non-scaling-stroke'"
    dash = " stroke-dasharray='1 4'" if trend.is_dotted else ""
    lines = (
        f"<path {shared} stroke='{_GREY}' stroke-width='1.2' d='{_path(trend.medians, low, high)}'/>"
        f"<path {shared} stroke='{colour}' stroke-width='2.2'{dash} d='{_path(trend.values, low, high)}'/>"
        f"<path {shared} stroke='{colour}' stroke-width='7' d='M{x:.1f} {y:.1f}h.01'/>"
    )
    box = f"viewBox='0 0 {_WIDTH:.0f} {_HEIGHT:.0f}' preserveAspectRatio='none'"
    svg = f"<svg xmlns='http://www.w3.org/2000/svg' {box}>{lines}</svg>"
    return "data:image/svg+xml," + quote(svg, safe=" '=/:.,-()")


def _point(place: int, count: int, value: float, low: float, high: float) -> tuple[float, float]:
    share = (value - low) / (high - low) if high > low else 0.5
    across = _MARGIN / 2 + (_WIDTH - _MARGIN) * (place / (count - 1) if count > 1 else 1.0)
    return across, _HEIGHT - _MARGIN - share * (_HEIGHT - 2 * _MARGIN)


def _path(values: Sequence[float | None], low: float, high: float) -> str:
    """Join what is known; a gap is bridged, as the next figure is the next measurement."""
    points = [_point(place, len(values), value, low, high) for place, value in enumerate(values) if value is not None]
    if len(points) == 1:
        return f"M{points[0][0]:.1f} {points[0][1]:.1f}h.01"
    return "M" + " ".join(f"{x:.1f} {y:.1f}" for x, y in points) if points else ""
