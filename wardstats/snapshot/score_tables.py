"""The tables of a snapshot that the scoring library fills: treatment, scored_figure, aggregated.

Owns the way from a period's result to rows. The formulas are the library's; queries/build/07_score.sql ranks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from wardstats.core.ahead import ahead
from wardstats.scoring import PeriodInput, Result, ranks_if_closed, score_period
from wardstats.scoring.from_queries import Queries, scoring_inputs

Tables = dict[str, pd.DataFrame]
COMPLETE = 1 - 1e-9  # coverage from here on is whole


def scored_periods(snapshot: Queries, imputation: str) -> Iterator[tuple[Result, Tables]]:
    """Score every ranked period, newest first.

    Args:
        snapshot: Answers queries on the relations up to raw.
        imputation: As block.toml says; without a look at other periods each one is gathered alone, in little memory.

    Yields:
        The result of a period, and its rows for each relation.
    """
    periods = snapshot.query("scored_period")["period"].tolist()[::-1]
    together = [periods] if imputation in ("latest", "linear") else [[period] for period in periods]
    gathered = (item for chosen in together if chosen for item in scoring_inputs(snapshot, chosen))
    for item in ahead(gathered):
        result = score_period(item)
        yield result, _closing(result, item) | _tables(result, item.statuses[list(result.spec.codes)].to_numpy())


def _tables(result: Result, statuses: np.ndarray) -> Tables:
    """Return the rows of each relation; statuses are units x indicators, 0 the weakest."""
    spec, steps = result.spec, result.steps
    columns = np.arange(len(spec.codes))
    nodes = np.array([index for index, node in enumerate(spec.nodes) if node.has_leaves])
    cells = _keys(result, spec.codes, columns, "indicator_code")
    counted = _keys(result, spec.node_codes, nodes, "node_code")
    homes = [indicator.theme_code for indicator in spec.indicators]
    facts = np.array([(indicator.max_points, indicator.weight) for indicator in spec.indicators], dtype=float)
    units = len(result.unit_codes)
    imputed = steps.imputed.ravel()
    return {
        "treatment": pd.DataFrame([{"period": result.period, **vars(note)} for note in steps.treatment]),
        "scored_figure": cells.assign(
            imputed_value=imputed,
            is_imputed=np.isnan(steps.raw.ravel()) & ~np.isnan(imputed),
            treated_value=steps.treated.ravel(),
            node_code=pd.Categorical(homes)[np.tile(columns, units)],
            points=steps.points.ravel(),
            max_points=np.tile(facts[:, 0], units),
            weight=np.tile(facts[:, 1], units),
        ),
        "aggregated": counted.assign(
            score=steps.sums[:, nodes].ravel(),
            max_score=np.tile(spec.maxima[nodes], units),
            coverage=steps.coverage[:, nodes].ravel(),
            **{name: table[:, nodes].ravel() for name, table in _counts(result, statuses).items()},
        ),
    }


def _closing(result: Result, item: PeriodInput) -> Tables:
    """Return where units with gaps would stand, were the period closed; nothing where gaps count nothing already."""
    if result.spec.missing == "zero" or not (result.steps.coverage < COMPLETE).any():
        return {}
    ranks = ranks_if_closed(result, item)
    rows, nodes = np.nonzero((result.steps.coverage < COMPLETE) & (result.ranks > 0) & (ranks > 0))
    return {
        "rank_if_closed": pd.DataFrame(
            {
                "period": result.period,
                "unit_code": np.array(result.unit_codes, dtype=object)[rows],
                "node_code": np.array(result.spec.node_codes, dtype=object)[nodes],
                "rank": ranks[rows, nodes],
            }
        )
    }


def _keys(result: Result, codes: tuple[str, ...], columns: np.ndarray, name: str) -> pd.DataFrame:
    """Return a row for each unit and column, with codes as categories: texts of millions of rows would fill memory."""
    units = len(result.unit_codes)

    def texts(positions: np.ndarray, names: Sequence[str]) -> pd.Categorical[str]:
        return pd.Categorical.from_codes(positions, categories=pd.Index(list(names), dtype=str))

    return pd.DataFrame(
        {
            "period": texts(np.zeros(units * len(columns), dtype=np.int8), [result.period]),
            "unit_code": texts(np.repeat(np.arange(units), len(columns)), result.unit_codes),
            name: texts(np.tile(columns, units), codes),
        }
    )


def _counts(result: Result, statuses: np.ndarray) -> dict[str, np.ndarray]:
    """Count what lies below each node (units x nodes), and find the weakest status there."""
    spec, present = result.spec, result.steps.present
    below = spec.is_below > 0
    known = np.where(present, statuses, np.inf)
    filled_in = ~present & ~np.isnan(result.steps.imputed)  # from the others' figures: as weak as they
    known = np.where(filled_in, known.min(axis=0, initial=np.inf), known)
    weakest = np.stack([known[:, row].min(axis=1, initial=np.inf) for row in below], axis=1)
    return {
        "indicator_count": np.broadcast_to(below.sum(axis=1), weakest.shape),
        "missing_count": ~present @ below.T.astype(np.int64),
        "demonstration_count": (known == 0) @ below.T.astype(np.int64),
        "weakest_status": np.where(np.isinf(weakest), np.nan, weakest),
    }
