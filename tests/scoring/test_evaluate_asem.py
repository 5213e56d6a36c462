"""A published index of quite another shape (51 countries, 49 indicators, three levels) against plain numpy.

The data stand beside the repository, not in it; where they are absent there is nothing to compare.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from wardstats.core.settings import PROJECT
from wardstats.scoring import Indicator, Result, Spec, Theme, divide_by_denominators, score
from wardstats.scoring.robustness import method_ranges, rank_ranges, sobol_shares

DATA = PROJECT.parent / "shared" / "data" / "asem"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the ASEM tables are not beside the repository")


def read_tables() -> tuple[pd.DataFrame, pd.DataFrame]:
    meta = pd.read_csv(DATA / "asem_imeta.csv", dtype={"Level": "string"})
    data = pd.read_csv(DATA / "asem_idata.csv", index_col="uCode")
    return meta, data


def asem_spec(meta: pd.DataFrame, aggregation: str, lower: float) -> Spec:
    leaves, nodes = meta[meta["Level"] == "1"], meta[meta["Level"].isin(["2", "3"])]
    return Spec(
        tuple(
            Indicator(
                row.iCode,
                row.Parent,
                100.0,
                "minmax",
                lower,
                100.0,
                int(row.Direction),
                float(row.Weight),
                denominator=None if pd.isna(row.Denominator) else row.Denominator,
            )
            for row in leaves.itertuples()
        ),
        tuple(
            Theme(row.iCode, None if row.Parent == "Index" else row.Parent, float(row.Weight), aggregation, position)
            for position, row in enumerate(nodes.itertuples())
        ),
        aggregation=aggregation,
    )


def asem_result(aggregation: str, lower: float = 0.0, *, is_divided: bool = True) -> Result:
    meta, data = read_tables()
    spec = asem_spec(meta, aggregation, lower)
    values = data[list(spec.codes)].astype(float)
    empty = None
    if is_divided:
        values, empty = divide_by_denominators(values, spec, data)
    return score(values, empty, spec)


def plain_scores(aggregation: str, lower: float) -> tuple[pd.Series, dict[str, np.ndarray]]:
    """The same index once more, in a few lines of numpy that share nothing with the library."""
    meta, data = read_tables()
    known: dict[str, np.ndarray] = {}
    for row in meta[meta["Level"] == "1"].itertuples():
        x = data[row.iCode].to_numpy(dtype=float)
        if not pd.isna(row.Denominator):
            x = x / data[row.Denominator].to_numpy(dtype=float)
        x = x * float(row.Direction)
        known[row.iCode] = lower + (100 - lower) * (x - np.nanmin(x)) / (np.nanmax(x) - np.nanmin(x))
    for level in ("2", "3", "4"):
        for row in meta[meta["Level"] == level].itertuples():
            children = meta[meta["Parent"] == row.iCode]
            x = np.column_stack([known[code] for code in children["iCode"]])
            w = np.where(np.isnan(x), 0.0, children["Weight"].to_numpy(dtype=float))
            if aggregation == "arithmetic":
                known[row.iCode] = np.nansum(w * x, axis=1) / w.sum(axis=1)
            else:
                with np.errstate(divide="ignore"):
                    known[row.iCode] = np.exp(np.nansum(w * np.log(x), axis=1) / w.sum(axis=1))
    return pd.Series(known["Index"], index=data.index), known


@pytest.mark.parametrize(("aggregation", "lower"), [("arithmetic", 0.0), ("geometric", 0.0), ("geometric", 1.0)])
def test_agrees_with_plain_numpy(aggregation, lower):
    result = asem_result(aggregation, lower)
    expected, known = plain_scores(aggregation, lower)
    assert (len(result.unit_codes), len(result.spec.codes), len(result.spec.nodes)) == (51, 49, 11)
    assert np.isnan(result.steps.raw).any()
    np.testing.assert_allclose(result.steps.scores[:, 0], expected, atol=1e-9, rtol=0)
    for index, code in enumerate(result.spec.node_codes[1:], start=1):
        np.testing.assert_allclose(result.steps.scores[:, index], known[code], atol=1e-9, rtol=0)
    ranks = expected.round(9).rank(ascending=False, method="min").astype(int)
    assert result.ranks[:, 0].tolist() == ranks.tolist()


def test_robustness_copes_with_another_shape():
    result = asem_result("arithmetic")
    ranges = rank_ranges(result, draws=500)
    assert len(ranges.summary) == 51 * 11
    total = ranges.summary[ranges.summary["node_code"] == "total"]
    assert (total["rank_best"] <= total["rank"]).all()
    assert (total["rank"] <= total["rank_worst"]).all()
    methods = method_ranges(result).summary
    assert (methods["rank_best"] <= methods["rank"]).all()
    shares = sobol_shares(result)
    assert set(shares["factor"]) == {"weights", "normalisation", "aggregation"}
    assert (shares["total_order"] > -0.05).all()
