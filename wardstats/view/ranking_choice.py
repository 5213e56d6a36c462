"""Which ranking is looked at: that of the period, the mean of a quarter or year, or one with the reader's own weights.

Owns the way from a view to the rows that the ranking page and its map draw. Only the first two are official; whatever
comes of a reader's weights says so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from wardstats.core.languages import Translator
from wardstats.core.periods import KINDS, MONTHS_IN
from wardstats.core.records import ROOT
from wardstats.core.rows import dictionaries
from wardstats.view.view import View


@dataclass(frozen=True)
class RankingChoice:
    """What a reader chose beside period and theme.

    Attributes:
        span: quarter or year for the mean over the one that contains the period; empty for the period itself.
        factors: (code, factor) of the parts of the theme that are to count otherwise, ordered by code; empty for the
            official weights.
    """

    span: str = ""
    factors: tuple[tuple[str, float], ...] = ()

    @property
    def is_official(self) -> bool:
        """Whether the order is the one that follows from the criteria in force."""
        return not self.factors


OFFICIAL = RankingChoice()


@dataclass(frozen=True)
class Span:
    """A quarter or year with ranked periods.

    Attributes:
        text: 2026-Q3 or 2026.
        periods: Its ranked periods that count in its mean, oldest first.
        left_out: Those that do not, because they are unfinished.
        expected: As many as a complete one has.
        previous: The one before, or None.
    """

    text: str
    periods: tuple[str, ...]
    left_out: tuple[str, ...]
    expected: int
    previous: str | None

    @property
    def first(self) -> str:
        """Its first period that counts."""
        return self.periods[0]

    @property
    def last(self) -> str:
        """Its last one so far."""
        return self.periods[-1]

    @property
    def count(self) -> int:
        """How many count."""
        return len(self.periods)

    @property
    def is_complete(self) -> bool:
        """Whether every period of it is ranked and finished."""
        return self.count >= self.expected

    def name(self, speak: Translator) -> str:
        """Return what it is called, at the beginning of a sentence."""
        name = speak.period(self.text)
        return name[0].upper() + name[1:]


@dataclass(frozen=True)
class Ranked:
    """The rows of a ranking.

    Attributes:
        ranking: As queries/ranking.sql gives them; of a span also period_count, rank_best and rank_worst. With other
            weights ``previous_rank`` and ``previous_score`` are the official ones.
        parts: As queries/theme_score.sql gives them, with ``weight`` in the node.
        parts_before: The same in the period, quarter or year before; may be empty.
        span: The quarter or year; None for the period itself.
    """

    ranking: pd.DataFrame
    parts: pd.DataFrame
    parts_before: pd.DataFrame
    span: Span | None = None


def span_kinds(view: View) -> list[str]:
    """Return the kinds of period a ranking can be taken over, the block's own first."""
    own = view.block["frequency"]
    return [kind for kind in KINDS if MONTHS_IN[kind] >= MONTHS_IN[own]]


def span_of(view: View, kind: str) -> Span:
    """Return the quarter or year of the view's period."""
    rows = dictionaries(view.frame("span", kind=kind))
    found = next(row for row in rows if view.period in (*row["periods"], *row["left_out"]))
    previous = found["previous_span"] if isinstance(found["previous_span"], str) else None
    return Span(
        found["span"], tuple(found["periods"]), tuple(found["left_out"]), int(found["expected_count"]), previous
    )


def periods_in(view: View, span: Span | None) -> list[str]:
    """Return the ranked periods that count in a span, oldest first; the view's own without one."""
    return [view.period] if span is None else list(span.periods)


def official(view: View, kind: str = "") -> Ranked:
    """Return the official rows of the view's period, or of the quarter or year that it lies in."""
    if not kind or kind == view.block["frequency"]:
        ranking = view.ranking()
        parts = view.frame("theme_score", period=view.period, parent=view.node)
        before = view.rules["previous_period"]
        earlier = view.frame("theme_score", period=before, parent=view.node) if isinstance(before, str) else None
        return Ranked(ranking, weighed(view, parts), parts.iloc[:0] if earlier is None else earlier)
    span = span_of(view, kind)
    shared: dict[str, Any] = {"kind": kind, "span": span.text}
    ranking = view.frame("span_ranking", previous=span.previous, node=view.node, language=view.language, **shared)
    parts = view.frame("span_theme_score", parent=view.node, **shared)
    earlier = parts.iloc[:0]
    if span.previous:
        earlier = view.frame("span_theme_score", kind=kind, span=span.previous, parent=view.node)
    return Ranked(ranking, weighed(view, parts), earlier, span)


def year_result(view: View, year: int) -> Ranked | None:
    """Return the result of a year, as all who ask for one show it: the ranking over the year, or over the year so far.

    None where no period of the year is ranked.
    """
    periods = view.frame("ranked_period")
    own = periods.loc[periods["year"] == year, "period"]
    return None if own.empty else official(replace(view, period=own.iloc[0], node=ROOT), "year")


def aggregation_of(view: View) -> str:
    """Return how the parts of the view's theme combine."""
    if view.node == ROOT:
        return str(view.frame("scoring_option", year=int(view.rules["year"]))["aggregation"].iloc[0])
    themes = view.frame("scoring_theme").set_index("theme_code")
    return str(themes.loc[view.node, "aggregation"])


def weighed(view: View, parts: pd.DataFrame) -> pd.DataFrame:
    """Add the weight of each part in its node, as themes.csv declares it."""
    weights = view.frame("scoring_theme").set_index("theme_code")["weight"]
    return parts.assign(weight=parts["node_code"].map(weights).astype(float))
