"""The printable sheet of one unit and period: what it says, and the PDF made of it.

Owns the facts on the sheet, as texts in the reader's language; sheet.typ owns the layout. Typst sets it without any
other program, and embeds the two fonts that come as packages. Always about the total, whatever theme is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from wardstats.boards.print.paper import made_of, paper_notices, set_in_type, sources_text
from wardstats.boards.ranking.board import part_colours
from wardstats.boards.ward.lessons import draw_room
from wardstats.boards.ward.movement import draw_lift, draw_movement
from wardstats.charts.html.pieces import Part
from wardstats.core.errors import WardStatsError
from wardstats.core.languages import Translator
from wardstats.core.palette import PAPER
from wardstats.core.records import ROOT
from wardstats.core.rows import dictionaries
from wardstats.view import headline
from wardstats.view.absence import absence, places_gained_by, ranked_count, so_far
from wardstats.view.adjustments import decisions, reasons, sum_text
from wardstats.view.closing import missing_text
from wardstats.view.completeness import is_finished, nothing_to_compare
from wardstats.view.view import View

TEMPLATE = Path(__file__).with_name("sheet.typ")
MOST_LIFTS = 5
MOST_PERIODS = 24
_ROOMY_ROWS = 34  # indicators that fit the second page in full size


def sheet_pdf(view: View, unit_code: str) -> bytes:
    """Return the sheet of a unit as PDF, A4, tagged for screen readers (PDF/UA-1).

    Args:
        view: Its period and language; the theme does not matter.

    Raises:
        WardStatsError: No such member in the period.
    """
    return set_in_type(TEMPLATE, view, sheet_facts(view, unit_code))


def sheet_facts(view: View, unit_code: str) -> dict[str, Any]:
    """Return everything the sheet says, as texts and shares; errors as in ``sheet_pdf``."""
    view = replace(view, node=ROOT)
    speak, block = view.speak, view.block
    ranking = view.ranking(ROOT)
    if unit_code not in set(ranking["unit_code"]):
        known = ", ".join(ranking["unit_code"])
        raise WardStatsError(f"{view.period}: unit {unit_code!r} is not ranked. The members are: {known}.")
    own = ranking[ranking["unit_code"] == unit_code].iloc[0].to_dict()
    figures = _figures(view)
    is_ranked = pd.notna(own["rank"])
    return {
        "language": view.language,
        "title": own["unit_name"],
        "kind": block["unit_kind"] or "",
        "block": block["block_name"],
        "period": f"{speak('period {period}', period=speak.period(view.period))} · {speak('All themes')}",
        "rank": str(int(own["rank"])) if is_ranked else "–",
        "is_first": bool(own["rank"] == 1) and is_finished(ranking),
        "of": speak("of {count}", count=ranked_count(ranking)) if is_ranked else "",
        "notices": paper_notices(view, ranking),
        "boxes": _boxes(view, own, places_gained_by(ranking, unit_code)),
        "range": " ".join(
            filter(None, [_range(view, own, ranking), *_added(view, own), *_coming_in(own, ranking, speak)])
        ),
        "themes": _themes(view, unit_code),
        "trend": _trend(view, unit_code),
        "why": _why(view, unit_code) if is_ranked else None,
        "lift": _lift(view, unit_code) if is_ranked else None,
        "indicators": _indicators(view, figures, unit_code),
        "is_dense": figures["indicator_code"].nunique() > _ROOMY_ROWS,
        "missing": _missing(view, figures, unit_code),
        "sources": sources_text(view),
        "made_of": made_of(view),
        "words": _words(view, own["unit_name"]),
    }


def _words(view: View, unit_name: str) -> dict[str, str]:
    """Headings and other fixed words; ``page`` keeps its two blanks for the layout to fill."""
    speak = view.speak
    return {
        "rank": speak("Rank"),
        "theme": speak("Theme"),
        "themes": speak("Points by theme"),
        "trend": speak("Over time"),
        "median": speak("the median"),
        "best": speak("best member"),
        "why": speak("Why did it move?"),
        "lift": speak("How could {name} move up?", name=unit_name),
        "indicators": speak("Every indicator"),
        "indicator": speak("Indicator"),
        "value": speak("Value"),
        "points": speak("Points"),
        "out_of": speak("Out of"),
        "status": speak("Status"),
        "missing": speak("Missing figures"),
        "sources": speak("Sources:"),
        "page": speak("Page {page} of {pages}"),
        "about": speak("Sheet of one member"),
    }


def _boxes(view: View, own: Mapping[Any, Any], gained: int | None) -> list[dict[str, str]]:
    """The three figures beside the rank: points, change, coverage."""
    speak = view.speak
    most = speak("of {max} points", max=speak.scale(own["max_score"]))
    if added_up := sum_text(own["score"], own["adjustment"], speak):
        most = f"{added_up} · {most}"
    mark, _ = headline.delta(gained)
    if pd.isna(own["score"]) or pd.isna(own["previous_score"]):
        moved, detail = "–", nothing_to_compare(view.ranking(), speak)
    else:
        moved = speak.change(own["score"], own["previous_score"], 2)  # as the points beside it are written
        detail = speak("points since {period}", period=speak.period(view.rules["previous_period"], is_short=True))
        if mark and mark != "–":
            detail += f" · {mark}"
    lacking = missing_text(view, own["unit_code"], int(own["missing_count"]))
    return [
        {"topic": speak("Points"), "finding": speak.number(own["score"], 2), "detail": most},
        {"topic": speak("Change"), "finding": moved, "detail": detail},
        {"topic": speak("Data coverage"), "finding": speak.coverage(own["coverage"]), "detail": lacking},
    ]


def _range(view: View, own: Mapping[Any, Any], ranking: pd.DataFrame) -> str:
    """How far the rank can be trusted, in sentences; empty where the snapshot has no ranges."""
    speak = view.speak
    ranges = view.frame("rank_range", period=view.period, node=ROOT)
    mine = ranges[ranges["unit_code"] == own["unit_code"]]
    if mine.empty or len(ranges) < 2:  # one alone has no margin
        return ""
    row = mine.iloc[0].to_dict()
    if pd.isna(own["rank"]):
        return ""
    sentences = [_span(view, int(row["rank_low"]), int(row["rank_high"]))]
    if row["missing_best"] < row["missing_worst"]:
        sentences.append(
            speak(
                "Depending on missing figures: place {best} to {worst}.",
                best=int(row["missing_best"]), worst=int(row["missing_worst"]),
            )
        )  # fmt: skip
    if row["method_best"] < row["method_worst"]:
        sentences.append(
            speak(
                "Under other methods: place {best} to {worst}.",
                best=int(row["method_best"]), worst=int(row["method_worst"]),
            )
        )  # fmt: skip
    group = set(ranges.loc[ranges["group_number"] == row["group_number"], "unit_code"]) - {own["unit_code"]}
    names = ranking.loc[ranking["unit_code"].isin(group), "unit_name"].tolist()
    if names:
        sentences.append(speak("Too close to call with {names}.", names=speak.names(names)))
    return " ".join(sentences)


def _added(view: View, own: Mapping[Any, Any]) -> list[str]:
    """Bonus and penalty points with reason and source, as a sentence; empty where there are none."""
    rows = decisions(view, [view.period]).get(own["unit_code"])
    return [f"{view.speak('Bonus and penalty points')}: {reasons(rows, view.speak)}."] if rows else []


def _coming_in(own: Mapping[Any, Any], ranking: pd.DataFrame, speak: Translator) -> list[str]:
    """Why the unit has no rank, and how many have figures, as sentences; empty once all are ranked."""
    told = [absence(own, speak), so_far(ranking, speak)]
    stop = "।" if speak.language == "hi" else "."
    return [f"{text[0].upper()}{text[1:]}{stop}" for text in told if text]


def _span(view: View, low: int, high: int) -> str:
    if low == high:
        return view.speak("The place stays {rank} when the weights move.", rank=low)
    return view.speak("When the weights move: place {low} to {high}.", low=low, high=high)


def _themes(view: View, unit_code: str) -> list[dict[str, Any]]:
    speak = view.speak
    scores = view.frame("theme_score", period=view.period, parent=ROOT)
    colours = part_colours(view)
    found = []
    for code, rows in scores.groupby("node_code", sort=False):
        own = rows[rows["unit_code"] == unit_code].iloc[0].to_dict()
        shares = (rows["score"] / rows["max_score"]).dropna()
        share = own["score"] / own["max_score"]
        points = speak("{score} of {max}", score=speak.number(own["score"]), max=speak.scale(own["max_score"]))
        found.append(
            {
                "name": view.names[str(code)],
                "colour": colours[str(code)],
                "share": _share(share),
                "median": _share(shares.median()) if len(shares) > 1 else None,  # of one it says nothing
                "best": _share(shares.max()),
                "points": points if pd.notna(share) else speak("missing"),
                "rank": f"{int(own['rank'])}/{len(shares)}" if pd.notna(own["rank"]) else "–",
            }
        )
    return found


def _share(value: float) -> float | None:
    return None if pd.isna(value) else round(min(1.0, max(0.0, float(value))), 4)


def _trend(view: View, unit_code: str) -> dict[str, Any] | None:
    """Points over the last periods, the unit's own and the median; None where there is only one period."""
    speak = view.speak
    history = view.frame("score_history", period=view.period, node=ROOT)
    periods = history["period"].unique().tolist()[-MOST_PERIODS:]
    history = history[history["period"].isin(periods)]
    own = history[history["unit_code"] == unit_code].set_index("period")["score"].reindex(periods)
    median = history.groupby("period")["score"].median().reindex(periods)
    if own.count() < 2:
        return None
    both = pd.concat([own, median]).dropna()
    low, high = float(both.min()), float(both.max())
    span = (high - low) or 1.0

    def heights(scores: pd.Series) -> list[float | None]:
        return [_share((score - low) / span) for score in scores]

    return {
        "own": heights(own),
        "median": heights(median),
        "own_text": speak.number(own.iloc[-1]),
        "median_text": speak.number(median.iloc[-1]),
        "first": speak.period(periods[0], is_short=True),
        "last": speak.period(periods[-1], is_short=True),
        "low": speak.number(low),
        "high": speak.number(high),
    }


def _why(view: View, unit_code: str) -> dict[str, Any] | None:
    found = draw_movement(view, unit_code)
    if found is None:
        return {"headline": nothing_to_compare(view.ranking(), view.speak), "parts": []}
    parts = [
        {"label": part.marked_label, "text": part.text, "sign": (part.amount > 0) - (part.amount < 0)}
        for part in found.parts
    ]
    return {"headline": found.headline, "parts": parts}


def _lift(view: View, unit_code: str) -> dict[str, Any]:
    speak = view.speak
    found = draw_lift(view, unit_code)
    if found is None:
        left = draw_room(view, unit_code)
        rows = [
            {"place": "", "label": part.marked_label, "step": earned, "points": part.text}
            for part, earned in zip(left.parts[:MOST_LIFTS], left.earned, strict=False)
        ]
        return {"headline": left.headline, "rows": rows}
    rows = [
        {
            "place": speak("place {place}", place=row[speak("Reach place")]),
            "label": Part(row[speak("Indicator")], 0, "", mark=found.mark).marked_label,
            "step": f"{row[speak('Now')]} → {row[speak('Needed')]}",
            "points": speak.signed(row[speak("Points gained")], 2),
        }
        for row in dictionaries(found.table.head(MOST_LIFTS))
    ]
    return {"headline": speak("Smallest single improvements that gain a place:"), "rows": rows}


def _figures(view: View) -> pd.DataFrame:
    """Each member's scored figures with their rank among the members that have one."""
    figures = view.frame("figure_points", period=view.period, unit=(), indicator=())
    figures = figures[figures["max_points"].notna()]
    ranks = figures.groupby("indicator_code")["points"].rank(method="min", ascending=False)
    return figures.assign(rank=ranks, ranked=figures.groupby("indicator_code")["points"].transform("count"))


def _indicators(view: View, figures: pd.DataFrame, unit_code: str) -> list[dict[str, Any]]:
    """The lines of the table, grouped by top theme, as (theme, colour, rows)."""
    speak, listed = view.speak, view.indicators
    own = {row["indicator_code"]: row for row in dictionaries(figures[figures["unit_code"] == unit_code])}
    statuses = headline.status_names(speak)
    groups: list[dict[str, Any]] = []
    colours = part_colours(view)
    for top in view.themes.loc[view.themes["parent_code"] == ROOT, "node_code"]:
        rows = []
        for code, indicator in listed[listed["node_code"].isin(view.below(top))].iterrows():
            if code not in own:
                continue
            row = own[code] | {"unit": indicator["unit"], "decimals": indicator["decimals"]}
            is_known = pd.notna(row["points"])
            rows.append(
                {
                    "name": indicator["indicator_name"],
                    # the status has a column of its own
                    "value": headline.figure_text(speak, row | {"status": ""}, view.period),
                    "points": speak.number(row["points"], 2),
                    "out_of": speak.number(row["max_points"], 2),
                    "rank": f"{int(row['rank'])}/{int(row['ranked'])}" if is_known else "–",
                    "status": statuses.get(row["status"], "–"),
                    "is_missing": not is_known,
                    "is_demonstration": row["status"] == "demonstration",
                }
            )
        if rows:
            groups.append({"name": view.names[top], "colour": colours.get(top, PAPER["muted"]), "rows": rows})
    return groups


def _missing(view: View, figures: pd.DataFrame, unit_code: str) -> str:
    speak = view.speak
    lacking = figures[(figures["unit_code"] == unit_code) & figures["value"].isna() & figures["points"].isna()]
    if lacking.empty:
        return speak("No figure is missing.")
    rule = (
        speak("They count nothing.")
        if view.rules["missing"] == "zero"
        else speak("The other indicators take over their weight.")
    )
    return f"{'; '.join(view.indicator_name(code) for code in lacking['indicator_code'])}. {rule}"
