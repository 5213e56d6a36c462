"""Explore: the figures an analyst filtered, as a table, a trend, a distribution, a scatter, a heatmap and a file."""

from __future__ import annotations

from wardstats.boards.explore.files import file_of
from wardstats.boards.explore.heat import draw_heat
from wardstats.boards.explore.scatter import correlation, correlation_text, draw_scatter
from wardstats.boards.explore.selection import SCORE, TABS, Filter, Panel, Selection, draw_selection
from wardstats.boards.explore.spread import draw_spread
from wardstats.boards.explore.trend import draw_trend
