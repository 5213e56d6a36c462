"""The theme tree laid out for arithmetic: nodes, their maxima, and the effective weight of every indicator in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from wardstats.scoring.indicator import Indicator, Theme


@dataclass(frozen=True)
class Node:
    """A node and its children: indicators (`leaf_columns`) first, then sub-themes (`child_nodes`).

    Children of weight zero, and sub-themes without any indicator, are left out: they have nothing to say.
    """

    code: str
    parent: int
    depth: int
    aggregation: str
    leaf_columns: np.ndarray
    child_nodes: np.ndarray
    weights: np.ndarray
    has_leaves: bool


def build_nodes(
    indicators: Sequence[Indicator], themes: Sequence[Theme], root_aggregation: str, root_code: str
) -> tuple[Node, ...]:
    """Lay the tree out, root first, every parent before its children, siblings by position then code."""
    themes_below: dict[str, list[Theme]] = {}
    for theme in sorted(themes, key=lambda item: (item.position, item.code)):
        themes_below.setdefault(theme.parent_code or root_code, []).append(theme)
    leaves_of: dict[str, list[int]] = {}
    for column, indicator in enumerate(indicators):
        leaves_of.setdefault(indicator.theme_code or root_code, []).append(column)

    order: list[tuple[str, int, int, str, float]] = []

    def visit(code: str, parent: int, depth: int, aggregation: str, weight: float) -> None:
        order.append((code, parent, depth, aggregation, weight))
        own_index = len(order) - 1
        for theme in themes_below.get(code, []):
            visit(theme.code, own_index, depth + 1, theme.aggregation, theme.weight)

    visit(root_code, -1, 0, root_aggregation, 1.0)

    nodes: list[Node | None] = [None] * len(order)
    for index in reversed(range(len(order))):
        code, parent, depth, aggregation, _ = order[index]
        columns = [column for column in leaves_of.get(code, []) if indicators[column].weight > 0]
        below = [
            child
            for child in range(index + 1, len(order))
            if order[child][1] == index and order[child][4] > 0 and _has_leaves(nodes[child])
        ]
        weights = [indicators[column].weight for column in columns] + [order[child][4] for child in below]
        nodes[index] = Node(
            code,
            parent,
            depth,
            aggregation,
            np.array(columns, dtype=np.intp),
            np.array(below, dtype=np.intp),
            np.array(weights, dtype=float),
            bool(columns or below),
        )
    return tuple(node for node in nodes if node is not None)


def _has_leaves(node: Node | None) -> bool:
    return node is not None and node.has_leaves


def leaf_maxima(indicators: Sequence[Indicator]) -> np.ndarray:
    """The most points of each indicator."""
    return np.array([indicator.max_points for indicator in indicators], dtype=float)


def child_maxima(node: Node, leaves: np.ndarray, nodes: np.ndarray) -> np.ndarray:
    """The most that each child of a node can have, in the order of its weights."""
    return np.concatenate([leaves[node.leaf_columns], nodes[node.child_nodes]])


def node_maxima(nodes: Sequence[Node], leaves: np.ndarray) -> np.ndarray:
    """The score of each node when every indicator is at its best: the node's own aggregation of its children's."""
    maxima = np.zeros(len(nodes))
    for index in reversed(range(len(nodes))):
        node = nodes[index]
        if not node.has_leaves:
            continue
        best, weights = child_maxima(node, leaves, maxima), node.weights
        if node.aggregation == "sum":
            maxima[index] = weights @ best
        elif node.aggregation == "arithmetic":
            maxima[index] = weights @ best / weights.sum()
        elif np.any(best <= 0):
            maxima[index] = 0.0
        elif node.aggregation == "geometric":
            maxima[index] = np.exp(weights @ np.log(best) / weights.sum())
        else:
            maxima[index] = weights.sum() / (weights @ (1 / best))
    return maxima


def effective_shares(nodes: Sequence[Node], leaves: np.ndarray) -> np.ndarray:
    """Share of each indicator in each node: weight x maximum in a sum, weight alone in a mean, down every level."""
    maxima = node_maxima(nodes, leaves)
    shares = np.zeros((len(nodes), len(leaves)))
    for index in reversed(range(len(nodes))):
        node = nodes[index]
        parts = child_parts(node, child_maxima(node, leaves, maxima))
        count = len(node.leaf_columns)
        shares[index, node.leaf_columns] = parts[:count]
        for child, part in zip(node.child_nodes, parts[count:], strict=True):
            shares[index] += part * shares[child]
    return shares


def child_parts(node: Node, maxima: np.ndarray) -> np.ndarray:
    """Weight of each child within its node, summing to 1 (all zero where the node can have no points at all)."""
    raw = node.weights * maxima if node.aggregation == "sum" else node.weights
    total = raw.sum()
    return raw / total if total > 0 else np.zeros_like(raw)
