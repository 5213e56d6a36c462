"""The snapshot's SQL and the scoring library compute the same: on random blocks of every rule, mean and option."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest

from tests.folders import write_folder
from tests.small_block import build_and_publish
from wardstats.core.records import Rule
from wardstats.scoring import ABSOLUTE_RULES, AGGREGATIONS, IMPUTATIONS, score_period
from wardstats.scoring.from_queries import scoring_inputs

RULES = get_args(Rule)
PERIODS = ("2026-01", "2026-02", "2026-03", "2026-04")


def random_folder(folder: Path, seed: int) -> Path:
    """A block whose every choice is drawn: tree, rules, limits, weights, gaps, ties, 0/0 ratios, options."""
    draw = np.random.default_rng(seed)
    units = [f"u{number:02}" for number in range(draw.integers(1, 9))]
    themes = [f"t{number}" for number in range(draw.integers(1, 6))]
    with_relative = bool(draw.integers(2))
    has_curved = not with_relative and bool(draw.integers(2))  # a z-score below nought has no geometric mean
    means = AGGREGATIONS if has_curved else AGGREGATIONS[:2]
    rules = [str(draw.choice(RULES if with_relative else ABSOLUTE_RULES)) for _ in range(draw.integers(2, 8))]
    codes = [f"i{number}" for number in range(len(rules))]
    criteria, values, targets = [], [], []
    for code, rule in zip(codes, rules, strict=True):
        criterion: dict[str, Any] = {
            "indicator_code": code,
            "rule": rule,
            "max_points": float(draw.integers(1, 20)),
            "weight": draw.choice([None, 0.5, 2.0]),
            "if_empty": draw.choice(["full", "zero", "missing"]),
            "value_decimals": draw.choice([None, 1]),
        }
        if rule in ("linear", "target", "log"):
            ends = sorted(draw.choice(np.arange(1, 100), 2, replace=False).tolist(), reverse=bool(draw.integers(2)))
            criterion |= {"zero_at": ends[0], "full_at": ends[1]}
        elif rule not in ("as_scored", "yes_no"):
            criterion |= {"direction": draw.choice([None, 1, -1])}
            criterion |= draw.choice([{}, {"zero_at": 1, "full_at": 100}])
        criteria.append(criterion)
        for unit in units:
            if rule == "target" and draw.integers(2):
                target = draw.choice([criterion["zero_at"], 50])
                targets.append({"unit_code": unit, "indicator_code": code, "year": 2026, "target": target})
            for period in PERIODS:
                kind = draw.integers(10)
                if kind < 2:
                    continue
                cell = {"unit_code": unit, "indicator_code": code, "period": period}
                number = float(draw.integers(0, 2)) if rule == "yes_no" else float(np.round(draw.gamma(2, 20), 2))
                values.append(cell | ({"numerator": 0, "denominator": 0} if kind == 2 else {"value": number}))
    values.append({"unit_code": units[0], "indicator_code": codes[0], "period": "2026-04", "value": 5})
    values = list(
        {tuple(row[key] for key in ("unit_code", "indicator_code", "period")): row for row in values}.values()
    )
    scoring: dict[str, Any] = {"aggregation": str(draw.choice(means)), "imputation": str(draw.choice(IMPUTATIONS))}
    scoring |= {"treatment": "winsorise", "skew_limit": 0.8, "kurtosis_limit": 0.2} if draw.integers(2) else {}
    scoring |= {"points_decimals": 2} if draw.integers(2) else {}
    scoring |= {"min_coverage": 0.6} if draw.integers(2) else {}
    return write_folder(
        folder,
        units=[{"unit_code": unit, "cluster": draw.choice(["", "a", "b"])} for unit in units],
        themes=[
            {
                "theme_code": theme,
                "parent_code": "" if number == 0 else draw.choice(["", *themes[:number]]),
                "weight": draw.choice([0.5, 1.0, 3.0]),
                "aggregation": str(draw.choice(means)),
                "position": number,
            }
            for number, theme in enumerate(themes)
        ],
        indicators=[{"indicator_code": code, "theme_code": draw.choice(themes)} for code in codes],
        criteria={2026: criteria},
        values=values,
        scoring=scoring,
        missing=str(draw.choice(["renormalise", "zero"])),
        frequency="month",
        adjustments=[{"unit_code": units[-1], "period": "2026-04", "points": -1.5, "reason": "late"}],
        targets=targets,
    )


@pytest.mark.parametrize("seed", range(40))
def test_scores_of_every_node_are_the_same(tmp_path: Path, seed: int) -> None:
    snapshot = build_and_publish(random_folder(tmp_path / "block", seed), tmp_path / "var")
    periods = snapshot.query("ranked_period")["period"].tolist()
    compared = 0
    for item in scoring_inputs(snapshot, periods):
        result = score_period(item)
        for code, node in zip(result.spec.node_codes, result.spec.nodes, strict=True):
            if not node.has_leaves:
                continue
            stored = snapshot.query("ranking", period=item.period, node=code, language="en").set_index("unit_code")
            expected = result.ranking(code).set_index("unit_code").loc[stored.index]
            for column in ("score", "coverage", "max_score"):
                np.testing.assert_allclose(
                    stored[column].to_numpy(float), expected[column].to_numpy(float), rtol=0, atol=1e-9, err_msg=column
                )
            pd.testing.assert_series_equal(
                stored["rank"].astype("Int64"), expected["rank"], check_names=False, check_index_type=False
            )
            compared += len(stored)
    assert compared
