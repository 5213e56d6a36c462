"""Explore: the figures an analyst filtered, as a table, a trend, a distribution, a scatter, a heatmap and a file."""

from __future__ import annotations

from wardstats.boards.explore.files import file_of, headings
from wardstats.boards.explore.heat import heat
from wardstats.boards.explore.scatter import correlation, correlation_text, scatter
from wardstats.boards.explore.selection import SCORE, TABS, Filter, Panel, Selection, named, selection
from wardstats.boards.explore.spread import spread
from wardstats.boards.explore.trend import trend

__all__ = [
    "SCORE",
    "TABS",
    "Filter",
    "Panel",
    "Selection",
    "correlation",
    "correlation_text",
    "file_of",
    "headings",
    "heat",
    "named",
    "scatter",
    "selection",
    "spread",
    "trend",
]
