"""Who can learn what from whom: practices of wards that improved, for a ward that is weak on the same indicator.

Owns the match and its reason; how many points a value earns is worked out from the criteria, as the scores are.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from wardstats.boards.club.practices import practice_cards
from wardstats.charts.html.pieces import Learning, PracticeCard, Suggestion
from wardstats.core.rows import dictionaries
from wardstats.scoring import value_points
from wardstats.view.scoring_inputs import shared_spec
from wardstats.view.view import View


def draw_learning(view: View, unit_code: str) -> Learning:
    """Return what the ward can learn, best fit first."""
    speak = view.speak
    figures = view.frame("figure_points", period=view.period, unit=(), indicator=())
    figures = figures[figures["max_points"].notna() & figures["points"].notna()]
    weak = _weak(figures, unit_code)
    suggestions = []
    for card in practice_cards(view):
        row = weak.get(card.indicator_code)
        if row is None or card.unit_code == unit_code or card.after is None or card.gain is None or card.gain <= 0:
            continue
        same = figures[figures["indicator_code"] == card.indicator_code]
        reached = points_at(view, card.indicator_code, card.after, same)
        points = None if reached is None else reached - row["points"]
        if points is not None and points > 1e-9:
            suggestions.append(Suggestion(card, points, _reason(view, card, row, points)))
    suggestions.sort(key=lambda item: (-item.points, -(item.card.gain or 0), item.card.practice_id))
    name = view.unit_name(unit_code)
    helped = {item.card.indicator_code for item in suggestions}
    alone = [view.indicator_name(code) for code in weak if code not in helped]
    if suggestions:
        headline = speak("{name} can learn most from {other}", name=name, other=suggestions[0].card.unit_name)
    elif weak:
        headline = speak("No shared practice yet where {name} is weak", name=name)
    else:
        headline = speak("{name} is below the median on no indicator", name=name)
    return Learning(headline, suggestions, alone)


def _weak(figures: pd.DataFrame, unit_code: str) -> dict[str, dict[str, Any]]:
    """The indicators on which a ward earns fewer points than the median member, most points lost first."""
    by_code = figures.groupby("indicator_code")["points"]
    ranked = figures.assign(
        median=by_code.transform("median"),
        rank=by_code.rank(method="min", ascending=False),
        ranked=by_code.transform("count"),
    )
    own = ranked[(ranked["unit_code"] == unit_code) & (ranked["points"] < ranked["median"] - 1e-9)]
    lost = own.assign(lost=own["max_points"] - own["points"]).sort_values("lost", ascending=False)
    return {row["indicator_code"]: row for row in dictionaries(lost)}


def points_at(view: View, indicator_code: str, value: float, figures: pd.DataFrame) -> float | None:
    """Return the points that a value would earn by this year's criterion.

    Args:
        value: In its unit.
        figures: The members' values and points; relative rules and own targets are read off between them.
    """
    spec = shared_spec(view, int(view.rules["year"]))
    points = value_points(spec, indicator_code, value, is_for_all=True)
    if not np.isnan(points):
        return points
    known = figures.dropna(subset=["value", "points"]).sort_values("value")
    if known["value"].nunique() < 2:
        return None
    return float(np.interp(value, known["value"], known["points"]))


def _reason(view: View, card: PracticeCard, row: dict[str, Any], points: float) -> str:
    speak, code = view.speak, card.indicator_code
    return speak(
        "{indicator}: this ward has {own}, place {rank} of {count}. {other} went {result}. "
        "The same figure would bring {points} points.",
        indicator=card.indicator_name, own=view.figure(code, row["value"]), rank=int(row["rank"]),
        count=int(row["ranked"]), other=card.unit_name, result=card.result, points=speak.signed(points, 2),
    )  # fmt: skip
