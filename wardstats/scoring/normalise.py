"""From values to points: each indicator's rule (rules.py), the rounding around it and the answer to a 0/0 ratio.

Every function takes arrays of shape (..., units, indicators), so that one call can serve thousands of scenarios.
A missing value (NaN) gives missing points; nothing here invents a figure.
"""

from __future__ import annotations

import numpy as np

from wardstats.scoring.indicator import Indicator
from wardstats.scoring.rounding import round_decimals
from wardstats.scoring.rules import ABSOLUTE_FORMULAS, closed_points, relative_ends, rule_points
from wardstats.scoring.spec import Spec


def normalise(
    values: np.ndarray, spec: Spec, *, empty: np.ndarray | None = None, targets: np.ndarray | None = None
) -> np.ndarray:
    """Points of every unit and indicator.

    Args:
        values: (..., units, indicators) in the indicators' own units; NaN is missing.
        empty: Same shape, true where a ratio is 0/0; its points follow `if_empty`.
        targets: (units, indicators), the signed target of the rule `target`; NaN where none was signed.

    Returns:
        Same shape; NaN is missing.
    """
    points = np.full(values.shape, np.nan)
    values = _round_values(values, spec)
    for rule, columns in _columns_by_rule(spec).items():
        chosen, some = [spec.indicators[position] for position in columns], values[..., columns]
        gaps = np.isnan(some) if empty is None else np.isnan(some) & ~empty[..., columns]
        if spec.missing == "zero" and chosen[0].is_relative and gaps.any():
            points[..., columns] = closed_points(some, chosen, rule, gaps, is_treated=spec.treatment != "none")
        else:
            points[..., columns] = rule_points(rule, some, chosen, None if targets is None else targets[..., columns])
    if empty is not None:
        _fill_empty(points, spec, empty)
    return round_decimals(points, spec.points_decimals)


def _columns_by_rule(spec: Spec) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for position, indicator in enumerate(spec.indicators):
        found.setdefault(indicator.rule, []).append(position)
    return found


def points_of_gaps(spec: Spec, units: int) -> np.ndarray:
    """Points of a figure that counts nothing, by indicator: 0, or the fewest of a relative rule that goes below 0."""
    fewest = np.zeros(len(spec.codes))
    for rule, columns in _columns_by_rule(spec).items():
        chosen = [spec.indicators[position] for position in columns]
        if chosen[0].is_relative:
            fewest[columns] = relative_ends(chosen, rule, units)[0]
    return np.minimum(fewest, 0.0)


def value_points(
    spec: Spec, code: str, value: float, target: float | None = None, *, is_for_all: bool = False
) -> float:
    """Points that a value of an indicator earns by itself, wherever it comes from.

    Args:
        target: The signed target, for the rule `target`.
        is_for_all: Whoever has the value: a rule that asks for a unit's own target has no answer then.

    Returns:
        NaN where the value is missing, and where the rule compares units: an outsider has no points then.
    """
    indicator = spec.indicators[spec.codes.index(code)]
    if indicator.is_relative or (is_for_all and ABSOLUTE_FORMULAS[indicator.rule].has_own_target):
        return np.nan
    values = round_decimals(np.array([[value]], dtype=float), indicator.value_decimals)
    targets = None if target is None else np.array([[target]], dtype=float)
    return float(round_decimals(rule_points(indicator.rule, values, [indicator], targets), spec.points_decimals)[0, 0])


def _round_values(values: np.ndarray, spec: Spec) -> np.ndarray:
    if all(indicator.value_decimals is None for indicator in spec.indicators):
        return values
    rounded = values.copy()
    for column, indicator in enumerate(spec.indicators):
        rounded[..., column] = round_decimals(values[..., column], indicator.value_decimals)
    return rounded


def _fill_empty(points: np.ndarray, spec: Spec, empty: np.ndarray) -> None:
    """Give 0/0 ratios what the criteria set says, in place."""
    for column, indicator in enumerate(spec.indicators):
        mask = np.broadcast_to(empty[..., column], points.shape[:-1])
        if not mask.any():
            continue
        if indicator.if_empty == "missing":
            fill: np.ndarray | float = np.nan
        elif not indicator.is_relative:
            fill = indicator.max_points if indicator.if_empty == "full" else 0.0
        else:
            fill = _relative_end(points[..., column], indicator, is_best=indicator.if_empty == "full")
        points[..., column] = np.where(mask, fill, points[..., column])


def _relative_end(points: np.ndarray, indicator: Indicator, *, is_best: bool) -> np.ndarray | float:
    """End of a relative scale; a z-score has none, so the best or worst unit present stands in for it."""
    if indicator.has_ends:
        return indicator.output_range()[1 if is_best else 0]
    centre = indicator.zero_at or 0.0
    worst_case = -np.inf if is_best else np.inf
    filled = np.where(np.isnan(points), worst_case, points)
    end = (filled.max if is_best else filled.min)(axis=-1, keepdims=True)
    return np.where(np.isfinite(end), end, centre)
