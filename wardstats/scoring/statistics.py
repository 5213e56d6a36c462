"""Statistics for analysts: what the table of figures is like, before and after it becomes a score.

Works on the results of `wardstats.scoring`; reads no files. Coverage, correlation, consistency of themes, outliers,
effective weights, strengths and weaknesses.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd

from wardstats.scoring import MethodError, Result
from wardstats.scoring.treat import is_outlying, kurtosis, skewness

CorrelationMethod = Literal["pearson", "spearman", "kendall"]
STEPS = ("raw", "imputed", "treated", "normalised", "aggregated")
MILD_FENCE, EXTREME_FENCE = 1.5, 3.0  # interquartile ranges beyond the quartiles


def coverage_by_unit(result: Result, node: str = "total") -> pd.DataFrame:
    """How complete each unit is: unit_code, present, expected, coverage (weighted, 0-1), missing_codes."""
    columns = result.spec.columns_below(node)
    present = result.steps.present[:, columns]
    codes = np.array(result.spec.codes, dtype=object)[columns]
    return pd.DataFrame(
        {
            "unit_code": result.unit_codes,
            "present": present.sum(axis=1),
            "expected": len(columns),
            "coverage": result.steps.coverage[:, result.spec.node_index(node)],
            "missing_codes": [", ".join(codes[~row]) for row in present],
        }
    )


def coverage_by_indicator(result: Result) -> pd.DataFrame:
    """How complete each indicator is: indicator_code, present, expected, coverage (0-1), distinct_values."""
    raw = pd.DataFrame(result.steps.raw, columns=list(result.spec.codes))
    present = result.steps.present
    count = len(result.unit_codes)
    return pd.DataFrame(
        {
            "indicator_code": result.spec.codes,
            "present": present.sum(axis=0),
            "expected": count,
            "coverage": present.sum(axis=0) / count if count else np.full(present.shape[1], np.nan),
            "distinct_values": raw.nunique().to_numpy(),
        }
    )


def correlations(result: Result, *, step: str = "normalised", method: str = "pearson") -> pd.DataFrame:
    """Correlation of every pair of columns of one step, over the units that have both.

    Args:
        step: raw, imputed, treated, normalised (directions already applied) or aggregated.
        method: pearson, spearman or kendall (tau-b).

    Returns:
        A square table. NaN where a column does not vary or fewer than three units have both: no correlation exists.

    Raises:
        MethodError: Unknown step or method.
    """
    if step not in STEPS:
        raise MethodError(f"step {step!r} is not one of {', '.join(STEPS)}.")
    if method not in get_args(CorrelationMethod):
        raise MethodError(f"method {method!r} is not one of {', '.join(get_args(CorrelationMethod))}.")
    table = result.tables[step]
    kind: CorrelationMethod = "pearson" if method == "pearson" else "kendall" if method == "kendall" else "spearman"
    varying = table.loc[:, table.max() > table.min()]
    found = varying.corr(method=kind, min_periods=3)
    return found.reindex(index=table.columns, columns=table.columns)


def cronbach_alpha(points: np.ndarray) -> float:
    """Consistency of the columns as measures of one thing.

    alpha = k / (k - 1) x (1 - sum of variances / sum of all covariances), covariances over the pairs present. Columns
    that do not vary tell nobody apart: they leave the formula, and k counts the others.

    Args:
        points: Units x indicators, all pointing the same way.

    Returns:
        Usually 0-1, higher is more consistent, negative where indicators oppose each other; NaN where it is not
        defined (fewer than two varying indicators, or fewer than three units).

    Source: Cronbach (1951); OECD/JRC Handbook (2008), step 4.
    """
    table = pd.DataFrame(points).loc[:, _varies(points)]
    count = table.shape[1]
    if count < 2 or len(table.dropna(how="all")) < 3:
        return float("nan")
    covariances = table.cov(min_periods=3).to_numpy()
    total = covariances.sum()
    if np.isnan(total) or np.isclose(total, 0.0):
        return float("nan")
    return float(count / (count - 1) * (1 - np.trace(covariances) / total))


def _varies(points: np.ndarray) -> np.ndarray:
    """Which columns differ from unit to unit."""
    table = pd.DataFrame(points)
    return (table.max() > table.min()).to_numpy()


def consistency_by_theme(result: Result) -> pd.DataFrame:
    """Cronbach's alpha of every node's children: node_code, children (that vary: k), constant (left out), alpha.

    A child's points are taken as a share of its maximum, so that a heavy indicator does not count as many.
    """
    rows = []
    for node in result.spec.nodes:
        if not node.has_leaves:
            continue
        tops = np.array([result.spec.indicators[column].max_points for column in node.leaf_columns], dtype=float)
        tops = np.concatenate([tops, result.spec.maxima[node.child_nodes]])
        children = np.column_stack(
            [result.steps.points[:, node.leaf_columns], result.steps.scores[:, node.child_nodes]]
        )
        varying = int(_varies(children).sum())
        alpha = cronbach_alpha(children / np.where(tops > 0, tops, 1.0))
        rows.append((node.code, varying, children.shape[1] - varying, alpha))
    return pd.DataFrame(rows, columns=["node_code", "children", "constant", "alpha"])


def outlying_indicators(result: Result) -> pd.DataFrame:
    """Shape of each indicator: indicator_code, skewness, kurtosis, is_outlying (both beyond the spec's limits)."""
    spec = result.spec
    columns = [result.steps.imputed[:, column] for column in range(len(spec.codes))]
    return pd.DataFrame(
        {
            "indicator_code": spec.codes,
            "skewness": [skewness(column) for column in columns],
            "kurtosis": [kurtosis(column) for column in columns],
            "is_outlying": [is_outlying(column, spec.skew_limit, spec.kurtosis_limit) for column in columns],
        }
    )


def outlying_values(result: Result) -> pd.DataFrame:
    """Values far from the rest of their indicator, furthest first.

    Returns:
        unit_code, indicator_code, value, distance (interquartile ranges beyond the nearer quartile), flag (`mild`
        beyond 1.5, `extreme` beyond 3; where half of the units are equal any other value is `extreme`).

    Source: Tukey, Exploratory Data Analysis (1977).
    """
    raw = result.steps.raw
    rows = []
    for column, code in enumerate(result.spec.codes):
        values = raw[:, column]
        present = values[~np.isnan(values)]
        if len(present) < 4:
            continue
        low, high = np.percentile(present, [25, 75])
        beyond = np.fmax(values - high, low - values)
        with np.errstate(divide="ignore", invalid="ignore"):
            distance = np.where(beyond > 0, beyond / (high - low), 0.0)
        for row in np.flatnonzero(distance > MILD_FENCE):
            flag = "extreme" if distance[row] > EXTREME_FENCE else "mild"
            rows.append((result.unit_codes[row], code, values[row], distance[row], flag))
    table = pd.DataFrame(rows, columns=["unit_code", "indicator_code", "value", "distance", "flag"])
    return table.sort_values("distance", ascending=False, kind="stable", ignore_index=True)


def effective_weights(result: Result, node: str = "total") -> pd.DataFrame:
    """What each indicator truly weighs, down every level.

    Returns:
        indicator_code, weight (its share of the node, summing to 1), correlation (Pearson, of its points with the
        node's score) and explained (share of the score's variance that goes with it: weight x covariance; sums to 1
        over a complete table of an arithmetic index without adjustments, else an indication). A heavy indicator that
        hardly varies decides little.
    """
    spec = result.spec
    index = spec.node_index(node)
    columns = result.spec.columns_below(node)
    score = result.steps.scores[:, index]
    rows = []
    for column in columns:
        points = result.steps.points[:, column]
        both = ~np.isnan(points) & ~np.isnan(score)
        correlation, explained = float("nan"), float("nan")
        if both.sum() >= 3 and np.ptp(points[both]) > 0 and np.ptp(score[both]) > 0:
            correlation = float(np.corrcoef(points[both], score[both])[0, 1])
            top = spec.indicators[column].max_points or 1.0
            share = spec.shares[index, column] * spec.maxima[index] / top
            explained = float(share * np.cov(points[both], score[both])[0, 1] / score[both].var(ddof=1))
        elif both.sum() >= 3:
            explained = 0.0
        rows.append((spec.codes[column], spec.shares[index, column], correlation, explained))
    return pd.DataFrame(rows, columns=["indicator_code", "weight", "correlation", "explained"])


def strengths_and_weaknesses(result: Result, unit_code: str, node: str = "total") -> pd.DataFrame:
    """Where a unit stands on each indicator against the others, its strengths first.

    Returns:
        indicator_code, value, points, max_points, rank and of (among the units with points), median_points, gap
        (points above the median of all units, in points of the node's maximum, so that gaps compare across themes),
        left (points short of all that can be had, likewise).

    Raises:
        MethodError: The unit is not in the result.
    """
    if unit_code not in result.unit_codes:
        raise MethodError(f"unit {unit_code!r} has no figures in this period. Choose one that has.")
    spec, row = result.spec, result.unit_codes.index(unit_code)
    index = spec.node_index(node)
    rows = []
    for column in result.spec.columns_below(node):
        indicator, points = spec.indicators[column], result.steps.points[:, column]
        present = points[~np.isnan(points)]
        own = points[row]
        median = float(np.median(present)) if len(present) else float("nan")
        # comparing with a hair's tolerance would be wrong here: points are what the rule gave, equal or not
        rank = np.nan if np.isnan(own) else 1 + int((present > own).sum())
        scale = spec.shares[index, column] * spec.maxima[index] / (indicator.max_points or 1.0)
        rows.append(
            (
                indicator.code,
                result.steps.raw[row, column],
                own,
                indicator.max_points,
                rank,
                len(present),
                median,
                (own - median) * scale,
                (indicator.max_points - own) * scale,
            )
        )
    columns = ["indicator_code", "value", "points", "max_points", "rank", "of", "median_points", "gap", "left"]
    table = pd.DataFrame(rows, columns=columns)
    table["rank"] = table["rank"].astype("Int64")
    return table.sort_values("gap", ascending=False, na_position="last", kind="stable", ignore_index=True)
