"""The board that phones show and the event stream carries: a publication in one language, as small JSON.

Numbers are given twice, as numbers and as the reader writes them, so that a page's script only puts texts in place.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd

from wardstats.boards.ranking.board import part_colours
from wardstats.core.languages import TIME_ZONE, Translator
from wardstats.core.pointer import Published
from wardstats.core.records import ROOT
from wardstats.core.rows import dictionaries
from wardstats.live.reader import Reader
from wardstats.view import headline
from wardstats.view.absence import absence, places_gained, so_far
from wardstats.view.adjustments import decisions, sum_text, told
from wardstats.view.closing import gaps, rule_of_gaps
from wardstats.view.completeness import coverage_text, is_finished
from wardstats.view.demonstration_notice import MadeUp, made_up
from wardstats.view.publication_words import state_text
from wardstats.view.view import View

ROWS_AT_MOST = 150  # a phone on a weak line; the full ranking is one request to the API away


def live_board(reader: Reader, published: Published, language: str, back: int = 1) -> dict[str, Any]:
    """Return the total and the top-level themes of the period that leads in a publication.

    Args:
        back: How many periods before are shown, or compared with.

    Returns:
        What docs/operations.md and the OpenAPI document describe as ``Board``.
    """
    view = reader.view(published.snapshot_id, language)
    speak, figures = view.speak, made_up(view, back=back)
    ranking = _ranking(view, ROOT)
    finding = headline.headline(ranking, speak)
    colours = part_colours(view)
    themes = [
        {
            "theme_code": code,
            "theme_name": view.names[code],
            "colour": colours[code],
            **_theme(view, code),
        }
        for code in view.main_themes
    ]
    return {
        **publication_facts(published, speak),
        **view_facts(view, figures),
        "headline": finding,
        "title": " · ".join(filter(None, (finding, figures.word, view.block["block_name"]))),
        "max_score": _number(ranking["max_score"].max()),
        "most_text": speak.scale(ranking["max_score"].max()),
        "scale": _number(max(ranking["max_score"].max(), ranking["score"].max())),
        "unit_count": len(ranking),
        "so_far": so_far(ranking, speak),
        "since": _since(ranking, view),
        "ranking": [_row(row, view) for row in _rows(ranking)],
        "themes": themes,
    }


def publication_facts(published: Published, speak: Translator) -> dict[str, Any]:
    """Return what a reader wants to know of a publication: when, as what, and by whom."""
    return {
        "snapshot_id": published.snapshot_id,
        "publication": published.key,
        "published_at": published.published_at,
        "updated": local_time(published),
        "updated_on": speak.day(_local(published).date()),
        "state": "final" if published.is_final else "provisional",
        "state_text": state_text(published, speak),
        "note": published.note,
        "by": published.by,
        "content_sha256": published.content_sha256,
    }


def view_facts(view: View, figures: MadeUp) -> dict[str, Any]:
    """Return the period, how complete it is, the criteria and what of the figures is made up."""
    speak, block = view.speak, view.block
    return {
        "language": view.language,
        "block_name": block["block_name"],
        "period": view.period,
        "period_text": speak("period {period}", period=speak.period(view.period)),
        **completeness_facts(_ranking(view, view.node), speak),
        "is_sample": bool(view.rules["is_sample"]),
        "is_closed": bool(view.rules["is_closed"]),
        "gaps": rule_of_gaps(view),
        "demonstration": {
            "indicator_count": figures.count,
            "of": figures.total,
            "earlier_count": figures.earlier,
            "notice": figures.notice,
            "word": figures.word,
        },
    }


def completeness_facts(ranking: pd.DataFrame, speak: Translator) -> dict[str, Any]:
    """Return how complete the figures behind a ranking are, and whether they are enough to name a leader."""
    return {
        "coverage": _number(ranking["coverage"].mean()),
        "coverage_text": coverage_text(ranking, speak),
        "is_finished": is_finished(ranking),
    }


def local_time(published: Published) -> str:
    """Return the time of a publication, Vietnamese time, to the second."""
    return f"{_local(published):%H:%M:%S}"


def _local(published: Published) -> datetime:
    return datetime.fromisoformat(published.published_at).astimezone(TIME_ZONE)


def _ranking(view: View, node: str) -> pd.DataFrame:
    """The ranking with names in the view's language; order and points are the same in all, so they are asked once."""
    ranking = view.frame("ranking", period=view.period, node=node, language="vi")
    return ranking.assign(unit_name=ranking["unit_code"].map(view.unit_names))


def _theme(view: View, code: str) -> dict[str, Any]:
    ranking = _ranking(view, code)
    return {
        "max_score": _number(ranking["max_score"].max()),
        "most_text": view.speak.scale(ranking["max_score"].max()),
        "headline": headline.headline(ranking, view.speak, view.names[code]),
        **completeness_facts(ranking, view.speak),
        "ranking": [[*_numbers(row, view.speak), absence(row, view.speak)] for row in _rows(ranking)],
    }


def _since(ranking: pd.DataFrame, view: View) -> str:
    """Say since when the places are gained that stand beside each row; empty where there is nothing to compare."""
    before = view.rules["previous_period"]
    if ranking["previous_rank"].isna().all() or not isinstance(before, str):
        return ""
    return view.speak("since {period}", period=view.speak.period(before))


def _rows(ranking: pd.DataFrame) -> list[dict[str, Any]]:
    """The first rows with the places gained; None where either rank is not known."""
    return dictionaries(ranking.assign(gained=places_gained(ranking)).head(ROWS_AT_MOST))


def _numbers(row: dict[str, Any], speak: Translator) -> tuple[Any, ...]:
    return row["unit_code"], row["rank"], _number(row["score"]), speak.number(row["score"]), row["gained"]


def _row(row: dict[str, Any], view: View) -> dict[str, Any]:
    speak = view.speak
    decided, gap = decisions(view, [view.period]).get(row["unit_code"], []), gaps(view).get(row["unit_code"])
    remarks = [told(row, decided, speak) if decided else "", gap.sentence(speak) if gap else ""]
    unit_code, rank, score, score_text, change = _numbers(row, speak)
    return {
        "rank": rank,
        "unit_code": unit_code,
        "unit_name": row["unit_name"],
        "score": score,
        "score_text": score_text,
        "change": change,
        "absence": absence(row, speak),
        "adjustment": _number(row["adjustment"]),
        "added_up": sum_text(row["score"], row["adjustment"], speak),
        "remark": " · ".join(filter(None, remarks)),
        "coverage": _number(row["coverage"]),
        "missing": int(row["missing_count"]),
        "status": row["status"],
    }


def _number(value: float | None) -> float | None:
    return None if value is None or pd.isna(value) else round(float(value), 4)
