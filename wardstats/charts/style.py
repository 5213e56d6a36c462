"""What all figures share: colours in light and dark, the font, number separators, the base layout."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from html import escape
from typing import Any

import pandas as pd

from wardstats.core.languages import translator
from wardstats.core.palette import BOTH, DARK_PAGE, LIGHT_PAGE

GREEN: str = BOTH["green"]
GOLD: str = BOTH["gold"]
FONT = "Source Sans, Noto Sans Devanagari Local, sans-serif"

UNIT_COLOURS = tuple(BOTH["units"])
# Drawn beside the colour, so that units are told apart in print too: plotly's name and the sign in text.
UNIT_SYMBOLS = (("circle", "●"), ("diamond", "◆"), ("square", "■"), ("triangle-up", "▲"))
# A sign beside every colour, so that print and colour-blind readers see the same.
STATE_SIGNS = {"reached": "✓", "ahead": "▲", "on_course": "●", "behind": "▼", "missed": "✕", "no_data": "–"}
STAGE_SIGNS = {"": "", "pilot": "◔", "adopted": "◑", "recognised": "●", "stopped": "✕"}
STATUS_SIGNS = {"planned": "○", "under_way": "◑", "done": "✓", "postponed": "↷", "cancelled": "✕"}


def plotly_text(text: str) -> str:
    """Return a text as plotly may draw it; it shows the entity of a quote as it stands, so quotes are left alone."""
    return escape(text, quote=False)


@dataclass(frozen=True)
class Palette:
    """Colours of one appearance; all text colours reach a contrast of 4.5 on their ground."""

    ink: str
    muted: str
    track: str
    line: str
    badge: str
    rise: str
    fall: str
    hatch: str
    own: str
    range: str
    method: str


LIGHT, DARK = (
    Palette(**{item.name: table[item.name] for item in fields(Palette)}) for table in (LIGHT_PAGE, DARK_PAGE)
)


def palette(is_dark: bool) -> Palette:
    """Return the colours of the dark or the light appearance."""
    return DARK if is_dark else LIGHT


def link(text: str, href: str) -> str:
    """Return a finished text of a figure as a link in the same tab; the text alone where it leads nowhere."""
    return f'<a href="{escape(href)}" target="_self">{text}</a>' if href else text


def base_layout(language: str, is_dark: bool, height: int) -> dict[str, Any]:
    """Return the layout every figure starts from: transparent, still, in the reader's separators."""
    colours = palette(is_dark)
    return {
        "template": None,
        "height": height,
        "margin": {"l": 0, "r": 0, "t": 0, "b": 0, "pad": 0},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": 14, "color": colours.ink},
        "separators": translator(language).separators,
        "hoverlabel": {"font": {"family": FONT, "size": 14}},
        "dragmode": False,
        "showlegend": False,
    }


def axis_range(values: pd.Series) -> tuple[float, float]:
    """Return the ends of an axis that shows all values, with a margin."""
    if values.empty:
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    margin = (high - low) * 0.08 or max(abs(high) * 0.05, 0.5)
    return low - margin, high + margin


# The layout of a figure whose marks lead on when they are clicked. Left out, Streamlit sets it in a second drawing.
CLICKABLE: dict[str, Any] = {"clickmode": "event+select", "hovermode": "closest"}

# Figures answer hover and clicks, and nothing else: no tool bar, no zoom that would trap a finger on a phone.
CONFIG: dict[str, Any] = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "showTips": False}


def unit_colours(codes: Iterable[str]) -> dict[str, str]:
    """Return a colour for each unit, the same on every page: its place among all codes decides.

    Args:
        codes: The codes of all members, in any order. Beyond ten, colours are mixtures, distinct but not far apart:
            a chart of many units greys most of them and gives the chosen few a symbol each.
    """
    return {code: _nth_colour(number) for number, code in enumerate(sorted(set(codes)))}


def _nth_colour(number: int) -> str:
    turn, place = divmod(number, len(UNIT_COLOURS))
    first, second = UNIT_COLOURS[place], UNIT_COLOURS[(place + turn) % len(UNIT_COLOURS)]
    pairs = [(int(first[at : at + 2], 16), int(second[at : at + 2], 16)) for at in (1, 3, 5)]
    return "#" + "".join(f"{round(0.65 * one + 0.35 * other):02x}" for one, other in pairs)
