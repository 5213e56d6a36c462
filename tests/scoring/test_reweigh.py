"""Weights that a reader tries out: what stays, what moves, for every way of adding up."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from wardstats.scoring import Indicator, Spec, SpecError, Theme, score
from wardstats.scoring.reweigh import child_shares, reweigh

INDICATORS = (
    Indicator("files", "service", 20.0, zero_at=0, full_at=100),
    Indicator("digitised", "service", 10.0, zero_at=0, full_at=80),
    Indicator("poverty", "living", 10.0, zero_at=10, full_at=0),
)
VALUES = pd.DataFrame(
    {"files": [95.0, 60.0], "digitised": [40.0, 80.0], "poverty": [2.0, 1.0]}, index=pd.Index(["A", "B"])
)


def spec(aggregation: str = "sum", **options: str) -> Spec:
    return Spec(INDICATORS, (Theme("service"), Theme("living")), aggregation=aggregation, **options)  # type: ignore[arg-type]


def test_a_sum_scales_the_points_and_keeps_its_maximum() -> None:
    """Service counts twice: 2 x 30 + 10 = 70 points are brought back to 40, so 8/7 and 4/7 are the new weights."""
    changed = reweigh(spec(), "total", {"service": 2.0})
    assert [theme.weight for theme in changed.themes] == pytest.approx([8 / 7, 4 / 7])
    assert changed.maxima[0] == pytest.approx(40)
    result = score(VALUES, None, changed)
    assert result.ranking().set_index("unit_code")["score"].to_dict() == pytest.approx(
        {"A": (19 + 5) * 8 / 7 + 8 * 4 / 7, "B": (12 + 10) * 8 / 7 + 9 * 4 / 7}
    )


@pytest.mark.parametrize("aggregation", ["arithmetic", "geometric", "harmonic"])
def test_a_mean_weighs_anew(aggregation: str) -> None:
    changed = reweigh(spec(aggregation), "total", {"living": 3.0})
    weights = np.array([theme.weight for theme in changed.themes])
    assert weights == pytest.approx([0.5, 1.5])
    parts = np.array([[24.0, 8.0], [22.0, 9.0]])
    expected = {
        "arithmetic": parts @ weights / 2,
        "geometric": np.exp(np.log(parts) @ weights / 2),
        "harmonic": 2 / ((1 / parts) @ weights),
    }[aggregation]
    assert score(VALUES, None, changed).tables["aggregated"]["total"].tolist() == pytest.approx(expected.tolist())


@pytest.mark.parametrize("aggregation", ["sum", "arithmetic", "geometric", "harmonic"])
def test_no_factor_and_equal_factors_change_no_score(aggregation: str) -> None:
    declared = score(VALUES, None, spec(aggregation)).tables["aggregated"]
    for factors in ({}, {"service": 2.0, "living": 2.0}):
        found = score(VALUES, None, reweigh(spec(aggregation), "total", factors)).tables["aggregated"]
        np.testing.assert_allclose(found, declared, rtol=1e-12)


def test_a_factor_of_nought_leaves_a_part_out() -> None:
    result = score(VALUES, None, reweigh(spec(), "total", {"service": 0.0}))
    assert result.ranking()["unit_code"].tolist() == ["B", "A"]
    assert result.tables["aggregated"]["total"].tolist() == pytest.approx([32, 36])


def test_indicators_of_a_theme_are_weighed_too() -> None:
    changed = reweigh(spec(), "service", {"digitised": 2.0})
    assert [item.weight for item in changed.indicators] == pytest.approx([0.75, 1.5, 1.0])
    assert child_shares(changed, "service") == pytest.approx({"files": 0.5, "digitised": 0.5})
    assert child_shares(spec(), "total") == pytest.approx({"service": 0.75, "living": 0.25})


@pytest.mark.parametrize("factors", [{"service": -1.0}, {"service": float("nan")}, {"service": 0.0, "living": 0.0}])
def test_weights_that_make_no_sense_are_refused(factors: dict[str, float]) -> None:
    with pytest.raises(SpecError):
        reweigh(spec(), "total", factors)
