"""What an indicator and a theme of a composite index are."""

from __future__ import annotations

from dataclasses import dataclass

from wardstats.core.vocabulary import RELATIVE_RULES
from wardstats.scoring.rules import ABSOLUTE_FORMULAS, RELATIVE_SHARES


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

    @property
    def has_ends(self) -> bool:
        """Whether there are fewest and most points; a rule without, the z-score, is relative."""
        return self.rule in ABSOLUTE_FORMULAS or self.rule in RELATIVE_SHARES

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
