"""Writes static/material-symbols.woff2, the icons that pages show out of the four thousand: ``make icons`` runs it.

Streamlit's own file has 375 KB and comes before the first text. Ours is cut from it, and served in its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import streamlit as st
from fontTools.subset import Options, Subsetter, save_font
from fontTools.ttLib import TTFont

from wardstats.core.settings import PROJECT
from wardstats.frontend.compressed_files import ICONS

STREAMLIT = Path(st.__file__).parent
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789_"
# How an icon is named: in texts for people, and where Streamlit's scripts draw one of their own.
_NAMES = re.compile(r""":material/(\w+):|iconValue:["'`](?::material/)?(\w+)""")
_NOT_IN_THE_FONT = {"spinner", "icon_name", "star_filled"}  # drawn otherwise, an example in a text, an inner name


def whole_font() -> Path:
    """Return Streamlit's file with all icons."""
    [path] = (STREAMLIT / "static/static/media").glob("MaterialSymbols-Rounded.*.woff2")
    return path


@cache
def needed() -> frozenset[str]:
    """Return the icons that our pages name, and any that Streamlit names somewhere."""
    ours = [PROJECT / "dashboard.py", *(PROJECT / "pages").glob("*.py"), *(PROJECT / "wardstats").rglob("*.py")]
    theirs = [*STREAMLIT.rglob("*.py"), *(STREAMLIT / "static/static/js").glob("*.js")]
    texts = (path.read_text(encoding="utf-8") for path in (*ours, *theirs))
    return frozenset(one or other for text in texts for one, other in _NAMES.findall(text)) - _NOT_IN_THE_FONT


def icons(font: TTFont) -> dict[str, str]:
    """Return the glyph of each icon by name: a ligature of the letters of its name."""
    characters = {glyph: chr(code).lower() for code, glyph in font.getBestCmap().items()}
    return {
        "".join(characters[glyph] for glyph in (first, *ligature.Component)): ligature.LigGlyph
        for first, ligature in _ligatures(font)
    }


def _ligatures(font: TTFont) -> Iterator[tuple[str, object]]:
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            for first, ligatures in getattr(table, "ExtSubTable", table).ligatures.items():
                yield from ((first, ligature) for ligature in ligatures)


def write(target: Path) -> None:
    """Cut the font.

    Raises:
        KeyError: An icon is named that the font does not have.
    """
    font = TTFont(whole_font())
    glyphs = icons(font)
    options = Options(flavor="woff2", layout_features=["*"], layout_closure=False)
    cut = Subsetter(options)
    cut.populate(text=_LETTERS, glyphs=[glyphs[name] for name in sorted(needed())])
    cut.subset(font)
    save_font(font, str(target), options)


if __name__ == "__main__":
    write(ICONS)
    print(f"{ICONS.relative_to(PROJECT)}: {len(needed())} icons, {ICONS.stat().st_size:,} bytes")
