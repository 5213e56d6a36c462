"""Two tables side by side: the table as it would be with other figures, and who passed whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from wardstats.core.errors import MethodError
from wardstats.scoring.evaluate import Result, score_period
from wardstats.scoring.inputs import PeriodInput

COMPARED = ["unit_code", "score_before", "score", "score_change", "rank_before", "rank", "places_gained"]


def what_if(
    period: PeriodInput, changes: Mapping[tuple[str, str], float | None], *, node: str = "total"
) -> tuple[Result, pd.DataFrame]:
    """The table as it would be with some figures changed.

    Args:
        changes: New value by (unit_code, indicator_code); None takes the figure away.

    Returns:
        The new result, and one row per unit in the new order: unit_code, score_before, score, score_change,
        rank_before, rank, places_gained (positive is up).

    Raises:
        MethodError: A unit or indicator is unknown.
    """
    values = period.figures.astype(float).copy()
    empty = None if period.empty is None else period.empty.copy()
    for (unit, indicator), value in changes.items():
        if unit not in values.index:
            raise MethodError(f"what-if: unit {unit!r} has no figures in this period. Choose one that has.")
        if indicator not in period.spec.codes:
            raise MethodError(f"what-if: indicator {indicator!r} is not scored. Choose one of the criteria set.")
        values.loc[unit, indicator] = np.nan if value is None else value
        if empty is not None and indicator in empty.columns and unit in empty.index:
            empty.loc[unit, indicator] = False
    before = score_period(period)
    after = score_period(replace(period, figures=values, empty=empty))
    return after, compare_ranking(before, after, node)


def compare_ranking(before: Result, after: Result, node: str = "total") -> pd.DataFrame:
    """Scores and places of two results of the same units side by side, in the order of the second."""
    left = before.ranking(node)
    table = after.ranking(node).merge(left, on="unit_code", how="left", suffixes=("", "_before"))
    table["score_change"] = table["score"] - table["score_before"]
    table["places_gained"] = table["rank_before"] - table["rank"]
    return table.filter(items=COMPARED)
