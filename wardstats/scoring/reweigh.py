"""A method with other weights just below one node: what a reader tries out, never what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from wardstats.core.errors import SpecError
from wardstats.scoring.spec import Spec
from wardstats.scoring.tree import child_maxima, child_parts, leaf_maxima


def child_shares(spec: Spec, node: str) -> dict[str, float]:
    """Return the share of each child of a node in it, by code: indicators first, then sub-themes; together 1."""
    index = spec.node_index(node)
    sizes = child_maxima(spec.nodes[index], leaf_maxima(spec.indicators), spec.maxima)
    parts = child_parts(spec.nodes[index], sizes)
    return dict(zip(_child_codes(spec, index), parts.tolist(), strict=True))


def reweigh(spec: Spec, node: str, factors: Mapping[str, float]) -> Spec:
    """Multiply the weights of a node's children and renormalise them.

    A sum keeps its maximum: a child that counts twice as much takes its points from the others. A mean keeps its sum
    of weights. A factor of nought leaves the child out.

    Args:
        node: The node whose children are weighed anew.
        factors: Factor by the child's code; 1 where none is given.

    Raises:
        SpecError: A factor is negative, or no child would count.
    """
    index = spec.node_index(node)
    here = spec.nodes[index]
    codes = _child_codes(spec, index)
    wanted = np.array([factors.get(code, 1.0) for code in codes])
    if not (np.isfinite(wanted).all() and (wanted >= 0).all()):
        raise SpecError(f"theme {node!r}: a weight's factor must be a number of zero or more.")
    is_sum = here.aggregation == "sum"
    size = child_maxima(here, leaf_maxima(spec.indicators), spec.maxima) if is_sum else np.ones(len(codes))
    total = float(here.weights * wanted @ size)
    if total <= 0:
        raise SpecError(f"theme {node!r}: no part of it would count. Let at least one count.")
    weights = (here.weights * wanted * (float(here.weights @ size) / total)).tolist()
    count = len(here.leaf_columns)
    leaves = dict(zip(here.leaf_columns.tolist(), weights[:count], strict=True))
    themes = dict(zip(codes[count:], weights[count:], strict=True))
    return replace(
        spec,
        indicators=tuple(
            replace(item, weight=leaves[column]) if column in leaves else item
            for column, item in enumerate(spec.indicators)
        ),
        themes=tuple(
            replace(item, weight=themes[item.code]) if item.code in themes else item for item in spec.themes
        ),
    )  # fmt: skip


def _child_codes(spec: Spec, index: int) -> list[str]:
    here = spec.nodes[index]
    return [spec.codes[column] for column in here.leaf_columns] + [spec.node_codes[child] for child in here.child_nodes]
