"""Why a unit moved: the small block's arithmetic of tests/small/README.md, March against April 2026."""

from __future__ import annotations

import pytest

from tests.views import view_of
from wardstats.live.reasons import Reasons
from wardstats.snapshot.store import Snapshot

UP, DOWN = 1, -1


def reasons(snapshot: Snapshot, node: str = "total") -> Reasons:
    now, before = (view_of(snapshot, "en", period, node) for period in ("2026-04", "2026-03"))
    return Reasons(now, before)


@pytest.mark.parametrize(
    ("node", "unit", "sign", "told"),
    [
        ("total", "w01", UP, ["Service +22.0", "Files on time: 50.0%\u00a0→\u00a080.0%"]),
        ("total", "w02", UP, ["Service +21.0", "Files on time: 25.0%\u00a0→\u00a090.0%"]),
        ("total", "w03", DOWN, ["Service −24.0", "Files on time: 100.0%\u00a0→\u00a060.0%"]),
        ("total", "w03", UP, ["others lost more"]),
        ("service", "w01", UP, ["Files +12.0 · Petitions +5.0", "Files on time: 50.0%\u00a0→\u00a080.0%"]),
        ("service", "w01", DOWN, ["others gained more"]),
        ("files", "w01", UP, ["Files on time: 50.0%\u00a0→\u00a080.0%"]),
        ("living", "w03", UP, ["others lost more"]),
    ],
)
def test_the_themes_and_the_figure_that_moved_it_that_way(
    small_snapshot: Snapshot, node: str, unit: str, sign: int, told: list[str]
) -> None:
    assert reasons(small_snapshot, node).of(unit, sign) == told


def test_a_made_up_figure_says_so_then_and_now(small_snapshot: Snapshot) -> None:
    (living, figure) = reasons(small_snapshot).of("w01", DOWN)
    assert living == "Living −10.0"
    assert figure.startswith("Green space: 12.00")
    assert figure.count("demonstration") == 2


def test_the_first_theme_is_told_by_itself(small_snapshot: Snapshot) -> None:
    assert reasons(small_snapshot).themes("w01", UP) == ["Service +22.0"]
    assert reasons(small_snapshot).themes("w03", UP) == []
