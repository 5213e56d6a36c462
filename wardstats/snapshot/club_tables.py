"""The club's rows of a snapshot: the tables of the last section of queries/build/00_tables.sql."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from wardstats.catalogue.club_files import Club
from wardstats.core.club_records import Activity
from wardstats.core.records import Block, Record

Rows = list[dict[str, Any]]


def club_tables(block: Block, club: Club) -> dict[str, Rows]:
    """Return the rows of each table, keyed by its columns."""
    return {
        "award": [
            {
                "year": int(year),
                "position": number,
                "name": award.name.by_language(),
                **award.model_dump(exclude={"name"}),
            }
            for year, rules in block.years.items()
            for number, award in enumerate(rules.awards, 1)
        ],
        "activity": [_activity(item) for item in club.activities],
        "document": _rows(club.documents),
        "model": [{"position": number, **item.row()} for number, item in enumerate(club.models, 1)],
        "model_criterion": _rows(club.model_criteria),
        "adoption": _rows(club.adoptions),
        "practice": _rows(club.practices),
        "topic": _rows(club.topics),
        "topic_position": _rows(club.positions),
        "hand_in_difference": [
            {**item, "accepted_at": datetime.fromisoformat(item["accepted_at"]).replace(tzinfo=None)}
            for item in club.differences
        ],
    }


def _activity(item: Activity) -> dict[str, Any]:
    fields = {key: value for key, value in item.row().items() if key not in ("starts", "ends")}
    return fields | {"starts_at": item.starts_at, "ends_at": item.ends_at, "is_all_day": item.is_all_day}


def _rows(records: Sequence[Record]) -> Rows:
    return [record.row() for record in records]
