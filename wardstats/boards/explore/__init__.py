"""Explore: the figures an analyst filtered, as a table, a trend, a distribution, a scatter, a heatmap and a file."""

from __future__ import annotations

from wardstats.boards.explore.files import file_of, headings
from wardstats.boards.explore.heat import DrawHeat
from wardstats.boards.explore.scatter import DrawScatter, correlation, correlation_text
from wardstats.boards.explore.selection import SCORE, TABS, DrawSelection, Filter, Panel, Selection
from wardstats.boards.explore.spread import DrawSpread
from wardstats.boards.explore.trend import DrawTrend

__all__ = [
    "SCORE",
    "TABS",
    "DrawHeat",
    "DrawScatter",
    "DrawSelection",
    "DrawSpread",
    "DrawTrend",
    "Filter",
    "Panel",
    "Selection",
    "correlation",
    "correlation_text",
    "file_of",
    "headings",
]
