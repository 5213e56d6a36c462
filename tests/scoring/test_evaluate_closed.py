"""What a missing figure does in a period that has closed: it counts nothing, and leaving one out never pays."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardstats.scoring import (
    RELATIVE_RULES,
    Indicator,
    PeriodInput,
    Spec,
    Theme,
    evaluate,
    explain,
    period_input,
    ranks_if_closed,
    score,
    score_period,
    what_if,
)
from wardstats.scoring.inputs import Matrices
from wardstats.scoring.rank import places_with_unscored

NAN = float("nan")
UNITS, INDICATORS = 10, 12
RULES = ("linear", "log", "target", "as_scored", "yes_no", *RELATIVE_RULES)


def drawn_block(random: np.random.Generator, rules: tuple[str, ...] = RULES, **options) -> tuple[Spec, Matrices]:
    """Return a closed block of 10 units and 12 indicators: gaps, ties, signed targets, 0/0 ratios, bonuses."""
    # means that are curved need points of nought or more
    means = ("sum", "arithmetic", "geometric", "harmonic") if random.random() < 0.5 else ("sum", "arithmetic")
    ends = {"linear": [(1, 10), (10, 1)], "log": [(1, 10), (10, 1)], "target": [(None, 10), (12, 2)]}
    ends |= {"as_scored": [(None, None)], "yes_no": [(None, None)]}
    relative_ends, scores = [(None, None), (1, 100)], [(50, 10)]
    if "harmonic" not in means:
        relative_ends, scores = [*relative_ends, (-10, 10)], [*scores, (None, None)]

    def pick(choices):
        return choices[random.integers(len(choices))]

    indicators = []
    for number in range(INDICATORS):
        rule = pick(rules)
        zero_at, full_at = pick(scores if rule == "zscore" else ends.get(rule, relative_ends))
        indicators.append(
            Indicator(
                f"i{number}", ("a", "b", "total")[number % 3], max_points=pick([10, 100]), rule=rule,
                zero_at=zero_at, full_at=full_at, direction=pick([1, -1]), weight=pick([0.5, 1, 3]),
                if_empty=pick(["full", "zero", "missing"]), lower_limit=pick([0, None]), upper_limit=pick([12, None]),
            )
        )  # fmt: skip
    spec = Spec(
        tuple(indicators),
        tuple(Theme(code, weight=pick([1, 2]), aggregation=pick(means)) for code in "ab"),
        aggregation=pick(means),
        missing="zero",
        points_decimals=pick([None, None, 0, 2]),
        min_coverage=pick([None, None, 0.3]),
        treatment="winsorise" if random.random() < 0.1 else "none",
        skew_limit=0.5,
        kurtosis_limit=0.0,
        **options,
    )
    shape = (UNITS, INDICATORS)
    values = random.integers(0, 13, shape).astype(float) if random.random() < 0.5 else random.uniform(0, 12, shape)
    if random.random() < 0.3:
        values[random.integers(UNITS), :] = 0.0  # the worst of all, or the best
    empty = random.random(shape) < 0.03
    values[empty | (random.random(shape) < random.choice([0.0, 0.05, 0.4]))] = NAN
    targets = np.where(random.random(shape) < 0.5, random.uniform(0, 12, shape), NAN)
    adjustments = np.where(random.random(UNITS) < 0.2, random.uniform(-5, 5, UNITS), 0.0)
    return spec, Matrices(values, empty, targets, adjustments)


def places_gained_by_leaving_out(spec: Spec, matrices: Matrices, unit: int) -> np.ndarray:
    """Return the places (figures x nodes) that a unit would gain by leaving out each of its figures, one at a time."""
    columns = np.flatnonzero(~np.isnan(matrices.figures[unit]) | matrices.empty[unit])
    figures = np.repeat(matrices.figures[None], len(columns) + 1, axis=0)  # the first as it is
    empty = np.repeat(matrices.empty[None], len(columns) + 1, axis=0)
    picked = 1 + np.arange(len(columns))
    figures[picked, unit, columns], empty[picked, unit, columns] = NAN, False
    scores = evaluate(replace(matrices, figures=figures, empty=empty), spec).scores
    places = places_with_unscored(np.moveaxis(scores, -1, -2))[..., unit]
    return places[0] - places[1:]


@settings(max_examples=2000, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_leaving_out_a_figure_never_gains_a_place(seed: int) -> None:
    """Ten wards, twelve indicators of any rule, any means: each figure of a ward left out, in every ranking."""
    spec, matrices = drawn_block(np.random.default_rng(seed))
    assert (places_gained_by_leaving_out(spec, matrices, seed % UNITS) <= 0).all()


def test_among_those_present_leaving_out_the_worst_figure_would_gain() -> None:
    """Why a zero for whoever leaves a figure out is not enough where wards are measured against the worst of them."""
    worst_rises = np.array([[0.0, 6], [5, 4], [10, 0]])
    spec = Spec((Indicator("a", rule="minmax", max_points=10), Indicator("b", rule="as_scored", max_points=10)))
    assert score(worst_rises, None, spec).ranking()["unit_code"].tolist() == ["2", "1", "0"]  # 10, 9, 6
    gap = np.array([[NAN, 6], [5, 4], [10, 0]])
    among_present = score(gap, None, replace(spec, missing="zero"))
    # without limits no figure is bad enough to stand in for the gap, so both others get all points
    assert among_present.steps.points[:, 0].tolist() == pytest.approx([NAN, 10, 10], nan_ok=True)
    limited = replace(spec.indicators[0], lower_limit=0.0)
    with_limit = score(gap, None, replace(spec, missing="zero", indicators=(limited, spec.indicators[1])))
    # the gap stands at 0, the worst a figure could be: the others keep 5 and 10
    assert with_limit.steps.points[:, 0].tolist() == pytest.approx([NAN, 5, 10], nan_ok=True)
    assert with_limit.ranking()["unit_code"].tolist() == ["2", "1", "0"]


@pytest.mark.parametrize(
    ("rule", "points"),
    [
        ("rank", [NAN, 10 * 2 / 3, 10]),
        ("percentile_rank", [NAN, 10 * 1.5 / 3, 10 * 2.5 / 3]),
        ("borda", [NAN, 5, 10]),
        ("zscore", [-2 / 3**0.5, 2 / 3**0.5, 2 / 3**0.5]),  # three lie within (3 - 1) / sqrt(3) of their mean
        ("distance_to_best", [NAN, 10, 10]),
    ],
)
def test_a_gap_stands_last_in_every_relative_rule(rule: str, points: list[float]) -> None:
    spec = Spec((Indicator("a", rule=rule, max_points=10),), missing="zero")
    found = score(np.array([[NAN], [5], [9.0]]), None, spec).steps.points[:, 0]
    assert found == pytest.approx(points, nan_ok=True)


def test_an_open_period_closes_on_the_same_figures() -> None:
    """The place if the period closed is the place it has once it is closed."""
    for seed in range(40):
        spec, matrices = drawn_block(np.random.default_rng(seed))
        item = period_input(matrices.figures, matrices.empty, spec, matrices.adjustments, matrices.targets)
        item_open = replace(item, spec=replace(spec, missing="renormalise"))
        np.testing.assert_array_equal(ranks_if_closed(score_period(item_open), item_open), score_period(item).ranks)


def test_why_adds_up_where_a_period_closes_and_where_a_unit_has_nothing() -> None:
    """Parts of a move add up from an open period to a closed one, with bonuses, to and from no figure at all."""
    rules = ("linear", "target", "as_scored")
    for seed in range(8):
        random = np.random.default_rng(seed)
        spec, old = drawn_block(random, rules)
        _, new = drawn_block(random, rules)
        old.figures[0], old.empty[0], new.figures[1], new.empty[1] = NAN, False, NAN, False
        old.adjustments[:2] = new.adjustments[:2] = 3.0
        before = period_input(
            old.figures, old.empty, replace(spec, missing="renormalise"), old.adjustments, old.targets
        )
        after = period_input(new.figures, new.empty, spec, new.adjustments, new.targets)
        found = explain(before, after)
        parts = found.parts.groupby("unit_code")[["score_part", "places_part"]].sum()
        change = found.summary.set_index("unit_code").loc[parts.index]
        np.testing.assert_allclose(parts["score_part"], change["score_change"], atol=1e-9)
        np.testing.assert_array_equal(parts["places_part"], change["places_gained"])


def test_what_if_without_a_figure_follows_the_period() -> None:
    spec = Spec((Indicator("a", rule="as_scored", max_points=10), Indicator("b", rule="as_scored", max_points=10)))
    values = np.array([[9.0, 2], [7, 6], [8, 4]])
    for missing, places in (("renormalise", 2), ("zero", 0)):  # 9 of 10 stands for 18 of 20, or for 9
        period: PeriodInput = period_input(values, None, replace(spec, missing=missing))
        _, table = what_if(period, {("0", "b"): None})
        assert table.set_index("unit_code")["places_gained"]["0"] == places
