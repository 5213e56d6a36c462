"""Criteria in words: what an indicator is measured in, how often, which way is better, and how a value earns points.

Owns the sentences only; the criteria themselves come from the snapshot.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from wardstats.core.languages import Translator
from wardstats.core.measures import MEASURES, measure_of
from wardstats.core.rows import number_or_none
from wardstats.scoring import RELATIVE_RULES, Indicator
from wardstats.scoring.rules import ABSOLUTE_FORMULAS


def unit_names(speak: Translator) -> dict[str, str]:
    """Return what each unit of measure is called in a column."""
    return {unit: measure.name(speak) for unit, measure in MEASURES.items()}


def unit_name(unit: str, speak: Translator) -> str:
    """Return what one unit of measure is called."""
    return measure_of(unit).name(speak)


def with_unit_name(text: str, unit: str, speak: Translator) -> str:
    """Write a number with the full name of its unit of measure, where the unit is written at all."""
    if unit == "%":
        return text + speak.percent_sign
    measure = measure_of(unit)
    return f"{text}\u00a0{measure.name(speak)}" if measure.mark(speak) else text


def frequency_names(speak: Translator) -> dict[str, str]:
    """Return how often an indicator is measured, in words."""
    return {"month": speak("every month"), "quarter": speak("every quarter"), "year": speak("every year")}


def amount(value: float, row: Mapping[Any, Any], speak: Translator) -> str:
    """Write a limit in the indicator's unit, with no more decimals than it has."""
    text = speak.number(value, 0 if float(value).is_integer() else min(2, max(1, int(row["decimals"]))))
    return with_unit_name(text, row["unit"], speak)


def direction(row: Mapping[Any, Any], speak: Translator) -> str:
    """Say whether more or less is better; empty where the criteria do not tell."""
    worst, best = number_or_none(row["zero_at"]), number_or_none(row["full_at"])
    if row["rule"] in ABSOLUTE_FORMULAS:
        most = number_or_none(row["max_points"]) or 0.0
        item = Indicator("", max_points=most, rule=row["rule"], zero_at=worst, full_at=best)
        worst, best = ABSOLUTE_FORMULAS[row["rule"]].ends(item)
    if worst is None or best is None:
        return ""
    return speak("lower is better") if best < worst else speak("higher is better")


def rule_text(row: Mapping[Any, Any], speak: Translator) -> str:
    """Say how a value earns its points.

    Args:
        row: rule, zero_at, full_at, max_points, unit, decimals.
    """
    rule, most = row["rule"], speak.number(row["max_points"], 0 if float(row["max_points"]).is_integer() else 2)
    if rule in RELATIVE_RULES:
        return speak("Points relative to the units present ({rule})", rule=relative_rule_names(speak)[rule])
    formula = ABSOLUTE_FORMULAS.get(rule)
    if formula is None or formula.words is None:
        return speak("Points by the rule {rule}, at most {points}", rule=rule, points=most)
    zero, full = ("–" if pd.isna(row[limit]) else amount(row[limit], row, speak) for limit in ("zero_at", "full_at"))
    return formula.words(speak).format(zero=zero, full=full, points=most)


def relative_rule_names(speak: Translator) -> dict[str, str]:
    """Return what each rule is called by which points depend on the units present."""
    return {
        "minmax": speak("worst to best"),
        "zscore": speak("distance from the mean"),
        "rank": speak("rank only"),
        "distance_to_best": speak("distance to the best"),
    }


def empty_text(if_empty: str, speak: Translator) -> str:
    """Say what a ratio gets where nothing arose that could be counted (0/0)."""
    known = {
        "full": speak("all points where nothing arose"),
        "zero": speak("no points where nothing arose"),
        "missing": speak("counts as missing where nothing arose"),
    }
    return known.get(if_empty, if_empty)
