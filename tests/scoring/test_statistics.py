"""Statistics for analysts, on tables small enough to check by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from wardstats.scoring import Indicator, MethodError, Spec, Theme, score
from wardstats.scoring.statistics import (
    consistency_by_theme,
    correlations,
    coverage_by_indicator,
    coverage_by_unit,
    cronbach_alpha,
    effective_weights,
    outlying_indicators,
    outlying_values,
    strengths_and_weaknesses,
)

NAN = float("nan")
SPEC = Spec(
    (
        Indicator("a", "left", 10, "as_scored"),
        Indicator("b", "left", 30, "as_scored"),
        Indicator("c", "right", 10, "linear", 10, 0),
    ),
    (Theme("left"), Theme("right", weight=2)),
)
VALUES = pd.DataFrame({"a": [1, 2, 3, 4], "b": [30, 10, 20, NAN], "c": [9, 8, 7, 6]}, index=list("ABCD"), dtype=float)
RESULT = score(VALUES, None, SPEC)


def test_coverage():
    by_unit = coverage_by_unit(RESULT).set_index("unit_code")
    assert by_unit.loc["D"].to_dict() == {"present": 2, "expected": 3, "coverage": 0.5, "missing_codes": "b"}
    assert by_unit.loc["A", "coverage"] == 1
    assert coverage_by_unit(RESULT, "right")["coverage"].tolist() == [1] * 4
    by_indicator = coverage_by_indicator(RESULT).set_index("indicator_code")
    assert by_indicator["present"].tolist() == [4, 3, 4]
    assert by_indicator.loc["b", "coverage"] == 0.75


def test_correlations():
    # a rises as c falls; c's rule turns that round
    assert correlations(RESULT, step="raw").loc["a", "c"] == pytest.approx(-1)
    assert correlations(RESULT).loc["a", "c"] == pytest.approx(1)
    # over A, B, C: a = 1, 2, 3 and b = 30, 10, 20: pairs down, down, up
    assert correlations(RESULT, method="pearson").loc["a", "b"] == pytest.approx(-0.5)
    assert correlations(RESULT, method="spearman").loc["a", "b"] == pytest.approx(-0.5)
    assert correlations(RESULT, method="kendall").loc["a", "b"] == pytest.approx(-1 / 3)
    level = score(VALUES.assign(a=5.0), None, SPEC)
    assert correlations(level)["a"].isna().all()
    with pytest.raises(MethodError, match="'guess'"):
        correlations(RESULT, method="guess")
    with pytest.raises(MethodError, match="'guess'"):
        correlations(RESULT, step="guess")


def test_cronbach_alpha():
    # variances 1 and 4, covariance 2: 2 x (1 - 5 / 9)
    assert cronbach_alpha(np.array([[1.0, 2], [2, 4], [3, 6]])) == pytest.approx(8 / 9)
    assert cronbach_alpha(np.array([[1.0, 1], [2, 2], [3, 3]])) == pytest.approx(1)
    assert np.isnan(cronbach_alpha(np.array([[1.0, 5], [2, 5], [3, 5]])))
    assert np.isnan(cronbach_alpha(np.array([[1.0, 2], [2, 3]])))
    by_theme = consistency_by_theme(RESULT).set_index("node_code")
    assert by_theme["children"].to_dict() == {"total": 2, "left": 2, "right": 1}
    assert by_theme["constant"].to_dict() == {"total": 0, "left": 0, "right": 0}
    shares = np.array([[0.1, 1], [0.2, 1 / 3], [0.3, 2 / 3], [0.4, NAN]])
    assert by_theme.loc["left", "alpha"] == pytest.approx(cronbach_alpha(shares))


def test_columns_that_do_not_vary_leave_alpha_and_are_counted_apart():
    spec = Spec(tuple(Indicator(code, rule="as_scored", max_points=9) for code in "abcd"))
    with_constants = score(np.array([[1.0, 5, 2, NAN], [2, 5, 4, NAN], [3, 5, 6, 7]]), None, spec)
    found = consistency_by_theme(with_constants).iloc[0]
    assert (found["children"], found["constant"]) == (2, 2)
    assert found["alpha"] == pytest.approx(8 / 9)
    level = consistency_by_theme(score(np.array([[1.0, 5, 2, 7]] * 3), None, spec)).iloc[0]
    assert (level["children"], level["constant"]) == (0, 4)
    assert np.isnan(level["alpha"])


def test_outliers():
    column = [*range(1, 21), 1000.0]
    spec = Spec((Indicator("a", rule="minmax"), Indicator("b", rule="minmax")))
    result = score(np.column_stack([column, np.arange(21.0)]), None, spec)
    shape = outlying_indicators(result).set_index("indicator_code")
    assert shape["is_outlying"].tolist() == [True, False]
    assert shape.loc["a", "skewness"] == pytest.approx(pd.Series(column).skew())
    assert shape.loc["a", "kurtosis"] == pytest.approx(pd.Series(column).kurt())
    found = outlying_values(result)
    assert found[["unit_code", "indicator_code", "flag"]].to_numpy().tolist() == [["20", "a", "extreme"]]
    # quartiles 6 and 16
    assert found.loc[0, "distance"] == pytest.approx((1000 - 16) / 10)
    level = score(np.array([[5.0], [5], [5], [5], [6]]), None, Spec((Indicator("a", rule="minmax"),)))
    assert outlying_values(level)["flag"].tolist() == ["extreme"]


def test_effective_weights():
    # left 10 + 30, right 2 x 10: shares of 60
    complete = score(VALUES.fillna(15.0), None, SPEC)
    table = effective_weights(complete).set_index("indicator_code")
    assert table["weight"].to_dict() == pytest.approx({"a": 1 / 6, "b": 1 / 2, "c": 1 / 3})
    assert table["explained"].sum() == pytest.approx(1)
    assert effective_weights(complete, "left")["weight"].tolist() == [0.25, 0.75]
    total = complete.steps.scores[:, 0]
    assert table.loc["a", "correlation"] == pytest.approx(np.corrcoef([1, 2, 3, 4], total)[0, 1])


def test_strengths_and_weaknesses():
    table = strengths_and_weaknesses(RESULT, "A")
    assert table["indicator_code"].tolist() == ["b", "a", "c"]
    rows = table.set_index("indicator_code")
    assert rows.loc["b", ["rank", "of", "median_points", "gap"]].tolist() == [1, 3, 20, 10]
    # c counts double: 1 point against a median of 2.5
    assert rows.loc["c", ["rank", "gap"]].tolist() == [4, -3]
    assert strengths_and_weaknesses(RESULT, "D").iloc[-1]["indicator_code"] == "b"
    assert pd.isna(strengths_and_weaknesses(RESULT, "D").iloc[-1]["rank"])
    with pytest.raises(MethodError, match="'Z'"):
        strengths_and_weaknesses(RESULT, "Z")
