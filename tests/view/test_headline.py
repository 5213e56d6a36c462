"""The sentence that a board begins with: the score with its scale, and the theme that was chosen."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from tests.views import view_of
from wardstats.boards.compare import draw_comparison
from wardstats.boards.ranking.board import draw_ranking
from wardstats.boards.reliability.board import reliability_board
from wardstats.boards.ward.profile import draw_profile
from wardstats.core.languages import LANGUAGES, translator
from wardstats.snapshot.store import Snapshot
from wardstats.view.headline import headline, in_theme, points_of
from wardstats.view.view import View

SANITATION = "Environmental sanitation"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "19.4 of 20 points in Environmental sanitation"),
        ("vi", "19,4 trên 20 điểm, Environmental sanitation"),
        ("hi", "20 में से 19.4 अंक, Environmental sanitation"),
    ],
)
def test_points_are_told_with_their_scale_and_theme(language: str, text: str) -> None:
    assert points_of(19.44, 20.0, translator(language), SANITATION) == text


@pytest.mark.parametrize(("score", "most"), [(104.2, 100.0), (7.0, 0.0), (7.0, float("nan"))])
def test_a_scale_that_the_points_leave_or_nobody_knows_is_not_told(score: float, most: float) -> None:
    assert points_of(score, most, translator("en")) == f"{score:.1f} points"


def test_a_finding_without_points_says_its_theme_first() -> None:
    speak, nothing = translator("en"), pd.DataFrame({"rank": [None], "missing_count": [2], "indicator_count": [2]})
    assert in_theme("All level", "") == "All level"
    assert headline(nothing, speak, SANITATION) == f"{SANITATION}: No figures for this period yet"
    assert headline(nothing, speak) == "No figures for this period yet"


def boards(view: View) -> dict[str, str]:
    """The headline of every board that goes by a theme."""
    units = view.ranking()["unit_code"].tolist()
    return {
        "ranking": draw_ranking(view).headline,
        "ward": draw_profile(view, units[-1]).headline,
        "compare": draw_comparison(view, tuple(units[:2]), "none").headline,
        "one": draw_comparison(view, (units[0],), "median").headline,
        "reliability": reliability_board(view).headline,
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_board_tells_the_theme_that_is_chosen(small_snapshot: Snapshot, language: str) -> None:
    total = view_of(small_snapshot, language)
    theme = replace(total, node=total.themes["node_code"].iloc[0])
    assert theme.theme_name and not total.theme_name
    assert [name for name, text in boards(theme).items() if theme.theme_name not in text] == []
    assert [name for name, text in boards(total).items() if theme.theme_name in text] == []
    most = theme.speak.scale(theme.ranking()["max_score"].iloc[0])
    told = boards(theme)
    assert [name for name in ("ranking", "ward", "compare") if not re.search(rf"\b{most}\b", told[name])] == []
