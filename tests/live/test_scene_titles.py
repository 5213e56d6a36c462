"""The findings that the projector's scenes begin with."""

from __future__ import annotations

from typing import Any

import pytest

from tests.views import view_of
from wardstats.core.languages import translator
from wardstats.live.scene_titles import map_title, movers_title, named, winners_title
from wardstats.snapshot.store import Snapshot
from wardstats.view.headline import ahead_of, headline


@pytest.mark.parametrize(
    ("firsts", "title"),
    [
        ([["A"], ["B"]], "Nobody is first in more than one theme"),
        ([["A"], ["A"], ["B"]], "A: first in 2 of 3 themes"),
        ([["A", "B"], ["A", "B"]], "A and B: first in 2 of 2 themes"),
        ([["A"]], "A: first in 1 of 1 themes"),
    ],
)
def test_winners(small_snapshot: Snapshot, firsts: list[list[str]], title: str) -> None:
    assert winners_title(firsts, view_of(small_snapshot, "en", "2026-04")) == title


def test_without_a_leader_in_any_theme_the_board_s_own_finding_stands_there(small_snapshot: Snapshot) -> None:
    view = view_of(small_snapshot, "en", "2026-04")
    assert winners_title([], view) == headline(view.ranking(), view.speak)


def test_the_map_names_the_area_with_the_highest_average(small_snapshot: Snapshot) -> None:
    """North: (72 + 72) / 2, south 54.5. In December one has no score: no averages, but from what to what."""
    assert map_title(view_of(small_snapshot, "en", "2026-04")) == "Highest average by area: North, 72.0 points"
    assert map_title(view_of(small_snapshot, "en", "2025-12")) == "From 40.0 points (Bắc Sơn) to 85.0 (Ân Hà)"


def mover(places: int | None, because: str = "Service −2.0") -> dict[str, Any]:
    return {"unit_name": "Sa Pa", "places": places, "points_text": "+1.2 points", "because": because}


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ([mover(-3)], "Sa Pa fell 3 places: Service −2.0"),
        ([mover(1, ""), mover(-1)], "Sa Pa climbed 1 place"),
        ([mover(0)], "No place has changed. Sa Pa: +1.2 points"),
        ([mover(None, "")], "Sa Pa: +1.2 points"),
        ([], "Nothing has moved"),
    ],
)
def test_movers(rows: list[dict[str, Any]], title: str) -> None:
    assert movers_title(rows, "Nothing has moved", translator("en")) == title


def test_many_names_are_counted() -> None:
    speak = translator("en")
    assert named(["A", "B", "C"], speak) == "A, B, and C"
    assert named(["A", "B", "C", "D", "E"], speak) == "A, B, C and 2 more"


@pytest.mark.parametrize(
    ("score", "other", "told"),
    [
        (20.0, 17.04, "3.0 points ahead of Sa Pa"),
        (20.0, 20.0, "level with Sa Pa"),
        (20.0, 20 - 1e-12, "level with Sa Pa"),
    ],
)
def test_nothing_ahead_is_level(score: float, other: float, told: str) -> None:
    assert ahead_of(score, other, "Sa Pa", translator("en")) == told
