"""Drawn weights, and the scores of every node under them.

The points of the indicators do not depend on weights, so thousands of draws come down to one matrix product per node:
points (units x children) times weights (children x draws); a geometric mean is the same product on logarithms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from wardstats.scoring import MethodError, Spec
from wardstats.scoring.tree import Node, child_maxima, leaf_maxima

PRODUCT_ROWS = 32
PRODUCT_SIZE = 200_000


@dataclass(frozen=True)
class WeightDraws:
    """Weights of each node's children: (draws, children) by node, in the order of the spec's nodes."""

    weights: tuple[np.ndarray, ...]

    @property
    def count(self) -> int:
        """How many draws."""
        return len(self.weights[0])

    def part(self, start: int, stop: int) -> WeightDraws:
        """A run of the draws."""
        return WeightDraws(tuple(table[start:stop] for table in self.weights))


def draw_weights(spec: Spec, draws: int, spread: float, seed: int) -> WeightDraws:
    """Multiply every declared weight by a number drawn evenly from 1 - spread to 1 + spread, then renormalise.

    A sum keeps its maximum (the points at best stay what they are), a mean keeps its sum of weights.

    Args:
        spec: The tree with its declared weights.
        spread: 0.25 for 25 percent either way.
    """
    random = np.random.default_rng(seed)
    leaves = leaf_maxima(spec.indicators)
    tables = []
    for node in spec.nodes:
        factors = random.uniform(1 - spread, 1 + spread, (draws, len(node.weights)))
        size = child_maxima(node, leaves, spec.maxima) if node.aggregation == "sum" else np.ones(len(node.weights))
        drawn = node.weights * factors
        total = drawn @ size
        if len(node.weights):
            drawn *= (node.weights @ size / np.where(total > 0, total, 1.0))[:, None]
        tables.append(drawn)
    return WeightDraws(tuple(tables))


def declared_weights(spec: Spec) -> WeightDraws:
    """The declared weights as a single draw."""
    return WeightDraws(tuple(node.weights[None, :] for node in spec.nodes))


class DrawnScores:
    """Scores of every node under drawn weights, for points that stay as they are."""

    def __init__(self, points: np.ndarray, spec: Spec, adjustments: np.ndarray) -> None:
        """Keep points (units x indicators) and adjustments (units)."""
        self.spec, self.adjustments = spec, adjustments
        self.leaves = leaf_maxima(spec.indicators)
        self.is_zero = spec.missing == "zero"
        self.points = np.where(np.isnan(points), 0.0, points) if self.is_zero else points
        self.present = ~np.isnan(self.points)
        # a unit lacks a node under every draw or under none, because no declared weight is nought
        self.node_present = np.zeros((len(points), len(spec.nodes)), dtype=bool)
        self._inputs: dict[int, _NodeInput] = {}
        for index in reversed(range(len(spec.nodes))):
            node = spec.nodes[index]
            present = np.concatenate(
                [self.present[:, node.leaf_columns], self.node_present[:, node.child_nodes]], axis=1
            )
            self.node_present[:, index] = present.any(axis=1)
            self._inputs[index] = _NodeInput.of(self.points[:, node.leaf_columns], present, node)

    def scores(self, draws: WeightDraws) -> Iterator[tuple[int, np.ndarray]]:
        """Yield each node's index and its scores (draws x units), deepest first; NaN where a unit has none."""
        done: dict[int, np.ndarray] = {}
        tops = np.zeros((draws.count, len(self.spec.nodes)))
        for index in reversed(range(len(self.spec.nodes))):
            node = self.spec.nodes[index]
            if node.has_leaves:
                weights = draws.weights[index]
                leaves = np.broadcast_to(self.leaves[node.leaf_columns], (draws.count, len(node.leaf_columns)))
                maxima = np.concatenate([leaves, tops[:, node.child_nodes]], axis=1)
                tops[:, index] = _drawn_maximum(node, weights, maxima)
                done[index] = self._node_scores(index, weights, maxima, done)
                result = done[index] + self.adjustments if index == 0 else done[index]
                for child in node.child_nodes:
                    del done[int(child)]
                yield index, result

    def _node_scores(
        self, index: int, weights: np.ndarray, maxima: np.ndarray, done: dict[int, np.ndarray]
    ) -> np.ndarray:
        node, given = self.spec.nodes[index], self._inputs[index]
        total = self._total(node, given, weights, done)
        possible = weights * maxima if node.aggregation == "sum" else weights
        whole = possible.sum(axis=1, keepdims=True)
        some = given.incomplete
        available = matrix_product(possible, given.present_of_incomplete) if len(some) else whole
        with np.errstate(divide="ignore", invalid="ignore"):
            if node.aggregation == "sum":
                if len(some):
                    total[:, some] *= whole / available
            else:
                part = total[:, some]
                if node.aggregation == "harmonic":
                    np.divide(whole, total, out=total)
                    total[:, some] = available / part if len(some) else part
                else:
                    total /= whole
                    total[:, some] = part / available if len(some) else part
        if node.aggregation == "geometric":
            np.exp(total, out=total)
        if len(given.absent):
            total[:, given.absent] = np.nan
        return total

    def _total(self, node: Node, given: _NodeInput, weights: np.ndarray, done: dict[int, np.ndarray]) -> np.ndarray:
        """Weighted sum of the children, or of their logarithms or reciprocals."""
        count = len(node.leaf_columns)
        total = matrix_product(weights[:, :count], given.leaves) if count else None
        for position, child in enumerate(node.child_nodes, count):
            scores = _curved(done[int(child)], node)
            if not given.present[:, position].all():
                scores = np.where(given.present[:, position], scores, 0.0)
            added = weights[:, [position]] * scores
            if total is None:
                total = added
            else:
                total += added
        return np.zeros((len(weights), len(given.present))) if total is None else total


@dataclass(frozen=True)
class _NodeInput:
    """What of a node is the same in every draw.

    Attributes:
        leaves: Its indicators' points, or their logarithms or reciprocals (indicators x units); nought where missing.
        present: Which children each unit has.
        incomplete: Rows of the units that lack a child.
        present_of_incomplete: Which children those have, as numbers (children x units).
        absent: Rows of the units that lack them all.
    """

    leaves: np.ndarray
    present: np.ndarray
    incomplete: np.ndarray
    present_of_incomplete: np.ndarray
    absent: np.ndarray

    @classmethod
    def of(cls, points: np.ndarray, present: np.ndarray, node: Node) -> _NodeInput:
        """Prepare a node: its indicators' points (units x indicators), and which children each unit has."""
        # missing is masked after the curve, so that it adds nought whatever the curve does to it
        leaves = np.where(present[:, : points.shape[1]], _curved(points, node), 0.0)
        incomplete = np.flatnonzero(~present.all(axis=1))
        return cls(
            np.ascontiguousarray(leaves.T),
            present,
            incomplete,
            np.ascontiguousarray(present[incomplete].T, dtype=float),
            np.flatnonzero(~present.any(axis=1)),
        )


def _drawn_maximum(node: Node, weights: np.ndarray, maxima: np.ndarray) -> np.ndarray:
    """A node's maximum in each draw: the mean of unequal maxima moves with the weights."""
    if node.aggregation == "sum":
        return (weights * maxima).sum(axis=1)
    total = weights.sum(axis=1)
    if node.aggregation == "arithmetic":
        return (weights * maxima).sum(axis=1) / total
    with np.errstate(divide="ignore"):
        if node.aggregation == "geometric":
            return np.exp((weights * np.log(maxima)).sum(axis=1) / total)
        return total / (weights / maxima).sum(axis=1)


def matrix_product(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Multiply two matrices in blocks small enough that the linear algebra library does not start threads of its own.

    The draws are shared among threads already; a library that splits each product again makes all of them wait for
    each other (measured: eight times slower on two cores).
    """
    result = np.empty((left.shape[0], right.shape[1]))
    depth = max(1, left.shape[1])
    width = max(1, PRODUCT_SIZE // (PRODUCT_ROWS * depth))
    height = max(PRODUCT_ROWS, PRODUCT_SIZE // (depth * max(1, min(width, right.shape[1]))))
    for top in range(0, left.shape[0], height):
        rows = left[top : top + height]
        for start in range(0, right.shape[1], width):
            result[top : top + height, start : start + width] = rows @ right[:, start : start + width]
    return result


def _curved(scores: np.ndarray, node: Node) -> np.ndarray:
    """What a node adds up: the scores themselves, their logarithms, or their reciprocals."""
    if node.aggregation in ("sum", "arithmetic"):
        return scores
    if np.nanmin(scores, initial=0.0) < 0:
        raise MethodError(
            f"theme {node.code!r}: a {node.aggregation} mean meets a negative score; it needs scores of zero or more. "
            "Give the indicators a range above zero, or choose arithmetic."
        )
    with np.errstate(divide="ignore"):
        return np.log(scores) if node.aggregation == "geometric" else 1.0 / scores
