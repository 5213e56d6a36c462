"""The figures of one indicator: order, change, history and target of every member, by hand on the small block."""

from __future__ import annotations

from tests.views import view_of
from wardstats.boards.indicator.figures import UnitFigure, indicator_figures
from wardstats.snapshot.store import Snapshot


def by_unit(snapshot: Snapshot, code: str) -> dict[str, UnitFigure]:
    return {unit.unit_code: unit for unit in indicator_figures(view_of(snapshot), code).units}


def test_the_best_comes_first_and_changes_are_against_the_period_before(small_snapshot: Snapshot) -> None:
    """Files on time, March to April: w01 50 to 80%, w02 25 to 90%, w03 100 to 60%."""
    found = by_unit(small_snapshot, "files_on_time")
    assert [(code, unit.place, unit.change) for code, unit in found.items()] == [
        ("w02", 1, 65), ("w01", 2, 30), ("w03", 3, -40)
    ]  # fmt: skip
    assert found["w02"].history[-2:] == (25, 90)


def test_where_less_is_better_the_lowest_comes_first_and_a_figure_that_is_carried_on_is_no_change(
    small_snapshot: Snapshot,
) -> None:
    """Poverty is measured by the quarter: April carries on what March was first to show."""
    found = by_unit(small_snapshot, "poverty_rate")
    assert [(code, unit.value, unit.place) for code, unit in found.items()] == [
        ("w02", 2.5, 1), ("w01", 5, 2), ("w03", 20, 3)
    ]  # fmt: skip
    assert {unit.change for unit in found.values()} == {None}
    assert [unit.history[-2:] for unit in found.values()] == [(2.5, None), (5, None), (20, None)]
    [area] = indicator_figures(view_of(small_snapshot), "poverty_rate").areas
    assert (area["area_name"], area["value"]) == ("Tỉnh", 5.5)


def test_who_has_no_figure_is_last_and_without_a_place(small_snapshot: Snapshot) -> None:
    """Petitions: w01 had none to answer, w03 told nothing."""
    found = indicator_figures(view_of(small_snapshot), "petitions_answered")
    assert [(unit.unit_code, unit.place) for unit in found.units] == [("w02", 1), ("w01", None), ("w03", None)]
    assert [unit.unit_code for unit in found.best] == ["w02"]
    assert [unit.unit_code for unit in found.known] == ["w02"]


def test_targets_medians_and_the_weakest_status(small_snapshot: Snapshot) -> None:
    found = indicator_figures(view_of(small_snapshot), "green_space")
    assert {unit.unit_code: unit.target for unit in found.units} == {"w03": None, "w01": 12, "w02": None}
    assert found.medians[-2:] == [10, 6]
    assert found.status == "demonstration"
    assert indicator_figures(view_of(small_snapshot), "files_on_time").status == "official"
