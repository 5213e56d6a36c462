"""A unit's short account: its place and how far that can be trusted, why it moved, what it is strong and weak in.

A tap on a row of the phone page opens it; the projector's spotlight shows the same. Compared is always with the ranked
period before, as the places gained beside each row are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import pandas as pd

from wardstats.boards.ranking.board import range_text
from wardstats.boards.ward.movement import moved_text
from wardstats.boards.ward.profile import strongest_and_weakest
from wardstats.core.rows import dictionaries
from wardstats.live.reasons import NOTHING, Reasons, scored_figures, written_figure
from wardstats.view import headline
from wardstats.view.absence import absence, places_gained, rank_among
from wardstats.view.view import View

STANDING_OUT = 2  # indicators told that a unit is ahead of the others in, and behind them


@dataclass(frozen=True)
class Account:
    """What is told of one unit in one theme, in the reader's language.

    Attributes:
        place: Its rank among how many, and where it could stand; or why it has no rank.
        points: Its points, of how many.
        moved: By how much it moved since when; empty where that cannot be compared.
        why: Why, the most important first.
        themes: (heading, theme, points) of its strongest and its weakest theme, where there are several.
        ahead: (indicator, figure) in which it is ahead of the others' average, most first.
        behind: Likewise.
    """

    unit_code: str
    unit_name: str
    place: str
    points: str
    moved: str
    why: list[str]
    themes: list[tuple[str, str, str]]
    ahead: list[tuple[str, str]]
    behind: list[tuple[str, str]]


class Accounts:
    """The accounts of all units of one board, which share what is looked up."""

    def __init__(self, view: View) -> None:
        """Remember the board; nothing is looked up yet."""
        self.view = view

    @cached_property
    def units(self) -> list[str]:
        """The codes of the units, in the order of their rank."""
        return self._ranking["unit_code"].tolist()

    def of(self, unit_code: str) -> Account:
        """Return the account of one of the units."""
        view, speak = self.view, self.view.speak
        ranking = self._ranking
        (row,) = dictionaries(ranking[ranking["unit_code"] == unit_code])
        if pd.isna(row["rank"]):
            return Account(unit_code, row["unit_name"], _begun(absence(row, speak)), "", "", [], [], [], [])
        place = _begun(speak("rank {place}", place=rank_among(row["rank"], ranking, speak)))
        moved, why = self.movement(row)
        ahead, behind = self.standing_out(unit_code)
        return Account(
            unit_code=unit_code,
            unit_name=row["unit_name"],
            place=" · ".join(filter(None, (place, range_text(view, unit_code)))),
            points=_points(row, view),
            moved=moved,
            why=why,
            themes=self._themes(unit_code),
            ahead=ahead,
            behind=behind,
        )

    def movement(self, row: dict[Any, Any]) -> tuple[str, list[str]]:
        """Say by how much a unit moved since the period before, and why; both empty where nothing compares.

        Args:
            row: Of queries/ranking.sql, with the places gained as ``gained``.
        """
        if self._reasons is None or pd.isna(row["rank"]) or pd.isna(row["previous_score"]):
            return "", []
        speak, before = self.view.speak, self._reasons.before.period
        change = row["score"] - row["previous_score"]
        moved = moved_text(speak.change(row["score"], row["previous_score"]), before, row["gained"], speak)
        direction = row["gained"] or (change if abs(change) >= NOTHING else 0)
        return moved, self._reasons.of(row["unit_code"], 1 if direction > 0 else -1) if direction else []

    def standing_out(self, unit_code: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Return (indicator, figure) of what a unit is most ahead of the others' average in, and most behind."""
        own = self._distances[self._distances["unit_code"] == unit_code].sort_values("distance", kind="stable")
        ahead, behind = own[own["distance"] > 0].iloc[::-1], own[own["distance"] < 0]
        first, last = ([self._figure(row) for row in dictionaries(part.head(STANDING_OUT))] for part in (ahead, behind))
        return first, last

    @cached_property
    def _ranking(self) -> pd.DataFrame:
        ranking = self.view.ranking()
        return ranking.assign(gained=places_gained(ranking))

    @cached_property
    def _reasons(self) -> Reasons | None:
        before = self.view.rules["previous_period"]
        return Reasons(self.view, replace(self.view, period=before)) if isinstance(before, str) else None

    @cached_property
    def _distances(self) -> pd.DataFrame:
        """Figures of the theme with points, and how far their share of the points is from the average of all units."""
        figures = scored_figures(self.view)
        indicators = self.view.indicators
        inside = indicators.index[indicators["node_code"].isin(self.view.below(self.view.node))]
        figures = figures[figures["points"].notna() & figures["indicator_code"].isin(inside)]
        figures = figures.assign(share=figures["points"] / figures["max_points"])
        shares = figures.groupby("indicator_code")["share"]
        average = shares.mean()[shares.count() > 1]  # one alone is neither ahead of the others nor behind
        return figures.assign(distance=figures["share"] - figures["indicator_code"].map(average))

    def _figure(self, row: dict[Any, Any]) -> tuple[str, str]:
        return self.view.indicator_name(row["indicator_code"]), written_figure(self.view, row, self.view.period)

    def _themes(self, unit_code: str) -> list[tuple[str, str, str]]:
        view = self.view
        return [
            (heading, view.names[row["node_code"]], _points(row, view))
            for heading, row in strongest_and_weakest(view, unit_code)
        ]


def _points(row: dict[Any, Any], view: View) -> str:
    return headline.points_of(row["score"], row["max_score"], view.speak)


def _begun(text: str) -> str:
    """Return a text as the beginning of a sentence."""
    return text[:1].upper() + text[1:]
