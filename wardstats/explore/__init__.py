"""Explore: the figures an analyst filtered, as a table, a trend, a distribution, a scatter, a heatmap and a file."""

from __future__ import annotations

from wardstats.explore.files import file_of, headings
from wardstats.explore.heat import heat
from wardstats.explore.scatter import correlation, correlation_text, scatter
from wardstats.explore.selection import SCORE, TABS, Filter, Panel, Selection, named, selection
from wardstats.explore.spread import spread
from wardstats.explore.trend import trend

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
