"""One unit's page: its standing, and each of its indicators against all other members."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from html import escape as escape_all
from textwrap import shorten
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from wardstats import findings, ranking
from wardstats.charts.indicator_dots import indicator_dots
from wardstats.findings import Card
from wardstats.frames import records
from wardstats.view import View

escape = partial(escape_all, quote=False)  # plotly shows a quote's entity as it stands
_LABEL_LENGTH = 62  # longer names keep their full text in the hover and in the table


@dataclass(frozen=True)
class Profile:
    """Everything a unit's page shows."""

    headline: str
    cards: list[Card]
    figure: go.Figure
    alt_text: str
    table: pd.DataFrame


def unit_profile(unit_code: str) -> Callable[[View], Profile]:
    """Return what draws the page of one unit; see ``session.cached``."""

    def draw(view: View) -> Profile:
        return _profile(view, unit_code)

    draw.__qualname__ = f"unit_profile {unit_code}"  # the cache knows a drawing by its name
    return draw


def _profile(view: View, unit_code: str) -> Profile:
    board = view.frame("ranking", period=view.period, node=view.node, language=view.language)
    own = board[board["unit_code"] == unit_code].iloc[0]
    indicators = _indicators(view)
    figures = view.frame("figure_points", period=view.period, unit=(), indicator=())
    figures = figures[figures["indicator_code"].isin(indicators.index) & figures["max_points"].notna()]
    figures = figures.assign(share=figures["points"] / figures["max_points"])
    rows = _rows(view, figures[figures["unit_code"] == unit_code], indicators)
    return Profile(
        headline=_headline(view, own, board),
        cards=_cards(view, own),
        figure=_figure(view, rows, figures[figures["unit_code"] != unit_code], board),
        alt_text=_alt_text(view, own, rows),
        table=_table(view, rows),
    )


def _headline(view: View, own: pd.Series, ranking: pd.DataFrame) -> str:
    speak = view.speak
    if pd.isna(own["rank"]):
        return speak("{name} has no figures for this period yet", name=own["unit_name"])
    return speak(
        "{name} stands {rank} of {count} with {score} points",
        name=own["unit_name"], rank=int(own["rank"]), count=len(ranking), score=speak.number(own["score"]),
    )  # fmt: skip


def _indicators(view: View) -> pd.DataFrame:
    """The scored indicators at or below the theme looked at, by code, with the colour of their top theme."""
    tree = view.themes.set_index("node_code")
    top: dict[str, str] = {}
    for code, node in tree.iterrows():
        top[str(code)] = top.get(node["parent_code"], str(code))
    indicators = view.frame("indicator", year=int(view.rules["year"]), language=view.language)
    indicators = indicators[indicators["max_points"].notna() & indicators["node_code"].isin(view.below(view.node))]
    return indicators.assign(colour=indicators["node_code"].map(top).map(tree["colour"])).set_index("indicator_code")


def _cards(view: View, own: pd.Series) -> list[Card]:
    speak = view.speak
    cards = []
    if pd.notna(own["rank"]):
        mark, sign = findings.delta(own["rank"], own["previous_rank"])
        change = own["score"] - own["previous_score"]
        detail = (
            "" if pd.isna(change) else speak("{points} points since the period before", points=speak.signed(change))
        )
        margin = ranking.range_text(view, own["unit_code"])
        detail = " · ".join(part for part in (margin, detail) if part)
        cards.append(Card(speak("Rank"), str(int(own["rank"])), detail, mark, sign))
    scores = view.frame("theme_score", period=view.period, parent=view.node)
    scores = scores[(scores["unit_code"] == own["unit_code"]) & scores["score"].notna()]
    if len(scores) > 1:
        order = scores.assign(share=scores["score"] / scores["max_score"]).sort_values("share")
        for topic, row in ((speak("Strongest theme"), order.iloc[-1]), (speak("Weakest theme"), order.iloc[0])):
            score, most = speak.number(row["score"]), speak.number(row["max_score"])
            detail = speak("{score} of {max} points", score=score, max=most)
            cards.append(Card(topic, view.names[row["node_code"]], detail))
    missing = int(own["missing_count"])
    detail = speak("figures missing: {count}", count=missing) if missing else speak("No figure is missing")
    cards.append(Card(speak("Data coverage"), speak.percent(own["coverage"]), detail))
    return cards


def _rows(view: View, own: pd.DataFrame, indicators: pd.DataFrame) -> pd.DataFrame:
    details = indicators[[name for name in indicators.columns if name not in own.columns]]
    rows = own.set_index("indicator_code").join(details).reset_index()
    return rows.assign(
        label=[escape(shorten(name, _LABEL_LENGTH, placeholder="…")) for name in rows["indicator_name"]],
        value_text=[escape(findings.figure_text(view.speak, row, view.period)) for row in records(rows)],
        hover=[_hover(view, row) for row in records(rows)],
    )


def _hover(view: View, row: dict[str, Any]) -> str:
    speak = view.speak
    points, most = speak.number(row["points"], 2), speak.number(row["max_points"], 2)
    lines = (
        f"<b>{escape(row['indicator_name'])}</b>",
        escape(findings.figure_text(speak, row, view.period)),
        speak("{score} of {max} points", score=points, max=most),
    )
    return "<br>".join(lines)


def _figure(view: View, rows: pd.DataFrame, others: pd.DataFrame, ranking: pd.DataFrame) -> go.Figure:
    places = {code: row for row, code in enumerate(rows["indicator_code"])}
    names = dict(zip(ranking["unit_code"], ranking["unit_name"], strict=True))
    others = others[others["share"].notna() & others["indicator_code"].isin(places)]
    details = rows.set_index("indicator_code")[["unit", "decimals", "indicator_name"]]
    joined = records(others.join(details, on="indicator_code"))
    hover = [
        f"<b>{escape(names[row['unit_code']])}</b><br>{escape(findings.figure_text(view.speak, row, view.period))}"
        for row in joined
    ]
    dots = others.assign(row=others["indicator_code"].map(places), hover=hover)
    return indicator_dots(rows, dots, view.language, view.is_dark)


def _alt_text(view: View, own: pd.Series, rows: pd.DataFrame) -> str:
    speak = view.speak
    known = rows.dropna(subset="share").sort_values("share")
    if known.empty:
        return speak("No figures for this period yet")
    return speak(
        "Share of points that {name} earns on each indicator, among all. Highest: {best}. Lowest: {worst}.",
        name=own["unit_name"], best=known.iloc[-1]["indicator_name"], worst=known.iloc[0]["indicator_name"],
    )  # fmt: skip


def _table(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    speak = view.speak
    return pd.DataFrame(
        {
            speak("Indicator"): rows["indicator_name"],
            speak("Theme"): rows["node_code"].map(view.names),
            speak("Value"): rows["value"].round(4),
            speak("Unit of measure"): rows["unit"],
            speak("Points"): rows["points"].round(2),
            speak("Out of"): rows["max_points"].round(2),
            speak("Measured"): rows["measured_period"],
            speak("Status"): rows["status"].map(findings.status_names(speak)),
            speak("Definition"): rows["definition"],
        }
    )
