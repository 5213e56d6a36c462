"""Whether a period, theme, quarter or year is complete enough to lead a board and to be compared; else what is said.

The limit is ``leading_coverage`` of block.toml; the snapshot holds against it (queries/build/05_ranked_period.sql and
07_score.sql). Owns which period the boards open with, and the words.
"""

from __future__ import annotations

import math

import pandas as pd

from wardstats.core.languages import Translator
from wardstats.view.view import View


def leading_period(periods: pd.DataFrame) -> str:
    """Return the period that boards open with where nobody asks for another.

    Args:
        periods: As queries/ranked_period.sql gives them, at least one.
    """
    return str(periods.loc[periods["is_leading"], "period"].iloc[0])


def is_finished(ranking: pd.DataFrame) -> bool:
    """Tell whether the figures behind a ranking are complete enough to name a leader and to compare.

    Args:
        ranking: As queries/ranking.sql or span_ranking.sql gives it.
    """
    return bool(ranking["is_finished"].all())


def coverage_text(ranking: pd.DataFrame, speak: Translator) -> str:
    """Say how complete the block's figures behind a ranking are."""
    return speak("data coverage {share}", share=speak.coverage(ranking["coverage"].mean()))


def unfinished(ranking: pd.DataFrame, speak: Translator) -> str:
    """Say that figures are too few to name a leader, and how many there are; empty where they are enough."""
    if is_finished(ranking):
        return ""
    share = ranking["coverage"].mean()
    below = math.floor(100 * share + 1e-9) / 100 or share  # never rounded up to the limit that it does not reach
    return speak("Not enough figures yet: the block has {share} of them", share=speak.coverage(below))


def unfinished_notice(view: View, ranking: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the notice, as (title, text), that stands over figures too few to compare; empty where they are enough."""
    speak = view.speak
    limit = speak.percent(view.block["leading_coverage"])
    rule = speak("Below {limit} no leader is named and no change is told.", limit=limit)
    return [(f"{note}.", rule)] if (note := unfinished(ranking, speak)) else []


def nothing_to_compare(ranking: pd.DataFrame, speak: Translator) -> str:
    """Say why no change is told."""
    if is_finished(ranking):
        return speak("No earlier period to compare with")
    return speak("Not enough figures yet to compare")
