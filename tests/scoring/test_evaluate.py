"""Rules, steps and aggregation, repeated by hand."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from wardstats.scoring import (
    Indicator,
    MethodError,
    Spec,
    SpecError,
    Theme,
    competition_ranks,
    divide_by_denominators,
    normalise,
    period_input,
    round_decimals,
    score,
    score_period,
    value_points,
    what_if,
)

NAN = float("nan")


def points_of(indicator: Indicator, values: list[float], **extra) -> list[float]:
    matrix = np.array(values, dtype=float)[:, None]
    return normalise(matrix, Spec((indicator,)), **extra)[:, 0].tolist()


def one(rule: str, **fields) -> Indicator:
    return Indicator("a", rule=rule, **fields)


# --- the worked example of docs/method.md -------------------------------------------------------------------------

WORKED = Spec(
    indicators=(
        Indicator("on_time", "service", max_points=20, zero_at=0, full_at=100),
        Indicator("digitised", "service", max_points=10, zero_at=0, full_at=80),
        Indicator("poverty", "living", max_points=10, zero_at=10, full_at=0),
        Indicator("green", "living", max_points=10, zero_at=0, full_at=12),
    ),
    themes=(Theme("service", position=1), Theme("living", position=2)),
    points_decimals=2,
)
WORKED_VALUES = pd.DataFrame(
    {"on_time": [95, 90, 98], "digitised": [60, 80, 70], "poverty": [2, 5, 4], "green": [6, NAN, 9]},
    index=["A", "B", "C"],
)


def test_worked_example_by_hand():
    result = score(WORKED_VALUES, None, WORKED, pd.Series({"A": 0.0, "B": 0.0, "C": -1.0}))
    # A: 20 x 0.95 = 19; 10 x 60/80 = 7.5; 10 x (2-10)/(0-10) = 8; 10 x 6/12 = 5
    assert result.steps.points.tolist()[0] == [19.0, 7.5, 8.0, 5.0]
    # B: green is missing, so poverty's 5 of 10 stands for 20 points: 5 x 20/10 = 10
    # C: 19.6 + 8.75 = 28.35; 6 + 7.5 = 13.5; less 1
    table = result.tables["aggregated"]
    assert table.loc["A"].to_dict() == pytest.approx({"total": 39.5, "service": 26.5, "living": 13.0})
    assert table.loc["B"].to_dict() == pytest.approx({"total": 38.0, "service": 28.0, "living": 10.0})
    assert table.loc["C"].to_dict() == pytest.approx({"total": 40.85, "service": 28.35, "living": 13.5})
    assert result.tables["coverage"].loc["B"].to_dict() == pytest.approx({"total": 0.8, "service": 1.0, "living": 0.5})
    assert result.ranking()["unit_code"].tolist() == ["C", "A", "B"]
    assert result.ranking()["max_score"].tolist() == [50.0] * 3
    assert result.ranking("living")["unit_code"].tolist() == ["C", "A", "B"]


# --- UNDP's human development index -------------------------------------------------------------------------------

HDI = Spec(
    indicators=(
        Indicator("life_expectancy", "health", 1.0, "linear", 20, 85),
        Indicator("expected_schooling", "education", 1.0, "linear", 0, 18),
        Indicator("mean_schooling", "education", 1.0, "linear", 0, 15),
        Indicator("income_per_head", "living_standard", 1.0, "log", 100, 75_000),
    ),
    themes=(
        Theme("health", aggregation="arithmetic"),
        Theme("education", aggregation="arithmetic"),
        Theme("living_standard", aggregation="arithmetic"),
    ),
    aggregation="geometric",
)


def test_human_development_index():
    values = pd.DataFrame(
        [[84.3, 16.6, 13.9, 69_433], [83.4, 18.6, 13.1, 69_190], [74.6, 13.1, 8.5, 10_814]],
        index=["Switzerland", "Norway", "Viet Nam"],
        columns=HDI.codes,
    )
    result = score(values, None, HDI)
    assert [f"{found:.3f}" for found in result.steps.scores[:, 0]] == ["0.967", "0.966", "0.727"]
    assert result.ranks[:, 0].tolist() == [1, 2, 3]
    assert result.spec.maxima[0] == pytest.approx(1.0)
    # Viet Nam once more with a pocket calculator
    health, school, mean = (74.6 - 20) / 65, 13.1 / 18, 8.5 / 15
    income = math.log(10_814 / 100) / math.log(750)
    assert result.steps.scores[2, 0] == pytest.approx((health * (school + mean) / 2 * income) ** (1 / 3), abs=1e-12)


# --- absolute rules -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "values", "expected"),
    [
        (one("linear", max_points=6, zero_at=0, full_at=90), [0, 45, 90, 120, -5, NAN], [0, 3, 6, 6, 0, NAN]),
        (one("linear", max_points=10, zero_at=10, full_at=0), [10, 4, 0, 12], [0, 6, 10, 0]),
        (one("log", max_points=2, zero_at=1, full_at=100), [1, 10, 100, 1000, 0, -3], [0, 1, 2, 2, 0, 0]),
        (one("log", max_points=2, zero_at=100, full_at=1), [10, 0], [1, 2]),
        (one("as_scored", max_points=12), [7.31, 15, -1, NAN], [7.31, 12, 0, NAN]),
        (one("yes_no", max_points=2), [1, 0, NAN], [2, 0, NAN]),
    ],
)
def test_absolute_rules(indicator, values, expected):
    assert points_of(indicator, values) == pytest.approx(expected, nan_ok=True)


def test_target_is_each_units_own():
    targets = np.array([[50.0], [80.0], [NAN], [0.0]])
    rule = one("target", max_points=10)
    assert points_of(rule, [40, 40, 40, 0], targets=targets) == pytest.approx([8, 5, NAN, 10], nan_ok=True)
    # without a signed target the general full_at holds
    fallback = one("target", max_points=10, full_at=100)
    assert points_of(fallback, [40, 40, 40, 40], targets=targets)[2] == pytest.approx(4)
    assert points_of(fallback, [40.0]) == pytest.approx([4])


def test_value_rounded_before_the_rule_and_points_after():
    # 2/3 = 66.666...% becomes 66.67 first: 6 x 0.6667 = 4.0002; the rule's own points are then rounded
    rule = one("linear", max_points=6, zero_at=0, full_at=100, value_decimals=2)
    assert points_of(rule, [200 / 3]) == pytest.approx([4.0002], abs=1e-12)
    spec = Spec((rule,), points_decimals=2)
    assert normalise(np.array([[200 / 3]]), spec)[0, 0] == 4.0
    # 1 of 57 is 1.75 percent: 6 x 1.75 / 100 = 0.105, whose binary number lies just under the half
    assert normalise(np.array([[100 / 57]]), spec)[0, 0] == 0.1


def test_rounding_is_that_of_the_binary_number():
    awkward = [2.675, 1.005, 0.125, 0.375, -2.675, 1e15 + 0.3, NAN, 8.345, 12.5]
    for decimals in (0, 1, 2, 3):
        found = round_decimals(np.array(awkward), decimals).tolist()
        wanted = [value if math.isnan(value) else round(value, decimals) for value in awkward]
        assert found == pytest.approx(wanted, nan_ok=True, abs=0)
    many = np.random.default_rng(3).integers(0, 20_000, 5_000) / 1000.0
    assert round_decimals(many, 2).tolist() == [float(f"{value:.2f}") for value in many]


@pytest.mark.parametrize(("choice", "expected"), [("full", 6.0), ("zero", 0.0), ("missing", NAN)])
def test_empty_ratio(choice, expected):
    spec = Spec((Indicator("a", max_points=6, zero_at=0, full_at=100, if_empty=choice),))
    result = score(np.array([[NAN], [50.0]]), np.array([[True], [False]]), spec)
    assert result.steps.points[0, 0] == pytest.approx(expected, nan_ok=True)
    assert result.steps.coverage[0, 0] == (0.0 if choice == "missing" else 1.0)


# --- relative rules -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [
        (one("minmax", max_points=100), [0, 50, 50, 100, NAN]),
        (one("minmax", max_points=100, zero_at=1, full_at=100), [1, 50.5, 50.5, 100, NAN]),
        (one("minmax", max_points=100, direction=-1), [100, 50, 50, 0, NAN]),
        # mean 3, sample variance (4 + 0 + 0 + 4) / 3
        (one("zscore"), [-2 / math.sqrt(8 / 3), 0, 0, 2 / math.sqrt(8 / 3), NAN]),
        (one("zscore", zero_at=50, full_at=10), [50 - 20 / math.sqrt(8 / 3), 50, 50, 50 + 20 / math.sqrt(8 / 3), NAN]),
        (one("rank", max_points=4), [1, 2.5, 2.5, 4, NAN]),
        (one("rank", max_points=4, direction=-1), [4, 2.5, 2.5, 1, NAN]),
        (one("percentile_rank", max_points=100), [12.5, 50, 50, 87.5, NAN]),
        (one("borda", max_points=3), [0, 1.5, 1.5, 3, NAN]),
        (one("distance_to_best", max_points=100), [20, 60, 60, 100, NAN]),
        (one("distance_to_best", max_points=100, direction=-1), [100, 50, 50, 0, NAN]),
    ],
)
def test_relative_rules(indicator, expected):
    assert points_of(indicator, [1, 3, 3, 5, NAN]) == pytest.approx(expected, nan_ok=True)


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("minmax", 5), ("zscore", 0), ("rank", 20 / 3), ("percentile_rank", 5), ("borda", 5), ("distance_to_best", 10)],
)
def test_constant_column_is_defined(rule, expected):
    assert points_of(one(rule, max_points=10), [0.1, 0.1, 0.1]) == pytest.approx([expected] * 3)
    assert np.isnan(points_of(one(rule, max_points=10), [NAN, NAN])).all()


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("minmax", 5), ("zscore", 0), ("rank", 10), ("percentile_rank", 5), ("borda", 5), ("distance_to_best", 10)],
)
def test_one_unit_is_defined(rule, expected):
    assert points_of(one(rule, max_points=10), [7.0]) == pytest.approx([expected])


def test_empty_ratio_under_a_relative_rule():
    empty = np.array([[False], [False], [True]])
    values = [1.0, 3.0, NAN]
    assert points_of(one("minmax", max_points=10, if_empty="full"), values, empty=empty)[2] == 10
    assert points_of(one("zscore", if_empty="zero"), values, empty=empty)[2] == pytest.approx(-math.sqrt(0.5))


# --- aggregation --------------------------------------------------------------------------------------------------


def mean_spec(aggregation: str, missing: str = "renormalise", **options) -> Spec:
    indicators = tuple(
        Indicator(code, "t", 100, "as_scored", weight=weight) for code, weight in (("a", 1), ("b", 2), ("c", 1))
    )
    return Spec(indicators, (Theme("t", aggregation=aggregation),), missing=missing, **options)


@pytest.mark.parametrize(
    ("aggregation", "complete", "without_c"),
    [
        ("sum", 90 + 2 * 40 + 10, (90 + 2 * 40) * 400 / 300),
        ("arithmetic", (90 + 2 * 40 + 10) / 4, (90 + 2 * 40) / 3),
        ("geometric", (90 * 40**2 * 10) ** (1 / 4), (90 * 40**2) ** (1 / 3)),
        ("harmonic", 4 / (1 / 90 + 2 / 40 + 1 / 10), 3 / (1 / 90 + 2 / 40)),
    ],
)
def test_aggregations_with_missing_children(aggregation, complete, without_c):
    values = np.array([[90.0, 40, 10], [90, 40, NAN], [NAN, NAN, NAN], [90, 40, 0]])
    found = score(values, None, mean_spec(aggregation)).steps
    assert found.scores[:3, 1] == pytest.approx([complete, without_c, NAN], nan_ok=True)
    assert found.coverage[:, 1] == pytest.approx([1, 0.75, 0, 1])
    counted_zero = score(values, None, mean_spec(aggregation, "zero")).steps.scores[:, 1]
    assert counted_zero[1] == pytest.approx(found.scores[3, 1])
    assert np.isnan(counted_zero[2])  # nothing known: no score
    if aggregation in ("geometric", "harmonic"):
        assert found.scores[3, 1] == 0


def test_negative_scores_in_a_geometric_mean_name_the_remedy():
    indicators = (Indicator("a", "t", rule="zscore"), Indicator("b", "t", rule="zscore"))
    spec = Spec(indicators, (Theme("t", aggregation="geometric"),))
    with pytest.raises(MethodError, match=r"theme 't'.*negative.*choose arithmetic"):
        score(np.array([[1.0, 2], [2, 1]]), None, spec)


def test_depth_three_weights_and_shares():
    spec = Spec(
        (
            Indicator("a", "deep", 10, "as_scored", weight=2),
            Indicator("b", "deep", 20, "as_scored"),
            Indicator("c", "top", 60, "as_scored"),
            Indicator("d", "", 50, "as_scored"),
        ),
        (Theme("top", weight=0.5), Theme("deep", "top", weight=3)),
    )
    assert spec.node_codes == ("total", "top", "deep")
    # deep 2 x 10 + 20 = 40; top 60 + 3 x 40 = 180; total 50 + 0.5 x 180 = 140
    assert spec.maxima.tolist() == [140, 180, 40]
    assert spec.shares[0] == pytest.approx([30 / 140, 30 / 140, 30 / 140, 50 / 140])
    result = score(np.array([[5.0, 10, 30, 25]]), None, spec)
    assert result.steps.scores[0].tolist() == [70, 90, 20]


def test_min_coverage_refuses_but_does_not_starve_the_parent():
    values = np.array([[90.0, 40, NAN], [90, NAN, NAN]])
    result = score(values, None, mean_spec("arithmetic", min_coverage=0.5))
    assert np.isnan(result.steps.scores[1, 0])
    assert not np.isnan(result.steps.scores[0, 0])
    assert result.ranks[:, 0].tolist() == [1, 0]


def test_themes_without_indicators_do_not_count():
    spec = Spec((Indicator("a", "t", 10, "as_scored"),), (Theme("t"), Theme("bare")), missing="zero")
    result = score(np.array([[4.0]]), None, spec)
    assert result.steps.scores[0].tolist()[0] == 4
    assert spec.maxima[0] == 10
    assert np.isnan(result.steps.scores[0, spec.node_index("bare")])


def test_ranks_share_the_better_place_and_come_before_rounding():
    assert competition_ranks(np.array([3.0, 2, 2, 1, NAN])).tolist() == [1, 2, 2, 4, 0]
    assert competition_ranks(np.array([80.123456, 80.123457])).tolist() == [2, 1]
    assert competition_ranks(np.array([0.1 + 0.2, 0.3])).tolist() == [1, 1]
    many = np.random.default_rng(1).integers(0, 50, 200).astype(float)
    expected = [1 + sum(other > own for other in many) for own in many]
    assert competition_ranks(many).tolist() == expected


# --- imputation, treatment, denominators --------------------------------------------------------------------------


def imputed(method: str, values, **extra) -> list[float]:
    indicator = Indicator("a", max_points=100, rule="as_scored", lower_limit=0, upper_limit=100)
    result = score(np.array(values, dtype=float)[:, None], None, Spec((indicator,), imputation=method), **extra)
    assert result.steps.coverage[:, 0].tolist() == [0.0 if math.isnan(value) else 1.0 for value in values]
    return result.steps.imputed[:, 0].tolist()


def test_imputation_is_off_by_default_and_visible():
    assert imputed("none", [1, NAN]) == pytest.approx([1, NAN], nan_ok=True)
    assert imputed("mean", [1, NAN, 3, 8]) == pytest.approx([1, 4, 3, 8])
    assert imputed("median", [1, NAN, 3, 8]) == pytest.approx([1, 3, 3, 8])
    assert imputed("median", [1, NAN, 3]) == pytest.approx([1, 2, 3])
    assert np.isnan(imputed("mean", [NAN, NAN])).all()
    groups = ["x", "x", "y", "y", "z"]
    assert imputed("group_mean", [1, NAN, 3, NAN, NAN], groups=groups) == pytest.approx([1, 1, 3, 3, NAN], nan_ok=True)


def test_imputation_from_other_periods():
    history = [np.array([[10.0], [NAN], [50.0]]), np.array([[20.0], [90.0], [90.0]])]
    assert imputed("latest", [NAN, NAN, 7], history=history) == [20, 90, 7]
    # the line through 10 and 20 goes on to 30; 50, 90 would go on to 130 and stops at the limit
    assert imputed("linear", [NAN, NAN, NAN], history=history) == [30, 90, 100]
    assert imputed("linear", [NAN], history={-2: np.array([[10.0]]), 1: np.array([[40.0]])}) == [30]
    with pytest.raises(MethodError, match="needs other periods"):
        imputed("latest", [NAN])


def test_winsorising_then_logarithm():
    spec = Spec((Indicator("a", max_points=100, rule="minmax"),), treatment="winsorise")
    few = np.array([*range(1, 21), 1000.0])[:, None]
    result = score(few, None, spec)
    assert result.steps.treated.max() == 20
    assert result.steps.treatment[0].method == "winsorised"
    assert result.steps.treatment[0].treated_count == 1
    many = np.array([*np.linspace(1, 2, 100), *np.geomspace(1e2, 1e5, 8)])[:, None]
    logged = score(many, None, spec)
    low, high = many.min(), many.max()
    assert logged.steps.treatment[0].method == "log"
    assert logged.steps.treated == pytest.approx(np.log(many - low + 0.01 * (high - low)))
    # order is kept on a long tail to the low side as well
    mirrored = score(-many, None, spec).steps.treated[:, 0]
    assert np.array_equal(np.argsort(mirrored), np.argsort(-many[:, 0]))
    # absolute goalposts are left alone
    goalposts = Spec((Indicator("a", rule="linear", zero_at=0, full_at=10),), treatment="winsorise")
    assert score(few, None, goalposts).steps.treated.max() == 1000


def test_denominators():
    spec = Spec((Indicator("gdp", rule="minmax", denominator="people"), Indicator("share", rule="minmax")))
    values = pd.DataFrame({"gdp": [10.0, 0.0, 5.0], "share": [1.0, 2.0, 3.0]}, index=["A", "B", "C"])
    divided, empty = divide_by_denominators(values, spec, pd.DataFrame({"people": [4.0, 0.0, 0.0]}, index=list("ABC")))
    assert divided["gdp"].tolist() == pytest.approx([2.5, NAN, NAN], nan_ok=True)
    assert empty["gdp"].tolist() == [False, True, False]
    assert divided["share"].tolist() == [1, 2, 3]
    with pytest.raises(MethodError, match="denominator 'people'"):
        divide_by_denominators(values, spec, pd.DataFrame({"area": [1.0]}))


# --- the spec and the what-if -------------------------------------------------------------------------------------


def test_every_contradiction_is_listed_at_once():
    with pytest.raises(SpecError) as caught:
        Spec(
            (
                Indicator("a", "nowhere", zero_at=1, full_at=1),
                Indicator("a", rule="magic", if_empty="maybe", weight=-1),
                Indicator("b", rule="log", zero_at=0, full_at=5),
            ),
            (Theme("x", "y"), Theme("y", "x"), Theme("z", aggregation="median"), Theme("q", "gone")),
            missing="guess",
        )
    text = str(caught.value)
    for part in ("'nowhere'", "occurs 2 times", "'magic'", "'maybe'", "above 0", "own ancestor", "'median'", "'gone'"):
        assert part in text
    assert "missing: found 'guess'" in text


def test_means_of_unequal_scales_are_pointed_out():
    children = (Indicator("a", "t", 10, "as_scored"), Indicator("b", "t", 20, "as_scored"))
    uneven = Spec(children, (Theme("t", aggregation="arithmetic"),))
    assert len(uneven.scale_warnings()) == 1
    assert "from 10 to 20" in uneven.scale_warnings()[0]
    assert HDI.scale_warnings() == []
    assert WORKED.scale_warnings() == []


def test_spec_from_frames_fills_defaults():
    criteria = pd.DataFrame(
        {
            "indicator_code": ["a", "b"],
            "theme_code": ["t", "t"],
            "max_points": [6, 2],
            "rule": ["linear", "yes_no"],
            "zero_at": [0, NAN],
            "full_at": [90, NAN],
            "weight": [1, NAN],
            "if_empty": ["full", ""],
            "value_decimals": [2, NAN],
            "note": ["x", "y"],
        }
    )
    themes = pd.DataFrame({"theme_code": ["t"], "parent_code": [""], "weight": [1], "aggregation": ["sum"]})
    spec = Spec.from_frames(criteria, themes, points_decimals=2)
    assert spec.indicators[0] == Indicator("a", "t", 6, "linear", 0, 90, if_empty="full", value_decimals=2)
    assert spec.indicators[1] == Indicator("b", "t", 2, "yes_no")
    assert spec.maxima.tolist() == [8, 8]


def test_what_if_gives_the_new_table():
    period = period_input(WORKED_VALUES, None, WORKED)
    after, table = what_if(period, {("A", "green"): 12.0, ("C", "poverty"): None})
    assert after.tables["aggregated"].loc["A", "total"] == pytest.approx(44.5)
    row = table.set_index("unit_code").loc["A"]
    assert (row["rank_before"], row["rank"], row["places_gained"]) == (2, 1, 1)
    assert row["score_change"] == pytest.approx(5)
    # C loses its poverty figure: green's 7.5 of 10 stands for 20
    assert after.tables["aggregated"].loc["C", "living"] == pytest.approx(15)
    with pytest.raises(MethodError, match="'X'"):
        what_if(period, {("X", "green"): 1.0})
    with pytest.raises(MethodError, match="'gold'"):
        what_if(period, {("A", "gold"): 1.0})


def test_steps_are_named_tables():
    tables = score_period(period_input(WORKED_VALUES, None, WORKED)).tables
    assert list(tables) == ["raw", "imputed", "treated", "normalised", "aggregated", "coverage", "ranks"]
    assert tables["raw"].equals(WORKED_VALUES.astype(float).rename_axis("unit_code"))


def test_bad_figures_are_refused():
    with pytest.raises(MethodError, match="infinite"):
        score(np.array([[np.inf]]), None, Spec((Indicator("a", rule="as_scored"),)))
    twice = pd.DataFrame({"a": [1.0, 2.0]}, index=["A", "A"])
    with pytest.raises(MethodError, match="two rows"):
        score(twice, None, Spec((Indicator("a", rule="as_scored"),)))


def test_no_units_at_all():
    result = score(pd.DataFrame(columns=["a"], dtype=float), None, Spec((Indicator("a", rule="minmax"),)))
    assert len(result.ranking()) == 0


def test_points_of_a_single_value_are_those_of_a_table():
    spec = Spec(
        (
            Indicator("a", max_points=6, zero_at=0, full_at=90, value_decimals=0),
            Indicator("b", max_points=10, rule="target", zero_at=0, full_at=50),
            Indicator("c", max_points=10, rule="minmax"),
        ),
        points_decimals=2,
    )
    assert value_points(spec, "a", 45.4) == 3
    assert value_points(spec, "b", 10) == 2
    assert value_points(spec, "b", 10, target=40) == 2.5
    assert np.isnan(value_points(spec, "b", NAN))
    assert np.isnan(value_points(spec, "c", 10)), "an outsider has no place among the units"
