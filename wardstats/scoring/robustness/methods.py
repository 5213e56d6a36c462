"""Would another method give another order? Places over normalisations and aggregations, and which choice moves most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from wardstats.scoring import Indicator, MethodError, Result, Spec, Theme
from wardstats.scoring.rank import places_with_unscored
from wardstats.scoring.robustness.draws import DrawnScores, WeightDraws, declared_weights, draw_weights
from wardstats.scoring.robustness.ranges import DEFAULT_SEED, DEFAULT_SPREAD
from wardstats.scoring.rules import relative_points

DECLARED = "declared"
NORMALISATIONS = (DECLARED, "minmax", "zscore", "rank", "distance_to_best")
AGGREGATIONS = (DECLARED, "arithmetic", "geometric", "harmonic")
FLOOR, CEILING = 1.0, 100.0  # above nought, so that geometric and harmonic means tell low scores apart
Z_CENTRE, Z_SPREAD = 50.0, 100.0 / 6.0
WEIGHT_DRAWS = 512
FACTORS = ("weights", "normalisation", "aggregation")


@dataclass(frozen=True)
class MethodRanges:
    """Places under every method.

    Attributes:
        ranks: One row per unit and method: unit_code, normalisation, aggregation, rank.
        summary: One row per unit: unit_code, rank, rank_best, rank_worst, rank_median over the methods.
    """

    ranks: pd.DataFrame
    summary: pd.DataFrame


def comparable_spec(spec: Spec, aggregation: str) -> Spec:
    """The same tree on a common scale of 1 to 100, aggregated otherwise.

    Where the declared tree adds points, an indicator's weight becomes weight x maximum, so that its share in the whole
    stays what it was.
    """
    if aggregation not in AGGREGATIONS:
        raise MethodError(f"aggregation {aggregation!r} is not one of {', '.join(AGGREGATIONS)}.")
    weights: dict[str, float] = {}
    indicators: list[Indicator] = list(spec.indicators)
    for node in spec.nodes:
        for column, weight in zip(node.leaf_columns, node.weights, strict=False):
            indicator = spec.indicators[column]
            size = indicator.max_points if node.aggregation == "sum" else 1.0
            indicators[column] = replace(
                indicator, rule="minmax", zero_at=FLOOR, full_at=CEILING, max_points=CEILING, weight=weight * size
            )
        for child, weight in zip(node.child_nodes, node.weights[len(node.leaf_columns) :], strict=True):
            size = float(spec.maxima[child]) if node.aggregation == "sum" else 1.0
            weights[spec.node_codes[child]] = float(weight) * size

    def chosen(declared: str) -> str:
        if aggregation != DECLARED:
            return aggregation
        return "arithmetic" if declared == "sum" else declared

    themes = tuple(
        Theme(theme.code, theme.parent_code, weights.get(theme.code, 0.0), chosen(theme.aggregation), theme.position)
        for theme in spec.themes
    )
    return replace(
        spec,
        indicators=tuple(indicators),
        themes=themes,
        aggregation=chosen(spec.aggregation),
        points_decimals=None,
        min_coverage=None,
        imputation="none",
        treatment="none",
    )


def comparable_points(result: Result, normalisation: str) -> np.ndarray:
    """Points of every indicator on the scale of 1 to 100 under another normalisation.

    `declared` stretches the points given; the others go back to the values (after imputation and treatment). A 0/0
    ratio that has its own answer keeps the end of the scale it was given, and a missing one that counts zero has 1.
    """
    return _comparable(result.spec, result.steps.points, result.steps.treated, normalisation)


def _comparable(spec: Spec, points: np.ndarray, treated: np.ndarray, normalisation: str) -> np.ndarray:
    """The same from arrays of shape (..., units, indicators)."""
    if normalisation not in NORMALISATIONS:
        raise MethodError(f"normalisation {normalisation!r} is not one of {', '.join(NORMALISATIONS)}.")
    declared = FLOOR + (CEILING - FLOOR) * _declared_share(spec, points)
    if spec.missing == "zero":  # what counts nothing lies at the low end, as a figure worth nothing does
        declared = np.where(np.isnan(declared), FLOOR, declared)
    if normalisation == DECLARED:
        return declared
    oriented = [replace(item, direction=item.improvement_sign, zero_at=None, full_at=None) for item in spec.indicators]
    if normalisation == "zscore":
        scale = [replace(item, zero_at=Z_CENTRE, full_at=Z_SPREAD) for item in oriented]
        found = np.clip(relative_points(treated, scale, "zscore"), FLOOR, CEILING)
    else:
        scale = [replace(item, zero_at=FLOOR, full_at=CEILING) for item in oriented]
        found = relative_points(treated, scale, normalisation)
    return np.where(np.isnan(treated), declared, found)


def _declared_share(spec: Spec, points: np.ndarray) -> np.ndarray:
    """Where the points given lie between the fewest and the most, 0 to 1."""
    ends = []
    for indicator in spec.indicators:
        low, high = indicator.output_range() if indicator.is_relative else (0.0, indicator.max_points)
        if not indicator.has_ends:
            low, high = low - 3 * (indicator.full_at or 1.0), low + 3 * (indicator.full_at or 1.0)
        ends.append((low, high))
    low, high = np.array(ends, dtype=float).reshape(-1, 2).T
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (points - low) / (high - low)
    return np.clip(np.where((high == low) & ~np.isnan(points), 1.0, share), 0.0, 1.0)


def _method_scores(result: Result, spec: Spec, points: np.ndarray, weights: WeightDraws, node: int) -> np.ndarray:
    """Scores (draws x units) of one node; adjustments are scaled to the common 1 to 100."""
    top = result.spec.maxima[0]
    scaled = result.adjustments * ((CEILING - FLOOR) / top if top > 0 else 0.0)
    for index, scores in DrawnScores(points, spec, scaled).scores(weights):
        if index == node:
            return scores
    return np.full((weights.count, len(points)), np.nan)


def method_ranges(
    result: Result,
    node: str = "total",
    *,
    normalisations: Sequence[str] = NORMALISATIONS,
    aggregations: Sequence[str] = AGGREGATIONS,
) -> MethodRanges:
    """Places of the units with a score under every normalisation and aggregation.

    The pair (declared, declared) is the official ranking itself; all others work on a common scale of 1 to 100.
    """
    index = result.spec.node_index(node)
    rows = np.flatnonzero(result.ranks[:, index] > 0)
    units = [result.unit_codes[row] for row in rows]
    tables = []
    for aggregation in aggregations:
        spec = comparable_spec(result.spec, aggregation)
        weights = declared_weights(spec)
        for normalisation in normalisations:
            if normalisation == aggregation == DECLARED:
                places = result.ranks[rows, index]
            else:
                points = comparable_points(result, normalisation)
                places = places_with_unscored(_method_scores(result, spec, points, weights, index)[0, rows])
            tables.append(
                pd.DataFrame(
                    {"unit_code": units, "normalisation": normalisation, "aggregation": aggregation, "rank": places}
                )
            )
    ranks = pd.concat(tables, ignore_index=True)
    stacked = np.array([table["rank"].to_numpy() for table in tables])
    summary = pd.DataFrame(
        {
            "unit_code": units,
            "rank": result.ranks[rows, index],
            "rank_best": stacked.min(axis=0),
            "rank_worst": stacked.max(axis=0),
            "rank_median": np.median(stacked, axis=0),
        }
    )
    return MethodRanges(ranks, summary)


def method_spreads(results: Sequence[Result]) -> pd.DataFrame:
    """Best and worst place of each unit under every method, for all nodes; periods with an equal spec go together.

    Returns:
        One row per period, node and unit that has a place: period, node_code, unit_code, method_best, method_worst.
    """
    tables = []
    waiting = list(results)
    while waiting:
        first = waiting[0]
        alike = [item for item in waiting if item.spec == first.spec and item.ranks.shape == first.ranks.shape]
        chosen = {id(item) for item in alike}
        waiting = [item for item in waiting if id(item) not in chosen]
        best, worst = _method_ends(alike)
        periods, units, nodes = np.nonzero(np.stack([item.ranks for item in alike]) > 0)
        tables.append(
            pd.DataFrame(
                {
                    "period": np.array([item.period for item in alike], dtype=object)[periods],
                    "node_code": np.array(first.spec.node_codes, dtype=object)[nodes],
                    "unit_code": np.array([item.unit_codes for item in alike], dtype=object)[periods, units],
                    "method_best": best[periods, units, nodes],
                    "method_worst": worst[periods, units, nodes],
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def _method_ends(results: Sequence[Result]) -> tuple[np.ndarray, np.ndarray]:
    """Best and worst places (periods x units x nodes) of results with one spec and equally many units."""
    spec = results[0].spec
    ranks = np.stack([item.ranks for item in results]).astype(np.int64)
    best, worst = ranks.copy(), ranks.copy()
    given = np.stack([item.steps.points for item in results])
    treated = np.stack([item.steps.treated for item in results])
    points = np.stack([_comparable(spec, given, treated, name) for name in NORMALISATIONS])
    top = spec.maxima[0]
    adjustments = np.stack([item.adjustments for item in results]) * ((CEILING - FLOOR) / top if top > 0 else 0.0)
    shape = points.shape[:-1]
    rows, extra = points.reshape(-1, points.shape[-1]), np.broadcast_to(adjustments, shape).ravel()
    for aggregation in AGGREGATIONS:
        other = comparable_spec(spec, aggregation)
        # (declared, declared) is the official ranking, which best and worst begin with
        skipped = 1 if aggregation == DECLARED else 0
        for index, scores in DrawnScores(rows, other, extra).scores(declared_weights(other)):
            ranked = np.where(ranks[..., index] > 0, scores.reshape(shape), np.nan)
            places = places_with_unscored(ranked)[skipped:]
            best[..., index] = np.minimum(best[..., index], places.min(axis=0))
            worst[..., index] = np.maximum(worst[..., index], places.max(axis=0))
    return best, worst


def sobol_shares(
    result: Result,
    node: str = "total",
    *,
    spread: float = DEFAULT_SPREAD,
    seed: int = DEFAULT_SEED,
    normalisations: Sequence[str] = NORMALISATIONS,
    aggregations: Sequence[str] = AGGREGATIONS,
) -> pd.DataFrame:
    """Which choice moves the order most: Sobol indices of the average shift of places.

    The average shift is the mean over units of |place - official place|. Its variance over all orders (each drawn set
    of weights with each normalisation and each aggregation) is split into what a choice explains alone (`first_order`)
    and together with the others (`total_order`). The split is exact for these orders: nothing is sampled from them.

    Args:
        result: The scored period.
        node: The ranking.
        spread: Of the weights.
        seed: Of the drawn weights.
        normalisations: To choose from.
        aggregations: To choose from.

    Returns:
        One row per factor: factor, first_order, total_order (0-1), mean_shift (the same in every row), most moving
        first.

    Source: Saltelli et al., Global Sensitivity Analysis (2008); OECD/JRC Handbook (2008), step 7.
    """
    index = result.spec.node_index(node)
    rows = np.flatnonzero(result.ranks[:, index] > 0)
    if len(rows) < 2:
        return _sobol_table(np.zeros(len(FACTORS)), np.zeros(len(FACTORS)), 0.0)
    shifts = _shift_table(result, index, rows, spread, seed, normalisations, aggregations)
    return _sobol_table(*variance_shares(shifts), float(shifts.mean()))


def variance_shares(table: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Split the variance of a full table by its axes: what each explains alone, and together with the others.

    Args:
        table: A value for each combination of choices, an axis for each factor, every combination as likely.

    Returns:
        First-order and total-order share of each axis, 0 to 1; all 0 where the table does not vary.
    """
    axes = range(table.ndim)
    whole = table.var()
    if np.ptp(table) == 0:
        return np.zeros(table.ndim), np.zeros(table.ndim)
    alone = [table.mean(axis=tuple(other for other in axes if other != axis)).var() for axis in axes]
    left = [table.mean(axis=axis).var() for axis in axes]  # what all the others explain together
    return np.array(alone) / whole, np.clip(1 - np.array(left) / whole, 0.0, 1.0)


def _shift_table(
    result: Result,
    node: int,
    rows: np.ndarray,
    spread: float,
    seed: int,
    normalisations: Sequence[str],
    aggregations: Sequence[str],
) -> np.ndarray:
    """Average shift of places for each (weights, normalisation, aggregation)."""
    official = result.ranks[rows, node]
    shifts = np.empty((WEIGHT_DRAWS, len(normalisations), len(aggregations)))
    for column, aggregation in enumerate(aggregations):
        spec = comparable_spec(result.spec, aggregation)
        weights = draw_weights(spec, WEIGHT_DRAWS, spread, seed)
        for row, normalisation in enumerate(normalisations):
            points = comparable_points(result, normalisation)
            places = places_with_unscored(_method_scores(result, spec, points, weights, node)[:, rows])
            shifts[:, row, column] = np.abs(places - official).mean(axis=1)
    return shifts


def _sobol_table(first_order: np.ndarray, total_order: np.ndarray, mean_shift: float) -> pd.DataFrame:
    table = pd.DataFrame(
        {"factor": FACTORS, "first_order": first_order, "total_order": total_order, "mean_shift": mean_shift}
    )
    return table.sort_values("total_order", ascending=False, kind="stable", ignore_index=True)
