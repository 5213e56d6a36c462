"""Rank ranges against slow and plain re-computations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from wardstats.scoring import Indicator, MethodError, Spec, Theme, aggregate, competition_ranks, score
from wardstats.scoring.robustness import (
    DrawnScores,
    comparable_points,
    comparable_spec,
    declared_weights,
    draw_weights,
    groups_not_told_apart,
    method_ranges,
    method_spreads,
    missing_ranges,
    places_in_draws,
    rank_ranges,
    sobol_shares,
    spread_of_places,
    variance_shares,
)
from wardstats.scoring.tree import child_maxima, leaf_maxima

NAN = float("nan")


def random_case(seed, units=7, root="sum", kinds=("sum", "arithmetic", "geometric"), missing="renormalise"):
    random = np.random.default_rng(seed)
    homes = ["a", "b", "c", ""]
    indicators = tuple(
        Indicator(f"i{k}", homes[k % 4], float(5 + k % 3), "as_scored", weight=1.0 + k % 2) for k in range(13)
    )
    themes = (Theme("a", aggregation=kinds[0]), Theme("b", "a", 2.0, kinds[1]), Theme("c", None, 1.5, kinds[2]))
    spec = Spec(indicators, themes, aggregation=root, missing=missing)
    values = random.uniform(0.5, 5, (units, 13))
    values[random.random(values.shape) < 0.25] = NAN
    return score(values, None, spec, random.integers(-1, 2, units).astype(float), period=f"p{seed}")


def with_weights(spec, draws, number):
    """The same spec with one draw's weights written into it."""
    indicators, themes = list(spec.indicators), {theme.code: theme for theme in spec.themes}
    for node, drawn in zip(spec.nodes, draws.weights, strict=True):
        weights = drawn[number]
        for column, weight in zip(node.leaf_columns, weights, strict=False):
            indicators[column] = replace(indicators[column], weight=float(weight))
        for child, weight in zip(node.child_nodes, weights[len(node.leaf_columns) :], strict=True):
            code = spec.node_codes[child]
            themes[code] = replace(themes[code], weight=float(weight))
    return replace(spec, indicators=tuple(indicators), themes=tuple(themes.values()))


@pytest.mark.parametrize("missing", ["renormalise", "zero"])
@pytest.mark.parametrize(
    ("root", "kinds"),
    [
        ("sum", ("sum", "sum", "sum")),
        ("arithmetic", ("sum", "arithmetic", "geometric")),
        ("geometric", ("harmonic", "geometric", "arithmetic")),
        ("harmonic", ("geometric", "harmonic", "sum")),
    ],
)
def test_scores_under_drawn_weights_equal_the_plain_way(root, kinds, missing):
    result = random_case(1, root=root, kinds=kinds, missing=missing)
    draws = draw_weights(result.spec, 4, 0.25, seed=3)
    found = dict(DrawnScores(result.steps.points, result.spec, result.adjustments).scores(draws))
    for number in range(4):
        plain = aggregate(result.steps.points, with_weights(result.spec, draws, number))
        plain[:, 0] += result.adjustments
        for node, scores in found.items():
            np.testing.assert_allclose(scores[number], plain[:, node], atol=1e-9)


def test_drawn_weights_stay_near_and_keep_the_maximum():
    spec = random_case(1).spec
    draws = draw_weights(spec, 200, 0.25, seed=1)
    leaves = leaf_maxima(spec.indicators)
    for node, drawn in zip(spec.nodes, draws.weights, strict=True):
        size = child_maxima(node, leaves, spec.maxima) if node.aggregation == "sum" else np.ones(len(node.weights))
        np.testing.assert_allclose(drawn @ size, node.weights @ size)
        ratio = drawn / node.weights
        # each factor lies in 0.75-1.25, then all are divided by a mean that lies there too
        assert ratio.min() >= 0.75 / 1.25
        assert ratio.max() <= 1.25 / 0.75
    again = draw_weights(spec, 200, 0.25, seed=1)
    assert all(np.array_equal(a, b) for a, b in zip(draws.weights, again.weights, strict=True))
    nothing = draw_weights(spec, 2, 0.0, seed=1)
    for drawn, declared in zip(nothing.weights, declared_weights(spec).weights, strict=True):
        np.testing.assert_allclose(drawn, np.repeat(declared, 2, axis=0))


@pytest.mark.parametrize("units", [1, 2, 9, 40, 70])
def test_places_are_competition_places(units):
    random = np.random.default_rng(units)
    scores = random.integers(0, 20, (50, units)) / 7.0
    scores += random.choice([0.0, 1e-12, -1e-12], scores.shape)
    assert places_in_draws(scores).T.tolist() == competition_ranks(scores).tolist()
    huge = scores * 1e9
    assert places_in_draws(huge).T.tolist() == competition_ranks(huge).tolist()


def test_spread_counts_every_draw():
    places = np.array([[1] * 90 + [2] * 10, [2] * 90 + [1] * 6 + [7] * 4], dtype=np.uint16)
    spread = spread_of_places(places)
    assert spread.low.tolist() == [1, 1]
    assert spread.high.tolist() == [2, 2]
    assert spread.worst.tolist() == [2, 7]
    assert spread.mean.tolist() == pytest.approx([1.1, 2.14])
    assert list(zip(spread.unit_rows, spread.places, spread.counts, strict=True)) == [
        (0, 1, 90),
        (0, 2, 10),
        (1, 1, 6),
        (1, 2, 90),
        (1, 7, 4),
    ]


def test_groups_break_where_the_leader_is_told_apart():
    # 1 stands before 2 in 94 of 100 draws, before 3 in 96; 3 before 4 always
    places = np.ones((4, 100), dtype=np.uint16)
    places[0] = 10
    places[1] = np.where(np.arange(100) < 94, 11, 9)
    places[2] = np.where(np.arange(100) < 96, 12, 8)
    places[3] = 20
    assert groups_not_told_apart(places, np.array([1, 2, 3, 4])).tolist() == [1, 1, 2, 3]
    shuffled = [3, 1, 0, 2]
    assert groups_not_told_apart(places[shuffled], np.array([4, 2, 1, 3])).tolist() == [3, 1, 1, 2]
    # draws of equal units never tell them apart, however many there are
    assert set(groups_not_told_apart(np.ones((200, 5), dtype=np.uint16), np.arange(1, 201)).tolist()) == {1}


def test_ranges_of_a_case_by_brute_force():
    results = [random_case(1), random_case(2), random_case(3, root="arithmetic")]
    ranges = rank_ranges(results, draws=300, seed=9)
    for result in results:
        draws = draw_weights(result.spec, 300, 0.25, seed=9)
        ranks = []
        for number in range(300):
            scores = aggregate(result.steps.points, with_weights(result.spec, draws, number))[:, 0]
            ranks.append(competition_ranks(scores + result.adjustments))
        ranks = np.array(ranks)
        rows = ranges.summary.query("period == @result.period and node_code == 'total'").set_index("unit_code")
        for index, code in enumerate(result.unit_codes):
            own = np.sort(ranks[:, index])
            assert rows.loc[code, "rank_low"] == own[14]
            assert rows.loc[code, "rank_high"] == own[284]
            assert rows.loc[code, "rank_mean"] == pytest.approx(own.mean())
            assert rows.loc[code, "rank"] == result.ranks[index, 0]
            shares = ranges.shares.frame(result.period, "total").query("unit_code == @code").set_index("rank")["share"]
            assert shares.sum() == pytest.approx(1)
            assert shares.to_dict() == pytest.approx({int(r): (own == r).mean() for r in np.unique(own)})


def test_results_with_one_spec_or_alone_agree():
    results = [random_case(1), random_case(2)]
    together = rank_ranges(results, draws=100).summary
    alone = pd.concat([rank_ranges(result, draws=100).summary for result in results], ignore_index=True)
    order = ["period", "node_code", "unit_code"]
    pd.testing.assert_frame_equal(
        together.sort_values(order, ignore_index=True), alone.sort_values(order, ignore_index=True)
    )
    with pytest.raises(MethodError, match="same period"):
        rank_ranges([results[0], results[0]])


def test_unscored_units_have_no_range():
    spec = Spec((Indicator("a", rule="as_scored", max_points=10), Indicator("b", rule="as_scored", max_points=10)))
    result = score(np.array([[1.0, 2], [NAN, NAN], [3, 1]]), None, spec, period="p")
    summary = rank_ranges(result, draws=50).summary
    assert summary["unit_code"].tolist() == ["0", "2"]
    nobody = score(np.full((2, 2), NAN), None, spec)
    assert rank_ranges(nobody, draws=50).summary.empty
    assert rank_ranges(nobody, draws=50).shares.frame().empty


def test_many_units_take_the_same_way_as_few():
    random = np.random.default_rng(0)
    spec = Spec(tuple(Indicator(f"i{k}", rule="as_scored", max_points=10) for k in range(4)))
    result = score(random.uniform(0, 10, (60, 4)), None, spec)
    summary = rank_ranges(result, draws=200).summary
    draws = draw_weights(spec, 200, 0.25, 766)
    scores = draws.weights[0] @ result.steps.points.T
    ranks = competition_ranks(scores)
    assert summary["rank_mean"].to_numpy() == pytest.approx(ranks.mean(axis=0))


def test_missing_best_and_worst_by_hand():
    spec = Spec((Indicator("a", rule="as_scored", max_points=10), Indicator("b", rule="as_scored", max_points=10)))
    # 0 has 6 + ?: from 6 to 16; 1 has 12; 2 has 5 + ?: from 5 to 15
    result = score(np.array([[6.0, NAN], [6, 6], [5, NAN]]), None, spec)
    best, worst = missing_ranges(result)
    assert best[:, 0].tolist() == [1, 1, 1]
    assert worst[:, 0].tolist() == [3, 3, 3]
    full = score(np.array([[6.0, 1], [6, 6], [5, 0]]), None, spec)
    best, worst = missing_ranges(full)
    assert best[:, 0].tolist() == worst[:, 0].tolist() == full.ranks[:, 0].tolist()
    # a leader beyond reach: at worst still first
    safe = score(np.array([[10.0, 9], [2, NAN], [1, 1]]), None, spec)
    best, worst = missing_ranges(safe)
    assert worst[:, 0].tolist() == [1, 2, 3] or worst[:, 0].tolist() == [1, 3, 3]
    assert (best[0, 0], worst[0, 0]) == (1, 1)


def test_method_ranges_keep_the_official_order_and_weights():
    result = random_case(4)
    found = method_ranges(result)
    assert len(found.ranks) == 7 * 20
    official = found.ranks.query("normalisation == 'declared' and aggregation == 'declared'")
    assert official["rank"].tolist() == result.ranks[:, 0].tolist()
    spec = comparable_spec(random_case(4, kinds=("sum", "sum", "sum")).spec, "arithmetic")
    original = random_case(4, kinds=("sum", "sum", "sum")).spec
    np.testing.assert_allclose(spec.shares, original.shares)
    with pytest.raises(MethodError):
        comparable_spec(result.spec, "median")
    with pytest.raises(MethodError):
        comparable_points(result, "guess")


def test_method_points_follow_the_direction_of_the_rule():
    spec = Spec((Indicator("poverty", max_points=10, zero_at=10, full_at=0), Indicator("b", rule="yes_no")))
    result = score(np.array([[2.0, 1], [5, 0], [8, NAN]]), None, spec)
    points = comparable_points(result, "minmax")
    assert points[:, 0].tolist() == [100, 50.5, 1]
    assert np.isnan(points[2, 1])
    assert comparable_points(result, "declared")[:, 0].tolist() == pytest.approx(
        [1 + 99 * 0.8, 1 + 99 * 0.5, 1 + 99 * 0.2]
    )


def test_sobol_shares_name_the_choice_that_moves_most():
    # weights cannot matter with one indicator, nor can aggregation; normalising one column keeps its order
    lone = score(np.array([[1.0], [2], [3]]), None, Spec((Indicator("a", rule="as_scored", max_points=10),)))
    shares = sobol_shares(lone)
    assert shares["mean_shift"].tolist() == [0, 0, 0]
    assert shares["total_order"].tolist() == [0, 0, 0]
    # only weights move this one
    spec = Spec((Indicator("a", rule="minmax", max_points=10), Indicator("b", rule="minmax", max_points=10)))
    values = np.array([[0, 10], [10, 0], [5.2, 5], [5, 5.2], [4, 6]], dtype=float)
    result = score(values, None, spec)
    moved = sobol_shares(result, normalisations=("minmax",), aggregations=("arithmetic",)).set_index("factor")
    assert moved.loc["weights", ["first_order", "total_order"]].tolist() == pytest.approx([1, 1])
    assert moved.loc["normalisation", "total_order"] == pytest.approx(0, abs=1e-9)
    again = sobol_shares(result)
    assert again.equals(sobol_shares(result))


def test_variance_shares_by_hand():
    # a + b + a b for a, b = -1, 1: each term has variance 1
    a = np.array([-1.0, 1])
    first, total = variance_shares(a[:, None] + a + a[:, None] * a)
    assert first.tolist() == pytest.approx([1 / 3, 1 / 3])
    assert total.tolist() == pytest.approx([2 / 3, 2 / 3])
    # 3 a + 4 c, and an axis that says nothing
    first, total = variance_shares(np.broadcast_to(3 * a[:, None, None] + 4 * a, (2, 5, 2)))
    assert first.tolist() == pytest.approx([9 / 25, 0, 16 / 25])
    assert total.tolist() == pytest.approx([9 / 25, 0, 16 / 25])
    assert variance_shares(np.ones((3, 2)))[1].tolist() == [0, 0]


def test_shares_are_those_of_all_orders_whatever_the_number_of_choices():
    """Shares alone and in company add up as variances must: first <= total, and all firsts together at most 1."""
    for seed in range(6):
        shares = sobol_shares(random_case(seed, units=9))
        assert (shares["first_order"] <= shares["total_order"] + 1e-12).all()
        assert shares["first_order"].sum() <= 1 + 1e-12
        assert shares["total_order"].sum() >= 1 - 1e-12 or (shares["total_order"] == 0).all()


def test_what_does_not_fit_in_memory_is_taken_in_turn(monkeypatch):
    results = [random_case(seed, units=40) for seed in (1, 2, 3)]
    results = [replace(result, spec=results[0].spec) for result in results]
    together = rank_ranges(results, draws=150)
    for size in (40 * 4 * 150 * 2, 40 * 150 * 2):  # one period at a time; one node at a time
        monkeypatch.setattr("wardstats.scoring.robustness.ranges.PLACES_BYTES", size)
        in_turn = rank_ranges(results, draws=150)
        keys = ["period", "node_code", "unit_code"]
        for one, other in ((together.summary, in_turn.summary), (together.shares.frame(), in_turn.shares.frame())):
            by = keys if "rank_low" in one else [*keys, "rank"]
            pd.testing.assert_frame_equal(*(table.sort_values(by, ignore_index=True) for table in (one, other)))


@pytest.mark.parametrize("size", [1.0, 1e6, 1e12])
def test_places_of_scores_of_any_size(size):
    """Small scores are ranked as whole numbers, large ones as they are."""
    scores = np.random.default_rng(3).integers(-9, 9, (6, 50)) * size / 7
    np.testing.assert_array_equal(places_in_draws(scores), competition_ranks(scores).T)
    np.testing.assert_array_equal(places_in_draws(scores[:, :20]), competition_ranks(scores[:, :20]).T)


def test_method_spreads_of_periods_together_or_alone():
    results = [random_case(seed, units=units) for seed, units in ((1, 6), (2, 6), (3, 9))]
    results[1] = replace(results[1], spec=results[0].spec)
    together = method_spreads(results)
    for result in results:
        one = together[together["period"] == result.period].drop(columns="period").reset_index(drop=True)
        pd.testing.assert_frame_equal(one, method_spreads([result]).drop(columns="period"))
        for node, rows in one.groupby("node_code"):
            slow = method_ranges(result, node).summary
            assert rows["method_best"].tolist() == slow["rank_best"].tolist()
            assert rows["method_worst"].tolist() == slow["rank_worst"].tolist()
