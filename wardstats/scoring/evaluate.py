"""The whole calculation for one period, step by step, and the same for thousands of scenarios at once.

raw -> imputed -> treated -> normalised (points) -> aggregated (scores) -> adjusted -> ranked
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from wardstats.scoring.aggregate import aggregate, coverage, refuse_uncovered
from wardstats.scoring.impute import impute
from wardstats.scoring.inputs import Matrices, PeriodInput, period_input
from wardstats.scoring.normalise import normalise, points_of_gaps
from wardstats.scoring.rank import competition_ranks
from wardstats.scoring.spec import Spec
from wardstats.scoring.treat import TreatmentNote, treat

CHUNK_CELLS = 1_000_000  # tries at once, in cells: twenty times as many take twice as long, in and out of memory


@dataclass(frozen=True)
class Steps:
    """Every intermediate array of a calculation; the last axis is indicators, or nodes from `sums` on.

    `sums` are the scores before adjustments, and before `min_coverage` withholds any.
    """

    raw: np.ndarray
    present: np.ndarray
    imputed: np.ndarray
    treated: np.ndarray
    points: np.ndarray
    sums: np.ndarray
    scores: np.ndarray
    spec: Spec
    treatment: tuple[TreatmentNote, ...] = ()

    @cached_property
    def coverage(self) -> np.ndarray:
        """Share of each node's weight that has a figure; worked out when asked for, and tries do not ask."""
        return coverage(self.present, self.spec)


def evaluate(matrices: Matrices, spec: Spec) -> Steps:
    """Carry figures of shape (..., units, indicators) through every step; the root's score includes adjustments."""
    values, empty = matrices.figures, matrices.empty
    has_answer = np.array([indicator.if_empty != "missing" for indicator in spec.indicators])
    answered = empty & has_answer
    present = answered | ~np.isnan(values)
    imputed = impute(values, spec, is_open=~answered, history=matrices.history, groups=matrices.groups)
    treated, notes = treat(imputed, spec)
    points = normalise(treated, spec, empty=answered if answered.any() else None, targets=matrices.targets)
    points, sums, scores = _aggregated(points, present, matrices.adjustments, spec)
    return Steps(values, present, imputed, treated, points, sums, scores, spec, tuple(notes))


def _aggregated(
    points: np.ndarray, present: np.ndarray, adjustments: np.ndarray, spec: Spec
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Points with those of figures that count nothing, `sums` and `scores`; no score where nothing is known."""
    if spec.missing == "zero":
        known = ~np.isnan(points)
        fewest = points_of_gaps(spec, points.shape[-2])
        points = np.where(known | (fewest == 0), points, fewest)
        sums = aggregate(points, spec)
        if not known.all():
            sums = np.where(known.astype(float) @ spec.is_below.T > 0, sums, np.nan)
    else:
        sums = aggregate(points, spec)
    scores = sums.copy()
    scores[..., 0] += adjustments
    return points, sums, refuse_uncovered(scores, present, spec)


def ranks_if_closed(result: Result, period: PeriodInput) -> np.ndarray:
    """Places (units x nodes, 0 for none) if what is missing in a period counted nothing, for all units."""
    spec = replace(period.spec, missing="zero", imputation="none")
    if not period.spec.is_separable or period.spec.imputation != "none":
        return score_period(replace(period, spec=spec)).ranks
    _, _, scores = _aggregated(result.steps.points, result.steps.present, result.adjustments, spec)
    return competition_ranks(scores.T).T


@dataclass(frozen=True)
class Result:
    """Scores of one period with every step on the way.

    Attributes:
        spec: The method.
        unit_codes: Row order of all arrays.
        steps: raw, imputed, treated, points (units x indicators), scores, coverage (units x nodes).
        adjustments: Points added to the root's score.
        ranks: units x nodes; 1 is best, ties share, 0 is no place.
        period: The label given.
    """

    spec: Spec
    unit_codes: tuple[str, ...]
    steps: Steps
    adjustments: np.ndarray
    ranks: np.ndarray
    period: str = ""

    @cached_property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Every step as a table of units: raw, imputed, treated, normalised, aggregated, coverage, ranks."""
        by_indicator = {"raw": "raw", "imputed": "imputed", "treated": "treated", "normalised": "points"}
        frames = {
            name: self._frame(getattr(self.steps, field), self.spec.codes) for name, field in by_indicator.items()
        }
        frames["aggregated"] = self._frame(self.steps.scores, self.spec.node_codes)
        frames["coverage"] = self._frame(self.steps.coverage, self.spec.node_codes)
        frames["ranks"] = self._frame(self.ranks, self.spec.node_codes).astype("Int64").replace(0, pd.NA)
        return frames

    def _frame(self, data: np.ndarray, columns: Sequence[str]) -> pd.DataFrame:
        return pd.DataFrame(data, index=pd.Index(self.unit_codes, name="unit_code"), columns=list(columns))

    def ranking(self, node: str = "total") -> pd.DataFrame:
        """One row per unit, best first: unit_code, rank, score, max_score, coverage, adjustment (root only)."""
        index = self.spec.node_index(node)
        frame = pd.DataFrame(
            {
                "unit_code": self.unit_codes,
                "rank": pd.array(self.ranks[:, index], dtype="Int64"),
                "score": self.steps.scores[:, index],
                "max_score": self.spec.maxima[index],
                "coverage": self.steps.coverage[:, index],
                "adjustment": self.adjustments if index == 0 else 0.0,
            }
        )
        frame.loc[frame["rank"] == 0, "rank"] = pd.NA
        return frame.sort_values(["rank", "unit_code"], na_position="last", ignore_index=True)


def score(
    values: pd.DataFrame | np.ndarray,
    empty: pd.DataFrame | np.ndarray | None,
    spec: Spec,
    adjustments: pd.Series | np.ndarray | None = None,
    *,
    targets: pd.DataFrame | np.ndarray | None = None,
    history: Mapping[int, pd.DataFrame] | Sequence[pd.DataFrame] | None = None,
    groups: pd.Series | Sequence[str] | None = None,
    period: str = "",
) -> Result:
    """Score one period.

    Args:
        values: Units x indicators in the indicators' own units, NaN missing. A bare array is taken in the spec's
            column order, its units named 0, 1, 2, ...
        empty: Same shape, true where a ratio is 0/0; None for nowhere.
        adjustments: Bonus and penalty points by unit.
        targets: Units x indicators, for the rule `target`.
        history: Values of other periods for imputation: by distance (-1 the one before), or a list, oldest first.
        groups: Group of each unit, for imputation by group.

    Returns:
        Scores, coverage and ranks of every node, with every step.

    Raises:
        MethodError: The figures cannot go through the chosen method.

    Source: OECD/JRC, Handbook on Constructing Composite Indicators (2008), steps 3 to 7.
    """
    return score_period(period_input(values, empty, spec, adjustments, targets, history, groups, period))


def score_period(period: PeriodInput) -> Result:
    """Score a period that has been gathered with `period_input`; errors as in `score`."""
    matrices = period.matrices()
    steps = evaluate(matrices, period.spec)
    ranks = competition_ranks(steps.scores.T).T
    return Result(period.spec, period.unit_codes, steps, matrices.adjustments, ranks, period.period)


def score_scenarios(
    matrices: Matrices, spec: Spec, values: np.ndarray, empty: np.ndarray | None = None, *, node: str = "total"
) -> np.ndarray:
    """Scores of one node in many scenarios.

    Args:
        matrices: The period's other figures (targets, adjustments, history, groups).
        values: (scenarios, units, indicators).
        empty: Same shape; None repeats the period's own.

    Returns:
        (scenarios, units).
    """
    index = spec.node_index(node)
    empty = np.broadcast_to(matrices.empty if empty is None else empty, values.shape)
    size = max(1, CHUNK_CELLS // max(1, values[0].size)) if len(values) else 1
    parts = [
        evaluate(
            replace(matrices, figures=values[start : start + size], empty=empty[start : start + size]), spec
        ).scores[..., index]
        for start in range(0, len(values), size)
    ]
    return np.concatenate(parts) if parts else np.empty((0, values.shape[1]))
