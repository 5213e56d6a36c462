"""Search with and without accents, and who is told to learn from whom, on the small block by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.small_block import Folder, build_and_publish
from tests.views import view_of
from wardstats.boards.club.learning import draw_learning, points_at
from wardstats.boards.club.practices import draw_practices
from wardstats.snapshot.store import Snapshot


@pytest.mark.parametrize(
    "search",
    ["lấy số từ nhà", "lay so tu nha", "LAY  SO", "dat lich", "Đặt lịch", "booking phone", "an ha", "Ân Hà", "फ़ोन",
     "van phong", "files on time", ""],
)  # fmt: skip
def test_search_finds_a_practice_however_it_is_typed(small_snapshot: Snapshot, search: str) -> None:
    view = view_of(small_snapshot, "en")
    assert [card.practice_id for card in draw_practices(view, search).found] == ["queue"]


@pytest.mark.parametrize("search", ["xanh", "lay so xanh", "%", "'; drop table practice"])
def test_search_wants_every_word(small_snapshot: Snapshot, search: str) -> None:
    board = draw_practices(view_of(small_snapshot, "en"), search)
    assert board.found == []
    assert board.headline == "0 of 1 practice found"


def test_the_theme_at_the_side_narrows_the_practices(small_snapshot: Snapshot) -> None:
    assert draw_practices(view_of(small_snapshot, node="service")).found
    assert draw_practices(view_of(small_snapshot, node="living")).found == []


def test_the_result_comes_from_the_indicators(small_snapshot: Snapshot) -> None:
    [card] = draw_practices(view_of(small_snapshot)).found
    assert (card.before, card.after, card.gain) == (25, 90, 65)
    assert card.result == "from 25.0% (Mar 2026) to 90.0% (Apr 2026)"
    assert (card.cost, card.contact, card.is_demonstration) == ("1,500,000 dong", "Office", False)


def test_the_weak_ward_is_sent_to_the_one_that_improved(small_snapshot: Snapshot) -> None:
    """2026-04: files on time 80, 90, 60 %: 32, 36 and 24 of 40 points, the median 32. w03 is weak, 12 points off."""
    view = view_of(small_snapshot)
    found = draw_learning(view, "w03")
    [suggestion] = found.suggestions
    assert suggestion.card.practice_id == "queue"
    assert suggestion.points == pytest.approx(12)
    assert suggestion.reason == (
        "Files on time: this ward has 60.0%, place 3 of 3. Ân Hà went from 25.0% (Mar 2026) to "
        "90.0% (Apr 2026). The same figure would bring +12.00 points."
    )
    assert found.headline == "Đông An can learn most from Ân Hà"
    assert found.weak_on == ["Poverty rate"]


def test_who_is_not_weak_or_is_the_author_gets_no_such_advice(small_snapshot: Snapshot) -> None:
    view = view_of(small_snapshot)
    assert draw_learning(view, "w01").suggestions == []  # at the median
    assert draw_learning(view, "w02").suggestions == []


@pytest.mark.parametrize(("before", "after"), [("2026-04", "2026-03"), ("2025-11", "2026-04")])
def test_what_did_not_improve_or_is_not_measured_is_not_proposed(
    small: Folder, tmp_path: Path, before: str, after: str
) -> None:
    if before > after:  # the same two months the other way round: figures that fell
        small.replace("values/2026.csv", "w02,files_on_time,2026-03,,25", "w02,files_on_time,2026-03,,95")
        before, after = after, before
    small.set_cell("practices.csv", "queue", "period_before", before)
    small.set_cell("practices.csv", "queue", "period_after", after)
    view = view_of(build_and_publish(small.path, tmp_path / "var"))
    assert draw_learning(view, "w03").suggestions == []
    assert draw_learning(view, "w03").headline == "No shared practice yet where Đông An is weak"


def test_the_best_fit_comes_first(small: Folder, tmp_path: Path) -> None:
    line = "slow,w01,Chậm hơn,,,Vấn đề,,,Cách làm,,,,,,,,,,files_on_time,2026-03,2026-04,,,,,true,made_up"
    small.append("practices.csv", line)
    view = view_of(build_and_publish(small.path, tmp_path / "var"))
    found = [(item.card.practice_id, round(item.points, 6)) for item in draw_learning(view, "w03").suggestions]
    assert found == [("queue", 12), ("slow", 8)]  # w01 reached 80 %, 8 points more than 60 %


def test_points_of_a_value_follow_the_rule(small_snapshot: Snapshot) -> None:
    view = view_of(small_snapshot)
    figures = view.frame("figure_points", period="2026-04", unit=(), indicator=("poverty_rate",))
    assert points_at(view, "poverty_rate", 4, figures) == pytest.approx(12)  # of 20, 10 % is nothing
    assert points_at(view, "poverty_rate", -1, figures) == 20
    green = view.frame("figure_points", period="2026-04", unit=(), indicator=("green_space",))
    assert points_at(view, "green_space", 4.5, green) == pytest.approx((6 + 10) / 2)  # between 3 = 6 and 6 = 10 points
