"""What a composite index is made of: indicators with their rules, a theme tree, and the options of every step.

Owns the vocabulary (`Indicator`, `Theme`, `Spec`), and the tree laid out for arithmetic. It reads no files:
whoever holds the data folder builds a `Spec` from it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from wardstats.core.errors import SpecError
from wardstats.core.rows import dictionaries
from wardstats.core.vocabulary import (
    ABSOLUTE_RULES,
    AGGREGATIONS,
    EMPTY_CHOICES,
    IMPUTATIONS,
    MISSING_CHOICES,
    RELATIVE_RULES,
    ROOT_CODE,
    TREATMENTS,
    limits_wanted,
)
from wardstats.scoring.indicator import Indicator, Theme
from wardstats.scoring.tree import Node, build_nodes, child_maxima, effective_shares, leaf_maxima, node_maxima


@dataclass(frozen=True)
class Spec:
    """Everything that turns a table of values into scores.

    Attributes:
        indicators: In the column order of every matrix.
        themes: The nodes below the root, in any order.
        aggregation: How the top-level themes make the total.
        missing: `renormalise` lets the other weights take over, `zero` counts a missing figure as nothing, as in a
            period that has closed: leaving a figure out then never gains a place.
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

    @cached_property
    def is_below(self) -> np.ndarray:
        """Which indicators (column) count in each node (row), at any depth; 1 or 0."""
        below = np.zeros((len(self.nodes), len(self.codes)))
        for index, code in enumerate(self.node_codes):
            below[index, self.columns_below(code)] = 1
        return below

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
        theme_rows = [] if themes is None else _arguments(themes, Theme, "theme_code")
        return cls(
            tuple(Indicator(**row) for row in _arguments(indicators, Indicator, "indicator_code")),
            tuple(Theme(**row) for row in theme_rows),
            **options,
        )


def _arguments(frame: pd.DataFrame, kind: type, code_column: str) -> Iterable[dict[str, Any]]:
    """Rows as keyword arguments, leaving out what is empty."""
    names = {field.name for field in fields(kind)}
    table = frame if "code" in frame.columns else frame.rename(columns={code_column: "code"})
    for row in dictionaries(table):
        record = {key: value for key, value in row.items() if key in names and not _is_blank(value)}
        for name in ("direction", "position", "value_decimals"):
            if name in record:
                record[name] = int(record[name])
        yield record


def _is_blank(value: object) -> bool:
    return value is None or value == "" or (isinstance(value, float) and math.isnan(value)) or value is pd.NA


def spec_problems(spec: Spec) -> list[str]:
    """Every contradiction in a spec, one sentence each."""
    return [*_option_problems(spec), *_tree_problems(spec), *_indicator_problems(spec)]


def _option_problems(spec: Spec) -> list[str]:
    choices: Mapping[str, tuple[str, ...]] = {
        "aggregation": AGGREGATIONS,
        "missing": MISSING_CHOICES,
        "imputation": IMPUTATIONS,
        "treatment": TREATMENTS,
    }
    problems = [
        f"{name}: found {getattr(spec, name)!r}, expected one of {', '.join(allowed)}."
        for name, allowed in choices.items()
        if getattr(spec, name) not in allowed
    ]
    if spec.min_coverage is not None and not 0 <= spec.min_coverage <= 1:
        problems.append(f"min_coverage: found {spec.min_coverage}, expected a share from 0 to 1.")
    return problems


def _tree_problems(spec: Spec) -> list[str]:
    parents = {theme.code: theme.parent_code or ROOT_CODE for theme in spec.themes}
    problems = []
    if len(parents) < len(spec.themes):
        problems.append("themes: a theme_code occurs twice. Keep one row for each.")
    if ROOT_CODE in parents:
        problems.append(f"themes: {ROOT_CODE!r} is the root's own code. Set the spec's aggregation instead.")
    for theme in spec.themes:
        if theme.aggregation not in AGGREGATIONS:
            allowed = ", ".join(AGGREGATIONS)
            problems.append(f"theme {theme.code!r}: aggregation {theme.aggregation!r} is not one of {allowed}.")
        if not (math.isfinite(theme.weight) and theme.weight >= 0):
            problems.append(f"theme {theme.code!r}: weight {theme.weight} must be zero or more.")
        if parents[theme.code] not in (ROOT_CODE, *parents):
            problems.append(f"theme {theme.code!r}: parent {theme.parent_code!r} is not a theme. Add or correct it.")
        elif _is_circular(theme.code, parents):
            problems.append(f"theme {theme.code!r} is its own ancestor. Correct its parent_code.")
    return problems


def _is_circular(code: str, parents: Mapping[str, str]) -> bool:
    seen = {code}
    while (code := parents.get(code, ROOT_CODE)) != ROOT_CODE:
        if code in seen:
            return True
        seen.add(code)
    return False


def _indicator_problems(spec: Spec) -> list[str]:
    codes = [indicator.code for indicator in spec.indicators]
    problems = [f"indicator {code!r} occurs {codes.count(code)} times." for code in set(codes) if codes.count(code) > 1]
    themes = {ROOT_CODE, "", *(theme.code for theme in spec.themes)}
    for indicator in spec.indicators:
        place = f"indicator {indicator.code!r}"
        if indicator.theme_code not in themes:
            problems.append(f"{place}: theme {indicator.theme_code!r} is not a theme. Add or correct it.")
        if not (math.isfinite(indicator.weight) and indicator.weight >= 0):
            problems.append(f"{place}: weight {indicator.weight} must be zero or more.")
        if not (math.isfinite(indicator.max_points) and indicator.max_points >= 0):
            problems.append(f"{place}: max_points {indicator.max_points} must be zero or more.")
        if indicator.direction not in (1, -1):
            problems.append(f"{place}: direction {indicator.direction} must be 1 or -1.")
        if indicator.if_empty not in EMPTY_CHOICES:
            problems.append(f"{place}: if_empty {indicator.if_empty!r} is not one of {', '.join(EMPTY_CHOICES)}.")
        problems.extend(f"{place}: {problem}" for problem in _rule_problems(indicator))
    return problems


def _rule_problems(indicator: Indicator) -> list[str]:
    rule = indicator.rule
    if rule not in (*ABSOLUTE_RULES, *RELATIVE_RULES):
        return [f"rule {rule!r} is not one of {', '.join((*ABSOLUTE_RULES, *RELATIVE_RULES))}."]
    if rule in ABSOLUTE_RULES and (wanted := limits_wanted(rule, indicator.zero_at, indicator.full_at)):
        found = ", ".join(f"{name} {getattr(indicator, name)}" for name in ("zero_at", "full_at"))
        return [f"found {found}; expected {wanted}."]
    return []
