"""The peer: pandas computing the scores of a plain folder from its files, the way an analyst's notebook would.

It knows what the national demonstration folder uses: linear, minmax and yes_no rules, sums with the weights of missing
figures handed on, months only. It checks nothing and keeps no step.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd


def read_folder(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return figures, rules and themes."""
    figures = pd.concat(
        [
            pd.read_parquet(
                path, columns=["unit_code", "indicator_code", "period", "value", "numerator", "denominator"]
            )
            for path in sorted((folder / "values").glob("*.parquet"))
        ],
        ignore_index=True,
    )
    numbers = ["value", "numerator", "denominator"]
    figures[numbers] = figures[numbers].astype("float64")  # whole counts come as nullable integers
    keys = ["unit_code", "indicator_code", "period"]
    figures[keys] = figures[keys].astype(str).astype("category")  # files differ in their months
    rules = pd.read_csv(max((folder / "criteria").glob("*.csv")))
    return figures, rules.merge(pd.read_csv(folder / "indicators.csv")), pd.read_csv(folder / "themes.csv", dtype=str)


def score_figures(figures: pd.DataFrame, rules: pd.DataFrame, themes: pd.DataFrame) -> pd.DataFrame:
    """Return period, unit_code, node_code, score, rank and previous_rank of every node."""
    table = figures.merge(
        rules[["indicator_code", "theme_code", "max_points", "rule", "zero_at", "full_at", "if_empty"]]
    )
    ratio = 100 * (table["numerator"] / table["denominator"].where(table["denominator"] != 0))
    value = table["value"].fillna(ratio)
    most, zero, full = table["max_points"], table["zero_at"], table["full_at"]
    groups = value.groupby([table["period"], table["indicator_code"]], observed=True)
    low, high = groups.transform("min"), groups.transform("max")
    points = np.select(
        [table["rule"] == "linear", table["rule"] == "minmax"],
        [(most * (value - zero) / (full - zero)).clip(0, most), most * (value - low) / (high - low)],
        np.where(value >= 0.5, most, 0.0),
    )
    is_full = (table["numerator"] == 0) & (table["denominator"] == 0) & (table["if_empty"] == "full")
    table["score"] = np.where(is_full, most, np.where(value.isna(), np.nan, points))
    table = table[table["score"].notna()]
    return _up_the_tree(table, rules, themes)


def _up_the_tree(table: pd.DataFrame, rules: pd.DataFrame, themes: pd.DataFrame) -> pd.DataFrame:
    parent = dict(zip(themes["theme_code"], themes["parent_code"].fillna("total"), strict=True))
    depth = {"total": 0}
    for code in themes["theme_code"]:
        depth[code] = depth[parent[code]] + 1
    most = rules.groupby("theme_code")["max_points"].sum().to_dict()
    for code in sorted(parent, key=lambda code: -depth[code]):
        most[parent[code]] = most.get(parent[code], 0) + most[code]
    below = table[["period", "unit_code", "theme_code", "score", "max_points"]]
    found = []
    for level in range(max(depth.values()), -1, -1):
        here = below[below["theme_code"].map(depth).astype(int) == level]
        sums = here.groupby(["period", "unit_code", "theme_code"], observed=True)[["score", "max_points"]].sum()
        node = sums.reset_index()
        whole = node["theme_code"].astype(str).map(most)
        node["score"] *= whole / node["max_points"]
        found.append(node[["period", "unit_code", "theme_code", "score"]])
        up = node.assign(theme_code=node["theme_code"].astype(str).map(parent), max_points=whole)
        below = pd.concat([below[below["theme_code"].map(depth).astype(int) != level], up], ignore_index=True)
    scores = pd.concat(found, ignore_index=True).rename(columns={"theme_code": "node_code"})
    scores["rank"] = (
        scores["score"].round(9).groupby([scores["period"], scores["node_code"]], observed=True)
        .rank(method="min", ascending=False)
    )  # fmt: skip
    months = {period: number for number, period in enumerate(sorted(scores["period"].unique()))}
    scores["number"] = scores["period"].map(months).astype(int)
    before = scores[["unit_code", "node_code", "number", "rank"]].rename(columns={"rank": "previous_rank"})
    before["number"] += 1
    return scores.merge(before, how="left").drop(columns="number")


if __name__ == "__main__":
    started = time.perf_counter()
    read = read_folder(Path(sys.argv[1]))
    after_reading = time.perf_counter()
    score_figures(*read)
    print(after_reading - started, time.perf_counter() - after_reading)
