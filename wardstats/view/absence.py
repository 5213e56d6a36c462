"""What a board says while figures are still coming in: who has none yet, how many have, who moved among the same.

A place gained because others have handed in nothing yet is no gain: places are compared among those that were ranked
both times. Where everybody was, that is the plain difference of the ranks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from wardstats.core.languages import Translator


def absence(row: Mapping[Any, Any] | pd.Series, speak: Translator) -> str:
    """Say why a unit has no rank; empty where it has one.

    Args:
        row: rank, indicator_count and missing_count, as queries/ranking.sql gives them.
    """
    if pd.notna(row["rank"]):
        return ""
    if row["missing_count"] < row["indicator_count"]:
        return speak("too few figures for a rank")
    return speak("no figures yet")


def ranked_count(ranking: pd.DataFrame) -> int:
    """Return how many units of a ranking have a rank."""
    return int(ranking["rank"].notna().sum())


def is_complete(ranking: pd.DataFrame) -> bool:
    """Tell whether every unit of a ranking has a rank."""
    return bool(ranking["rank"].notna().all())


def so_far(ranking: pd.DataFrame, speak: Translator) -> str:
    """Say how many units have figures, or enough of them for a rank; empty where all are ranked."""
    if is_complete(ranking):
        return ""
    known, everybody = ranked_count(ranking), len(ranking)
    unranked = ranking[ranking["rank"].isna()]
    if (unranked["missing_count"] < unranked["indicator_count"]).any():
        return speak("enough figures for a rank: {known} of {all}", known=known, all=everybody)
    return speak("figures so far: {known} of {all}", known=known, all=everybody)


def nobody_ranked(ranking: pd.DataFrame, speak: Translator) -> str:
    """Say why a board has no order."""
    if (ranking["missing_count"] < ranking["indicator_count"]).any():
        return speak("Too few figures for a ranking yet")
    return speak("No figures for this period yet")


def rank_among(rank: int, ranking: pd.DataFrame, speak: Translator) -> str:
    """Write a rank with how many it is among, and how many more have none yet."""
    known, everybody = ranked_count(ranking), len(ranking)
    if known == everybody:
        return speak("{rank} of {count}", rank=rank, count=everybody)
    return speak("{rank} of {known} ranked so far, {all} in all", rank=rank, known=known, all=everybody)


def places_gained(ranking: pd.DataFrame, before: str = "previous_rank") -> pd.Series:
    """Return the places that each unit gained among those ranked both times; missing where there is none to compare.

    Args:
        before: The column of the rank it is compared with.
    """
    both = ranking.loc[ranking["rank"].notna() & ranking[before].notna(), ["rank", before]].astype(float)
    nothing = pd.Series(pd.NA, index=ranking.index, dtype="Int64")
    if len(both) < 2:
        return nothing
    gained = both[before].rank(method="min") - both["rank"].rank(method="min")
    return gained.astype("Int64").reindex(ranking.index)


def places_gained_by(ranking: pd.DataFrame, unit_code: str) -> int | None:
    """Return the same of one unit; None where there is nothing to compare."""
    found = places_gained(ranking)[ranking["unit_code"] == unit_code].iloc[0]
    return None if pd.isna(found) else int(found)


def comparison_note(ranking: pd.DataFrame, speak: Translator) -> str:
    """Say among whom places are compared, where not everybody was ranked both times; else empty."""
    now, then = ranking["rank"].notna(), ranking["previous_rank"].notna()
    if (now == then).all() or not (now & then).any():
        return ""
    count = int((now & then).sum())
    if count < 2:
        return speak("Places are not compared with the period before: too few were ranked both times.")
    return speak("Places are compared among the {count} that were ranked both times.", count=count)
