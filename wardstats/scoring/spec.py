"""What a composite index is made of: indicators with their rules, a theme tree, and the options of every step.

Owns the vocabulary (`Indicator`, `Theme`, `Spec`), and the tree laid out for arithmetic. It reads no files:
whoever holds the data folder builds a `Spec` from it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from wardstats.errors import MethodError, SpecError
from wardstats.scoring.checks import AGGREGATIONS, IMPUTATIONS, ROOT_CODE, spec_problems
from wardstats.scoring.rules import ABSOLUTE_FORMULAS, ABSOLUTE_RULES, RELATIVE_RULES
from wardstats.scoring.tree import Node, build_nodes, child_maxima, effective_shares, leaf_maxima, node_maxima

__all__ = [
    "ABSOLUTE_RULES",
    "AGGREGATIONS",
    "IMPUTATIONS",
    "RELATIVE_RULES",
    "ROOT_CODE",
    "Indicator",
    "MethodError",
    "Spec",
    "SpecError",
    "Theme",
]


@dataclass(frozen=True)
class Indicator:
    """One indicator and the rule that turns its value into points.

    Attributes:
        code: Identifier, unique in the spec.
        theme_code: The node of the tree it belongs to; empty or `total` puts it directly under the root.
        max_points: Points at best; the node maxima and the `sum` weights are made of them.
        rule: One of `ABSOLUTE_RULES` or `RELATIVE_RULES`.
        zero_at: Absolute rules: the value worth nothing. Relative rules: the lower end of the range (zscore: the mean).
        full_at: Absolute rules: the value worth everything. Relative rules: the upper end (zscore: the spread).
        direction: +1 more is better, -1 less is better; absolute rules read it from zero_at and full_at instead.
        weight: Weight among its siblings.
        if_empty: What a 0/0 ratio gets: full, zero or missing.
        value_decimals: Decimals the value is rounded to before the rule, or None.
        lower_limit: Smallest value possible (0 for a percentage), or None.
        upper_limit: Largest value possible (100 for a percentage), or None.
        denominator: Column that the value is divided by beforehand (see `divide_by_denominators`), or None.
    """

    code: str
    theme_code: str = ""
    max_points: float = 1.0
    rule: str = "linear"
    zero_at: float | None = None
    full_at: float | None = None
    direction: int = 1
    weight: float = 1.0
    if_empty: str = "missing"
    value_decimals: int | None = None
    lower_limit: float | None = None
    upper_limit: float | None = None
    denominator: str | None = None

    @property
    def is_relative(self) -> bool:
        """Whether the points depend on the other units' values."""
        return self.rule in RELATIVE_RULES

    @property
    def improvement_sign(self) -> int:
        """+1 where a higher value is better, -1 where a lower one is."""
        worst, best = ABSOLUTE_FORMULAS[self.rule].ends(self) if self.rule in ABSOLUTE_FORMULAS else (None, None)
        if worst is not None and best is not None and worst != best:
            return 1 if best > worst else -1
        return 1 if self.direction >= 0 else -1

    def output_range(self) -> tuple[float, float]:
        """Points given at worst and at best by a relative rule."""
        lower = 0.0 if self.zero_at is None else self.zero_at
        return lower, self.max_points if self.full_at is None else self.full_at


@dataclass(frozen=True)
class Theme:
    """A node of the tree below the root; `parent_code` empty or `total` means a top-level theme."""

    code: str
    parent_code: str | None = None
    weight: float = 1.0
    aggregation: str = "sum"
    position: int = 0


@dataclass(frozen=True)
class Spec:
    """Everything that turns a table of values into scores.

    Attributes:
        indicators: In the column order of every matrix.
        themes: The nodes below the root, in any order.
        aggregation: How the top-level themes make the total.
        missing: `renormalise` lets the other weights take over, `zero` counts a missing figure as nothing.
        min_coverage: A node's score is withheld below this share of its weight, or None.
        points_decimals: Points of each indicator are rounded to so many decimals, or None.
        imputation: One of `IMPUTATIONS`.
        treatment: One of `TREATMENTS`; touches indicators with a relative rule only.
        winsorise_max: At most so many points of an indicator are pulled in before the logarithm is tried.
        skew_limit: An indicator is treated when its |skewness| reaches this and its kurtosis the next.
        kurtosis_limit: See `skew_limit`.

    Raises:
        SpecError: With every contradiction found.
    """

    indicators: tuple[Indicator, ...]
    themes: tuple[Theme, ...] = ()
    aggregation: str = "sum"
    missing: str = "renormalise"
    min_coverage: float | None = None
    points_decimals: int | None = None
    imputation: str = "none"
    treatment: str = "none"
    winsorise_max: int = 5
    skew_limit: float = 2.0
    kurtosis_limit: float = 3.5

    def __post_init__(self) -> None:
        """Check everything at once."""
        object.__setattr__(self, "indicators", tuple(self.indicators))
        object.__setattr__(self, "themes", tuple(self.themes))
        if problems := spec_problems(self):
            raise SpecError("\n".join(problems))

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Indicator codes in column order."""
        return tuple(indicator.code for indicator in self.indicators)

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """The tree with the root first and every parent before its children."""
        return build_nodes(self.indicators, self.themes, self.aggregation, ROOT_CODE)

    @cached_property
    def node_codes(self) -> tuple[str, ...]:
        """Codes of `nodes`, in the same order."""
        return tuple(node.code for node in self.nodes)

    @cached_property
    def maxima(self) -> np.ndarray:
        """Largest score of each node."""
        return node_maxima(self.nodes, leaf_maxima(self.indicators))

    @cached_property
    def shares(self) -> np.ndarray:
        """Effective weight of each indicator (column) within each node (row); a row sums to 1."""
        return effective_shares(self.nodes, leaf_maxima(self.indicators))

    @property
    def is_separable(self) -> bool:
        """Whether one unit's score never depends on another unit's figures."""
        is_any_relative = any(indicator.is_relative for indicator in self.indicators)
        return not is_any_relative and self.imputation in ("none", "latest", "linear")

    @property
    def is_additive(self) -> bool:
        """Whether every node that counts is a sum or an arithmetic mean, so that scores are linear in points."""
        return all(node.aggregation in ("sum", "arithmetic") for node in self.nodes if node.has_leaves)

    def node_index(self, code: str) -> int:
        """Position of a node.

        Raises:
            SpecError: There is no such node.
        """
        if code not in self.node_codes:
            raise SpecError(f"theme {code!r} is not in the tree. It has: {', '.join(self.node_codes)}.")
        return self.node_codes.index(code)

    def columns_below(self, code: str) -> np.ndarray:
        """Columns of the indicators that count in a node, at any depth."""
        node = self.nodes[self.node_index(code)]
        below = [self.columns_below(self.node_codes[child]) for child in node.child_nodes]
        return np.sort(np.concatenate([node.leaf_columns, *below]))

    def scale_warnings(self) -> list[str]:
        """Means whose children do not share one maximum, one sentence each.

        A mean takes its children to be on a common scale. Where they are not, a missing child shifts the mean towards
        the scale of the others, and a score may even exceed the node's maximum.
        """
        found = []
        for node in self.nodes:
            tops = child_maxima(node, leaf_maxima(self.indicators), self.maxima)
            if node.aggregation != "sum" and node.has_leaves and not np.allclose(tops, tops[0]):
                found.append(
                    f"theme {node.code!r}: a {node.aggregation} mean of children with maxima from {tops.min():g} to "
                    f"{tops.max():g}. Give them one maximum and put their importance into the weights, or use sum."
                )
        return found

    @classmethod
    def from_frames(cls, indicators: pd.DataFrame, themes: pd.DataFrame | None = None, **options: Any) -> Spec:
        """Build a spec from tables whose columns carry the names of the fields; empty cells mean the default.

        Args:
            indicators: `indicator_code` (or `code`), `theme_code` and any further field of `Indicator`.
            themes: `theme_code` (or `code`) and any further field of `Theme`.
            options: Further fields of `Spec`.
        """
        theme_rows = [] if themes is None else _records(themes, Theme, "theme_code")
        return cls(
            tuple(Indicator(**row) for row in _records(indicators, Indicator, "indicator_code")),
            tuple(Theme(**row) for row in theme_rows),
            **options,
        )


def _records(frame: pd.DataFrame, kind: type, code_column: str) -> Iterable[dict[str, Any]]:
    """Rows as keyword arguments, leaving out what is empty."""
    names = {field.name for field in fields(kind)}
    table = frame if "code" in frame.columns else frame.rename(columns={code_column: "code"})
    for row in table.to_dict("records"):
        record = {str(key): value for key, value in row.items() if key in names and not _is_blank(value)}
        for name in ("direction", "position", "value_decimals"):
            if name in record:
                record[name] = int(record[name])
        yield record


def _is_blank(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value)) or value is pd.NA
