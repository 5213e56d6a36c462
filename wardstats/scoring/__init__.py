"""Scores one can check and defend: a composite index from a table of values, and what follows from it.

The library part of the product: numpy, pandas and scipy only. It reads no file and knows no database or page. Whatever
scores (a build, an explanation, a what-if) calls it. docs/method.md gives every formula and its source.

    spec = Spec.from_frames(criteria, themes, missing="renormalise")
    result = score(values, empty, spec, adjustments)
    result.ranking()
"""

from wardstats.core.errors import MethodError, SpecError
from wardstats.core.vocabulary import ABSOLUTE_RULES, AGGREGATIONS, IMPUTATIONS, RELATIVE_RULES
from wardstats.scoring.aggregate import aggregate
from wardstats.scoring.compare import what_if
from wardstats.scoring.evaluate import Result, evaluate, ranks_if_closed, score, score_period
from wardstats.scoring.explain import explain
from wardstats.scoring.impute import impute
from wardstats.scoring.indicator import Indicator, Theme
from wardstats.scoring.inputs import PeriodInput, divide_by_denominators, period_input
from wardstats.scoring.lift import lift
from wardstats.scoring.normalise import normalise, value_points
from wardstats.scoring.rank import competition_ranks
from wardstats.scoring.rounding import round_decimals
from wardstats.scoring.spec import Spec
from wardstats.scoring.treat import treat
