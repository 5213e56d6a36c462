"""How far an order can be trusted: rank ranges, methods compared, and which choice moves the order most.

Works on the results of `wardstats.scoring`; numpy and pandas only. docs/method.md says how each figure is meant.

    ranges = rank_ranges(results)                # every period and node, 10,000 draws of the weights
    ranges.summary, ranges.shares.frame(period="2026-10", node="total")
    method_ranges(result).summary
    sobol_shares(result)
"""

from wardstats.scoring.robustness.draws import DrawnScores, declared_weights, draw_weights
from wardstats.scoring.robustness.methods import (
    AGGREGATIONS,
    NORMALISATIONS,
    comparable_points,
    comparable_spec,
    method_ranges,
    method_spreads,
    sobol_shares,
    variance_shares,
)
from wardstats.scoring.robustness.ranges import missing_ranges, rank_ranges
from wardstats.scoring.robustness.ranking import groups_not_told_apart, places_in_draws, spread_of_places
