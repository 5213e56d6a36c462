"""A unit's page: targets, the best, strengths, whom to learn from, what is missing or late, small trends."""

from __future__ import annotations

import re

import pytest

from tests.laocai import criteria, groups
from tests.views import view_of
from wardstats.boards.ward import movement
from wardstats.boards.ward.late_figures import draw_late_figures, is_late, is_missing
from wardstats.boards.ward.lessons import draw_lessons, draw_room
from wardstats.boards.ward.profile import draw_profile
from wardstats.boards.ward.trends import draw_trends
from wardstats.charts.html import unit_components
from wardstats.charts.html.small_multiples import Trend, small_multiples
from wardstats.charts.html.unbroken_names import unbroken_names
from wardstats.snapshot.store import Snapshot
from wardstats.view.indicator_place import indicator_places


def test_places_and_the_best_on_each_indicator(small_snapshot: Snapshot) -> None:
    """2026-04: files 80, 90, 60%; petitions 0 of 0, 75%, none; poverty 5, 2.5, 20%; green space 6, 3, 15 m²."""
    found = {standing.code: standing for standing in indicator_places(view_of(small_snapshot), "w02")}
    assert {code: standing.place for code, standing in found.items()} == {
        "files_on_time": 1, "petitions_answered": 1, "poverty_rate": 1, "green_space": 3,
    }  # fmt: skip
    assert found["files_on_time"].best_units == ("w02",)
    assert found["green_space"].best_units == ("w03",)


def test_points_left_where_no_single_indicator_gains_a_place(small_snapshot: Snapshot) -> None:
    """Points of petitions count twice in the total: w02 leaves 2.5 of 10 there, so 5; of green space 14 of 20."""
    room = draw_room(view_of(small_snapshot), "w02")
    assert room.headline == "It is in first place. Most points are still to be had here:"
    assert [(part.label, part.text, told) for part, told in zip(room.parts, room.earned, strict=True)] == [
        ("Green space", "+14.00", "6.00 of 20 points"),
        ("Poverty rate", "+5.00", "15.00 of 20 points"),
        ("Petitions answered", "+5.00", "7.50 of 10 points"),
        ("Files on time", "+4.00", "36.00 of 40 points"),
    ]


def test_a_missing_figure_has_no_place_and_no_dot(small_snapshot: Snapshot) -> None:
    view = view_of(small_snapshot)
    found = {standing.code: standing for standing in indicator_places(view, "w03")}
    assert found["petitions_answered"].place is None
    row = re.search(r"Petitions answered.*?</li>", draw_profile(view, "w03").lines, re.DOTALL)
    assert row
    assert "<b " not in row[0]
    assert "ws-absent" in row[0]


def test_lines_stand_under_their_theme_with_its_points(laocai: Snapshot) -> None:
    profile = draw_profile(view_of(laocai), "03006")
    assert len(re.findall("<h3>[^<]+<small>[0-9.]+ of [0-9.]+ points</small></h3>", profile.lines)) == len(groups())
    assert profile.lines.count("<li>") == len(profile.table) == len(criteria())
    assert profile.table["Best"].str.len().gt(0).all()
    assert len(profile.lines) < 110_000


def test_a_target_that_nobody_signed_says_so(laocai: Snapshot) -> None:
    view = view_of(laocai)
    targets = view.frame("contract_target", year=2026, period=view.period)
    unit = targets["unit_code"].iloc[0]
    profile = draw_profile(view, unit)
    assert profile.lines.count("<s ") > 0
    assert targets["is_sample"].all()
    assert "target (sample, nobody signed it)" in [text for _, _, text in profile.keys]


def test_strengths_and_weaknesses_add_up_with_the_table(laocai: Snapshot) -> None:
    lessons = draw_lessons(view_of(laocai), "03006")
    gaps = lessons.table["Against the median"]
    assert [part.amount for part in lessons.strengths] == sorted((p.amount for p in lessons.strengths), reverse=True)
    assert lessons.strengths[0].amount == pytest.approx(gaps.max(), abs=0.01)
    assert lessons.weaknesses[0].amount == pytest.approx(gaps.min(), abs=0.01)


def test_who_to_learn_from_does_better_there(laocai: Snapshot) -> None:
    view = view_of(laocai)
    found = {str(standing.row["indicator_name"]): standing for standing in indicator_places(view, "03006")}
    lessons = draw_lessons(view, "03006").lessons
    assert lessons
    for lesson in lessons:
        shares = {view.unit_names[row["unit_code"]]: row["share"] for row in found[lesson.indicator].others}
        for who, why, link in lesson.teachers:
            assert shares[who] > found[lesson.indicator].share
            assert re.search(r"\d", why)
            assert link.startswith("compare?units=03006%2C")
        best = max(shares.values())
        assert shares[lesson.teachers[0][0]] == best


def test_the_best_unit_has_nothing_to_learn_where_it_leads(small_snapshot: Snapshot) -> None:
    names = [lesson.indicator for lesson in draw_lessons(view_of(small_snapshot), "w02").lessons]
    assert "Files on time" not in names
    assert names[0] == "Green space"  # 14 points below the best


def test_missing_and_late_are_told_apart() -> None:
    figure = {"value": 5.0, "numerator": None, "age_months": 0, "frequency": "month"}
    assert not is_late(figure)
    assert is_late(figure | {"age_months": 1})
    assert not is_late(figure | {"age_months": 1, "frequency": "quarter"})
    assert is_late(figure | {"age_months": 3, "frequency": "quarter"})
    assert is_missing(figure | {"value": None})
    assert not is_missing(figure | {"value": None, "numerator": 0.0})  # 0/0: nothing arose, which is a figure


def test_a_missing_figure_is_listed_with_what_it_is_worth(small_snapshot: Snapshot) -> None:
    found = draw_late_figures(view_of(small_snapshot), "w03")
    assert [line[0] for line in found.lines if line[2]] == ["Petitions answered"]
    assert "worth up to 10.0 points" in found.lines[0][1]
    assert found.finding.startswith("Missing: 1.")


def test_trends_say_which_way_is_better(laocai: Snapshot) -> None:
    trends = draw_trends(view_of(laocai), "03006")
    assert trends is not None
    assert trends.html.count("<li>") == len(trends.table)
    assert re.fullmatch(r"Since \w+ 2025: \d+ better, \d+ worse, \d+ unchanged", trends.finding)


def test_trends_need_two_measurements(provinces: Snapshot) -> None:
    assert draw_trends(view_of(provinces), "H20") is None


def test_a_small_trend_holds_no_raw_text() -> None:
    html = small_multiples([Trend("<b>", [1.0, None, 3.0], [2.0, 2.0, None], "<i>", 1)], "#316e60", '"<')
    assert "<b>" not in html
    assert "<i>" not in html
    assert 'src="data:image/svg+xml,%3Csvg' in html


def test_every_language_and_theme_can_be_drawn(laocai: Snapshot) -> None:
    for language, node in (("vi", "total"), ("hi", "social_security"), ("en", "group_progress")):
        view = view_of(laocai, language=language, node=node, is_dark=language == "hi")
        assert draw_profile(view, "04681").lines
        assert draw_lessons(view, "04681").table is not None
        assert draw_late_figures(view, "04681").finding
        draw_trends(view, "04681")


def test_ways_up_are_told_with_what_they_take(laocai: Snapshot) -> None:
    lift = movement.draw_lift(view_of(laocai), "03006")
    assert lift is not None
    html = unit_components.lift_steps(lift.steps)
    assert html.count("<li>") == len(lift.steps) <= 6
    assert "→" in html


def test_names_are_not_broken_across_lines() -> None:
    names = ("Sa Pa", "Lào Cai", "Lào Cai – Sa Pa", "Huế")
    found = unbroken_names("Sa Pa leads Lào Cai – Sa Pa in Huế", names)
    assert found == "Sa\u00a0Pa leads Lào\u00a0Cai\u00a0–\u00a0Sa\u00a0Pa in Huế"
    assert unbroken_names("Huế", ("Huế",)) == "Huế"
