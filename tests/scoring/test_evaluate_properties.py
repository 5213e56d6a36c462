"""Promises that hold for any table, tried on random ones."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wardstats.scoring import (
    RELATIVE_RULES,
    Indicator,
    Spec,
    Theme,
    explain,
    period_input,
    score,
    score_period,
)

SETTINGS = settings(max_examples=60, deadline=None)


@st.composite
def specs(draw, rules=("linear", "log", "as_scored", "yes_no", *RELATIVE_RULES), aggregations=None, missing=None):
    count = draw(st.integers(2, 5))
    kinds = [draw(st.sampled_from(rules)) for _ in range(count)]
    allowed = aggregations or (
        ["sum", "arithmetic"] if "zscore" in kinds else ["sum", "arithmetic", "geometric", "harmonic"]
    )
    homes = ["left", "right", "deep"]
    top = draw(st.sampled_from([None, 100.0]))  # means are meant for children on one scale
    indicators = []
    for index, rule in enumerate(kinds):
        ends = draw(st.sampled_from([(1.0, 90.0), (90.0, 1.0), (5.0, 60.0)]))
        is_absolute = rule in ("linear", "log")
        indicators.append(
            Indicator(
                f"i{index}",
                draw(st.sampled_from(homes)),
                top or draw(st.sampled_from([1.0, 6.0, 20.0])),
                rule,
                ends[0] if is_absolute else None,
                ends[1] if is_absolute else None,
                draw(st.sampled_from([1, -1])),
                draw(st.sampled_from([0.5, 1.0, 3.0])),
                draw(st.sampled_from(["full", "zero", "missing"])),
            )
        )
    themes = tuple(
        Theme(code, parent, draw(st.sampled_from([0.5, 1.0, 2.0])), draw(st.sampled_from(allowed)))
        for code, parent in (("left", None), ("right", None), ("deep", "left"))
    )
    return Spec(
        tuple(indicators),
        themes,
        aggregation=draw(st.sampled_from(allowed)),
        missing=missing or draw(st.sampled_from(["zero", "renormalise"])),
        points_decimals=draw(st.sampled_from([None, 2])),
    )


@st.composite
def tables(draw, spec, units=None, can_miss=True):
    units = units or draw(st.integers(1, 6))
    cell = st.one_of(st.integers(0, 100).map(float), st.floats(0, 100, allow_nan=False).map(lambda x: round(x, 3)))
    if can_miss:
        cell = st.one_of(cell, cell, cell, st.just(float("nan")))
    rows = draw(
        st.lists(st.lists(cell, min_size=len(spec.codes), max_size=len(spec.codes)), min_size=units, max_size=units)
    )
    values = np.array(rows, dtype=float)
    empty = np.zeros(values.shape, dtype=bool)
    if can_miss:
        for row, column in draw(
            st.lists(st.tuples(st.integers(0, units - 1), st.integers(0, len(spec.codes) - 1)), max_size=2)
        ):
            empty[row, column] = True
    return values, empty


@SETTINGS
@given(st.data())
def test_row_order_does_not_matter(data):
    spec = data.draw(specs())
    values, empty = data.draw(tables(spec))
    order = np.array(data.draw(st.permutations(range(len(values)))))
    straight, turned = score(values, empty, spec), score(values[order], empty[order], spec)
    np.testing.assert_allclose(straight.steps.scores[order], turned.steps.scores, atol=1e-9)


@SETTINGS
@given(st.data())
def test_improving_a_value_never_lowers_ones_own_score(data):
    spec = data.draw(specs())
    values, empty = data.draw(tables(spec, can_miss=False))
    row, column = data.draw(st.integers(0, len(values) - 1)), data.draw(st.integers(0, len(spec.codes) - 1))
    better = values.copy()
    better[row, column] += spec.indicators[column].improvement_sign * data.draw(st.floats(0, 50))
    before, after = score(values, empty, spec), score(better, empty, spec)
    assert after.steps.scores[row, 0] >= before.steps.scores[row, 0] - 1e-9


@SETTINGS
@given(st.data())
def test_a_common_rescaling_changes_no_rank(data):
    spec = data.draw(specs(rules=("minmax", "zscore", "rank", "borda", "percentile_rank")))
    spec = replace(spec, points_decimals=None)
    values, empty = data.draw(tables(spec))
    # powers of two scale without rounding, so exact ties stay exact
    scaled = values * data.draw(st.sampled_from([0.25, 2.0, 1024.0]))
    first, second = score(values, empty, spec), score(scaled, empty, spec)
    np.testing.assert_allclose(first.steps.scores, second.steps.scores, atol=1e-9)
    # and multiplying all points by a constant
    absolute = data.draw(specs(rules=("linear", "as_scored"), aggregations=["sum", "arithmetic", "geometric"]))
    absolute = replace(absolute, points_decimals=None)
    figures, nothing = data.draw(tables(absolute))
    doubled = replace(
        absolute,
        indicators=tuple(
            replace(item, max_points=4 * item.max_points) if item.rule == "linear" else item
            for item in absolute.indicators
        ),
    )
    if all(item.rule == "linear" for item in absolute.indicators):
        one, four = score(figures, nothing, absolute), score(figures, nothing, doubled)
        np.testing.assert_array_equal(one.ranks, four.ranks)


@SETTINGS
@given(st.data())
def test_scores_lie_between_nought_and_the_maximum(data):
    spec = data.draw(specs(rules=("linear", "log", "as_scored", "yes_no", "minmax", "rank", "distance_to_best")))
    values, empty = data.draw(tables(spec))
    result = score(values, empty, spec)
    assert (np.nan_to_num(result.steps.scores) >= -1e-9).all()
    if not spec.scale_warnings():
        slack = 1e-9 if spec.points_decimals is None else 0.01 * spec.maxima.max()
        assert (np.nan_to_num(result.steps.scores) <= spec.maxima + slack).all()
    assert ((result.steps.coverage >= 0) & (result.steps.coverage <= 1)).all()


@SETTINGS
@given(st.data())
def test_a_full_row_has_full_coverage_and_an_empty_one_none(data):
    spec = data.draw(specs(missing="renormalise"))
    values, _ = data.draw(tables(spec, can_miss=False))
    values = np.vstack([values, np.full(values.shape[1], np.nan)])
    result = score(values, None, spec)
    np.testing.assert_allclose(result.steps.coverage[:-1, 0], 1.0, atol=1e-12)
    assert (result.steps.coverage[-1] == 0).all()
    assert np.isnan(result.steps.scores[-1]).all()
    assert (result.ranks[-1] == 0).all()
    assert not np.isnan(result.steps.scores[:-1, 0]).any()


@SETTINGS
@given(st.data())
def test_ranks_are_competition_ranks(data):
    spec = data.draw(specs())
    values, empty = data.draw(tables(spec))
    result = score(values, empty, spec)
    scores = np.round(result.steps.scores[:, 0], 9)
    for row, rank in enumerate(result.ranks[:, 0]):
        expected = 0 if np.isnan(scores[row]) else 1 + int(np.nansum(scores > scores[row]))
        assert rank == expected


@SETTINGS
@given(st.data())
def test_parts_of_why_add_up(data):
    first_spec = data.draw(specs())
    second_spec = first_spec if data.draw(st.booleans()) else data.draw(specs())
    units = data.draw(st.integers(2, 5))
    before_values, before_empty = data.draw(tables(first_spec, units))
    after_values, after_empty = data.draw(tables(second_spec, units))
    adjustments = [
        np.array(data.draw(st.lists(st.sampled_from([0.0, 0.0, -1.0, 2.5]), min_size=units, max_size=units)))
        for _ in "12"
    ]
    before = period_input(before_values, before_empty, first_spec, adjustments[0])
    after = period_input(after_values, after_empty, second_spec, adjustments[1])
    found = explain(before, after)
    sums = found.parts.groupby("unit_code")[["score_part", "places_part"]].sum()
    summary = found.summary.set_index("unit_code").loc[sums.index]
    np.testing.assert_allclose(sums["score_part"], summary["score_change"], atol=1e-9)
    np.testing.assert_array_equal(sums["places_part"], summary["places_gained"])
    old, new = score_period(before), score_period(after)
    np.testing.assert_allclose(summary["score_after"], new.steps.scores[:, 0], atol=1e-12)
    np.testing.assert_allclose(summary["score_before"], old.steps.scores[:, 0], atol=1e-12)
