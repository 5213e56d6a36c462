"""The words of the method: rules, aggregations, and what may stand for a missing figure."""

from __future__ import annotations

from typing import Literal, get_args

Aggregation = Literal["sum", "arithmetic", "geometric", "harmonic"]
IfEmpty = Literal["full", "zero", "missing"]
Missing = Literal["zero", "renormalise"]
Imputation = Literal["none", "mean", "median", "group_mean", "latest", "linear"]
Treatment = Literal["none", "winsorise"]
ROOT_CODE = "total"
AGGREGATIONS: tuple[Aggregation, ...] = get_args(Aggregation)
EMPTY_CHOICES: tuple[IfEmpty, ...] = get_args(IfEmpty)
MISSING_CHOICES: tuple[Missing, ...] = get_args(Missing)
IMPUTATIONS: tuple[Imputation, ...] = get_args(Imputation)
TREATMENTS: tuple[Treatment, ...] = get_args(Treatment)


AbsoluteRule = Literal["linear", "target", "as_scored", "yes_no", "log"]
RelativeRule = Literal["minmax", "zscore", "rank", "percentile_rank", "borda", "distance_to_best"]
Rule = Literal[AbsoluteRule, RelativeRule]  # one choice, so that a wrong one is one problem
ABSOLUTE_RULES: tuple[AbsoluteRule, ...] = get_args(AbsoluteRule)
RELATIVE_RULES: tuple[RelativeRule, ...] = get_args(RelativeRule)
RULES_WITH_LIMITS: tuple[AbsoluteRule, ...] = ("linear", "log")  # zero_at and full_at must be given
RULES_ABOVE_NOUGHT: tuple[AbsoluteRule, ...] = ("log",)  # and both lie above nought


def limits_wanted(rule: str, zero_at: float | None, full_at: float | None) -> str:
    """Say what a rule wants of zero_at and full_at and does not find; empty where they fit it."""
    limits = (zero_at, full_at)
    if rule in RULES_WITH_LIMITS and None in limits:
        return f"zero_at and full_at, which the rule {rule} needs"
    if rule in RULES_ABOVE_NOUGHT and min(zero_at or 0, full_at or 0) <= 0:
        return f"zero_at and full_at above 0, which the rule {rule} needs"
    if zero_at is not None and zero_at == full_at:
        return "zero_at and full_at that differ"
    return ""
