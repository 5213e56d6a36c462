"""Rank ranges: where each unit could stand if the weights moved, and if what is missing turned out best or worst."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import local

import numpy as np
import pandas as pd

from wardstats.scoring import MethodError, Result, Spec, aggregate
from wardstats.scoring.rank import comparable_scores
from wardstats.scoring.robustness.draws import DrawnScores, WeightDraws, draw_weights
from wardstats.scoring.robustness.ranking import (
    PAIRWISE_LIMIT,
    groups_not_told_apart,
    place_type,
    places_in_draws,
    spread_of_places,
)

DEFAULT_DRAWS = 10_000
DEFAULT_SPREAD = 0.25
DEFAULT_SEED = 766
CHUNK_MANY_UNITS = 50_000  # scores in one run; fits the processor's cache
CHUNK_FEW_UNITS = 1_600_000  # here the calls themselves cost more than the cache saves
WRITTEN_AT_ONCE = 120
PLACES_BYTES = 1_400_000_000  # places held at once; more units, nodes or periods are taken in turn
WORKERS = min(4, os.cpu_count() or 1)


@dataclass(frozen=True)
class SharesBlock:
    """How often each unit took each place, for one period and node."""

    period: str
    node_code: str
    unit_codes: np.ndarray
    unit_rows: np.ndarray
    ranks: np.ndarray
    counts: np.ndarray


@dataclass(frozen=True)
class RankShares:
    """How often each unit took each place, kept compactly and turned into a table on demand."""

    blocks: tuple[SharesBlock, ...]
    draws: int

    def frame(self, period: str | None = None, node: str | None = None) -> pd.DataFrame:
        """Columns period, node_code, unit_code, rank, share; places never taken are left out."""
        chosen = [block for block in self.blocks if period in (None, block.period) and node in (None, block.node_code)]
        lengths = [len(block.ranks) for block in chosen]
        periods = np.array([block.period for block in chosen], dtype=object)
        nodes = np.array([block.node_code for block in chosen], dtype=object)
        units = [block.unit_codes[block.unit_rows] for block in chosen]
        return pd.DataFrame(
            {
                "period": np.repeat(periods, lengths),
                "node_code": np.repeat(nodes, lengths),
                "unit_code": np.concatenate([*units, np.zeros(0, dtype=object)]),
                "rank": np.concatenate([*(block.ranks for block in chosen), np.zeros(0, dtype=np.int64)]),
                "share": np.concatenate([*(block.counts for block in chosen), np.zeros(0)]) / self.draws,
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
        spread: Every declared weight, at every level, is multiplied by a number from 1 - spread to 1 + spread.

    Raises:
        MethodError: Two results carry the same period.

    Source: OECD/JRC Handbook (2008), step 7; Saisana, Saltelli and Tarantola (2005).
    """
    listed = [results] if isinstance(results, Result) else list(results)
    if len({result.period for result in listed}) < len(listed):
        raise MethodError("rank ranges: two results carry the same period. Give each its own label.")
    collector = _Collector(listed, draws)
    waiting = list(range(len(listed)))
    while waiting:
        spec = listed[waiting[0]].spec
        batch = [index for index in waiting if listed[index].spec == spec]
        waiting = [index for index in waiting if index not in batch]
        weights = draw_weights(spec, draws, spread, seed)
        for part in _parts_that_fit(collector, batch, spec, draws):
            _run_batch(collector, part, spec, weights)
    return collector.finish()


def _parts_that_fit(collector: _Collector, batch: list[int], spec: Spec, draws: int) -> Iterator[list[int]]:
    """Cut results with one spec into runs whose places fit in memory; at least one result a run."""
    part: list[int] = []
    held = 0
    for index in batch:
        units = len(collector.results[index].unit_codes)
        size = units * len(spec.nodes) * draws * np.dtype(place_type(units)).itemsize
        if part and held + size > PLACES_BYTES:
            yield part
            part, held = [], 0
        part.append(index)
        held += size
    yield part


def _run_batch(collector: _Collector, batch: list[int], spec: Spec, weights: WeightDraws) -> None:
    """All nodes of results with one spec, draws in runs that fit the cache, nodes in runs that fit in memory."""
    listed = [collector.results[index] for index in batch]
    drawn = DrawnScores(
        np.concatenate([result.steps.points for result in listed]),
        spec,
        np.concatenate([result.adjustments for result in listed]),
    )
    bounds = np.cumsum([0, *(len(result.unit_codes) for result in listed)])
    spans = list(zip(batch, bounds[:-1], bounds[1:], strict=True))
    is_few = max(len(result.unit_codes) for result in listed) <= PAIRWISE_LIMIT
    size = max(1, (CHUNK_FEW_UNITS if is_few else CHUNK_MANY_UNITS) // max(1, int(bounds[-1])))
    # places stand unit by unit: were a few draws written at a time, each place would cost a trip to memory
    length = -(-WRITTEN_AT_ONCE // size) * size
    is_gathered = length > size
    runs = [(start, min(start + length, weights.count)) for start in range(0, weights.count, length)]

    def run(places: dict[tuple[int, int], np.ndarray], of_thread: local, start: int, stop: int) -> None:
        if is_gathered and not hasattr(of_thread, "held"):  # new memory for each run costs a tenth more
            of_thread.held = {key: np.empty((length, len(table)), table.dtype) for key, table in places.items()}
        for first in range(start, stop, size):
            last = min(first + size, stop)
            for node, scores in drawn.scores(weights.part(first, last)):
                for index, low, high in spans:
                    if (index, node) in places:
                        rows = collector.ranked_rows(index, node)
                        some = scores[:, low:high] if len(rows) == high - low else scores[:, low + rows]
                        found = places_in_draws(some)
                        if is_gathered:
                            of_thread.held[index, node][first - start : last - start] = found.T
                        else:
                            places[index, node][:, first:last] = found
        for key, table in places.items() if is_gathered else ():
            table[:, start:stop] = of_thread.held[key][: stop - start].T

    bytes_of_all = sum(
        len(result.unit_codes) * len(spec.nodes) * weights.count * np.dtype(place_type(len(result.unit_codes))).itemsize
        for result in listed
    )
    passes = -(-bytes_of_all // PLACES_BYTES)
    # numpy lets go of the interpreter while it sorts, so threads share the work where there is much of it
    with ThreadPoolExecutor(1 if is_few else WORKERS) as pool:
        for chosen in np.array_split(np.arange(len(spec.nodes)), passes):
            places: dict[tuple[int, int], np.ndarray] = {}
            for index, _, _ in spans:
                for node in chosen.tolist():
                    if count := len(collector.ranked_rows(index, node)):
                        places[index, node] = np.empty((count, weights.count), dtype=place_type(count))
            list(pool.map(partial(run, places, local()), *zip(*runs, strict=True)))
            found = pool.map(
                lambda key, places=places: collector.summed_up(key[0], key[1], places.pop(key)), list(places)
            )
            for columns, shares in found:
                collector.keep(columns, shares)


class _Collector:
    """Gathers the figures of all periods and nodes into one table."""

    def __init__(self, results: list[Result], draws: int) -> None:
        self.results, self.draws = results, draws
        self.columns: dict[str, list[np.ndarray]] = {}
        self.blocks: list[SharesBlock] = []
        self.missing = [missing_ranges(result) for result in results]

    def ranked_rows(self, index: int, node: int) -> np.ndarray:
        """Rows of the units that have a place."""
        return np.flatnonzero(self.results[index].ranks[:, node] > 0)

    def summed_up(self, index: int, node: int, places: np.ndarray) -> tuple[dict[str, np.ndarray], SharesBlock]:
        """What the draws say of one node of one period."""
        result = self.results[index]
        rows = self.ranked_rows(index, node)
        official = result.ranks[rows, node]
        spread = spread_of_places(places)
        groups = groups_not_told_apart(places, official)
        units = np.array(result.unit_codes, dtype=object)[rows]
        best, worst = self.missing[index]
        columns = {
            "period": np.full(len(rows), result.period, dtype=object),
            "node_code": np.full(len(rows), result.spec.node_codes[node], dtype=object),
            "unit_code": units,
            "rank": official,
            "rank_low": spread.low,
            "rank_high": spread.high,
            "rank_mean": spread.mean,
            "rank_best": spread.best,
            "rank_worst": spread.worst,
            "missing_best": best[rows, node],
            "missing_worst": worst[rows, node],
            "group_number": groups,
            "group_size": np.bincount(groups)[groups],
        }
        return columns, SharesBlock(
            result.period, result.spec.node_codes[node], units, spread.unit_rows, spread.places, spread.counts
        )

    def keep(self, columns: dict[str, np.ndarray], shares: SharesBlock) -> None:
        """Add it to the table."""
        for name, values in columns.items():
            self.columns.setdefault(name, []).append(values)
        self.blocks.append(shares)

    def finish(self) -> RankRanges:
        """Put the pieces together."""
        joined = {name: np.concatenate(parts) for name, parts in self.columns.items()}
        return RankRanges(pd.DataFrame(joined, columns=SUMMARY_COLUMNS), RankShares(tuple(self.blocks), self.draws))


SUMMARY_COLUMNS = [
    "period",
    "node_code",
    "unit_code",
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
]


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
        if not indicator.has_ends:
            present = result.steps.points[:, column]
            present = present[~np.isnan(present)]
            low, high = (present.min(), present.max()) if len(present) else (0.0, 0.0)
        lowest.append(low)
        highest.append(high)
    return np.array(lowest, dtype=float), np.array(highest, dtype=float)
