"""What all figures share: colours in light and dark, the font, number separators, the base layout."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import Any

from wardstats.core.languages import translator

GREEN = "#0b5d43"
GOLD = "#d99a00"
FONT = "Source Sans, Noto Sans Devanagari Local, sans-serif"

# Ten colours that stay apart with normal sight, deuteranopia and protanopia (least distance in OKLab 0.09), each with a
# contrast of 3 on the light and on the dark ground; no plain red, which is for warnings.
UNIT_COLOURS = (
    "#316e60", "#4755d8", "#a58f1c", "#ec5b92", "#5796bd", "#825d08", "#867cfd", "#788156", "#b8428e", "#6174c3",
)  # fmt: skip
# Drawn beside the colour, so that units are told apart in print too: plotly's name and the sign in text.
UNIT_SYMBOLS = (("circle", "●"), ("diamond", "◆"), ("square", "■"), ("triangle-up", "▲"))


def plotly_text(text: str) -> str:
    """Return a text as plotly may draw it; it shows the entity of a quote as it stands, so quotes are left alone."""
    return escape(text, quote=False)


@dataclass(frozen=True)
class Palette:
    """Colours of one appearance; all text colours reach a contrast of 4.5 on their ground."""

    ink: str
    muted: str
    track: str
    grid: str
    badge: str
    rise: str
    fall: str
    hatch: str


LIGHT = Palette("#14231d", "#53635b", "#edf1ef", "#dfe7e3", "#edf1ef", "#0b6b4b", "#b3261e", "rgba(255,255,255,0.45)")
DARK = Palette("#e8efec", "#a9b8b1", "#223029", "#2b3a33", "#26352e", "#6fcf9f", "#ff8a80", "rgba(16,24,21,0.45)")


def palette(is_dark: bool) -> Palette:
    """Return the colours of the dark or the light appearance."""
    return DARK if is_dark else LIGHT


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
