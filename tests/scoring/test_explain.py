"""Why a ward moved: parts repeated by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from wardstats.scoring import Indicator, Spec, SpecError, Theme, explain, period_input
from wardstats.scoring.shapley import dyadic_parts

NAN = float("nan")
SPEC = Spec(
    (
        Indicator("on_time", "service", 20, "linear", 0, 100),
        Indicator("digitised", "service", 10, "linear", 0, 80),
        Indicator("poverty", "living", 10, "linear", 10, 0),
        Indicator("green", "living", 10, "linear", 0, 12),
    ),
    (Theme("service"), Theme("living")),
)
UNITS = ["A", "B", "C"]


def period(rows, spec=SPEC, adjustments=None, units=UNITS, codes=None):
    frame = pd.DataFrame(rows, index=units, columns=codes or spec.codes)
    return period_input(frame, None, spec, adjustments)


BEFORE = period([[95, 60, 2, 6], [90, 80, 5, NAN], [98, 70, 4, 9]])


def parts_of(found, unit):
    rows = found.parts[found.parts["unit_code"] == unit]
    return {
        (row.part, row.indicator_code): (pytest.approx(row.score_part, abs=1e-9), row.places_part)
        for row in rows.itertuples()
    }


def test_parts_by_hand():
    # A: on time 95 -> 100 (+1), poverty 2 -> 3 (-1), green 6 -> 12 (+5); B: green arrives at 9; C: unchanged
    after = period([[100, 60, 3, 12], [90, 80, 5, 9], [98, 70, 4, 9]])
    found = explain(BEFORE, after)
    summary = found.summary.set_index("unit_code")
    assert summary.loc["A", ["score_before", "score_after"]].tolist() == pytest.approx([39.5, 44.5])
    assert summary["rank_before"].tolist() == [2, 3, 1]
    assert summary["rank_after"].tolist() == [1, 3, 2]
    ward = parts_of(found, "A")
    assert ward["own", "on_time"][0] == 1
    assert ward["own", "poverty"][0] == -1
    assert ward["own", "green"][0] == 5
    # places: C leads with 41.85, A has 39.5. Only green can carry A past C (+5 > 2.35), whatever else has come.
    assert ward["own", "green"][1] == 1
    assert ward["own", "on_time"][1] == 0
    # B's poverty stood for 20 points at 5 each 10; green at 9 of 12 brings 7.5: 5 + 7.5 instead of 10
    # that carries B to 40.5, past A's old 39.5; then A moves on, so the place is lost to the others again
    assert parts_of(found, "B")["arrived", "green"] == (2.5, 1)
    assert parts_of(found, "B")["others", ""] == (0, -1)
    # C did nothing and was passed by A
    assert parts_of(found, "C") == {("criteria", ""): (0, 0), ("others", ""): (0, -1)}


def test_two_changes_share_a_place_that_needs_both():
    # C leads A by 2.35: on time +2 (95 -> 105, capped at 100: +1) and digitised 60 -> 72 (+1.5) only together
    after = period([[100, 72, 2, 6], [90, 80, 5, NAN], [98, 70, 4, 9]])
    ward = parts_of(explain(BEFORE, after), "A")
    assert ward["own", "on_time"] == (1, 0.5)
    assert ward["own", "digitised"] == (1.5, 0.5)


def test_criteria_adjustment_and_missing():
    heavier = replace(
        SPEC, indicators=(*SPEC.indicators[:3], replace(SPEC.indicators[3], max_points=30)), missing="zero"
    )
    after = period([[95, 60, 2, 6], [90, 80, NAN, NAN], [98, 70, 4, 9]], heavier, pd.Series({"B": 1.5, "C": -2.0}))
    found = explain(BEFORE, after)
    # A: green's 6 of 12 now gives 15 instead of 5
    assert parts_of(found, "A")["criteria", ""][0] == 10
    # B: before 28 + 10 (poverty stood in for green); under `zero` 28 + 5; then poverty goes (-5), then a bonus
    ward = parts_of(found, "B")
    assert ward["criteria", ""][0] == -5
    assert ward["went_missing", "poverty"][0] == -5
    assert ward["adjustment", ""][0] == 1.5
    assert parts_of(found, "C")["adjustment", ""][0] == -2


def test_relative_rules_let_others_change_my_score():
    spec = Spec((Indicator("a", rule="minmax", max_points=10), Indicator("b", rule="minmax", max_points=10)))
    before = period([[0, 5], [5, 5], [10, 6]], spec)
    after = period([[0, 5], [5, 5], [20, 6]], spec)
    ward = parts_of(explain(before, after), "B")
    # (5 - 0) / 10 -> (5 - 0) / 20 of 10 points, though B did nothing
    assert ward["others", ""][0] == -2.5


def test_new_and_leaving_units():
    before = period([[95, 60, 2, 6], [98, 70, 4, 9]], units=["A", "C"])
    after = period([[95, 60, 2, 6], [100, 80, 0, 12]], units=["A", "D"])
    found = explain(before, after)
    assert found.summary["unit_code"].tolist() == ["A", "D", "C"]
    assert parts_of(found, "D") == {("membership", ""): (50, 1)}  # A alone was there both times
    assert parts_of(found, "C")["membership", ""][1] == -1
    assert not found.summary.set_index("unit_code").loc["D", "is_comparable"]
    assert parts_of(found, "A")["others", ""] == (0, 0)


def test_new_criteria_without_old_figures_still_add_up():
    fresh = Spec((Indicator("new", max_points=10, zero_at=0, full_at=10),))
    after = period([[5], [6], [7]], fresh)
    found = explain(BEFORE, after)
    ward = parts_of(found, "A")
    # all of the old score went with the criteria, all of the new one arrived
    assert ward["criteria", ""][0] == -39.5
    assert ward["arrived", "new"][0] == 5
    assert found.summary["score_change"].tolist()[0] == pytest.approx(-34.5)


def test_old_figures_of_a_new_criterion_are_criteria_not_arrivals():
    wide = period_input(
        pd.DataFrame([[4.0, 7.0], [5.0, 1.0]], index=["A", "B"], columns=["old", "new"]),
        None,
        Spec((Indicator("old", rule="as_scored", max_points=10),)),
    )
    both = Spec((*wide.spec.indicators, Indicator("new", rule="as_scored", max_points=10)))
    after = period_input(wide.figures, None, both)
    assert set(explain(wide, after).parts["part"]) == {"criteria", "others"}


def test_many_changes_are_sampled_and_still_add_up():
    random = np.random.default_rng(5)
    indicators = tuple(Indicator(f"i{k}", f"t{k % 3}", 10, "as_scored") for k in range(24))
    themes = tuple(Theme(f"t{k}", aggregation="geometric") for k in range(3))
    spec = Spec(indicators, themes)
    tables = []
    for _ in range(2):
        values = random.uniform(1, 10, (6, 24))
        values[random.random(values.shape) < 0.2] = np.nan
        tables.append(period_input(values, None, spec))
    first, second = explain(*tables), explain(*tables)
    assert first.parts.equals(second.parts)
    sums = first.parts.groupby("unit_code")[["score_part", "places_part"]].sum()
    assert sums["score_part"].to_numpy() == pytest.approx(first.summary["score_change"].to_numpy(), abs=1e-9)
    assert sums["places_part"].tolist() == first.summary["places_gained"].tolist()


def test_node_and_units_can_be_chosen():
    after = period([[100, 60, 3, 12], [90, 80, 5, 9], [98, 70, 4, 9]])
    found = explain(BEFORE, after, node="living", units=["A"])
    assert found.summary["unit_code"].tolist() == ["A"]
    assert found.parts["indicator_code"].tolist() == ["", "poverty", "green", ""]
    with pytest.raises(SpecError, match="'nowhere'"):
        explain(BEFORE, after, node="nowhere")
    with pytest.raises(SpecError, match="Z"):
        explain(BEFORE, after, units=["Z"])


def test_dyadic_parts_add_exactly_in_any_order():
    parts = dyadic_parts(np.array([1 / 3, 1 / 3, 1 / 3]), 1)
    assert parts.sum() == 1
    assert sum(reversed(parts.tolist())) == 1
    assert parts == pytest.approx([1 / 3] * 3, abs=1e-6)
    assert dyadic_parts(np.array([-2.5, 0.1, 0.4]), -2).sum() == -2
