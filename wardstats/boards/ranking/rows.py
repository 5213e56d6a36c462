"""The parts of each bar of a ranking, and the ranking as a table to read and to take away."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import pandas as pd

from wardstats.view import headline
from wardstats.view.adjustments import decisions, reasons
from wardstats.view.bands import Band, band_names
from wardstats.view.closing import gap_columns, gaps
from wardstats.view.ranking_choice import Ranked, RankingChoice, aggregation_of, periods_in
from wardstats.view.view import View


def bar_parts(found: Ranked, colours: dict[str, str], view: View) -> pd.DataFrame:
    """Return the parts of each bar with their length in points of the whole.

    In a sum a part is as long as the points it brings. In a mean no part has points of its own in the whole: its
    length is its weight times its score, scaled so that all together are as long as the score.
    """
    speak, ranking, parts = view.speak, found.ranking, found.parts
    if parts.empty:  # a theme without sub-themes is its own single part
        columns = ["unit_code", "score", "max_score", "status"]
        parts = ranking[columns].assign(node_code=view.node, weight=1.0)
    brought = parts["weight"] * parts["score"]
    shown, most, lengths = brought, parts["weight"] * parts["max_score"], brought
    if len(found.parts) and aggregation_of(view) != "sum":
        whole = parts["unit_code"].map((ranking["score"] - ranking["adjustment"]).set_axis(ranking["unit_code"]))
        together = brought.groupby(parts["unit_code"]).transform("sum")
        shown, most, lengths = parts["score"], parts["max_score"], brought * whole / together.where(together != 0)
    names = dict(zip(ranking["unit_code"], ranking["unit_name"], strict=True))
    made_up = f"<br><i>{speak('demonstration figures')}</i>"
    hover = [
        f"<b>{escape(names[unit])}</b><br>{escape(view.names[node])}: "
        + speak("{score} of {max} points", score=speak.number(score), max=speak.scale(top))
        + (made_up if status == "demonstration" else "")
        for unit, node, score, top, status in zip(
            parts["unit_code"], parts["node_code"], shown, most, parts["status"], strict=True
        )
    ]
    return parts.assign(
        score=lengths,
        theme_name=parts["node_code"].map(view.names),
        colour=parts["node_code"].map(colours),
        is_demonstration=parts["status"] == "demonstration",
        hover=hover,
    )


def _adjustment_columns(view: View, found: Ranked) -> dict[str, pd.Series]:
    """Bonus and penalty in each total, and why; none where nobody has any."""
    speak, ranking = view.speak, found.ranking
    if not (ranking["adjustment"].fillna(0) != 0).any():
        return {}
    decided = decisions(view, periods_in(view, found.span))
    why = [reasons(decided.get(unit, []), speak) for unit in ranking["unit_code"]]
    return {
        speak("Of which bonus and penalty"): ranking["adjustment"].round(2),
        speak("Reason of bonus and penalty"): pd.Series(why, ranking.index, dtype=object),
    }


def ranking_table(
    view: View, found: Ranked, choice: RankingChoice, bands: Sequence[Band], warning: str
) -> pd.DataFrame:  # fmt: skip
    """Return a ranking in the reader's words; where it is not the official order, every row says so."""
    speak, ranking, parts = view.speak, found.ranking, found.parts
    columns = {
        speak("Rank"): ranking["rank"].astype("Int64"),
        speak("Code"): ranking["unit_code"],
        speak("Name"): ranking["unit_name"],
        speak("Points"): ranking["score"].round(2),
        **_adjustment_columns(view, found),
        speak("Out of"): ranking["max_score"].round(2),
        speak("Coverage, %"): (100 * ranking["coverage"]).round(1),
    }
    if choice.is_official:
        columns[speak("Rank before")] = ranking["previous_rank"].astype("Int64")
        columns[speak("Status before")] = ranking["previous_status"].map(headline.status_names(speak)).fillna("")
        if found.span is None and gaps(view):
            places = gap_columns(view, ranking["unit_code"])
            columns[speak("Rank at worst")] = places["rank_at_worst"]
            columns[speak("Rank if what is missing were zero")] = places["rank_if_closed"]
    else:
        columns[speak("Official rank")] = ranking["previous_rank"].astype("Int64")
        columns[speak("Official points")] = ranking["previous_score"].round(2)
    if found.span is not None:
        columns[speak("Periods with a score")] = ranking["period_count"]
        columns[speak("Best rank in a period")] = ranking["rank_best"].astype("Int64")
        columns[speak("Worst rank in a period")] = ranking["rank_worst"].astype("Int64")
    if bands:
        columns[speak("Band")] = pd.Series(band_names(ranking, bands), index=ranking.index)
    columns[speak("Status")] = headline.status_texts(ranking, speak)
    table = pd.DataFrame(columns)
    for code, rows in parts.groupby("node_code", sort=False):
        brought = (rows["score"] * rows["weight"]) if aggregation_of(view) == "sum" else rows["score"]
        table[view.names[str(code)]] = ranking["unit_code"].map(brought.set_axis(rows["unit_code"])).round(2)
    if warning:
        table[speak("Note")] = warning
    return table
