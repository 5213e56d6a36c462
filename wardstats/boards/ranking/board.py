"""The ranking board: from a view to the headline, cards, figure and table of the first page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from wardstats.boards.ranking.card_links import linked_cards
from wardstats.boards.ranking.rows import bar_parts, ranking_table
from wardstats.charts.html.pieces import Card
from wardstats.charts.ranking_bars import ranking_bars
from wardstats.charts.style import GOLD, palette
from wardstats.core.languages import Translator
from wardstats.core.palette import BOTH
from wardstats.core.rows import dictionaries
from wardstats.view.absence import absence, comparison_note, places_gained
from wardstats.view.addresses import theme_address, unit_address
from wardstats.view.adjustments import Decisions, decisions, reasons, signed, sum_text, summary
from wardstats.view.bands import band_cards, band_note, read_bands
from wardstats.view.closing import gaps
from wardstats.view.completeness import is_finished, unfinished
from wardstats.view.headline import delta, headline, ranking_cards
from wardstats.view.ranking_choice import OFFICIAL, Ranked, RankingChoice, Span, official, periods_in
from wardstats.view.reader_weights import notice, weight_cards, weighted
from wardstats.view.view import View

BARS_AT_MOST = 150  # a browser takes minutes for thousands; the table has all

# Colours of parts that themes.csv gives none, from dark to light green, then sand and blue.
COLOURS: list[str] = BOTH["themes"]


@dataclass(frozen=True)
class Ranking:
    """Everything the ranking page shows.

    Attributes:
        headline: The finding in one sentence.
        note: How the order came about, where that is not the usual way; else empty.
        warning: That the order is not the official one; empty where it is.
        bands: A card for each band, where they were asked for.
        band_note: Who set them.
        legend: (colour, theme name, where it leads) in stacking order.
        parts: The theme of each trace of the figure, as far as it draws themes.
        small_print: What the small figures beside a bar are; empty where there are none.
        shortened: That the figure shows the first ones only; empty where it shows all.
        alt_text: What the figure says, for those who do not see it.
        table: The ranking in the reader's words; empty where nothing is ranked.
        file_name: What its file is called, without the ending.
    """

    headline: str
    note: str
    warning: str
    cards: list[Card]
    bands: list[Card]
    band_note: str
    legend: list[tuple[str, str, str]]
    figure: go.Figure
    parts: tuple[str, ...]
    small_print: str
    shortened: str
    alt_text: str
    table: pd.DataFrame
    file_name: str
    has_demonstration: bool


def draw_ranking(view: View, choice: RankingChoice = OFFICIAL, has_bands: bool = False) -> Ranking:
    """Return the ranking page of a view."""
    speak = view.speak
    # an official reading of an order that is not official would mislead
    bands = read_bands(view) if has_bands and choice.is_official else []
    found = official(view, choice.span) if choice.is_official else weighted(view, choice)
    ranking, parts = found.ranking, found.parts
    drawn = _first(found, BARS_AT_MOST)
    rows = _rows(drawn, places_gained(ranking), choice, view)
    colours = part_colours(view)
    bars = bar_parts(drawn, colours, view)
    told = _headline(found, choice, view)
    warning = "" if choice.is_official else notice(view, choice)
    if choice.is_official:
        cards = ranking_cards(ranking, parts, found.parts_before, view.names, speak)
    else:
        cards = weight_cards(ranking, speak)
    return Ranking(
        headline=told,
        note=_note(view, found.span, ranking if choice.is_official else ranking.iloc[:0]),
        warning=warning,
        cards=linked_cards(view, cards, ranking),
        bands=band_cards(view, ranking, bands) if bands else [],
        band_note=band_note(view, bands) if bands else "",
        legend=[
            *(
                (colours[code], view.names[code], theme_address(view, code, choice.span))
                for code in parts["node_code"].unique()
            ),
            *_adjustment_legend(drawn.ranking, view),
        ],
        figure=ranking_bars(
            rows, bars, view.language, view.is_dark,
            guides=[band.above for band in bands[:-1]],
            is_official=choice.is_official and is_finished(ranking),
        ),
        parts=tuple(bars.drop_duplicates("theme_name")["node_code"]),
        small_print=_small_print(rows, found.span, choice, view),
        shortened=speak("The first {most} are shown; a file has all.", most=BARS_AT_MOST)
        if len(ranking) > BARS_AT_MOST
        else "",
        alt_text=_alt_text(f"{warning} {told}".strip(), drawn.ranking, view),
        table=ranking_table(view, found, choice, bands, f"{warning} {unfinished(ranking, speak)}".strip()),
        file_name="_".join(
            ["ranking", found.span.text if found.span else view.period, view.node]
            + ([] if choice.is_official else ["your_weights"])
        ),
        has_demonstration=bool((ranking["demonstration_count"] > 0).any()),
    )  # fmt: skip


def _adjustment_legend(ranking: pd.DataFrame, view: View) -> list[tuple[str, str, str]]:
    """What bonus and penalty look like in the bars, where there are any."""
    added, speak = ranking["adjustment"].fillna(0), view.speak
    bonus = [(GOLD, speak("Bonus points"), "")] if (added > 0).any() else []
    penalty = (palette(view.is_dark).fall, speak("Penalty points, struck out"), "")
    return [*bonus, penalty] if (added < 0).any() else bonus


def _first(found: Ranked, count: int) -> Ranked:
    """Return the first rows of a ranking and their parts."""
    ranking = found.ranking.head(count)
    return replace(found, ranking=ranking, parts=found.parts[found.parts["unit_code"].isin(ranking["unit_code"])])


def _headline(found: Ranked, choice: RankingChoice, view: View) -> str:
    speak = view.speak
    finding = headline(found.ranking, speak, view.theme_name)
    if found.span is not None and found.span.is_complete:
        finding = f"{found.span.name(speak)}: {finding}"
    elif found.span is not None:
        finding = speak("{period} so far: {finding}", period=found.span.name(speak), finding=finding)
    return finding if choice.is_official else speak("With your weights: {finding}", finding=finding)


def _note(view: View, span: Span | None, ranking: pd.DataFrame) -> str:
    """How the order came about, and among whom places are compared, where that is not the usual way."""
    parts = (span_note(view, span), comparison_note(ranking, view.speak), summary(ranking, view.speak))
    return " ".join(filter(None, parts))


def span_note(view: View, span: Span | None) -> str:
    """Say of which periods a quarter or year is the mean; empty for a single period."""
    if span is None:
        return ""
    speak = view.speak
    text = speak(
        "Mean of {count} rankings, {first} to {last}, each counting the same.",
        count=span.count, first=speak.period(span.first, is_short=True), last=speak.period(span.last, is_short=True),
    ) if span.count > 1 else speak("One ranking so far: {first}.", first=speak.period(span.first))  # fmt: skip
    if not span.is_complete:
        text += " " + speak("Incomplete: {count} of {expected} periods.", count=span.count, expected=span.expected)
    if span.left_out:
        names = speak.names([speak.period(period, is_short=True) for period in span.left_out])
        text += " " + speak("Not counted, too few figures yet: {periods}.", periods=names)
    if span.previous:
        text += " " + speak("Changes are against {period}.", period=speak.period(span.previous))
    return text


def part_colours(view: View) -> dict[str, str]:
    """Return a colour for each theme, or for the children of the theme that is looked at."""
    tree = view.themes
    shown = tree[tree["parent_code"] == view.node]
    if shown.empty:
        shown = tree[tree["node_code"] == view.node]
    given = shown["colour"].tolist()
    if shown["colour"].isna().any() or len(set(given)) < len(given):
        given = [COLOURS[number % len(COLOURS)] for number in range(len(shown))]
    return dict(zip(shown["node_code"], given, strict=True))


def _rows(found: Ranked, gained_by: pd.Series, choice: RankingChoice, view: View) -> pd.DataFrame:
    speak, ranking = view.speak, found.ranking
    decided = decisions(view, periods_in(view, found.span))
    told = [_adjustment_hover(row, decided.get(row["unit_code"], []), speak) for row in dictionaries(ranking)]
    deltas = [delta(gained) for gained in gained_by.reindex(ranking.index)]
    return ranking.assign(
        unit_name=ranking["unit_name"].map(escape),
        note=[_row_note(row, found.span, choice, view) for row in dictionaries(ranking)],
        coverage_text=[_below_score(row, view) for row in dictionaries(ranking)],
        adjustment_hover=told,
        delta=[text for text, _ in deltas],
        delta_sign=[sign for _, sign in deltas],
        score_text=ranking["score"].map(speak.number),
        href=[unit_address(view, code) for code in ranking["unit_code"]],
    )


def _row_note(row: Mapping[str, Any], span: Span | None, choice: RankingChoice, view: View) -> str:
    """The small line below a name: the margin of its rank, or what stands in for it."""
    speak = view.speak
    if row["rank"] is None:
        return absence(row, speak)
    if not choice.is_official:
        place = row["previous_rank"]
        return speak("official place {place}", place=int(place)) if pd.notna(place) else ""
    if span is None:
        gap = gaps(view).get(row["unit_code"])
        return "<br>".join(filter(None, (range_text(view, row["unit_code"]), gap.note(speak) if gap else "")))
    if pd.isna(row["rank_best"]) or span.count == 1:
        return ""
    if row["period_count"] < span.count:
        return speak("{count} of {all} periods", count=int(row["period_count"]), all=span.count)
    low, high = int(row["rank_best"]), int(row["rank_worst"])
    return (
        speak("place {low} each time", low=low) if low == high else speak("places {low} to {high}", low=low, high=high)
    )


def _small_print(rows: pd.DataFrame, span: Span | None, choice: RankingChoice, view: View) -> str:
    """Say what stands small below names and below points."""
    speak, is_plain = view.speak, choice.is_official and span is None
    has_range = is_plain and any(range_text(view, code) for code in rows["unit_code"])
    below_name = speak("Below a name: its places when the weights move.") if has_range else ""
    is_partial = any(_coverage_text(share, view) for share in rows["coverage"])
    below_points = speak("Below the points: data coverage.") if is_partial else ""
    return " ".join(filter(None, (below_name, below_points)))


def _adjustment_hover(row: Mapping[str, Any], rows: Decisions, speak: Translator) -> str:
    title = f"<b>{escape(row['unit_name'])}</b><br>{speak('Bonus and penalty points')}: "
    return f"{title}{signed(row['adjustment'], speak)}<br>{escape(reasons(rows, speak))}"


def _below_score(row: Mapping[str, Any], view: View) -> str:
    """The small line below a score: how it is added up, and its coverage where that is not whole."""
    added_up = sum_text(row["score"], row["adjustment"], view.speak)
    return "<br>".join(filter(None, (added_up, _coverage_text(row["coverage"], view))))


def _coverage_text(share: float, view: View) -> str:
    return view.speak.coverage(share) if 0 < share <= 1 - 1e-9 else ""


def range_text(view: View, unit_code: str) -> str:
    """Say where a unit could stand if the weights moved: the margin of its rank, shown beside every one."""
    ranges = _ranges(view)
    low, high = ranges.get(unit_code, (0, 0))
    if not low or len(ranges) < 2:  # one alone has no margin
        return ""
    return view.speak("place {low}", low=low) if low == high else view.speak("places {low}–{high}", low=low, high=high)


@lru_cache(maxsize=32)
def _ranges(view: View) -> dict[str, tuple[int, int]]:
    """The lowest and highest rank of each unit."""
    rows = dictionaries(view.frame("rank_range", period=view.period, node=view.node))
    return {row["unit_code"]: (int(row["rank_low"]), int(row["rank_high"])) for row in rows}


def _alt_text(told: str, ranking: pd.DataFrame, view: View) -> str:
    speak = view.speak
    ranked = ranking[ranking["rank"].notna()]
    if ranked.empty:
        return f"{told}."
    order = [f"{int(row['rank'])} {row['unit_name']} {speak.number(row['score'])}" for row in dictionaries(ranked)]
    return f"{told}. " + speak("Order and points:") + " " + ", ".join(order) + "."
