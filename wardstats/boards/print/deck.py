"""The slides of the conference: which facts make a slide, with the numbers of its chart.

Owns what is said, in the reader's language; ``slides`` owns what it looks like and writes the file. Always about the
total and its themes, whatever theme is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import pandas as pd

from wardstats.boards.print.paper import made_of, paper_notices, sources_text
from wardstats.boards.print.slides import Deck, Series, Slide, pptx_file
from wardstats.boards.ranking.board import draw_ranking, part_colours, range_text
from wardstats.boards.ranking.rows import bar_parts
from wardstats.boards.reliability.board import reliability_board
from wardstats.charts.style import GOLD, GREEN, unit_colours
from wardstats.core.languages import as_written
from wardstats.core.palette import PAPER
from wardstats.core.records import ROOT
from wardstats.core.rows import dictionaries
from wardstats.view import headline
from wardstats.view.absence import places_gained
from wardstats.view.completeness import is_finished
from wardstats.view.ranking_choice import Ranked, RankingChoice, official, span_kinds
from wardstats.view.view import View

MOST_UNITS = 20  # in a chart; more cannot be read from the back of a hall


@dataclass(frozen=True)
class _Facts:
    """What several slides are made of."""

    view: View
    found: Ranked
    period: str

    @property
    def shown(self) -> pd.DataFrame:
        """The ranked units that a chart shows, best first."""
        ranking = self.found.ranking
        return ranking[ranking["rank"].notna()].head(MOST_UNITS)

    @property
    def cut(self) -> str:
        """Say that a chart does not show all; empty where it does."""
        is_cut = self.found.ranking["rank"].notna().sum() > MOST_UNITS
        return self.view.speak("The first {most} are shown; a file has all.", most=MOST_UNITS) if is_cut else ""

    def detail(self, *texts: str) -> str:
        """Return the small line below a title."""
        return " · ".join(filter(None, (self.period, *texts, self.cut)))


def deck_pptx(view: View) -> bytes:
    """Return the slides of a period as PowerPoint's .pptx, with charts that can be edited there."""
    return pptx_file(draw_deck(view))


def draw_deck(view: View) -> Deck:
    """Return the slides of a period."""
    view = replace(view, node=ROOT)
    speak = view.speak
    found = official(view)
    facts = _Facts(view, found, speak("period {period}", period=speak.period(view.period)))
    built_at: datetime = pd.Timestamp(view.block["built_at"]).to_pydatetime()
    slides = [*_ranking(facts), *_themes(facts), *_movers(facts), *_ranges(facts), *_year(facts)]
    return Deck(
        title=f"{view.block['block_name']} · {speak.period(view.period)}",
        about=view.block["block_name"],
        notices=[(notice["title"], notice["text"]) for notice in paper_notices(view, found.ranking)],
        sources=f"{speak('Sources:')} {sources_text(view)} {made_of(view)}",
        made_at=built_at,
        slides=slides,
    )


def _labels(rows: pd.DataFrame, view: View) -> list[str]:
    """Name each unit with its rank and points, as the board writes them."""
    return [f"{int(row['rank'])}. {row['unit_name']}   {view.speak.number(row['score'])}" for row in dictionaries(rows)]


def _ranking(facts: _Facts) -> Iterator[Slide]:
    """The ranking, each total of the parts that its themes bring."""
    view, rows = facts.view, facts.shown
    speak, found = view.speak, facts.found
    codes = rows["unit_code"].tolist()
    colours = part_colours(view)
    parts = bar_parts(found, colours, view)
    lengths = parts.pivot_table(index="unit_code", columns="node_code", values="score", sort=False).reindex(codes)
    series = [Series(view.names[str(code)], _numbers(lengths[code]), colours[str(code)]) for code in lengths.columns]
    added = rows["adjustment"].fillna(0)
    if (added != 0).any():
        series.append(Series(speak("Bonus and penalty points"), _numbers(added), GOLD))
    yield Slide(
        title=headline.headline(found.ranking, speak),
        detail=facts.detail(speak("Points by theme"), _out_of(rows, view)),
        kind="stacked", categories=_labels(rows, view), series=series,
    )  # fmt: skip


def _themes(facts: _Facts) -> Iterator[Slide]:
    """Each theme: who is best at it."""
    view = facts.view
    for code in view.main_themes:
        ranking = view.ranking(code)
        about = replace(facts, found=replace(facts.found, ranking=ranking))
        rows = about.shown
        if rows.empty:
            continue
        best = [place for place, rank in enumerate(rows["rank"]) if rank == 1 and is_finished(ranking)]
        yield Slide(
            title=f"{view.names[code]}: {headline.headline(ranking, view.speak)}",
            detail=about.detail(_out_of(rows, view)),
            kind="bars", categories=[f"{int(row['rank'])}. {row['unit_name']}" for row in dictionaries(rows)],
            series=[Series(view.speak("Points"), _numbers(rows["score"]), GREEN)], marked=best,
        )  # fmt: skip


def _movers(facts: _Facts) -> Iterator[Slide]:
    """Who gained and lost points since the period before."""
    view, ranking = facts.view, facts.found.ranking
    speak = view.speak
    cards = headline.ranking_cards(ranking, facts.found.parts, facts.found.parts_before, view.names, speak)
    gained = places_gained(ranking)
    both = ranking[gained.notna()]
    if not is_finished(ranking) or both.empty or len(cards) < 2:
        return
    changes = [
        round(as_written(now) - as_written(then), 1)  # adds up with the points as they are written
        for now, then in zip(both["score"], both["previous_score"], strict=True)
    ]
    rows = both.assign(change=changes, gained=gained[both.index])
    rows = rows.sort_values("change", ascending=False, kind="stable")
    if len(rows) > MOST_UNITS:
        rows = pd.concat([rows.head(MOST_UNITS // 2), rows.tail(MOST_UNITS // 2)])
    climber = cards[1]
    since = speak("points since {period}", period=speak.period(view.rules["previous_period"], is_short=True))
    yield Slide(
        title=" ".join(filter(None, (f"{climber.topic}: {climber.finding}", climber.mark))),
        detail=facts.detail(climber.detail, since),
        kind="changes",
        categories=[f"{row['unit_name']} {headline.delta(row['gained'])[0]}".strip() for row in dictionaries(rows)],
        series=[Series(since, _numbers(rows["change"]), GREEN)],
    )  # fmt: skip


def _ranges(facts: _Facts) -> Iterator[Slide]:
    """How far each place can be trusted."""
    view, speak = facts.view, facts.view.speak
    ranges = view.frame("rank_range", period=view.period, node=ROOT).head(MOST_UNITS)
    if len(ranges) < 2:  # one alone has no margin
        return
    low, high = ranges["rank_low"].astype(int), ranges["rank_high"].astype(int)
    names = [
        f"{int(row['rank'])}. {view.unit_name(row['unit_code'])}   {range_text(view, row['unit_code'])}"
        for row in dictionaries(ranges)
    ]
    yield Slide(
        title=reliability_board(view).headline,
        detail=facts.detail(speak("How far each place can move")),
        kind="ranges", categories=names,
        series=[
            Series(speak("Places above the range"), _numbers(low - 1), ""),
            Series(speak("Places in the range"), _numbers(high - low + 1), PAPER["range"]),
        ],
    )  # fmt: skip


def _year(facts: _Facts) -> Iterator[Slide]:
    """The totals of the year so far."""
    view = facts.view
    if "year" not in span_kinds(view) or view.block["frequency"] == "year":
        return
    year = int(view.rules["year"])
    ranked = view.frame("ranked_period")
    own = set(ranked.loc[ranked["year"] == year, "period"])
    history = view.frame("score_history", period=view.period, node=ROOT)
    history = history[history["period"].isin(own)]
    periods = history["period"].unique().tolist()
    if len(periods) < 2:
        return
    scores = history.pivot_table(index="period", columns="unit_code", values="score", sort=False).reindex(periods)
    colours = unit_colours(view.ranking()["unit_code"])
    units = [code for code in facts.shown["unit_code"] if code in scores]
    yield Slide(
        title=draw_ranking(view, RankingChoice("year")).headline,
        detail=" · ".join(filter(None, (view.speak.period(str(year)), view.speak("Points"), facts.cut))),
        kind="lines", categories=[view.speak.period(str(period), is_short=True) for period in periods],
        series=[Series(view.unit_name(code), _numbers(scores[code]), colours[code]) for code in units],
    )  # fmt: skip


def _out_of(rows: pd.DataFrame, view: View) -> str:
    return view.speak("Points out of {max}", max=view.speak.scale(rows["max_score"].max()))


def _numbers(column: Any) -> list[float | None]:
    """Return the numbers of a column as the API gives them; None where there is none."""
    return [None if pd.isna(value) else float(value) for value in column]
