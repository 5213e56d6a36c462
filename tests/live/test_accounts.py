"""The short account of a unit, by the small block's arithmetic of tests/small/README.md."""

from __future__ import annotations

from tests.views import view_of
from wardstats.live.accounts import Account, Accounts
from wardstats.snapshot.store import Snapshot


def account(snapshot: Snapshot, unit: str, node: str = "total", period: str = "2026-04") -> Account:
    return Accounts(view_of(snapshot, "en", period, node)).of(unit)


def test_place_points_and_movement_with_the_reason(small_snapshot: Snapshot) -> None:
    found = account(small_snapshot, "w01")
    assert found.place.startswith("Rank 1 of 3 · place")
    assert found.points == "72.0 of 100 points"
    assert found.moved == "+12.0 points since March 2026, 1 place up"
    assert found.why[0] == "Service +22.0"
    last = account(small_snapshot, "w03")
    assert last.moved == "−25.5 points since March 2026, 2 places down"
    assert last.why[0] == "Service −24.0"


def test_the_strongest_and_the_weakest_theme_by_the_share_of_their_points(small_snapshot: Snapshot) -> None:
    assert account(small_snapshot, "w01").themes == [
        ("Strongest theme", "Service", "52.0 of 60 points"),
        ("Weakest theme", "Living", "20.0 of 40 points"),
    ]


def test_indicators_ahead_of_the_others_average_and_behind(small_snapshot: Snapshot) -> None:
    """Of w01: petitions 1 against 0.875, poverty 0.5 against 0.417, files 0.8 against 0.767, green 0.5 against 0.6."""
    found = account(small_snapshot, "w01")
    assert found.ahead == [("Petitions answered", "none to count"), ("Poverty rate", "5.0% (Q1 2026)")]
    assert [name for name, _ in found.behind] == ["Green space"]
    assert "demonstration" in found.behind[0][1]


def test_in_a_theme_only_what_belongs_to_it_counts(small_snapshot: Snapshot) -> None:
    found = account(small_snapshot, "w01", "living")
    assert found.place.startswith("Rank 2 of 3")
    assert found.points == "20.0 of 40 points"
    assert found.moved == "−10.0 points since March 2026, 1 place down"
    assert found.why[0].startswith("Green space: 12.00")
    assert found.themes == []
    assert {name for name, _ in found.ahead + found.behind} == {"Poverty rate", "Green space"}


def test_one_without_a_rank_has_nothing_but_that(small_snapshot: Snapshot) -> None:
    found = account(small_snapshot, "w03", period="2025-12")
    assert found.place == "No figures yet"
    assert (found.points, found.moved, found.why, found.themes, found.ahead, found.behind) == ("", "", [], [], [], [])


def test_everybody_has_an_account_in_the_order_of_the_board(small_snapshot: Snapshot) -> None:
    accounts = Accounts(view_of(small_snapshot, "vi", "2026-04"))
    assert accounts.units == ["w02", "w01", "w03"]  # Ân Hà before Bắc Sơn: they share the first place
    assert [accounts.of(unit).unit_name for unit in accounts.units] == ["Ân Hà", "Bắc Sơn", "Đông An"]
