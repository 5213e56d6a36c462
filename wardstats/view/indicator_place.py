"""Where units stand on each indicator: figures and places, signed targets, and who is best.

Figures decide who is best, as they are written: points are capped, so that those of 62.8% and 63.0% may be the same.
Owns the facts only; ``indicator_lines``, ``lessons`` and ``profile`` put them into words and lines.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from wardstats.core.languages import as_written
from wardstats.core.rows import dictionaries
from wardstats.core.statuses import weakest
from wardstats.scoring import Spec, value_points
from wardstats.view.scoring_inputs import shared_spec
from wardstats.view.view import View

_TIE = 1e-9


@dataclass(frozen=True)
class IndicatorPlace:
    """One indicator of one unit.

    Attributes:
        row: The unit's row of queries/figure_points.sql, with the indicator's own columns.
        share: Points out of those that can be had; None where the figure is missing.
        place: 1 = best, as ``order_of`` tells; None where the figure is missing.
        others: The other members' rows, with their share.
        target: The signed target, in the indicator's unit; None where none was signed.
        is_sample: The target is a sample: nobody signed it.
        target_share: Share of the points that reaching the target gives; None where the rule does not tell.
        best_units: Codes of the members with the best figure, as it is written.
        best_value: The figure of the first of them; None where nobody has any.
    """

    row: Mapping[str, Any]
    share: float | None
    place: int | None
    others: list[dict[str, Any]]
    target: float | None
    is_sample: bool
    target_share: float | None
    best_units: tuple[str, ...]
    best_value: float | None

    @property
    def status(self) -> str | None:
        """The weakest status of its own figure and of all that it is held against."""
        return weakest([self.row["status"], *(row["status"] for row in self.others)])

    @property
    def code(self) -> str:
        """The indicator's code."""
        return str(self.row["indicator_code"])


@lru_cache(maxsize=32)  # the profile, the lines and the lessons of a unit's page ask for the same
def member_figures(view: View) -> pd.DataFrame:
    """Return every member's figure on the scored indicators of the theme looked at, with its share of the points."""
    indicators = view.scored
    order = {code: number for number, code in enumerate(indicators.index)}
    figures = view.frame("figure_points", period=view.period, unit=(), indicator=())
    figures = figures[figures["indicator_code"].isin(order) & figures["max_points"].notna()]
    details = indicators[[name for name in indicators.columns if name not in figures.columns]]
    figures = figures.join(details, on="indicator_code").assign(share=figures["points"] / figures["max_points"])
    return figures.sort_values("indicator_code", key=lambda codes: codes.map(order), kind="stable")


@lru_cache(maxsize=32)
def _by_indicator(view: View) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in dictionaries(member_figures(view)):
        found.setdefault(row["indicator_code"], []).append(row)
    return found


@dataclass(frozen=True)
class Order:
    """Who stands where on one indicator.

    Attributes:
        places: 1 = best, by unit; who has no figure to compare has none.
        best_units: Those in the first place.
        best_value: The figure of the first of them; None where nobody has any.
    """

    places: dict[str, int]
    best_units: tuple[str, ...]
    best_value: float | None


def order_of(rows: Sequence[Mapping[str, Any]], sign: int, decimals: int) -> Order:
    """Return the order of some units by their figures, as they are written; ties share the better place.

    Where a ratio is 0 out of 0 there is no figure, and its points tell its place; it is best only if nobody has one.

    Args:
        rows: unit_code, value and share of the points; what is missing is None.
        sign: +1 where a higher value is better, -1 where a lower one is.
        decimals: With how many a figure is written.
    """
    figures = {row["unit_code"]: sign * as_written(row["value"], decimals) for row in rows if row["value"] is not None}
    places = _places(figures)
    best = tuple(code for code, place in places.items() if place == 1)
    shares = {row["unit_code"]: row["share"] for row in rows if row["value"] is None and row["share"] is not None}
    known = sorted(row["share"] for row in rows if row["share"] is not None)
    places |= {code: 1 + len(known) - bisect_right(known, share + _TIE) for code, share in shares.items()}
    best = best or tuple(code for code, place in places.items() if place == 1)
    value = next((row["value"] for row in rows if row["unit_code"] in best[:1]), None)
    return Order(places, best, value)


def _places(amounts: Mapping[str, float]) -> dict[str, int]:
    first: dict[float, int] = {}
    for place, amount in enumerate(sorted(amounts.values(), reverse=True), 1):
        first.setdefault(amount, place)
    return {code: first[amount] for code, amount in amounts.items()}


def improvement_sign(view: View, indicator_code: str) -> int:
    """Return +1 where more of an indicator is better, -1 where less is; +1 for one that is not scored."""
    spec = shared_spec(view, int(view.rules["year"]))
    return spec.indicators[spec.codes.index(indicator_code)].improvement_sign if indicator_code in spec.codes else 1


@lru_cache(maxsize=32)
def orders(view: View) -> dict[str, Order]:
    """Return the order on each scored indicator of the theme looked at, of those whose figure earned points."""
    return {
        code: order_of(
            [row for row in rows if row["share"] is not None], improvement_sign(view, code), int(rows[0]["decimals"])
        )
        for code, rows in _by_indicator(view).items()
    }


def indicator_places(view: View, unit_code: str) -> list[IndicatorPlace]:
    """Return a unit's indicators in the order of the themes."""
    year = int(view.rules["year"])
    targets, spec = view.frame("contract_target", year=year, period=view.period), shared_spec(view, year)
    signed = {row["indicator_code"]: row for row in dictionaries(targets[targets["unit_code"] == unit_code])}
    found = []
    for code, rows in _by_indicator(view).items():
        own = next((row for row in rows if row["unit_code"] == unit_code), None)
        if own is not None:
            found.append(_standing(own, rows, signed.get(code), spec, orders(view)[code]))
    return found


def _standing(
    own: dict[str, Any], rows: list[dict[str, Any]], signed: Mapping[str, Any] | None, spec: Spec, order: Order
) -> IndicatorPlace:
    target = float(signed["target"]) if signed else None
    earned = np.nan if target is None else value_points(spec, own["indicator_code"], target, target)
    return IndicatorPlace(
        row=own,
        share=own["share"],
        place=order.places.get(own["unit_code"]),
        others=[row for row in rows if row["share"] is not None and row["unit_code"] != own["unit_code"]],
        target=target,
        is_sample=bool(signed and signed["is_sample"]),
        target_share=None if np.isnan(earned) else earned / own["max_points"],
        best_units=order.best_units,
        best_value=order.best_value,
    )
