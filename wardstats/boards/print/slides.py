"""Slides of a title, a chart and what has to be said of its figures, as a .pptx file.

Owns what a slide looks like. Charts are PowerPoint's own, each with its numbers in a workbook inside the file.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION
from pptx.enum.text import MSO_ANCHOR
from pptx.util import Inches, Pt

from wardstats.core.palette import PAPER

Kind = Literal["stacked", "bars", "changes", "ranges", "lines"]
_WIDTH, _HEIGHT, _LEFT, _ACROSS = Inches(13.333), Inches(7.5), Inches(0.5), Inches(12.333)
_TITLE_ONLY = 5  # of the layouts that come with the package
_TYPES = {
    "stacked": XL_CHART_TYPE.BAR_STACKED,
    "bars": XL_CHART_TYPE.BAR_CLUSTERED,
    "changes": XL_CHART_TYPE.BAR_CLUSTERED,
    "ranges": XL_CHART_TYPE.BAR_STACKED,
    "lines": XL_CHART_TYPE.LINE_MARKERS,
}
_FORMATS = {"changes": "+0.0;-0.0;0.0", "ranges": "0"}
_POINTS = "0.0"


@dataclass(frozen=True)
class Series:
    """Numbers of one colour, one for each category; a series without a colour only keeps its place."""

    name: str
    values: list[float | None]
    colour: str


@dataclass(frozen=True)
class Slide:
    """A finding with its chart.

    Attributes:
        title: The finding.
        detail: What the chart shows, of when.
        kind: stacked, bars, changes (bars to both sides), ranges (bars that float) or lines.
        marked: Places of the categories that stand out.
    """

    title: str
    detail: str
    kind: Kind
    categories: list[str]
    series: list[Series]
    marked: Sequence[int] = ()


@dataclass(frozen=True)
class Deck:
    """Slides and what is said on each of them.

    Attributes:
        title: Of the file.
        about: Whose board it is.
        notices: (title, text) of what is made up, a sample or too little.
        sources: Where the figures come from, and the snapshot.
        made_at: When that was built.
    """

    title: str
    about: str
    notices: list[tuple[str, str]]
    sources: str
    made_at: datetime
    slides: list[Slide] = field(default_factory=list)


def pptx_file(deck: Deck) -> bytes:
    """Return the slides as a file, 16:9."""
    show = Presentation()
    show.slide_width, show.slide_height = _WIDTH, _HEIGHT
    facts = show.core_properties
    facts.title, facts.author, facts.keywords = deck.title, deck.about, " ".join(title for title, _ in deck.notices)
    facts.created = facts.modified = deck.made_at
    facts.last_modified_by = deck.about
    for slide in deck.slides:
        _add(show, deck, slide)
    buffer = io.BytesIO()
    show.save(buffer)
    return buffer.getvalue()


def _add(show: Any, deck: Deck, slide: Slide) -> None:
    page = show.slides.add_slide(show.slide_layouts[_TITLE_ONLY])
    title = page.shapes.title
    title.left, title.top, title.width, title.height = _LEFT, Inches(0.25), _ACROSS, Inches(0.85)
    _write(title.text_frame, slide.title, 28, PAPER["green"], is_bold=True, anchor=MSO_ANCHOR.MIDDLE)
    _text(page, slide.detail, 1.1, 0.4, 16, PAPER["muted"])
    top = 1.6
    if deck.notices:
        notice = _text(page, "", top, 0.62, 13, PAPER["notice_ink"])
        notice.fill.solid()
        notice.fill.fore_color.rgb = _rgb(PAPER["notice"])
        notice.line.color.rgb = _rgb(PAPER["notice_line"])
        paragraph = notice.text_frame.paragraphs[0]
        for head, text in deck.notices:
            _run(paragraph, f"{head.upper()} ", 13, PAPER["notice_ink"], is_bold=True)
            _run(paragraph, f"{text} ", 13, PAPER["notice_ink"])
        top += 0.75
    _draw(page, slide, top, 6.75 - top)
    _text(page, f"{deck.about}. {deck.sources}", 6.8, 0.55, 10, PAPER["muted"])


def _text(page: Any, text: str, top: float, height: float, size: int, colour: str) -> Any:
    box = page.shapes.add_textbox(_LEFT, Inches(top), _ACROSS, Inches(height))
    _write(box.text_frame, text, size, colour)
    return box


def _write(frame: Any, text: str, size: int, colour: str, is_bold: bool = False, anchor: Any = MSO_ANCHOR.TOP) -> None:
    frame.word_wrap, frame.vertical_anchor = True, anchor
    frame.clear()
    if text:
        _run(frame.paragraphs[0], text, size, colour, is_bold)


def _run(paragraph: Any, text: str, size: int, colour: str, is_bold: bool = False) -> None:
    run = paragraph.add_run()
    run.text = text
    run.font.size, run.font.bold, run.font.color.rgb = Pt(size), is_bold, _rgb(colour)


def _draw(page: Any, slide: Slide, top: float, height: float) -> None:
    data = CategoryChartData(number_format=_FORMATS.get(slide.kind, _POINTS))
    data.categories = slide.categories
    for series in slide.series:
        data.add_series(series.name, series.values)
    frame = page.shapes.add_chart(_TYPES[slide.kind], _LEFT, Inches(top), _ACROSS, Inches(height), data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", f"{slide.title}. {slide.detail}")
    chart = frame.chart
    chart.has_title = False
    chart.font.size, chart.font.color.rgb = Pt(13), _rgb(PAPER["ink"])
    chart.has_legend = slide.kind in ("stacked", "lines")
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    for drawn, series in zip(chart.plots[0].series, slide.series, strict=True):
        _colour(drawn, series, slide)
    if slide.kind == "lines":
        chart.value_axis.major_gridlines.format.line.color.rgb = _rgb(PAPER["line"])
        chart.value_axis.format.line.fill.background()
        return
    _lay_down(chart, slide)


def _lay_down(chart: Any, slide: Slide) -> None:
    """Have bars lie below each other, the first on top, with their numbers at their ends."""
    categories, values, plot = chart.category_axis, chart.value_axis, chart.plots[0]
    categories.reverse_order = True
    categories.format.line.fill.background()
    categories.has_major_gridlines = values.has_major_gridlines = False
    values.visible = False
    plot.gap_width = 40
    if slide.kind in ("stacked", "ranges"):
        plot.overlap = 100
        lowest = min((value for series in slide.series for value in series.values if value is not None), default=0)
        if lowest >= 0:
            values.minimum_scale = 0
        return
    if slide.kind == "changes":
        categories.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    else:
        values.minimum_scale = 0
    plot.has_data_labels = True
    labels = plot.data_labels
    labels.show_value, labels.position = True, XL_LABEL_POSITION.OUTSIDE_END
    labels.number_format, labels.number_format_is_linked = _FORMATS.get(slide.kind, _POINTS), False
    labels.font.size, labels.font.bold = Pt(13), True


def _colour(drawn: Any, series: Series, slide: Slide) -> None:
    if slide.kind == "lines":
        drawn.smooth = False
        drawn.format.line.color.rgb, drawn.format.line.width = _rgb(series.colour), Pt(2.25)
        drawn.marker.format.fill.solid()
        drawn.marker.format.fill.fore_color.rgb = _rgb(series.colour)
        return
    if not series.colour:
        drawn.format.fill.background()
        return
    drawn.format.fill.solid()
    drawn.format.fill.fore_color.rgb = _rgb(series.colour)
    drawn.invert_if_negative = False
    marks = {place: PAPER["gold"] for place in slide.marked}
    if slide.kind == "changes":
        marks = {place: PAPER["fall"] for place, value in enumerate(series.values) if (value or 0) < 0}
    for place, colour in marks.items():
        fill = drawn.points[place].format.fill
        fill.solid()
        fill.fore_color.rgb = _rgb(colour)


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.lstrip("#").upper())
