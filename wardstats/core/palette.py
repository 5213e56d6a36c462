"""The one palette: reads palette.toml, and puts its tables into style sheets as variables."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

_TABLES = tomllib.loads(Path(__file__).with_name("palette.toml").read_text(encoding="utf-8"))
_PLACE = re.compile(r"\{\{colours (\w+)\}\}")

BOTH: dict[str, Any] = _TABLES["both"]
LIGHT_PAGE: dict[str, str] = _TABLES["light"]
DARK_PAGE: dict[str, str] = _TABLES["dark"]
MAP: dict[str, Any] = _TABLES["map"]
MAP_DARK: dict[str, Any] = _TABLES["map_dark"]
LIVE: dict[str, Any] = _TABLES["live"]
PAPER: dict[str, str] = {"green": BOTH["green"], "gold": BOTH["gold"], **LIGHT_PAGE, **_TABLES["paper"]}


def with_colours(style: str) -> str:
    """Return a style sheet with its palette: ``{{colours live}}`` becomes variables, those that the sheet uses.

    A colour is one variable (--gold-soft), each of several one of its own (--scale-0). The table ``page`` is what pages
    have in both appearances, as --ws-gold.
    """

    def variables(place: re.Match[str]) -> str:
        table, prefix = (_page(), "--ws-") if place[1] == "page" else (_TABLES[place[1]], "--")
        named = {f"{prefix}{name.replace('_', '-')}": colour for name, colour in _single(table).items()}
        return " ".join(f"{name}: {colour};" for name, colour in named.items() if f"var({name})" in style)

    return _PLACE.sub(variables, style)


def _page() -> dict[str, Any]:
    return BOTH | {name: f"light-dark({colour}, {DARK_PAGE[name]})" for name, colour in LIGHT_PAGE.items()}


def _single(table: dict[str, Any]) -> dict[str, str]:
    """Return a table with each of several colours under a name of its own."""
    found = {}
    for name, colour in table.items():
        found |= {f"{name}-{n}": one for n, one in enumerate(colour)} if isinstance(colour, list) else {name: colour}
    return found
