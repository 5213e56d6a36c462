"""Compare: gaps in points, what units are held against, and what is drawn."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.views import view_of
from wardstats.boards.compare import Comparison, draw_comparison, references
from wardstats.boards.compare.chosen import indicator_reference
from wardstats.charts.html.dot_rows import Dot, DotRow, dot_rows
from wardstats.charts.style import UNIT_COLOURS, unit_colours
from wardstats.snapshot.store import Snapshot
from wardstats.view.indicator_place import improvement_sign, member_figures


def compare(snapshot: Snapshot, codes: tuple[str, ...], against: str = "none", **looks: Any) -> Comparison:
    return draw_comparison(view_of(snapshot, **looks), codes, against)


def test_gaps_between_units_are_in_points_and_the_largest_comes_first(small_snapshot: Snapshot) -> None:
    """w01 and w03 in 2026-04: green space 10 and 20, poverty 10 and 0, files 32 and 24, petitions 10 and none."""
    table = compare(small_snapshot, ("w01", "w03")).table
    assert table["Indicator"].tolist() == ["Green space", "Poverty rate", "Files on time", "Petitions answered"]
    assert table["Gap, points"].tolist()[:3] == [10, 10, 8]
    assert table["Gap, points"].isna().tolist() == [False, False, False, True]


def test_one_unit_is_held_against_the_median(small_snapshot: Snapshot) -> None:
    """Medians of the points: files 32, petitions (10 + 7.5) / 2, poverty 10, green space 10."""
    board = compare(small_snapshot, ("w02",))
    gaps = dict(zip(board.table["Indicator"], board.table["Gap, points"], strict=True))
    assert gaps == {"Files on time": 4, "Petitions answered": -1.25, "Poverty rate": 5, "Green space": -4}
    assert board.headline == "Ân Hà reaches the median on 2 of 4 indicators"


def test_one_unit_against_the_best_and_the_area(small_snapshot: Snapshot) -> None:
    best = compare(small_snapshot, ("w02",), "best")
    gaps = dict(zip(best.table["Indicator"], best.table["Gap, points"], strict=True))  # w01 had no petition to answer
    assert gaps == {"Files on time": 0, "Petitions answered": 0, "Poverty rate": 0, "Green space": -14}
    area = compare(small_snapshot, ("w02",), "area")  # the province's 5.5 % of poor households would earn 9 points
    assert dict(zip(area.table["Indicator"], area.table["Gap, points"], strict=True))["Poverty rate"] == 6
    assert area.table["Gap, points"].isna().sum() == 3


def test_the_best_is_who_has_the_best_figure_not_one_of_those_with_all_points(laocai: Snapshot) -> None:
    view = view_of(laocai)
    figures = member_figures(view)
    found = indicator_reference(view, figures, "best")
    for code, own in figures.dropna(subset=["share", "value"]).groupby("indicator_code"):
        best = own["value"].max() if improvement_sign(view, str(code)) > 0 else own["value"].min()
        assert found.loc[code, "value"] == pytest.approx(best, abs=0.51 * 10.0 ** -view.decimals[code])
    shares = figures[figures["indicator_code"] == "digital_signature_pct"]["share"]
    assert (shares == shares.max()).sum() > 1  # of these one alone, or some, are the best


def test_an_area_is_offered_only_where_benchmarks_have_one(small_snapshot: Snapshot, provinces: Snapshot) -> None:
    assert references(view_of(small_snapshot))["area"] == "Tỉnh"
    assert "area" not in references(view_of(provinces))


def test_a_tie_is_not_called_a_lead(small_snapshot: Snapshot) -> None:
    assert compare(small_snapshot, ("w01", "w02")).headline.startswith("Bắc Sơn and Ân Hà stand level")


def test_demonstration_figures_are_hollow_and_said_so(small_snapshot: Snapshot) -> None:
    board = compare(small_snapshot, ("w01", "w02"))
    assert "hollow: demonstration figures" in [text for _, _, text in board.keys]
    assert board.gaps.count('class="ws-circle ws-hollow"') == 1  # green space, made up
    assert board.gaps.count('class="ws-circle"') == 3


def test_trend_needs_two_periods(provinces: Snapshot, small_snapshot: Snapshot) -> None:
    assert compare(provinces, ("H20",)).trend is None
    assert compare(small_snapshot, ("w01", "w03")).trend is not None


def test_trend_says_what_it_draws(small_snapshot: Snapshot, laocai: Snapshot) -> None:
    """In the small block 150 points could be had in 2025 and 100 in 2026: only shares can be compared."""
    shares, points = compare(small_snapshot, ("w01", "w03")), compare(laocai, ("03006", "02647"))
    assert shares.trend_measured_in == "Percent of the points that can be had."
    assert shares.trend_alt.startswith("Percent of the points that can be had. 3 periods: ")
    assert shares.trend.layout.yaxis.ticksuffix == "%"  # pyright: ignore[reportOptionalMemberAccess]
    assert points.trend_measured_in == "Points"
    assert "%" not in points.trend_alt


@pytest.mark.parametrize("language", ["vi", "en", "hi"])
@pytest.mark.parametrize("is_dark", [False, True])
def test_every_language_and_theme_can_be_drawn(laocai: Snapshot, language: str, is_dark: bool) -> None:
    for node in ("total", "social_security", "group_progress"):
        board = compare(laocai, ("03006", "02647"), "best", language=language, is_dark=is_dark, node=node)
        assert board.headline
        assert board.gaps.startswith('<figure class="ws-dots ws-brief" aria-label="')
        assert len(board.gaps) < 110_000


def test_a_unit_keeps_its_colour_whoever_is_compared(laocai: Snapshot) -> None:
    first = compare(laocai, ("03006", "02647")).cards[0]
    second = compare(laocai, ("04252", "03006")).cards[1]
    assert first.colour == second.colour


def test_colours_are_distinct_for_a_province_of_units() -> None:
    codes = [f"{number:05}" for number in range(99)]
    assert len(set(unit_colours(codes).values())) == 99
    assert tuple(unit_colours(reversed(codes[:10])).values()) == UNIT_COLOURS


def test_names_lead_to_the_page_of_the_indicator(small_snapshot: Snapshot) -> None:
    assert '<a href="indicator?indicator=green_space&amp;' in compare(small_snapshot, ("w01",)).gaps


def test_a_province_of_units_stays_light() -> None:
    """99 units and 32 indicators: the greys lose their texts, not their dots."""
    others = [Dot(unit / 99, "x" * 80) for unit in range(98)]
    chosen = [Dot(0.5, "", "#316e60")]
    html = dot_rows([DotRow("name", others=others, chosen=chosen) for _ in range(32)], "alt")
    assert html.count("<i ") == 32 * 98
    assert "xxx" not in html
    assert len(html) < 110_000


def test_signs_that_would_hide_each_other_stand_below() -> None:
    chosen = [Dot(0.5, "", "#316e60"), Dot(0.505, "", "#ec5b92", "diamond"), Dot(0.9, "", "#a58f1c", "square")]
    html = dot_rows([DotRow("name", chosen=chosen, has_span=True)], "alt")
    assert re.findall(r'class="ws-(\S+)" style="--x:([\d.]+);color:#\w+(;--y:14px)?"', html) == [
        ("circle", "50", ""), ("diamond", "50.5", ";--y:14px"), ("square", "90", "")
    ]  # fmt: skip
    assert '<em style="--x:50;--w:40"></em>' in html


def test_texts_of_data_cannot_become_html() -> None:
    row = DotRow("<b>", note="<i>", heading="<u>", others=[Dot(0.1, '"><script>')], chosen=[Dot(0.1, "<p>", "#fff")])
    html = dot_rows([row], '"<')
    for bad in ("<b>", "<i>", "<u>", "<script>", "<p>"):
        assert bad not in html
