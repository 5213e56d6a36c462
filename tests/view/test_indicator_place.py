"""Who is best on an indicator: figures tell, as they are written, and not the points, which are capped."""

from __future__ import annotations

import pytest

from tests.views import view_of
from wardstats.snapshot.store import Snapshot
from wardstats.view.indicator_place import improvement_sign, indicator_places, order_of


@pytest.mark.parametrize(
    ("figures", "sign", "places", "best"),
    [
        ({"a": (1.0, 62.8), "b": (1.0, 63.0), "c": (0.9, 54.5)}, 1, [2, 1, 3], "b"),  # capped points are equal
        ({"a": (1.0, 62.998), "b": (1.0, 63.0004), "c": (1.0, 62.9)}, 1, [1, 1, 3], "ab"),  # 63.0, 63.0 and 62.9
        ({"a": (1.0, 1.24), "b": (1.0, 1.2), "c": (1.0, 1.3)}, -1, [1, 1, 3], "ab"),  # lower is better
        ({"a": (1.0, None), "b": (0.9, 90.0), "c": (0.8, 80.0)}, 1, [1, 1, 2], "b"),  # 0 out of 0, all points
        ({"a": (1.0, None), "b": (0.0, None)}, 1, [1, 2], "a"),  # nothing to count anywhere
        ({"a": (0.2, 99.0), "b": (0.5, 50.0)}, 1, [1, 2], "a"),  # each has a target of its own
        ({"a": (None, 5.0), "b": (None, None)}, 1, [1, None], "a"),  # not scored
        ({}, 1, [], ""),
    ],
)
def test_figures_as_they_are_written_tell_who_is_best(
    figures: dict[str, tuple[float | None, float | None]], sign: int, places: list[int | None], best: str
) -> None:
    rows = [{"unit_code": code, "share": share, "value": value} for code, (share, value) in figures.items()]
    order = order_of(rows, sign, 1)
    assert [order.places.get(code) for code in figures] == places
    assert order.best_units == tuple(best)
    assert order.best_value == (figures[best[0]][1] if best else None)


def test_each_unit_is_told_its_place_and_the_best(small_snapshot: Snapshot) -> None:
    """2026-04: poverty 5, 2.5 and 20%, where less is better; of petitions w01 had none to answer, w03 told nothing."""
    view = view_of(small_snapshot)
    found = {unit: {one.code: one for one in indicator_places(view, unit)} for unit in ("w01", "w02", "w03")}
    assert [found[unit]["poverty_rate"].place for unit in found] == [2, 1, 3]
    assert [found[unit]["petitions_answered"].place for unit in found] == [1, 1, None]
    assert {one.best_units for one in (own["petitions_answered"] for own in found.values())} == {("w02",)}
    assert found["w01"]["green_space"].best_value == 15
    assert (improvement_sign(view, "poverty_rate"), improvement_sign(view, "files_on_time")) == (-1, 1)
