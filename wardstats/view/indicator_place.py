"""Where a unit stands on each indicator: its figure and place, its signed target, and who is best.

Owns the facts only; ``indicator_lines``, ``lessons`` and ``profile`` put them into words and lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

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
        place: 1 = best, among the members with points; None where the figure is missing.
        others: The other members' rows, with their share.
        target: The signed target, in the indicator's unit; None where none was signed.
        is_sample: The target is a sample: nobody signed it.
        target_share: Share of the points that reaching the target gives; None where the rule does not tell.
        best_units: Codes of the members with the most points and, among them, the best figure before rounding.
        best_value: Their figure, where they have the same one; else the first one's.
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


def indicator_places(view: View, unit_code: str) -> list[IndicatorPlace]:
    """Return a unit's indicators in the order of the themes."""
    year = int(view.rules["year"])
    targets, spec = view.frame("contract_target", year=year, period=view.period), shared_spec(view, year)
    signed = {row["indicator_code"]: row for row in dictionaries(targets[targets["unit_code"] == unit_code])}
    found = []
    for code, rows in _by_indicator(view).items():
        own = next((row for row in rows if row["unit_code"] == unit_code), None)
        if own is not None:
            found.append(_standing(own, rows, signed.get(code), spec))
    return found


def best_rows(known: list[dict[str, Any]], sign: float) -> list[dict[str, Any]]:
    """Return the rows with the most points and, as points are capped, with the best figure of these.

    Args:
        known: Rows with a ``share`` of the points, and a ``value`` that may be missing.
        sign: +1 where a higher value is better, -1 where a lower one is.
    """
    most = max((row["share"] for row in known), default=0.0)
    best = [row for row in known if row["share"] > most - _TIE]
    furthest = max((sign * row["value"] for row in best if pd.notna(row["value"])), default=0.0)
    return [row for row in best if pd.isna(row["value"]) or sign * row["value"] > furthest - _TIE]


def _standing(
    own: dict[str, Any], rows: list[dict[str, Any]], signed: Mapping[str, Any] | None, spec: Spec
) -> IndicatorPlace:
    known = [row for row in rows if row["share"] is not None]
    best = best_rows(known, spec.indicators[spec.codes.index(own["indicator_code"])].improvement_sign)
    values = [row["value"] for row in best if pd.notna(row["value"])]
    target = float(signed["target"]) if signed else None
    earned = np.nan if target is None else value_points(spec, own["indicator_code"], target, target)
    return IndicatorPlace(
        row=own,
        share=own["share"],
        place=None if own["share"] is None else 1 + sum(row["share"] > own["share"] + _TIE for row in known),
        others=[row for row in known if row["unit_code"] != own["unit_code"]],
        target=target,
        is_sample=bool(signed and signed["is_sample"]),
        target_share=None if np.isnan(earned) else earned / own["max_points"],
        best_units=tuple(row["unit_code"] for row in best),
        best_value=float(values[0]) if values else None,
    )
