"""Rank ranges: where each unit could stand if the weights moved, and if what is missing turned out best or worst."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from wardstats.robustness.draws import DrawnScores, WeightDraws, draw_weights
from wardstats.robustness.ranking import Spread, groups_not_told_apart, places_in_draws, spread_of_places
from wardstats.scoring import Result, Spec, aggregate
from wardstats.scoring.rank import comparable_scores

DEFAULT_DRAWS = 10_000
DEFAULT_SPREAD = 0.25
DEFAULT_SEED = 766
CHUNK_SCORES = 2_500_000


@dataclass(frozen=True)
class RankShares:
    """How often each unit took each place: parallel arrays of codes, turned into tables on demand."""

    periods: tuple[str, ...]
    node_codes: tuple[str, ...]
    unit_codes: tuple[str, ...]
    period_rows: np.ndarray
    node_rows: np.ndarray
    unit_rows: np.ndarray
    ranks: np.ndarray
    counts: np.ndarray
    draws: int

    def frame(self, period: str | None = None, node: str | None = None) -> pd.DataFrame:
        """Columns period, node_code, unit_code, rank, share; places never taken are left out."""
        chosen = np.ones(len(self.ranks), dtype=bool)
        if period is not None:
            chosen &= self.period_rows == self.periods.index(period)
        if node is not None:
            chosen &= self.node_rows == self.node_codes.index(node)
        return pd.DataFrame(
            {
                "period": pd.Categorical.from_codes(self.period_rows[chosen], list(self.periods)),
                "node_code": pd.Categorical.from_codes(self.node_rows[chosen], list(self.node_codes)),
                "unit_code": pd.Categorical.from_codes(self.unit_rows[chosen], list(self.unit_codes)),
                "rank": self.ranks[chosen],
                "share": self.counts[chosen] / self.draws,
            }
        )


@dataclass(frozen=True)
class RankRanges:
    """Rank ranges of every unit, node and period.

    Attributes:
        summary: One row per period, node and unit that has a place: period, node_code, unit_code, rank, rank_low
            (5th percentile of the draws), rank_high (95th), rank_mean, rank_best, rank_worst (over all draws),
            missing_best, missing_worst (what is missing turned out best or worst), group_number (units of one group
            cannot be told apart), group_size.
        shares: How often each place was taken.
    """

    summary: pd.DataFrame
    shares: RankShares


def rank_ranges(
    results: Result | Sequence[Result],
    *,
    draws: int = DEFAULT_DRAWS,
    spread: float = DEFAULT_SPREAD,
    seed: int = DEFAULT_SEED,
) -> RankRanges:
    """Rank ranges from drawn weights, for every node of every result.

    Args:
        results: Scored periods, each labelled with its period. Those with an equal spec share the draws, and are
            calculated together.
        draws: How many sets of weights.
        spread: Every declared weight, at every level, is multiplied by a number from 1 - spread to 1 + spread.
        seed: Equal seeds give equal ranges.

    Source: OECD/JRC Handbook (2008), step 7; Saisana, Saltelli and Tarantola (2005).
    """
    listed = [results] if isinstance(results, Result) else list(results)
    collector = _Collector(listed, draws)
    waiting = list(range(len(listed)))
    while waiting:
        spec = listed[waiting[0]].spec
        batch = [index for index in waiting if listed[index].spec == spec]
        waiting = [index for index in waiting if index not in batch]
        weights = draw_weights(spec, draws, spread, seed)
        _run_batch(collector, batch, spec, weights)
    return collector.finish()


def _run_batch(collector: _Collector, batch: list[int], spec: Spec, weights: WeightDraws) -> None:
    """All nodes of results with one spec, draws in runs that fit in memory."""
    listed = [collector.results[index] for index in batch]
    drawn = DrawnScores(
        np.concatenate([result.steps.points for result in listed]),
        spec,
        np.concatenate([result.adjustments for result in listed]),
    )
    bounds = np.cumsum([0, *(len(result.unit_codes) for result in listed)])
    size = max(1, CHUNK_SCORES // max(1, int(bounds[-1])))
    places: dict[tuple[int, int], list[np.ndarray]] = {}
    for start in range(0, weights.count, size):
        for node, scores in drawn.scores(weights.part(start, start + size)):
            for index, low, high in zip(batch, bounds[:-1], bounds[1:], strict=True):
                ranked = collector.ranked_rows(index, node)
                if len(ranked):
                    some = scores[:, low:high]
                    some = some if len(ranked) == high - low else some[:, ranked]
                    places.setdefault((index, node), []).append(places_in_draws(some))
    for (index, node), parts in places.items():
        collector.add(index, node, parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1))
        parts.clear()


class _Collector:
    """Gathers the figures of all periods and nodes into one table."""

    def __init__(self, results: list[Result], draws: int) -> None:
        self.results, self.draws = results, draws
        self.nodes = list(dict.fromkeys(code for result in results for code in result.spec.node_codes))
        self.units = list(dict.fromkeys(code for result in results for code in result.unit_codes))
        self.unit_row = {code: row for row, code in enumerate(self.units)}
        self.columns: dict[str, list[np.ndarray]] = {}
        self.missing = [missing_ranges(result) for result in results]

    def ranked_rows(self, index: int, node: int) -> np.ndarray:
        """Rows of the units that have a place."""
        return np.flatnonzero(self.results[index].ranks[:, node] > 0)

    def add(self, index: int, node: int, places: np.ndarray) -> None:
        """Keep what the draws say of one node of one period."""
        result = self.results[index]
        rows = self.ranked_rows(index, node)
        official = result.ranks[rows, node]
        spread = spread_of_places(places)
        groups = groups_not_told_apart(places, official)
        units = np.array([self.unit_row[code] for code in result.unit_codes], dtype=np.int32)[rows]
        best, worst = self.missing[index]
        node_row = self.nodes.index(result.spec.node_codes[node])
        self._keep("period", np.full(len(rows), index, dtype=np.int32))
        self._keep("node_code", np.full(len(rows), node_row, dtype=np.int32))
        self._keep("unit_code", units)
        self._keep("rank", official)
        for name, field in (("low", "low"), ("high", "high"), ("mean", "mean"), ("best", "best"), ("worst", "worst")):
            self._keep(f"rank_{name}", getattr(spread, field))
        self._keep("missing_best", best[rows, node])
        self._keep("missing_worst", worst[rows, node])
        self._keep("group_number", groups)
        self._keep("group_size", np.bincount(groups)[groups])
        self._keep_shares(index, node_row, units, spread)

    def _keep(self, name: str, values: np.ndarray) -> None:
        self.columns.setdefault(name, []).append(values)

    def _keep_shares(self, index: int, node_row: int, units: np.ndarray, spread: Spread) -> None:
        count = len(spread.counts)
        self._keep("share_period", np.full(count, index, dtype=np.int16))
        self._keep("share_node", np.full(count, node_row, dtype=np.int16))
        self._keep("share_unit", units[spread.unit_rows])
        self._keep("share_rank", spread.places)
        self._keep("share_count", spread.counts)

    def finish(self) -> RankRanges:
        """Put the pieces together."""
        joined = {name: np.concatenate(self.columns.pop(name)) for name in list(self.columns)}
        periods = tuple(result.period for result in self.results)
        # two results may carry the same label, so labels are looked up by position, not made categories
        labels = np.array(periods, dtype=object)
        empty = np.zeros(0, dtype=np.int32)
        table: dict[str, object] = {
            "period": labels[joined.get("period", empty)],
            "node_code": np.array(self.nodes, dtype=object)[joined.get("node_code", empty)],
            "unit_code": np.array(self.units, dtype=object)[joined.get("unit_code", empty)],
        }
        table |= {name: joined.get(name, empty) for name in NUMBER_COLUMNS}
        shares = [joined.get(f"share_{name}", empty) for name in ("period", "node", "unit", "rank", "count")]
        return RankRanges(
            pd.DataFrame(table),
            RankShares(periods, tuple(self.nodes), tuple(self.units), *shares, self.draws),
        )


NUMBER_COLUMNS = (
    "rank",
    "rank_low",
    "rank_high",
    "rank_mean",
    "rank_best",
    "rank_worst",
    "missing_best",
    "missing_worst",
    "group_number",
    "group_size",
)


def missing_ranges(result: Result) -> tuple[np.ndarray, np.ndarray]:
    """Places if what is missing turned out as well, or as badly, as can be.

    A unit's best place: its own missing figures get full points and the others' none. Its worst: the reverse.

    Returns:
        Best and worst place, units x nodes; equal to the official place where nothing is missing anywhere.
    """
    spec, points = result.spec, result.steps.points
    lowest, highest = _point_ends(result)
    is_missing = ~result.steps.present
    low = comparable_scores(_filled_scores(np.where(is_missing, lowest, points), result))
    high = comparable_scores(_filled_scores(np.where(is_missing, highest, points), result))
    shape = (len(points), len(spec.nodes))
    best, worst = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for node in range(len(spec.nodes)):
        # a unit's own low is never above its own high, so it does not count itself
        best[:, node] = 1 + _count_above(low[:, node], high[:, node])
        worst[:, node] = 1 + _count_above(high[:, node], low[:, node]) - (high[:, node] > low[:, node])
    return best, worst


def _count_above(scores: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    ordered = np.sort(scores)
    return len(ordered) - np.searchsorted(ordered, thresholds, side="right")


def _filled_scores(points: np.ndarray, result: Result) -> np.ndarray:
    scores = aggregate(points, result.spec)
    scores[:, 0] += result.adjustments
    return scores


def _point_ends(result: Result) -> tuple[np.ndarray, np.ndarray]:
    """Fewest and most points of each indicator; a z-score has no ends, so the worst and best present stand in."""
    lowest, highest = [], []
    for column, indicator in enumerate(result.spec.indicators):
        low, high = indicator.output_range() if indicator.is_relative else (0.0, indicator.max_points)
        if indicator.rule == "zscore":
            present = result.steps.points[:, column]
            present = present[~np.isnan(present)]
            low, high = (present.min(), present.max()) if len(present) else (0.0, 0.0)
        lowest.append(low)
        highest.append(high)
    return np.array(lowest, dtype=float), np.array(highest, dtype=float)
