"""A few units side by side, or one against the median, the best or the province: gaps, theme profile, trend."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from wardstats.boards.compare import words
from wardstats.boards.compare.chosen import (
    MOST_UNITS,
    Chosen,
    indicator_gaps,
    indicator_reference,
    references,
    theme_parts,
)
from wardstats.boards.compare.drawing import gap_lines, themes
from wardstats.boards.compare.trend import trend
from wardstats.charts.html.pieces import Card
from wardstats.charts.style import unit_colours
from wardstats.view.indicator_place import member_figures
from wardstats.view.view import View


@dataclass(frozen=True)
class Comparison:
    """Everything the compare page shows.

    Attributes:
        headline: The finding in one sentence.
        cards: One a chosen unit.
        keys: (sign, colour, text) of what else is drawn.
        themes: Shares of the parts of the theme looked at, as HTML.
        trend: None where there is only one period.
        trend_measured_in: What it draws: points, or percent of those that can be had.
        gaps: Indicator by indicator, the largest gap first, as HTML.
        table: What is drawn, in the reader's words.
    """

    headline: str
    cards: list[Card]
    keys: list[tuple[str, str, str]]
    themes: str
    trend: go.Figure | None
    trend_alt: str
    trend_measured_in: str
    gaps: str
    table: pd.DataFrame


def draw_comparison(view: View, codes: tuple[str, ...], against: str) -> Comparison:
    """Return the comparison of some units in the reader's words.

    Args:
        codes: One to four members.
        against: A key of ``references``; one unit alone is held against the median if nothing else is chosen.
    """
    ranking = view.ranking()
    if len(codes) == 1 and against == "none":
        against = "median"
    names = dict(zip(ranking["unit_code"], ranking["unit_name"], strict=True))
    chosen = Chosen(codes, names, unit_colours(names), against, references(view).get(against, ""))
    figures = member_figures(view)
    gaps = indicator_gaps(figures, indicator_reference(view, figures, against), chosen)
    parts = theme_parts(view, ranking)
    figure, trend_alt, measured_in = trend(view, chosen)
    return Comparison(
        headline=words.headline(view, ranking, gaps, chosen),
        cards=words.cards(view, ranking, parts, chosen),
        keys=words.keys(view, figures, chosen),
        themes=themes(view, parts, chosen),
        trend=figure,
        trend_alt=trend_alt,
        trend_measured_in=measured_in,
        gaps=gap_lines(view, figures, gaps, chosen),
        table=words.table(view, figures, gaps, chosen),
    )
