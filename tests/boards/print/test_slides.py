"""How slides are written: PowerPoint's own charts, in the colours given, with what they show in words."""

from __future__ import annotations

import io
from datetime import datetime

import pptx
import pytest
from pptx.enum.chart import XL_CHART_TYPE

from wardstats.boards.print.slides import Deck, Kind, Series, Slide, pptx_file
from wardstats.core.palette import PAPER

TYPES = {
    "stacked": XL_CHART_TYPE.BAR_STACKED, "bars": XL_CHART_TYPE.BAR_CLUSTERED, "changes": XL_CHART_TYPE.BAR_CLUSTERED,
    "ranges": XL_CHART_TYPE.BAR_STACKED, "lines": XL_CHART_TYPE.LINE_MARKERS,
}  # fmt: skip


def written(kind: Kind, series: list[Series], marked: tuple[int, ...] = ()):
    slide = Slide("Sa Pa leads", "October 2026", kind, ["Sa Pa", "Cam Đường"], series, marked)
    deck = Deck("Board", "Block", [("Made up.", "All of it.")], "Sources: a. b", datetime(2026, 11, 1), [slide])
    [page] = pptx.Presentation(io.BytesIO(pptx_file(deck))).slides
    return page, next(shape for shape in page.shapes if shape.has_chart)


@pytest.mark.parametrize("kind", TYPES)
def test_a_chart_is_the_programs_own_with_its_numbers(kind: Kind) -> None:
    series = [Series("A", [1.25, None], PAPER["green"]), Series("B", [-2.5, 3], PAPER["gold"])]
    page, frame = written(kind, series)
    chart = frame.chart
    assert chart.chart_type == TYPES[kind]
    assert [list(drawn.values) for drawn in chart.plots[0].series] == [[1.25, None], [-2.5, 3]]
    assert list(chart.plots[0].categories) == ["Sa Pa", "Cam Đường"]
    assert page.shapes.title.text_frame.text == "Sa Pa leads"
    assert frame._element.nvGraphicFramePr.cNvPr.get("descr") == "Sa Pa leads. October 2026"
    assert any("MADE UP. All of it." in shape.text_frame.text for shape in page.shapes if shape.has_text_frame)


def test_first_places_and_losses_stand_out() -> None:
    _, frame = written("bars", [Series("Points", [2, 1], PAPER["green"])], marked=(0,))
    points = frame.chart.plots[0].series[0].points
    assert str(points[0].format.fill.fore_color.rgb) == PAPER["gold"].lstrip("#").upper()
    _, frame = written("changes", [Series("Change", [2, -1], PAPER["green"])])
    points = frame.chart.plots[0].series[0].points
    assert str(points[1].format.fill.fore_color.rgb) == PAPER["fall"].lstrip("#").upper()


def test_a_series_without_a_colour_is_not_seen() -> None:
    _, frame = written("ranges", [Series("Above", [0, 1], ""), Series("Range", [1, 2], PAPER["range"])])
    assert "noFill" in frame.chart.plots[0].series[0].format.fill._xPr.xml
