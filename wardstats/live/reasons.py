"""Why a unit moved between two boards: the themes that moved it the way it went, and the figure behind the first.

What changed is found once for all units. Which two boards are compared is the caller's.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import pandas as pd

from wardstats.view import headline
from wardstats.view.view import View

NOTHING = 0.05  # points; less is not seen in one decimal
_NAMED = 2  # themes, or figures where there are no themes


class Reasons:
    """What moved the units of a board since another one.

    Attributes:
        now: The board, of the total or of a theme.
        before: What it is compared with, of the same theme.
    """

    def __init__(self, now: View, before: View) -> None:
        """Remember the two boards; what changed is found when it is first asked for."""
        self.now, self.before = now, before

    def of(self, unit_code: str, sign: int) -> list[str]:
        """Return the reasons, the most important first.

        Args:
            unit_code: The unit's.
            sign: 1 for one that went up, -1 for one that went down.

        Returns:
            Themes and a figure; where nothing of its own went that way, that the others moved more.
        """
        themes = self.themes(unit_code, sign)
        moved = _most(self._themes, unit_code, sign)["node_code"].tolist()
        if not moved and self._has_themes:
            return [self._others(sign)]
        inside = self.now.below(moved[0] if moved else self.now.node)
        there = self.now.indicators["node_code"]
        codes = _most(self._figures, unit_code, sign)["indicator_code"]
        codes = codes[codes.map(there).isin(inside)].tolist()[: 1 if moved else _NAMED]
        told = [" · ".join(themes)] if themes else []
        return told + [self._figure(unit_code, code) for code in codes] or [self._others(sign)]

    def themes(self, unit_code: str, sign: int) -> list[str]:
        """Return the themes that moved a unit most in one direction, each with its points: Social security -1.4."""
        found = _most(self._themes, unit_code, sign).head(_NAMED)
        gains = zip(found["node_code"], found["gain"], strict=True)
        return [f"{self.now.names[code]} {self.now.speak.signed(gain)}" for code, gain in gains]

    def _others(self, sign: int) -> str:
        return self.now.speak("others lost more") if sign > 0 else self.now.speak("others gained more")

    @cached_property
    def _has_themes(self) -> bool:
        return not _theme_scores(self.now, self.now.node).empty

    @cached_property
    def _themes(self) -> pd.DataFrame:
        now, then = (_theme_scores(view, self.now.node) for view in (self.now, self.before))
        return _gains(now[now["is_finished"]], then[then["is_finished"]], "node_code", "score")

    @cached_property
    def _figures(self) -> pd.DataFrame:
        return _gains(scored_figures(self.now), scored_figures(self.before), "indicator_code", "points")

    def _figure(self, unit_code: str, code: str) -> str:
        """Write a figure then and now; the change is never torn apart by a line's end."""
        texts = []
        for view in (self.before, self.now):
            figures = scored_figures(view)
            own = figures[(figures["unit_code"] == unit_code) & (figures["indicator_code"] == code)].iloc[0]
            texts.append(written_figure(self.now, own.to_dict(), view.period))
        change = " → ".join(texts).replace(" ", "\u00a0")
        return f"{self.now.indicator_name(code)}: {change}"


def scored_figures(view: View) -> pd.DataFrame:
    """Return queries/figure_points.sql of all units, without figures that earn no points."""
    figures = view.frame("figure_points", period=view.period, unit=(), indicator=())
    return figures[figures["max_points"].notna()]


def written_figure(view: View, row: Mapping[Any, Any], period: str) -> str:
    """Write a figure of ``scored_figures`` as its indicator is written.

    Args:
        view: Knows the indicators.
        row: The figure's.
        period: The ranked period it is shown in.
    """
    about = view.indicators.loc[row["indicator_code"]]
    return headline.figure_text(view.speak, {**row, "unit": about["unit"], "decimals": about["decimals"]}, period)


def _theme_scores(view: View, node: str) -> pd.DataFrame:
    return view.frame("theme_score", period=view.period, parent=node)


def _gains(now: pd.DataFrame, then: pd.DataFrame, key: str, column: str) -> pd.DataFrame:
    """Return what changed, of all units: unit_code, the key, gain in points."""
    both = now.merge(then, on=["unit_code", key], suffixes=("", "_before"))
    both = both.assign(gain=both[column] - both[f"{column}_before"])
    return both.loc[both["gain"].abs() >= NOTHING, ["unit_code", key, "gain"]]


def _most(gains: pd.DataFrame, unit_code: str, sign: int) -> pd.DataFrame:
    """Return what changed of one unit in one direction, most first."""
    own = gains[(gains["unit_code"] == unit_code) & (gains["gain"] * sign > 0)]
    return own.sort_values("gain", ascending=sign < 0, kind="stable")
