"""Addresses of pages, relative to any other, that keep what a reader looks at: language, period and theme."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from wardstats.view.view import View

RANKING = "./"  # the first page has no name of its own


def page_address(view: View, page: str, **choices: str) -> str:
    """Return the address of a page with some choices, among them another theme; an empty one is left out."""
    asked = {key: value for key, value in choices.items() if value}
    looked_at = {"lang": view.language, "period": view.period, "theme": view.node}
    return f"{page}?{urlencode(asked | {key: value for key, value in looked_at.items() if key not in asked})}"


def unit_address(view: View, unit_code: str) -> str:
    """Return the address of a unit's page."""
    return page_address(view, "ward", unit=unit_code)


def theme_address(view: View, node: str, span: str = "") -> str:
    """Return the address of the ranking of a theme, of a quarter or year where one is looked at."""
    return page_address(view, RANKING, theme=node, span=span)


def compare_address(view: View, unit_codes: Sequence[str]) -> str:
    """Return the address of a comparison of some units."""
    return page_address(view, "compare", units=",".join(unit_codes))
