"""The ranking board: from a view to the headline, cards, figure and table of the first page."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pandas as pd
import plotly.graph_objects as go

from wardstats import findings
from wardstats.charts.ranking_bars import ranking_bars
from wardstats.findings import Card
from wardstats.frames import records
from wardstats.view import View

# Colours of parts that themes.csv gives none, from dark to light green, then sand and blue.
COLOURS = ("#0b5d43", "#3d8f6d", "#8cc3a6", "#d9b44a", "#7f9bb8", "#b9c6c0", "#5d7186", "#a88a3c")


@dataclass(frozen=True)
class Board:
    """Everything the ranking page shows.

    Attributes:
        headline: The finding in one sentence.
        legend: (colour, theme name) in stacking order.
        alt_text: What the figure says, for those who do not see it.
        table: The ranking in the reader's words; empty where nothing is ranked.
    """

    headline: str
    cards: list[Card]
    legend: list[tuple[str, str]]
    figure: go.Figure
    alt_text: str
    table: pd.DataFrame
    has_demonstration: bool


def ranking_board(view: View) -> Board:
    """Make the board of a view's period and theme."""
    speak = view.speak
    ranking = view.frame("ranking", period=view.period, node=view.node, language=view.language)
    parts = view.frame("theme_score", period=view.period, parent=view.node)
    before = view.rules["previous_period"]
    parts_before = view.frame("theme_score", period=before, parent=view.node) if before else parts.iloc[:0]
    colours = part_colours(view)
    headline = findings.headline(ranking, speak)
    return Board(
        headline=headline,
        cards=findings.ranking_cards(ranking, parts, parts_before, view.names, speak),
        legend=[(colours[code], view.names[code]) for code in parts["node_code"].unique()],
        figure=ranking_bars(_rows(ranking, view), _parts(parts, ranking, colours, view), view.language, view.is_dark),
        alt_text=_alt_text(headline, ranking, view),
        table=_table(ranking, parts, view),
        has_demonstration=bool((ranking["demonstration_count"] > 0).any()),
    )


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


def _rows(ranking: pd.DataFrame, view: View) -> pd.DataFrame:
    speak = view.speak
    deltas = [findings.delta(*pair) for pair in zip(ranking["rank"], ranking["previous_rank"], strict=True)]
    return ranking.assign(
        unit_name=ranking["unit_name"].map(escape),
        note=[range_text(view, code) for code in ranking["unit_code"]],
        coverage_text=[_coverage_text(share, view) for share in ranking["coverage"]],
        delta=[text for text, _ in deltas],
        delta_sign=[sign for _, sign in deltas],
        score_text=ranking["score"].map(speak.number),
    )


def _coverage_text(share: float, view: View) -> str:
    if share > 1 - 1e-9:
        return ""
    return view.speak.percent(share, 1 if share > 0.99 else 0)  # what is not complete never reads 100 %


def range_text(view: View, unit_code: str) -> str:
    """Say where a unit could stand if the weights moved: the margin of its rank, shown beside every one."""
    ranges = view.frame("rank_range", period=view.period, node=view.node).set_index("unit_code")
    if unit_code not in ranges.index:
        return ""
    low, high = int(ranges.loc[unit_code, "rank_low"]), int(ranges.loc[unit_code, "rank_high"])  # pyright: ignore
    return view.speak("place {low}", low=low) if low == high else view.speak("places {low}–{high}", low=low, high=high)


def _parts(parts: pd.DataFrame, ranking: pd.DataFrame, colours: dict[str, str], view: View) -> pd.DataFrame:
    """The parts of each bar; a theme without sub-themes is its own single part."""
    speak = view.speak
    if parts.empty:
        columns = ["unit_code", "score", "max_score", "status"]
        parts = ranking[columns].assign(node_code=view.node)
    unit_names = dict(zip(ranking["unit_code"], ranking["unit_name"], strict=True))
    status = {"demonstration": speak("demonstration figures")}
    hover = [
        f"<b>{escape(unit_names[row['unit_code']])}</b><br>{escape(view.names[row['node_code']])}: "
        + speak("{score} of {max} points", score=speak.number(row["score"]), max=speak.number(row["max_score"]))
        + (f"<br><i>{status[row['status']]}</i>" if row["status"] in status else "")
        for row in records(parts)
    ]
    return parts.assign(
        theme_name=parts["node_code"].map(view.names),
        colour=parts["node_code"].map(colours),
        is_demonstration=parts["status"] == "demonstration",
        hover=hover,
    )


def _alt_text(headline: str, ranking: pd.DataFrame, view: View) -> str:
    speak = view.speak
    ranked = ranking[ranking["rank"].notna()]
    order = [f"{int(row['rank'])} {row['unit_name']} {speak.number(row['score'])}" for row in records(ranked)]
    return f"{headline}. " + speak("Order and points:") + " " + ", ".join(order) + "."


def _table(ranking: pd.DataFrame, parts: pd.DataFrame, view: View) -> pd.DataFrame:
    speak = view.speak
    table = pd.DataFrame(
        {
            speak("Rank"): ranking["rank"].astype("Int64"),
            speak("Code"): ranking["unit_code"],
            speak("Name"): ranking["unit_name"],
            speak("Points"): ranking["score"].round(2),
            speak("Out of"): ranking["max_score"].round(2),
            speak("Coverage, %"): (100 * ranking["coverage"]).round(1),
            speak("Rank before"): ranking["previous_rank"].astype("Int64"),
            speak("Status"): ranking["status"].map(findings.status_names(speak)),
        }
    )
    for code in parts["node_code"].unique():
        scores = parts[parts["node_code"] == code].set_index("unit_code")["score"]
        table[view.names[code]] = ranking["unit_code"].map(scores).round(2)
    return table
