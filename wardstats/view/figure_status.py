"""The status of figures of a period, for whatever is made of them: by indicator, by unit, of a whole ranking."""

from __future__ import annotations

from wardstats.core.statuses import weakest
from wardstats.scoring.from_queries import Queries


def by_indicator(source: Queries, period: str, unit_code: str = "") -> dict[str, str]:
    """Return the weakest status of each indicator's figures, of one unit or of all; without figures it is left out."""
    figures = source.query("figure_points", period=period, unit=(unit_code,) if unit_code else (), indicator=())
    known = figures[figures["value"].notna() | figures["numerator"].notna()]
    found = known.groupby("indicator_code")["status"].agg(weakest)
    return {str(code): status for code, status in found.items() if status}


def of_ranking(source: Queries, period: str, node: str) -> str | None:
    """Return the weakest status that a ranking rests on; None where nothing is known."""
    return weakest(source.query("ranking", period=period, node=node, language="vi")["status"])
