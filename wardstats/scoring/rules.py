"""The rules that turn values into points: their names and, for each, its formula and what it takes from the criterion.

The one place where a rule is told; docs/how-to-add-a-rule.md says what else a new one touches. Every function takes
values of shape (..., units, indicators), so that one call can serve thousands of scenarios. NaN is missing, in and out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd

from wardstats.core.errors import MethodError

UNIT_AXIS = -2


class ScoredIndicator(Protocol):
    """What a rule takes from an indicator; see ``Indicator``."""

    @property
    def code(self) -> str: ...  # noqa: D102
    @property
    def max_points(self) -> float: ...  # noqa: D102
    @property
    def zero_at(self) -> float | None: ...  # noqa: D102
    @property
    def full_at(self) -> float | None: ...  # noqa: D102
    @property
    def direction(self) -> int: ...  # noqa: D102
    @property
    def lower_limit(self) -> float | None: ...  # noqa: D102
    @property
    def upper_limit(self) -> float | None: ...  # noqa: D102
    @property
    def improvement_sign(self) -> int: ...  # noqa: D102
    def output_range(self) -> tuple[float, float]: ...  # noqa: D102


Indicators = Sequence[ScoredIndicator]


@dataclass(frozen=True)
class Formula:
    """How an absolute rule turns values into points, and what it takes from the criterion.

    Attributes:
        points: Points from values, indicators and signed targets (or None).
        ends: The values worth nothing and everything; None where the criterion does not say.
        words: The rule in a sentence, with blanks for {zero}, {full} and {points}; None for one that has none yet.
        line: The values between which points are a straight line of the value; None where they are none.
        is_switch: Points jump from nothing to everything.
        has_own_target: A unit's signed target takes the place of the value worth everything.
    """

    points: Callable[[np.ndarray, Indicators, np.ndarray | None], np.ndarray]
    ends: Callable[[ScoredIndicator], tuple[float | None, float | None]]
    words: Callable[[Callable[[str], str]], str] | None = None
    line: Callable[[ScoredIndicator], tuple[float, float]] | None = None
    is_switch: bool = False
    has_own_target: bool = False


def rule_points(rule: str, values: np.ndarray, indicators: Indicators, targets: np.ndarray | None = None) -> np.ndarray:
    """Points of indicators that share one rule.

    Args:
        values: (..., units, indicators) in the indicators' own units.
        targets: (units, indicators), the signed targets; NaN where none was signed.

    Raises:
        MethodError: The rule has no formula.
    """
    if rule in ABSOLUTE_FORMULAS:
        return ABSOLUTE_FORMULAS[rule].points(values, indicators, targets)
    if rule == "zscore" or rule in RELATIVE_SHARES:
        return relative_points(values, indicators, rule)
    known = ", ".join((*ABSOLUTE_FORMULAS, "zscore", *RELATIVE_SHARES))
    raise MethodError(
        f"indicator {indicators[0].code!r}: found the rule {rule!r}, expected one that has a formula ({known}). "
        "Correct the rule, or add its formula to wardstats/scoring/rules.py."
    )


def _field(indicators: Indicators, name: str, default: float = 0.0) -> np.ndarray:
    found = [getattr(indicator, name) for indicator in indicators]
    return np.array([default if value is None else value for value in found], dtype=float)


def _linear(values: np.ndarray, indicators: Indicators, _: np.ndarray | None) -> np.ndarray:
    best, zero, full = (_field(indicators, name) for name in ("max_points", "zero_at", "full_at"))
    # multiplied before divided: 6 x 1.75 / 100 is 0.105 and rounds to 0.10, 6 x (1.75 / 100) rounds to 0.11, and
    # the national portal's totals agree with the first only
    return np.clip(best * (values - zero) / (full - zero), 0.0, best)


def _log(values: np.ndarray, indicators: Indicators, _: np.ndarray | None) -> np.ndarray:
    best, zero, full = (_field(indicators, name) for name in ("max_points", "zero_at", "full_at"))
    # nought and below lie infinitely far on the low side, so the clip decides
    with np.errstate(divide="ignore"):
        logarithm = np.log(np.where(values > 0, values, np.where(np.isnan(values), np.nan, 0.0)))
    return best * np.clip((logarithm - np.log(zero)) / (np.log(full) - np.log(zero)), 0.0, 1.0)


def _target(values: np.ndarray, indicators: Indicators, targets: np.ndarray | None) -> np.ndarray:
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


def _as_scored(values: np.ndarray, indicators: Indicators, _: np.ndarray | None) -> np.ndarray:
    return np.clip(values, 0.0, _field(indicators, "max_points"))


def _yes_no(values: np.ndarray, indicators: Indicators, _: np.ndarray | None) -> np.ndarray:
    return np.where(np.isnan(values), np.nan, np.where(values >= 0.5, _field(indicators, "max_points"), 0.0))


def _limits(item: ScoredIndicator) -> tuple[float | None, float | None]:
    return item.zero_at, item.full_at


ABSOLUTE_FORMULAS: Mapping[str, Formula] = {
    "linear": Formula(
        _linear, _limits,
        lambda speak: speak("0 points at {zero}, all {points} points at {full}, in proportion between"),
        line=lambda item: (item.zero_at or 0.0, item.full_at or 0.0),
    ),
    "target": Formula(
        _target, lambda item: (item.zero_at or 0.0, item.full_at),
        lambda speak: speak("0 points at {zero}, all {points} points at the unit's own signed target"),
        has_own_target=True,
    ),
    "as_scored": Formula(
        _as_scored, lambda item: (0.0, item.max_points),
        lambda speak: speak("The figure is already in points; at most {points} count"), line=lambda _: (0.0, np.inf),
    ),
    "yes_no": Formula(
        _yes_no, lambda _: (0.0, 1.0), lambda speak: speak("{points} points for yes, none for no"), is_switch=True
    ),
    "log": Formula(
        _log, _limits,
        lambda speak: (
            speak("0 points at {zero}, all {points} points at {full}, in proportion between")
            + " " + speak("(on a logarithmic scale)")
        ),
    ),
}  # fmt: skip


def relative_points(values: np.ndarray, indicators: Indicators, rule: str) -> np.ndarray:
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


def relative_ends(indicators: Indicators, rule: str, units: int) -> tuple[np.ndarray, np.ndarray]:
    """Fewest and most points of a relative rule; a z-score of n units lies within (n - 1) / sqrt(n) of its mean."""
    if rule == "zscore":
        centre, reach = _field(indicators, "zero_at"), _field(indicators, "full_at", 1.0) * (units - 1) / np.sqrt(units)
        return centre - reach, centre + reach
    lower, upper = np.array([indicator.output_range() for indicator in indicators], dtype=float).T
    return lower, upper


def closed_points(
    values: np.ndarray, indicators: Indicators, rule: str, gaps: np.ndarray, *, is_treated: bool
) -> np.ndarray:
    """Points of a relative rule where a figure left out counts nothing, so that leaving it out never pays.

    Among those present alone it would: without the worst unit's figure all others are measured against a nearer worst
    and lose points. So the others must not get fewer points than beside any figure that might have stood there. In a
    rule by rank the gap stands last. In one by distance it takes the worst value that its limits allow. Where there is
    no such value, for z-scores, and where outliers were treated among those present, nothing is bad enough to stand in:
    there all who have a figure get the most points.

    Args:
        values: (..., units, indicators).
        indicators: One for each column.
        rule: One of `RELATIVE_RULES`.
        gaps: Same shape as the values, true where a figure was left out; a 0/0 ratio with an answer is none.
        is_treated: Outliers were pulled in, or put on a logarithm.

    Returns:
        Same shape; NaN where there is no value.
    """
    direction = np.array([indicator.direction for indicator in indicators], dtype=float)
    limits = [item.lower_limit if item.direction > 0 else item.upper_limit for item in indicators]
    worst = direction * np.array([np.nan if limit is None else limit for limit in limits])
    if rule in RULES_BY_RANK:
        stand_in = np.full(values.shape[-1], -np.inf)
    elif rule in RULES_BY_DISTANCE:
        # a figure beyond its limits is refused where figures come in; were there one, a gap would be no better than it
        stand_in = np.minimum(worst, _extremes(values * direction)[0])
    else:
        stand_in = np.full(values.shape[-1], np.nan)
    points = relative_points(np.where(gaps, stand_in * direction, values), indicators, rule)
    _, most = relative_ends(indicators, rule, values.shape[UNIT_AXIS])
    is_open = gaps.any(axis=UNIT_AXIS, keepdims=True) & (np.isnan(stand_in) | is_treated)
    return np.where(np.isnan(values), np.nan, np.where(is_open, most, points))


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


RELATIVE_SHARES: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "minmax": minmax_share,
    "rank": rank_share,
    "percentile_rank": percentile_share,
    "borda": borda_share,
    "distance_to_best": distance_share,
}
RULES_BY_RANK = ("rank", "percentile_rank", "borda")
RULES_BY_DISTANCE = ("minmax", "distance_to_best")
