"""Names of units and indicators, and figures with their unit of measure: looked up once a view, not once a line."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pandas as pd

from wardstats.core.languages import decimals_apart
from wardstats.core.rows import dictionaries
from wardstats.view.view import View

_VIEWS_KEPT = 64


@lru_cache(maxsize=_VIEWS_KEPT)
def indicator_facts(view: View) -> Mapping[str, Mapping[str, Any]]:
    """Return the rows of queries/indicator.sql by code, in the order of the themes."""
    rows = dictionaries(view.frame("indicator", year=int(view.rules["year"]), language=view.language))
    return {row["indicator_code"]: row for row in rows}


@lru_cache(maxsize=_VIEWS_KEPT)
def unit_names(view: View) -> Mapping[str, str]:
    """Return the names of units by code; members first."""
    return view.unit_names


@lru_cache(maxsize=_VIEWS_KEPT)
def _unit_kind(view: View) -> str:
    return view.block["unit_kind"] or ""


def indicator_name(view: View, code: str) -> str:
    """Return an indicator's name."""
    return str(indicator_facts(view)[code]["indicator_name"])


def unit_name(view: View, code: str) -> str:
    """Return a unit's name."""
    return str(unit_names(view).get(code, code))


def unit_title(view: View, code: str) -> str:
    """Return a unit's name with what it is, where the language puts that first: Phường Sa Pa."""
    kind = _unit_kind(view)
    if not kind or not view.speak.written.kind_first:
        return unit_name(view, code)
    return f"{kind[:1].upper()}{kind[1:]} {unit_name(view, code)}"


def value_text(view: View, code: str, value: float | None, beside: float | None = None) -> str:
    """Write a value of an indicator with its decimals and unit; an en dash where there is none.

    Args:
        view: The reader's view.
        code: The indicator.
        value: In its unit.
        beside: A value that stands beside it, such as a target: as many decimals are written as tell the two apart.
    """
    if value is None or pd.isna(value):
        return "–"
    facts = indicator_facts(view)[code]
    decimals = int(facts["decimals"])
    if beside is not None and not pd.isna(beside):
        decimals = decimals_apart(value, beside, decimals)
    return view.speak.measure(value, str(facts["unit"]), decimals)
