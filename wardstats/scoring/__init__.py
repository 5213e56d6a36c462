"""Scores one can check and defend: a composite index from a table of values, and what follows from it.

The library part of the product: numpy, pandas and scipy only. It reads no file and knows no database or page. Whatever
scores (a build, an explanation, a what-if) calls it. docs/method.md gives every formula and its source.

    spec = Spec.from_frames(criteria, themes, missing="renormalise")
    result = score(values, empty, spec, adjustments)
    result.ranking()
"""

from wardstats.scoring.aggregate import aggregate, coverage
from wardstats.scoring.compare import compare_ranking, crossings, what_if
from wardstats.scoring.evaluate import Result, Steps, evaluate, score, score_period, score_scenarios
from wardstats.scoring.explain import Explanation, explain
from wardstats.scoring.impute import impute
from wardstats.scoring.indicator import Indicator, Theme
from wardstats.scoring.inputs import Matrices, PeriodInput, divide_by_denominators, period_input
from wardstats.scoring.lift import lift
from wardstats.scoring.normalise import normalise, value_points
from wardstats.scoring.rank import competition_ranks
from wardstats.scoring.rounding import round_decimals
from wardstats.scoring.spec import (
    ABSOLUTE_RULES,
    AGGREGATIONS,
    IMPUTATIONS,
    RELATIVE_RULES,
    ROOT_CODE,
    MethodError,
    Spec,
    SpecError,
)
from wardstats.scoring.treat import TreatmentNote, treat

__all__ = [
    "ABSOLUTE_RULES",
    "AGGREGATIONS",
    "IMPUTATIONS",
    "RELATIVE_RULES",
    "ROOT_CODE",
    "Explanation",
    "Indicator",
    "Matrices",
    "MethodError",
    "PeriodInput",
    "Result",
    "Spec",
    "SpecError",
    "Steps",
    "Theme",
    "TreatmentNote",
    "aggregate",
    "compare_ranking",
    "competition_ranks",
    "coverage",
    "crossings",
    "divide_by_denominators",
    "evaluate",
    "explain",
    "impute",
    "lift",
    "normalise",
    "period_input",
    "value_points",
    "round_decimals",
    "score",
    "score_period",
    "score_scenarios",
    "treat",
    "what_if",
]
