"""The ranking on paper: one landscape page of A4 for a block of wards, more for more units.

Owns the facts on it, as texts in the reader's language; ranking_sheet.typ owns the layout. Official orders only.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from wardstats.boards.print.paper import made_of, paper_notices, set_in_type, sources_text
from wardstats.boards.ranking.board import part_colours, range_text, span_note
from wardstats.boards.ranking.rows import bar_parts
from wardstats.core.rows import dictionaries
from wardstats.view import headline
from wardstats.view.absence import absence, places_gained
from wardstats.view.ranking_choice import Ranked, official, periods_in
from wardstats.view.view import View

TEMPLATE = Path(__file__).with_name("ranking_sheet.typ")
_MOST_THEMES = 6  # columns of figures that fit beside the bars
_ROOMY_ROWS = 12  # that fit one page in full size
_DENSE_FROM = 30


def ranking_pdf(view: View, kind: str = "") -> bytes:
    """Return the ranking as PDF, A4, tagged for screen readers (PDF/UA-1).

    Args:
        view: Its period, theme and language.
        kind: quarter or year for the mean over the one that holds the period; empty for the period itself.
    """
    return set_in_type(TEMPLATE, view, ranking_facts(view, kind))


def ranking_facts(view: View, kind: str = "") -> dict[str, Any]:
    """Return everything the page says, as texts and shares of the longest bar."""
    speak = view.speak
    found = official(view, kind)
    ranking, periods = found.ranking, tuple(periods_in(view, found.span))
    period = found.span.name(speak) if found.span else speak("period {period}", period=speak.period(view.period))
    colours = part_colours(view)
    shown = [str(code) for code in found.parts["node_code"].unique()]
    notes = [span_note(view, found.span), speak("Points out of {max}", max=speak.scale(_most(ranking)))]
    return {
        "language": view.language,
        "block": view.block["block_name"],
        "title": headline.headline(ranking, speak, view.theme_name),
        "about": f"{view.names[view.node]} · {period}",
        "period": period,
        "notices": paper_notices(view, ranking, periods),
        "note": " ".join(filter(None, notes)),
        "legend": [{"colour": colours[code], "name": view.names[code]} for code in shown],
        "has_theme_columns": 0 < len(shown) <= _MOST_THEMES,
        "rows": _rows(view, found, shown),
        "density": 0 if len(ranking) <= _ROOMY_ROWS else 1 if len(ranking) <= _DENSE_FROM else 2,
        "sources": sources_text(view, periods),
        "made_of": made_of(view),
        "words": {
            "rank": speak("Rank"), "name": speak("Name"), "points": speak("Points"), "themes": speak("Points by theme"),
            "coverage": speak("Data coverage"), "status": speak("Status"), "sources": speak("Sources:"),
            "page": speak("Page {page} of {pages}"),
        },
    }  # fmt: skip


def _most(ranking: pd.DataFrame) -> float:
    return float(ranking["max_score"].max()) if len(ranking) else 0.0


def _rows(view: View, found: Ranked, shown: list[str]) -> list[dict[str, Any]]:
    """Return the units, best first."""
    speak, ranking = view.speak, found.ranking
    parts = {unit: dictionaries(rows) for unit, rows in bar_parts(found, part_colours(view), view).groupby("unit_code")}
    points = found.parts.set_index(["unit_code", "node_code"])["score"].to_dict()
    bonus = ranking.set_index("unit_code")["adjustment"].fillna(0).clip(lower=0)
    longest = max([_most(ranking), *(_length(rows) + bonus[str(unit)] for unit, rows in parts.items())]) or 1.0
    statuses = headline.status_texts(ranking, speak)
    rows = []
    for row, gained, status in zip(dictionaries(ranking), places_gained(ranking), statuses, strict=True):
        code = row["unit_code"]
        text, sign = headline.delta(gained)
        is_ranked = row["rank"] is not None
        rows.append(
            {
                "rank": str(int(row["rank"])) if is_ranked else "–",
                "is_first": bool(row["rank"] == 1 and row["is_finished"]),
                "name": row["unit_name"],
                "note": _note(view, found, row),
                "delta": text,
                "sign": sign,
                "parts": _bar(parts.get(code, []) if is_ranked else [], bonus[code], longest),
                "points": speak.number(row["score"], 2),
                "themes": [speak.number(points.get((code, theme)), 2) for theme in shown],
                "coverage": speak.coverage(row["coverage"]),
                "status": status,
                "is_demonstration": row["status"] == "demonstration",
            }
        )
    return rows


def _note(view: View, found: Ranked, row: Mapping[str, Any]) -> str:
    """The small text beside a name: why there is no rank, or its margin."""
    return absence(row, view.speak) or ("" if found.span else range_text(view, row["unit_code"]))


def _length(parts: list[dict[Any, Any]]) -> float:
    return sum(max(0.0, part["score"] or 0.0) for part in parts)


def _bar(parts: list[dict[Any, Any]], bonus: float, longest: float) -> list[dict[str, Any]]:
    """Return the parts of a bar; a bonus stands at its end and has no colour of a theme."""
    found = [(part["colour"], part["score"] or 0.0) for part in parts]
    return [
        {"colour": colour, "share": round(float(length) / longest, 5)}
        for colour, length in [*found, ("", bonus)]
        if length > 0
    ]
