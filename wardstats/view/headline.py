"""The few sentences a board begins with: who leads, who climbed, how far apart, how complete.

Owns which facts are worth a headline; the words come from the translator.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from wardstats.charts.html.pieces import Card
from wardstats.core.languages import Translator, as_written
from wardstats.core.rows import dictionaries
from wardstats.view.absence import absence, nobody_ranked, places_gained, ranked_count, so_far
from wardstats.view.completeness import is_finished, unfinished

MOST_NAMED = 5  # units that a card names; more are counted


def headline(ranking: pd.DataFrame, speak: Translator, theme: str = "") -> str:
    """Return the sentence that says who leads, and among how many; or that figures are too few to say so.

    Args:
        theme: The name of the theme that is ranked; empty for the total.
    """
    if not ranked_count(ranking):
        return in_theme(nobody_ranked(ranking, speak), theme)
    if note := unfinished(ranking, speak):
        return in_theme(note, theme)
    if among := so_far(ranking, speak):
        return f"{_lead(ranking, speak, theme)} ({among})"
    return _lead(ranking, speak, theme)


def in_theme(finding: str, theme: str) -> str:
    """Return a finding with the theme it is about before it; as it is where it is about the total."""
    return f"{theme}: {finding}" if theme else finding


def points_of(score: float, most: float, speak: Translator, theme: str = "") -> str:
    """Write points with their scale and the theme they are of: 19.4 of 20 points in Environmental sanitation.

    Args:
        most: Points that can be had. The scale is left out where none is known, or a bonus lifts the score above it.
        theme: The name of the theme; empty for the total.
    """
    text = speak("{score} points", score=speak.number(score))
    if 0 < as_written(most) and as_written(score) <= as_written(most):
        text = speak("{score} of {max} points", score=speak.number(score), max=speak.scale(most))
    return speak("{points} in {theme}", points=text, theme=theme) if theme else text


def _lead(ranking: pd.DataFrame, speak: Translator, theme: str) -> str:
    ranked = ranking[ranking["rank"].notna()]
    leaders = ranked[ranked["rank"] == 1]
    points = points_of(leaders["score"].iloc[0], leaders["max_score"].iloc[0], speak, theme)
    names = leaders["unit_name"].tolist()
    if len(names) == len(ranking) > 1:
        return speak("All stand level with {points}", points=points)
    if len(ranked) == 1 < len(ranking):  # nobody to lead
        return speak("{name} has {points}", name=names[0], points=points)
    if len(names) == 1:
        return speak("{name} leads with {points}", name=names[0], points=points)
    together = ", ".join(names[:-1])
    return speak("{names} and {last} lead together with {points}", names=together, last=names[-1], points=points)


def ranking_cards(
    ranking: pd.DataFrame, parts: pd.DataFrame, parts_before: pd.DataFrame, names: dict[str, str], speak: Translator
) -> list[Card]:
    """Return the cards above a ranking.

    Args:
        ranking: As queries/ranking.sql gives it.
        parts: As queries/theme_score.sql gives them.
    """
    ranked = ranking[ranking["rank"].notna()]
    if ranked.empty:
        return []
    coverage = _coverage(ranking, speak)
    if not is_finished(ranking):
        return [coverage]
    if len(ranked) == 1 < len(ranking):  # no lead, no climb and no gap without somebody to compare with
        return [Card(speak("Ranked so far"), ranked["unit_name"].iloc[0], so_far(ranking, speak)), coverage]
    return [
        _leader(ranked, speak),
        _climber(ranked, _gains(parts, parts_before), names, speak),
        _gap(ranked, speak),
        coverage,
    ]


def delta(gained: int | None) -> tuple[str, int]:
    """Return the places gained as text (▲ 2, ▼ 1, –, or empty where there is nothing to compare) and their sign."""
    if gained is None or pd.isna(gained):
        return "", 0
    return (f"▲ {gained}", 1) if gained > 0 else (f"▼ {-gained}", -1) if gained < 0 else ("–", 0)


def status_names(speak: Translator) -> dict[str, str]:
    """Return what each status is called."""
    return {
        "official": speak("official"),
        "verified": speak("verified"),
        "reported": speak("reported"),
        "demonstration": speak("demonstration"),
    }


def mark(status: str | None, speak: Translator) -> str:
    """Return the word beside what is made up; empty for any other status."""
    return speak("demonstration") if status == "demonstration" else ""


def status_texts(ranking: pd.DataFrame, speak: Translator) -> pd.Series:
    """Return the status of each row of a ranking in words; of one without a rank, why it has none."""
    names = status_names(speak)
    texts = [absence(row, speak) or names.get(row["status"], "") for row in dictionaries(ranking)]
    return pd.Series(texts, ranking.index, dtype=object)


def figure_text(speak: Translator, row: Mapping[Any, Any], period: str) -> str:
    """Write a figure in the reader's words: 87,5%; marked where it is made up, or measures another period.

    Args:
        row: value, points, unit, decimals, measured_period, status.
        period: The ranked period it is shown in.
    """
    if pd.isna(row["value"]):
        return speak("missing") if pd.isna(row["points"]) else speak("none to count")
    text = speak.measure(row["value"], row["unit"], int(row["decimals"]))
    if row["measured_period"] != period:
        text += f" ({speak.period(row['measured_period'], is_short=True)})"
    return f"{text} · {speak('demonstration')}" if row["status"] == "demonstration" else text


def _leader(ranked: pd.DataFrame, speak: Translator) -> Card:
    first, others = ranked.iloc[0], ranked[ranked["rank"] > 1]
    names = speak.names(ranked.loc[ranked["rank"] == 1, "unit_name"].tolist())
    if others.empty:
        detail = speak("{score} points", score=speak.number(first["score"]))
    else:
        detail = ahead_of(first["score"], others.iloc[0]["score"], others.iloc[0]["unit_name"], speak)
    return Card(speak("In the lead"), names, detail)


def ahead_of(score: float, other: float, name: str, speak: Translator) -> str:
    """Say by how many points a score exceeds that of another unit; level where no written decimal tells them apart."""
    if not round(score - other, 9):
        return speak("level with {name}", name=name)
    return speak("{points} points ahead of {name}", points=speak.difference(score, other), name=name)


def _gains(parts: pd.DataFrame, before: pd.DataFrame) -> pd.DataFrame:
    both = parts.merge(before, on=["unit_code", "node_code"], suffixes=("", "_before"))
    both = both[both["is_finished"] & both["is_finished_before"]]
    return both.assign(gain=both["score"] - both["score_before"]).dropna(subset="gain")


def _climber(ranked: pd.DataFrame, gains: pd.DataFrame, names: dict[str, str], speak: Translator) -> Card:
    topic = speak("Fastest climber")
    climbed = ranked.assign(places=places_gained(ranked), points=ranked["score"] - ranked["previous_score"])
    if climbed["places"].isna().all():
        return Card(topic, "–", speak("No earlier period to compare with"))
    best = climbed.sort_values(["places", "points"], ascending=False).iloc[0]
    if best["places"] <= 0:
        return Card(topic, "–", speak("Nobody has gained a place"))
    own = gains[gains["unit_code"] == best["unit_code"]].sort_values("gain", ascending=False)
    if own.empty or own.iloc[0]["gain"] <= 0:
        detail = speak("{points} points in all", points=speak.change(best["score"], best["previous_score"]))
    else:
        theme, points = names[own.iloc[0]["node_code"]], speak.change(own.iloc[0]["score"], own.iloc[0]["score_before"])
        detail = speak("thanks to {theme}: {points} points", theme=theme, points=points)
    return Card(topic, best["unit_name"], detail, mark=f"▲ {int(best['places'])}", change=1)


def _gap(ranked: pd.DataFrame, speak: Translator) -> Card:
    gap, before = (_span(ranked[column]) for column in ("score", "previous_score"))
    finding = speak("{points} points", points=speak.difference(ranked["score"].max(), ranked["score"].min()))
    if ranked["previous_score"].isna().any():  # of others, so it compares with nothing
        detail = speak("between the first and the last")
    elif gap < before:
        detail = speak("{points} closer than before", points=speak.difference(before, gap))
    elif gap > before:
        detail = speak("{points} wider than before", points=speak.difference(gap, before))
    else:
        detail = speak("as wide as before")
    return Card(speak("First to last"), finding, detail)


def _span(scores: pd.Series) -> float:
    """Points from the last to the first, as both are written."""
    return round(as_written(scores.max()) - as_written(scores.min()), 1)


def _coverage(ranking: pd.DataFrame, speak: Translator) -> Card:
    finding = speak.coverage(ranking["coverage"].mean())
    worst = ranking.sort_values(["coverage", "missing_count"], ascending=[True, False]).iloc[0]
    without = ranking.loc[ranking["missing_count"] == ranking["indicator_count"], "unit_name"].tolist()
    if without:
        shown, more = without[:MOST_NAMED], len(without) - MOST_NAMED
        names = (
            speak("{names} and {count} more", names=", ".join(shown), count=more) if more > 0 else speak.names(shown)
        )
        detail = speak("no figures yet: {names}", names=names)
    elif worst["missing_count"] == 0:
        detail = speak("No figure is missing")
    else:
        detail = speak("figures missing in {name}: {count}", name=worst["unit_name"], count=int(worst["missing_count"]))
    return Card(speak("Data coverage"), finding, detail)
