"""The words a criteria set and a theme tree may use, and the search for contradictions in them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, get_args

from wardstats.scoring.rules import ABSOLUTE_RULES, RELATIVE_RULES, limits_wanted

if TYPE_CHECKING:
    from wardstats.scoring.spec import Indicator, Spec

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
