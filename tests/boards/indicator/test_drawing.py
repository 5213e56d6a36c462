"""The lines of an indicator's page: the better the further right, others beside, marked where made up."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.views import view_of
from wardstats.boards.indicator.drawing import MOST_ROWS, moved, unit_rows, unit_spread, unit_trends
from wardstats.boards.indicator.figures import IndicatorFigures, indicator_figures
from wardstats.snapshot.store import Snapshot


def places(html: str) -> list[float]:
    """Return where each member's own sign stands on its line, in percent."""
    return [float(at) for at in re.findall(r'<b class="ws-circle[^"]*" style="--x:([\d.]+)', html)]


def test_the_best_stands_at_the_right_whichever_way_is_better(small_snapshot: Snapshot) -> None:
    """Files 90, 80, 60%; poverty 2.5, 5, 20%, the province between at 5.5%."""
    view = view_of(small_snapshot)
    for code, ends in (("files_on_time", "Left: 60.0%. Right: 90.0%."), ("poverty_rate", "Left: 20.0%. Right: 2.5%.")):
        _, html, told = unit_rows(view, indicator_figures(view, code), "x")
        assert places(html)[0] == 100
        assert places(html)[-1] == 0
        assert told.startswith(ends)
        assert html.count('href="ward?unit=') == 3
    assert "Tỉnh" in html


def test_each_line_tells_figure_change_points_and_target(small_snapshot: Snapshot) -> None:
    view = view_of(small_snapshot)
    keys, html, _ = unit_rows(view, indicator_figures(view, "green_space"), "x")
    lines = re.findall(r"<li>.*?</li>", html, re.DOTALL)
    assert re.findall(r">(\d\. [^<]+)</a>", html) == ["1. Đông An", "2. Bắc Sơn", "3. Ân Hà"]
    assert "▲ +5.00" in lines[0]
    assert "▼ −6.00" in lines[1]
    assert "target 12.00" in lines[1]
    assert all("demonstration" in line for line in lines)
    assert "target (sample, nobody signed it)" in [text for _, _, text in keys]


@pytest.mark.parametrize(("code", "text"), [("files_on_time", "▲ +5.0"), ("poverty_rate", "▼ +5.0")])
def test_a_rise_is_good_or_bad(small_snapshot: Snapshot, code: str, text: str) -> None:
    view = view_of(small_snapshot)
    assert moved(view, indicator_figures(view, code), 10.0, 5.0) == text


def test_the_trends_stand_beside_their_median(small_snapshot: Snapshot) -> None:
    view = view_of(small_snapshot)
    html = unit_trends(view, indicator_figures(view, "files_on_time"))
    assert html.count("<li>") == 3
    assert "90.0% ▲ +20.0" in html
    assert unit_trends(view, indicator_figures(view, "poverty_rate")) == ""  # measured once


def crowd(found: IndicatorFigures, count: int) -> IndicatorFigures:
    """Return the figures with so many members."""
    units = [replace(found.units[at % 3], unit_code="w01", name=f"U{at}") for at in range(count)]
    return replace(found, units=tuple(units))


def test_of_very_many_units_the_first_are_drawn_and_all_are_counted(small_snapshot: Snapshot) -> None:
    view = view_of(small_snapshot)
    found = indicator_figures(view, "files_on_time")
    assert unit_spread(view, found) is None
    many = crowd(found, 3000)
    _, html, _ = unit_rows(view, many, "x")
    assert html.count("<li>") == MOST_ROWS
    assert html.count("<i ") == 0
    assert unit_trends(view, many) == ""
    figure = unit_spread(view, many)
    assert figure is not None
    assert sum(figure.to_dict()["data"][0]["y"]) == 3000
