"""What would lift a ward: the closed form against the search, limits, effort."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module

import numpy as np
import pandas as pd
import pytest

from wardstats.scoring import Indicator, MethodError, Spec, Theme, lift, period_input, what_if
from wardstats.scoring.lift import COLUMNS

NAN = float("nan")
SPEC = Spec(
    (
        Indicator("on_time", "service", 20, "linear", 0, 100, lower_limit=0, upper_limit=100),
        Indicator("digitised", "service", 10, "linear", 0, 80, lower_limit=0, upper_limit=100),
        Indicator("poverty", "living", 10, "linear", 10, 0, lower_limit=0, upper_limit=100),
        Indicator("team", "living", 2, "yes_no"),
    ),
    (Theme("service"), Theme("living")),
)
VALUES = pd.DataFrame(
    [[95, 60, 2, 1], [90, 76, 5, 0], [98, 70, 4, 1], [99, 80, 1, 1]], index=list("ABCD"), columns=SPEC.codes
)
# A 19 + 7.5 + 8 + 2 = 36.5; B 18 + 9.5 + 5 + 0 = 32.5; C 19.6 + 8.75 + 6 + 2 = 36.35; D 19.8 + 10 + 9 + 2 = 40.8


def test_by_hand():
    found = lift(period_input(VALUES, None, SPEC), "B").set_index(["place", "indicator_code"])
    # place 3 needs 36.35: 3.85 points more. Only poverty has that much room (5): 5 -> 1.15
    assert found.index.tolist() == [(3, "poverty"), (2, "poverty")]
    row = found.loc[(3, "poverty")]
    assert row["needed"] == pytest.approx(1.15)
    assert row["improvement"] == pytest.approx(3.85)
    assert (row["places_gained"], row["points_gained"]) == (1, pytest.approx(3.85))
    # no earlier year: a quarter of the span of 10
    assert (row["effort"], row["effort_basis"]) == (pytest.approx(3.85 / 2.5), "span")
    assert found.loc[(2, "poverty"), "needed"] == pytest.approx(1.0)


def test_sorted_by_what_others_achieve_in_a_year():
    year_ago = VALUES - np.array([[10, 1, -0.1, 0], [5, 2, 0, 0], [2, 1, -0.1, 0], [4, 1, -0.1, 0]])
    found = lift(period_input(VALUES, None, SPEC), "C", year_ago=year_ago)
    second = found[found["place"] == 2]
    # 0.15 points: on time by 0.75, digitised by 1.2, poverty by 0.15; the others' 75th percentiles are 7.5, 1.5, 0.1
    assert second["indicator_code"].tolist() == ["on_time", "digitised", "poverty"]
    assert second["improvement"].tolist() == pytest.approx([0.75, 1.2, 0.15])
    assert second["effort"].tolist() == pytest.approx([0.1, 0.8, 1.5])
    assert set(second["effort_basis"]) == {"year"}


def test_improvement_is_enough_and_smallest():
    period = period_input(VALUES, None, SPEC)
    for unit in "ABC":
        for row in lift(period, unit).itertuples():
            _, table = what_if(period, {(unit, row.indicator_code): row.needed})
            assert table.set_index("unit_code").loc[unit, "rank"] <= row.place
            shy = row.needed - np.sign(row.needed - row.current) * 1e-6
            _, table = what_if(period, {(unit, row.indicator_code): shy})
            assert table.set_index("unit_code").loc[unit, "rank"] > row.place


@pytest.mark.parametrize("missing", ["zero", "renormalise"])
def test_a_missing_figure_needs_enough_and_no_more(missing: str):
    values = VALUES.astype(float)
    values.loc["C", ["on_time", "digitised", "poverty"]] = [95, NAN, 4.1]
    period = period_input(values, None, replace(SPEC, missing=missing))
    found = lift(period, "C")
    found = found[found["effort_basis"] == "missing"]
    assert len(found)
    for row in found.itertuples():
        for value, is_enough in ((row.needed, True), (row.needed - 1e-6, False)):
            _, table = what_if(period, {("C", row.indicator_code): value})
            assert (table.set_index("unit_code").loc["C", "rank"] <= row.place) is np.bool_(is_enough)


def test_switch_and_missing_figures():
    values = VALUES.copy()
    values.loc["C", ["digitised", "team"]] = [NAN, 0]
    found = lift(period_input(values, None, replace(SPEC, missing="zero")), "C")
    # C: 19.6 + 6 = 25.6; B 32.5: digitised from nothing brings 6.9 at 55.2, the team's 2 points are not enough
    assert found["indicator_code"].tolist() == ["digitised"]
    assert found.loc[0, "needed"] == pytest.approx(55.2)
    assert np.isnan(found.loc[0, "current"])
    assert found.loc[0, "effort_basis"] == "missing"
    values.loc["C", ["digitised", "team"]] = [70, 0]
    switched = lift(period_input(values, None, SPEC), "C", places=1)
    assert switched[switched["indicator_code"] == "team"]["needed"].tolist() == [1.0] * len(
        switched[switched["indicator_code"] == "team"]
    )


@pytest.mark.parametrize("rule", ["minmax", "zscore", "rank"])
def test_relative_rules(rule):
    indicators = tuple(Indicator(code, rule=rule, max_points=10) for code in "ab")
    spec = Spec(indicators, aggregation="arithmetic")
    values = pd.DataFrame([[1, 4], [2, 5], [3, 9], [6, 6]], index=list("ABCD"), columns=list("ab"), dtype=float)
    period = period_input(values, None, spec)
    found = lift(period, "A")
    assert len(found)
    for row in found.itertuples():
        _, table = what_if(period, {("A", row.indicator_code): row.needed})
        assert table.set_index("unit_code").loc["A", "rank"] <= row.place
        assert row.needed <= values[row.indicator_code].max()


def test_closed_form_equals_the_search():
    random = np.random.default_rng(7)
    indicators = tuple(
        Indicator(f"i{k}", f"t{k % 2}", 5 + k, "linear", *((0, 90) if k % 3 else (50, 10)), weight=1 + k % 2)
        for k in range(8)
    )
    spec = Spec(indicators, (Theme("t0", weight=2), Theme("t1", aggregation="arithmetic")))
    values = random.uniform(0, 95, (10, 8))
    values[random.random(values.shape) < 0.1] = np.nan
    period = period_input(values, None, spec)
    # value_decimals far beyond any figure switches the closed form off without changing a score
    searched = replace(spec, indicators=tuple(replace(item, value_decimals=12) for item in indicators))
    for unit in ("0", "4", "9"):
        closed, search = lift(period, unit), lift(period_input(values, None, searched), unit)
        merged = closed.merge(search, on=["place", "indicator_code"], suffixes=("", "_searched"))
        assert len(merged) == len(closed) == len(search)
        assert merged["needed"].to_numpy() == pytest.approx(merged["needed_searched"].to_numpy(), abs=1e-6)


def test_leader_alone_and_unknown():
    period = period_input(VALUES, None, SPEC)
    assert lift(period, "D").empty
    assert lift(period, "D").columns.tolist() == COLUMNS
    assert lift(period_input(VALUES.loc[["A"]], None, SPEC), "A").empty
    with pytest.raises(MethodError, match="'Z'"):
        lift(period, "Z")


def test_target_rule_stops_at_the_target():
    spec = Spec((Indicator("a", rule="target", max_points=10), Indicator("b", rule="as_scored", max_points=10)))
    targets = np.array([[50.0, NAN], [100.0, NAN]])
    period = period_input(np.array([[40.0, 5], [90, 8]]), None, spec, targets=targets)
    # unit 0 has 8 + 5, unit 1 has 9 + 8: at its target unit 0 gets 10 + 5 and does not pass; b needs 9
    found = lift(period, "0")
    assert found[["indicator_code", "needed"]].to_numpy().tolist() == [["b", pytest.approx(9.0)]]


def test_a_unit_scored_alone_is_lifted_as_among_all(monkeypatch: pytest.MonkeyPatch):
    """Beside relative rules the others' scores stay what they are as long as none of these indicators changes."""
    random = np.random.default_rng(11)
    rules = ("linear", "minmax", "yes_no", "linear", "rank", "linear")
    indicators = tuple(
        Indicator(f"i{k}", f"t{k % 2}", 4 + k, rule, *((0, 90) if rule == "linear" else (None, None)), if_empty="full")
        for k, rule in enumerate(rules)
    )
    spec = Spec(indicators, (Theme("t0", weight=2), Theme("t1", aggregation="geometric")), min_coverage=0.5)
    values = random.uniform(0, 95, (9, 6))
    values[:, 2] = random.integers(0, 2, 9)
    values[random.random(values.shape) < 0.15] = np.nan
    period = period_input(values, np.isnan(values) & (random.random(values.shape) < 0.5), spec)
    alone = {unit: lift(period, unit) for unit in ("0", "3", "5", "8")}
    monkeypatch.setattr(import_module("wardstats.scoring.lift"), "_alone", lambda *_: None)
    assert sum(len(found) for found in alone.values()) > 15
    for unit, found in alone.items():
        merged = found.merge(lift(period, unit), on=["place", "indicator_code"], how="outer", suffixes=("", "_all"))
        for column in ("needed", "points_gained", "effort"):
            assert merged[column].to_numpy() == pytest.approx(merged[f"{column}_all"].to_numpy(), abs=1e-6, nan_ok=True)


def ranked_with(period, unit: str, row) -> int:
    _, table = what_if(period, {(unit, row.indicator_code): row.needed})
    return table.set_index("unit_code").loc[unit, "rank"]


def test_a_place_that_a_tie_leaves_out_is_not_named():
    values = pd.DataFrame([[90.0], [80], [80], [70]], index=list("ABCD"), columns=["a"])
    period = period_input(values, None, Spec((Indicator("a", rule="linear", zero_at=0, full_at=100),)))
    # two share place 2, so D, the fourth, takes 2 or 1 and never 3
    assert lift(period, "D")[["place", "places_gained", "needed"]].to_numpy().tolist() == [[2, 2, 80.0], [1, 3, 90.0]]


@pytest.mark.parametrize("decimals", [0, 1, 2, 4])
@pytest.mark.parametrize("rule", ["linear", "minmax", "zscore", "rank"])
def test_written_values_gain_the_place_on_either_side(rule: str, decimals: int):
    """An indicator where more is better and one where less is: a value as it is written is enough."""
    random = np.random.default_rng(decimals)
    limits = {"lower_limit": 0, "upper_limit": 100}
    more, less = (0, 90), (60, 5)
    indicators = tuple(
        Indicator(code, rule=rule, max_points=10, zero_at=ends[0], full_at=ends[1], direction=sign, **limits)
        for code, ends, sign in (("up", more, 1), ("down", less, -1))
    )
    values = pd.DataFrame(random.uniform(10, 80, (8, 2)), index=list("ABCDEFGH"), columns=["up", "down"])
    values.loc["H", "up"] = NAN
    period = period_input(values, None, Spec(indicators, missing="zero"))
    found = {unit: lift(period, unit, decimals={"up": decimals, "down": decimals}) for unit in values.index}
    assert sum(len(rows) for rows in found.values()) > 8
    for unit, rows in found.items():
        for row in rows.itertuples():
            assert row.needed == round(row.needed, decimals)
            assert ranked_with(period, unit, row) == row.place


def test_a_written_value_beyond_the_limit_is_no_advice():
    values = pd.DataFrame([[99.96, 0.0], [99.0, 0.0]], index=list("AB"), columns=["a", "b"])
    share = Indicator("a", rule="linear", zero_at=0, full_at=99.96, lower_limit=0, upper_limit=99.96)
    period = period_input(values, None, Spec((share, Indicator("b", rule="as_scored"))))
    assert lift(period, "B", decimals={"a": 2})["needed"].tolist()[0] == 99.96
    assert "a" not in lift(period, "B", decimals={"a": 0})["indicator_code"].tolist()
