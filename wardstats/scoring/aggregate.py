"""From points to scores: up the theme tree, deepest level first, with sums and weighted means."""

from __future__ import annotations

import numpy as np

from wardstats.core.errors import MethodError
from wardstats.scoring.spec import Spec
from wardstats.scoring.tree import Node, child_maxima, leaf_maxima

COVERAGE_TOLERANCE = 1e-12


def aggregate(points: np.ndarray, spec: Spec) -> np.ndarray:
    """Scores of every node.

    Args:
        points: (..., units, indicators); NaN is missing.
        spec: Tree, weights, and `missing`: with `renormalise` the children present take over the weight of the missing
            ones, with `zero` a missing child counts nothing.

    Returns:
        (..., units, nodes) in the order of `spec.nodes`; NaN where nothing is present (`renormalise`; with `zero` it is
        0 here, and `evaluate` gives no score) or the node has no indicator.

    Raises:
        MethodError: A geometric or harmonic mean meets a negative score.
    """
    leaves = leaf_maxima(spec.indicators)
    scores = np.full((*points.shape[:-1], len(spec.nodes)), np.nan)
    for index in reversed(range(len(spec.nodes))):
        node = spec.nodes[index]
        if not node.has_leaves:
            continue
        children = np.concatenate([points[..., node.leaf_columns], scores[..., node.child_nodes]], axis=-1)
        scores[..., index] = combine(children, node, child_maxima(node, leaves, spec.maxima), spec.missing)
    return scores


def combine(children: np.ndarray, node: Node, maxima: np.ndarray, missing: str) -> np.ndarray:
    """Score of one node from its children (..., children)."""
    weights = node.weights
    present = ~np.isnan(children)
    is_complete = bool(present.all())
    filled = children if is_complete else np.where(present, children, 0.0)
    if missing == "zero":
        present, is_complete = np.ones_like(present), True
    if node.aggregation == "sum":
        score = filled @ weights
        if is_complete:
            return score
        possible = weights * maxima
        available = present @ possible
        # where all are present the factor is left out, so that it cannot shift the last digit
        with np.errstate(divide="ignore", invalid="ignore"):
            scaled = score * np.where(present.all(axis=-1), 1.0, possible.sum() / available)
        return np.where(available > 0, scaled, np.nan)
    available = present @ weights
    with np.errstate(divide="ignore", invalid="ignore"):
        if node.aggregation == "arithmetic":
            score = (filled @ weights) / available
        else:
            score = _curved_mean(filled, present, weights, available, node)
    return np.where(available > 0, score, np.nan)


def _curved_mean(
    filled: np.ndarray, present: np.ndarray, weights: np.ndarray, available: np.ndarray, node: Node
) -> np.ndarray:
    """Geometric or harmonic mean; one child at nought makes the whole nought (the limit of both formulas)."""
    if (filled < 0).any():
        raise MethodError(
            f"theme {node.code!r}: a {node.aggregation} mean meets a negative score ({float(filled.min()):g}); "
            "it needs scores of zero or more. Give the indicators a range above zero (minmax from 1 to 100), or choose "
            "arithmetic."
        )
    is_nought = (present & (filled == 0)).any(axis=-1)
    usable = present & (filled > 0)
    safe = np.where(usable, filled, 1.0)
    if node.aggregation == "geometric":
        score = np.exp((np.log(safe) * usable) @ weights / available)
    else:
        score = available / ((usable / safe) @ weights)
    return np.where(is_nought, 0.0, score)


def coverage(present: np.ndarray, spec: Spec) -> np.ndarray:
    """Share of each node's effective weight that has a figure.

    Args:
        present: (..., units, indicators), true where there is a figure; taken before any imputation.

    Returns:
        (..., units, nodes) from 0 to 1.
    """
    return np.clip(present.astype(float) @ spec.shares.T, 0.0, 1.0)


def refuse_uncovered(scores: np.ndarray, present: np.ndarray, spec: Spec) -> np.ndarray:
    """Withhold the scores of nodes whose coverage is under `min_coverage`.

    A withheld theme still counts in its parent, which is judged by its own coverage: otherwise one thin theme would
    silently hand its whole weight to the others.
    """
    if spec.min_coverage is None:
        return scores
    return np.where(coverage(present, spec) < spec.min_coverage - COVERAGE_TOLERANCE, np.nan, scores)
