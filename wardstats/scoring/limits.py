"""How far a value can usefully go, and how far others get in a year."""

from __future__ import annotations

import numpy as np

from wardstats.scoring.indicator import Indicator
from wardstats.scoring.rules import ABSOLUTE_FORMULAS

EFFORT_PERCENTILE = 75
SPAN_SHARE = 0.25


def value_limits(indicator: Indicator, column: np.ndarray, target: float) -> tuple[float, float]:
    """Worst and best value an indicator can usefully take: its rule's ends, within its limits.

    A relative rule has no ends of its own; its limit, or else the best and worst unit present, stand in.
    """
    low = -np.inf if indicator.lower_limit is None else indicator.lower_limit
    high = np.inf if indicator.upper_limit is None else indicator.upper_limit
    if indicator.rule in ABSOLUTE_FORMULAS:
        ends = ABSOLUTE_FORMULAS[indicator.rule].ends(indicator)
        worst, best = (np.nan if end is None else end for end in ends)
        if ABSOLUTE_FORMULAS[indicator.rule].has_own_target and not np.isnan(target):
            best = target
    else:
        present = column[~np.isnan(column)]
        lowest, highest = (present.min(), present.max()) if len(present) else (np.nan, np.nan)
        lowest = lowest if indicator.lower_limit is None else indicator.lower_limit
        highest = highest if indicator.upper_limit is None else indicator.upper_limit
        worst, best = (lowest, highest) if indicator.direction > 0 else (highest, lowest)
    return float(np.clip(worst, low, high)), float(np.clip(best, low, high))


def typical_improvement(
    now: np.ndarray, year_ago: np.ndarray | None, indicator: Indicator, index: int, span: float
) -> tuple[float, str]:
    """What other units improve by in a year, to measure an effort against.

    Args:
        span: Distance between the indicator's worst and best, for when there is no year to go by.

    Returns:
        The improvement and its basis, `year` or `span`.
    """
    if year_ago is not None:
        gains = np.delete(indicator.improvement_sign * (now - year_ago), index)
        gains = gains[~np.isnan(gains) & (gains > 0)]
        if len(gains):
            return float(np.percentile(gains, EFFORT_PERCENTILE)), "year"
    return abs(span) * SPAN_SHARE, "span"
