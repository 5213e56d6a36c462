"""One unit's page: its standing, and each of its indicators against all other members, its target and the best."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from wardstats.boards.ranking.board import range_text
from wardstats.boards.ward.indicator_lines import indicator_lines, line_keys
from wardstats.charts.html.pieces import Card
from wardstats.charts.style import unit_colours
from wardstats.core.rows import dictionaries
from wardstats.view.absence import absence, places_gained_by, ranked_count, so_far
from wardstats.view.addresses import theme_address
from wardstats.view.adjustments import decisions, unit_card
from wardstats.view.closing import missing_text
from wardstats.view.completeness import is_finished, unfinished
from wardstats.view.headline import delta, in_theme, points_of, status_names
from wardstats.view.indicator_place import IndicatorPlace, indicator_places
from wardstats.view.view import View


@dataclass(frozen=True)
class Profile:
    """What a unit's page shows of its standing.

    Attributes:
        lines: Every indicator as a line with all members on it, as HTML.
        keys: (sign, colour, text) of what is on the lines.
        table: The same as a table.
    """

    headline: str
    cards: list[Card]
    keys: list[tuple[str, str, str]]
    lines: str
    table: pd.DataFrame


def draw_profile(view: View, unit_code: str) -> Profile:
    """Return the unit's standing and indicators."""
    board = view.ranking()
    own = board[board["unit_code"] == unit_code].iloc[0]
    standings = indicator_places(view, unit_code)
    colour = unit_colours(board["unit_code"])[unit_code]
    return Profile(
        headline=_headline(view, own, board),
        cards=_cards(view, own, places_gained_by(board, unit_code)),
        keys=line_keys(view, own["unit_name"], colour, standings),
        lines=indicator_lines(view, unit_code, colour, standings),
        table=_table(view, standings),
    )


def _headline(view: View, own: pd.Series, ranking: pd.DataFrame) -> str:
    speak = view.speak
    if pd.isna(own["rank"]):
        return in_theme(f"{own['unit_name']}: {absence(own.to_dict(), speak)}", view.theme_name)
    if note := unfinished(ranking, speak):
        return in_theme(f"{own['unit_name']}. {note}", view.theme_name)
    stands = speak(
        "{name} stands {rank} of {count} with {points}",
        name=own["unit_name"], rank=speak.number(own["rank"], 0),
        count=speak.number(ranked_count(ranking), 0),
        points=points_of(own["score"], own["max_score"], speak, view.theme_name),
    )  # fmt: skip
    among = so_far(ranking, speak)
    return f"{stands} ({among})" if among else stands


def _cards(view: View, own: pd.Series, gained: int | None) -> list[Card]:
    speak = view.speak
    cards = []
    if pd.notna(own["rank"]):
        mark, sign = delta(gained)
        detail = ""
        if pd.notna(own["previous_score"]):
            moved = speak.change(own["score"], own["previous_score"])
            detail = speak("{points} points since the period before", points=moved)
        margin = range_text(view, own["unit_code"])
        too_few = "" if is_finished(view.ranking()) else speak("not enough figures yet")
        detail = " · ".join(part for part in (too_few, margin, detail) if part)
        cards.append(Card(speak("Rank"), str(int(own["rank"])), detail, mark, sign))
    for topic, row in strongest_and_weakest(view, own["unit_code"]):
        detail = points_of(row["score"], row["max_score"], speak)
        href = theme_address(view, row["node_code"])
        cards.append(Card(topic, view.names[row["node_code"]], detail, href=href))
    detail = missing_text(view, own["unit_code"], int(own["missing_count"]))
    cards.append(Card(speak("Data coverage"), speak.coverage(own["coverage"]), detail))
    cards += unit_card(own.to_dict(), decisions(view, [view.period]).get(own["unit_code"], []), speak)
    return cards


def strongest_and_weakest(view: View, unit_code: str) -> list[tuple[str, dict[str, Any]]]:
    """Return (heading, row of queries/theme_score.sql) of a unit's strongest and weakest theme.

    By the share of the points that can be had; nothing where fewer than two themes have a score.
    """
    scores = view.frame("theme_score", period=view.period, parent=view.node)
    own = scores[(scores["unit_code"] == unit_code) & scores["score"].notna()]
    if len(own) < 2:
        return []
    order = dictionaries(own.assign(share=own["score"] / own["max_score"]).sort_values("share", kind="stable"))
    return [(view.speak("Strongest theme"), order[-1]), (view.speak("Weakest theme"), order[0])]


def _table(view: View, standings: list[IndicatorPlace]) -> pd.DataFrame:
    speak = view.speak
    status = status_names(speak)
    names = view.unit_names
    return pd.DataFrame([_table_row(view, standing, status, names) for standing in standings])


def _table_row(view: View, standing: IndicatorPlace, status: dict[str, str], names: dict[str, str]) -> dict[str, Any]:
    speak, row = view.speak, standing.row
    return {
        speak("Indicator"): row["indicator_name"],
        speak("Theme"): view.names[row["node_code"]],
        speak("Value"): _rounded(row["value"], 4),
        speak("Unit of measure"): row["unit"],
        speak("Points"): _rounded(row["points"], 2),
        speak("Out of"): round(row["max_points"], 2),
        speak("Place"): standing.place,
        speak("Target"): standing.target,
        speak("Sample"): speak("sample") if standing.is_sample else "",
        speak("Full points at"): _rounded(row["full_at"], 4),
        speak("Best value"): standing.best_value,
        speak("Best"): speak.names([names[code] for code in standing.best_units]),
        speak("Measured"): "" if pd.isna(row["measured_period"]) else speak.period(row["measured_period"], True),
        speak("Status"): status.get(standing.status or "", ""),
        speak("Definition"): row["definition"],
    }


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals)
