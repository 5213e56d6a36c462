"""Ahead, on course, behind, missed: the arithmetic of docs/club.md, by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardstats.view.contract_pace import Progress, progress

END = date(2026, 12, 31)


def judged(is_over: bool = False, **changes: Any) -> Progress:
    """Judge a pledge to go from 50 at the end of 2025 to 60; 2026-07-02 is half of the year."""
    row = {
        "target": 60.0, "pace": "level", "direction": 1, "baseline": 50.0, "baseline_on": date(2025, 12, 31),
        "current_value": 55.0, "current_on": date(2026, 7, 2),
    }  # fmt: skip
    return progress(row | changes, 2026, is_over)


@pytest.mark.parametrize(
    ("current", "state"),
    [
        (60.0, "reached"),
        (61.0, "reached"),
        (56.2, "ahead"),  # the line asks for 55.01, and a tenth of the way is 1
        (55.9, "on_course"),
        (54.1, "on_course"),
        (53.9, "behind"),
        (40.0, "behind"),
    ],
)
def test_a_figure_against_the_straight_line(current: float, state: str) -> None:
    found = judged(current_value=current)
    assert found.state == state
    assert found.expected == pytest.approx(50 + 10 * 183 / 365)
    assert (found.start, found.start_on) == (50.0, date(2025, 12, 31))
    assert found.share == pytest.approx((current - 50) / 10)


def test_less_is_better_turns_everything_round() -> None:
    poor = {"direction": -1, "baseline": 9.0, "target": 4.0}
    assert judged(**poor, current_value=4.0).state == "reached"
    assert judged(**poor, current_value=5.9).state == "ahead"  # expected 6.5, a tenth of the way is 0.5
    assert judged(**poor, current_value=6.9).state == "on_course"
    assert judged(**poor, current_value=7.1).state == "behind"


def test_where_no_criterion_says_so_the_pledge_itself_tells_the_direction() -> None:
    assert judged(direction=None, baseline=9.0, target=4.0, current_value=5.9).state == "ahead"
    assert judged(direction=None, current_value=40.0).state == "behind"


def test_after_the_year_a_target_is_reached_or_missed() -> None:
    assert judged(True, current_value=60.0, current_on=END).state == "reached"
    assert judged(True, current_value=59.9, current_on=END).state == "missed"
    assert judged(True, current_value=None, current_on=None).state == "no_data"


def test_a_target_that_was_met_at_the_start_is_to_be_held() -> None:
    found = judged(baseline=65.0, current_value=62.0)
    assert (found.state, found.expected, found.share) == ("on_course", 60.0, None)
    assert judged(baseline=65.0, current_value=59.0).state == "behind"
    assert judged(True, baseline=65.0, current_value=59.0, current_on=END).state == "missed"


def test_hold_asks_for_the_target_all_year() -> None:
    assert judged(pace="hold", current_value=60.0).state == "on_course"
    assert judged(pace="hold", current_value=59.9).state == "behind"
    assert judged(pace="hold", baseline=None, baseline_on=None, current_value=59.9).state == "behind"


@pytest.mark.parametrize("pace", ["year_to_date", "sum"])
def test_figures_that_add_up_start_at_nothing(pace: str) -> None:
    found = judged(pace=pace, target=365.0, current_value=183.0)
    assert (found.state, found.expected, found.start) == ("on_course", pytest.approx(183.0), 0.0)
    assert judged(pace=pace, target=365.0, current_value=140.0).state == "behind"
    assert judged(pace=pace, target=365.0, current_value=365.0).state == "reached"


def test_a_ceiling_on_what_adds_up_is_kept_only_at_the_end() -> None:
    ceiling = {"pace": "sum", "direction": -1, "target": 100.0}
    assert judged(**ceiling, current_value=20.0).state == "ahead"
    assert judged(**ceiling, current_value=80.0).state == "behind"
    assert judged(True, **ceiling, current_value=90.0, current_on=END).state == "reached"
    assert judged(True, **ceiling, current_value=110.0, current_on=END).state == "missed"


def test_without_a_start_there_is_no_line() -> None:
    nothing = {"baseline": None, "baseline_on": None}
    assert judged(**nothing).state == "no_data"
    assert judged(**nothing, current_value=61.0).state == "reached"
    assert judged(True, **nothing, current_on=END).state == "missed"


def test_a_line_from_the_first_figure_of_the_year_begins_there() -> None:
    found = judged(baseline_on=date(2026, 3, 31), current_on=date(2026, 3, 31), current_value=50.0)
    assert (found.state, found.expected, found.start_on) == ("on_course", 50.0, date(2026, 3, 31))


number = st.floats(-1e6, 1e6)


@given(baseline=number, target=number, one=number, other=number, is_over=st.booleans())
def test_a_better_figure_is_never_judged_worse(
    baseline: float, target: float, one: float, other: float, is_over: bool
) -> None:
    order = ["missed", "behind", "on_course", "ahead", "reached"]
    low, high = sorted((one, other))
    fixed = {"baseline": baseline, "target": target, "direction": 1}
    worse, better = (judged(is_over, **fixed, current_value=value).state for value in (low, high))
    assert order.index(worse) <= order.index(better)
