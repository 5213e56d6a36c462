"""From values to points: the absolute rules (goalposts) and the relative ones (against the units present).

Every function takes arrays of shape (..., units, indicators), so that one call can serve thousands of scenarios.
A missing value (NaN) gives missing points; nothing here invents a figure.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from wardstats.scoring.rounding import round_decimals
from wardstats.scoring.spec import LINEAR_RULES, RELATIVE_RULES, Indicator, Spec

UNIT_AXIS = -2


def normalise(
    values: np.ndarray, spec: Spec, *, empty: np.ndarray | None = None, targets: np.ndarray | None = None
) -> np.ndarray:
    """Points of every unit and indicator.

    Args:
        values: (..., units, indicators) in the indicators' own units; NaN is missing.
        spec: The rules.
        empty: Same shape, true where a ratio is 0/0; its points follow `if_empty`.
        targets: (units, indicators), the signed target of the rule `target`; NaN where none was signed.

    Returns:
        Same shape; NaN is missing.
    """
    points = np.full(values.shape, np.nan)
    values = _round_values(values, spec)
    for rule in {indicator.rule for indicator in spec.indicators}:
        columns = [position for position, indicator in enumerate(spec.indicators) if indicator.rule == rule]
        chosen = [spec.indicators[position] for position in columns]
        some = values[..., columns]
        if rule in RELATIVE_RULES:
            points[..., columns] = relative_points(some, chosen, rule)
        elif rule == "target":
            goals = None if targets is None else targets[..., columns]
            points[..., columns] = _target_points(some, chosen, goals)
        else:
            points[..., columns] = _absolute_points(some, chosen, rule)
    if empty is not None:
        _fill_empty(points, spec, empty)
    return round_decimals(points, spec.points_decimals)


def _round_values(values: np.ndarray, spec: Spec) -> np.ndarray:
    if all(indicator.value_decimals is None for indicator in spec.indicators):
        return values
    rounded = values.copy()
    for column, indicator in enumerate(spec.indicators):
        rounded[..., column] = round_decimals(values[..., column], indicator.value_decimals)
    return rounded


def _field(indicators: list[Indicator], name: str, default: float = 0.0) -> np.ndarray:
    found = [getattr(indicator, name) for indicator in indicators]
    return np.array([default if value is None else value for value in found], dtype=float)


def _absolute_points(values: np.ndarray, indicators: list[Indicator], rule: str) -> np.ndarray:
    best = _field(indicators, "max_points")
    if rule == "as_scored":
        return np.clip(values, 0.0, best)
    if rule == "yes_no":
        return np.where(np.isnan(values), np.nan, np.where(values >= 0.5, best, 0.0))
    zero, full = _field(indicators, "zero_at"), _field(indicators, "full_at")
    if rule in LINEAR_RULES:
        # multiplied before divided: 6 x 1.75 / 100 is 0.105 and rounds to 0.10, 6 x (1.75 / 100) rounds to 0.11, and
        # the national portal's totals agree with the first only
        return np.clip(best * (values - zero) / (full - zero), 0.0, best)
    # log: nought and below lie infinitely far on the low side, so the clip decides
    with np.errstate(divide="ignore"):
        logarithm = np.log(np.where(values > 0, values, np.where(np.isnan(values), np.nan, 0.0)))
    return best * np.clip((logarithm - np.log(zero)) / (np.log(full) - np.log(zero)), 0.0, 1.0)


def _target_points(values: np.ndarray, indicators: list[Indicator], targets: np.ndarray | None) -> np.ndarray:
    best, zero = _field(indicators, "max_points"), _field(indicators, "zero_at")
    full = _field(indicators, "full_at", np.nan)
    goal = np.broadcast_to(full, values.shape) if targets is None else np.where(np.isnan(targets), full, targets)
    sign = np.array([indicator.improvement_sign for indicator in indicators], dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        points = np.clip(best * (values - zero) / (goal - zero), 0.0, best)
    # a target equal to zero_at leaves no slope: it is either reached or not
    reached = np.where(sign * (values - goal) >= 0, best, 0.0)
    points = np.where(goal == zero, reached, points)
    return np.where(np.isnan(values) | np.isnan(goal), np.nan, points)


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
    if indicator.rule != "zscore":
        return indicator.output_range()[1 if is_best else 0]
    centre = indicator.zero_at or 0.0
    worst_case = -np.inf if is_best else np.inf
    filled = np.where(np.isnan(points), worst_case, points)
    end = (filled.max if is_best else filled.min)(axis=-1, keepdims=True)
    return np.where(np.isfinite(end), end, centre)


def relative_points(values: np.ndarray, indicators: list[Indicator], rule: str) -> np.ndarray:
    """Points of a relative rule, each indicator among the units that have a value.

    The direction is applied first (a value counts as direction x value), so that every rule flips in the same way.
    """
    direction = np.array([indicator.direction for indicator in indicators], dtype=float)
    oriented = values * direction
    if rule == "zscore":
        spread = _field(indicators, "full_at", 1.0)
        return _field(indicators, "zero_at") + spread * standard_scores(oriented)
    lower, upper = np.array([indicator.output_range() for indicator in indicators], dtype=float).T
    return lower + (upper - lower) * RELATIVE_SHARES[rule](oriented)


def _extremes(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Smallest and largest value of each indicator among those present."""
    missing = np.isnan(values)
    low = np.where(missing, np.inf, values).min(axis=UNIT_AXIS, keepdims=True, initial=np.inf)
    high = np.where(missing, -np.inf, values).max(axis=UNIT_AXIS, keepdims=True, initial=-np.inf)
    return low, high


def _share_between(values: np.ndarray, low: np.ndarray, high: np.ndarray, if_level: float) -> np.ndarray:
    """Position between two values; where they coincide, a defined share rather than 0/0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (values - low) / (high - low)
    return np.where(np.isnan(values), np.nan, np.where(high > low, share, if_level))


def minmax_share(values: np.ndarray) -> np.ndarray:
    """0 for the worst unit present, 1 for the best; one half for everybody when all are equal."""
    low, high = _extremes(values)
    return _share_between(values, low, high, 0.5)


def distance_share(values: np.ndarray) -> np.ndarray:
    """1 for the best unit, falling with the distance to it; measured from nought, or from the worst if that is lower.

    When all are equal nobody is at any distance from the best, so all get 1.
    """
    low, high = _extremes(values)
    return _share_between(values, np.minimum(low, 0.0), high, 1.0)


def standard_scores(values: np.ndarray) -> np.ndarray:
    """Deviation from the mean in sample standard deviations; 0 for everybody when all are equal."""
    present = ~np.isnan(values)
    count = present.sum(axis=UNIT_AXIS, keepdims=True)
    mean = np.where(present, values, 0.0).sum(axis=UNIT_AXIS, keepdims=True) / np.maximum(count, 1)
    deviation = np.where(present, values - mean, 0.0)
    variance = (deviation**2).sum(axis=UNIT_AXIS, keepdims=True) / np.maximum(count - 1, 1)
    low, high = _extremes(values)
    # compared by range, not by variance: a mean of equal numbers may be off by a rounding error
    is_level = ~(high > low)
    with np.errstate(divide="ignore", invalid="ignore"):
        scores = deviation / np.sqrt(variance)
    return np.where(present, np.where(is_level, 0.0, scores), np.nan)


def _middle_ranks(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rank from the bottom (1 = worst, ties share the mean rank) and the number of units present."""
    by_unit = np.moveaxis(values, UNIT_AXIS, 0)
    table = pd.DataFrame(by_unit.reshape(len(by_unit), -1))
    ranks = np.moveaxis(table.rank().to_numpy().reshape(by_unit.shape), 0, UNIT_AXIS)
    return ranks, (~np.isnan(values)).sum(axis=UNIT_AXIS, keepdims=True)


def rank_share(values: np.ndarray) -> np.ndarray:
    """n/n for the best of n units down to 1/n for the worst."""
    ranks, count = _middle_ranks(values)
    return ranks / np.maximum(count, 1)


def percentile_share(values: np.ndarray) -> np.ndarray:
    """Share of the units present that are worse, counting half of those that are equal (oneself included)."""
    ranks, count = _middle_ranks(values)
    return (ranks - 0.5) / np.maximum(count, 1)


def borda_share(values: np.ndarray) -> np.ndarray:
    """Share of the others that one beats, a tie counting half; one half where there is nobody else."""
    ranks, count = _middle_ranks(values)
    share = (ranks - 1) / np.maximum(count - 1, 1)
    return np.where((count == 1) & ~np.isnan(values), 0.5, share)


RELATIVE_SHARES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "minmax": minmax_share,
    "rank": rank_share,
    "percentile_rank": percentile_share,
    "borda": borda_share,
    "distance_to_best": distance_share,
}
