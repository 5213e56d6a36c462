"""The scoring library's inputs, read from the named queries of a snapshot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import pandas as pd

from wardstats.core.rows import dictionaries
from wardstats.scoring import PeriodInput, Spec


class Queries(Protocol):
    """Whatever answers named queries on one snapshot: a ``store.Snapshot``, or a view's cache."""

    def query(self, name: str, **params: Any) -> pd.DataFrame:
        """Return the rows of queries/<name>.sql."""
        ...


def scoring_spec(snapshot: Queries, year: int) -> Spec:
    """Return the method in force in a year."""
    options = dictionaries(snapshot.query("scoring_option", year=year))[0]
    for name in ("min_coverage", "points_decimals"):
        options[name] = None if pd.isna(options[name]) else options[name]
    if options["points_decimals"] is not None:
        options["points_decimals"] = int(options["points_decimals"])
    return Spec.from_frames(snapshot.query("scoring_rule", year=year), snapshot.query("scoring_theme"), **options)


def scoring_input(snapshot: Queries, period: str) -> PeriodInput:
    """Return the figures of one ranked period with its method; errors as in ``scoring_inputs``."""
    return scoring_inputs(snapshot, [period])[0]


def scoring_inputs(snapshot: Queries, periods: Sequence[str]) -> list[PeriodInput]:
    """Return the figures and the method of ranked periods, in the order given."""
    ranked = snapshot.query("scored_period")
    position = {period: number for number, period in enumerate(ranked["period"])}
    rules = ranked.set_index("period")
    year = rules["year"].astype(int).to_dict()
    specs = {number: scoring_spec(snapshot, number) for number in {year[period] for period in periods}}
    needs_history = any(spec.imputation in ("latest", "linear") for spec in specs.values())
    chosen = ranked["period"].tolist() if needs_history else sorted(periods, key=position.__getitem__)
    figures = snapshot.query("raw_figure", first=chosen[0], last=chosen[-1])
    tables = {period: _wide(rows) for period, rows in figures.groupby("period", sort=False)}
    clusters = snapshot.query("unit", language="vi").set_index("unit_code")["cluster"]
    found = []
    for period in periods:
        values, empty, statuses = tables[period]
        spec = _spec_of(specs[year[period]], str(rules["missing"][period]), bool(rules["is_closed"][period]))
        history = {
            position[other] - position[period]: tables[other][0]
            for other in tables
            if needs_history and other != period
        }
        adjustments = snapshot.query("adjustment_sum", period=period).set_index("unit_code")["points"]
        targets = snapshot.query("signed_target", year=year[period])
        found.append(
            PeriodInput(
                figures=values,
                spec=spec,
                empty=empty,
                adjustments=adjustments if len(adjustments) else None,
                targets=targets.pivot(index="unit_code", columns="indicator_code", values="target")  # noqa: PD010
                if len(targets)
                else None,
                history=history if needs_history else None,
                groups=clusters.reindex(values.index).fillna(""),
                period=period,
                statuses=statuses,
            )
        )
    return found


@lru_cache(maxsize=32)
def _spec_of(declared: Spec, missing: str, is_closed: bool) -> Spec:
    """Return the year's method with what a missing figure does in a period; what counts nothing is not filled in."""
    is_settled = is_closed and missing == "zero"
    return replace(declared, missing=missing, imputation="none" if is_settled else declared.imputation)


def _wide(rows: pd.DataFrame) -> list[pd.DataFrame]:
    """Return values, 0/0 marks and ranks of the status, each units x indicators."""
    unit, units = pd.factorize(rows["unit_code"], sort=True)
    indicator, codes = pd.factorize(rows["indicator_code"], sort=True)
    # as Python texts: every question to the period goes through them
    index = pd.Index(units.astype(object), dtype=object, name="unit_code")
    columns = pd.Index(codes.astype(object), dtype=object, name="indicator_code")
    found = []
    for name, missing in (("value", np.nan), ("is_empty", False), ("status_rank", np.nan)):
        cells = np.full((len(units), len(codes)), missing)
        cells[unit, indicator] = rows[name]
        found.append(pd.DataFrame(cells, index, columns))
    return found
