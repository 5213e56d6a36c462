"""What all figures share: colours in light and dark, the font, number separators, the base layout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

GREEN = "#0b5d43"
GOLD = "#d99a00"
FONT = "Source Sans, Noto Sans Devanagari Local, sans-serif"
# Decimal and thousands separator of each language, as plotly wants them.
SEPARATORS = {"vi": ",.", "en": ".,", "hi": ".,"}


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
        "separators": SEPARATORS[language],
        "hoverlabel": {"font": {"family": FONT, "size": 14}},
        "dragmode": False,
        "showlegend": False,
    }


# Figures answer hover and clicks, and nothing else: no tool bar, no zoom that would trap a finger on a phone.
CONFIG: dict[str, Any] = {"displayModeBar": False, "scrollZoom": False, "doubleClick": False, "showTips": False}
