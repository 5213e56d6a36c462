"""Topics of consultation: the question, where members stand, what was decided."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from wardstats.charts.html.pieces import Stance, TopicCard
from wardstats.core.club_records import STANCES
from wardstats.core.rows import dictionaries, text_or_empty
from wardstats.view.club_words import field_names, stance_names
from wardstats.view.view import View


@dataclass(frozen=True)
class Topics:
    """All topics, open ones first."""

    headline: str
    topics: list[TopicCard]
    has_sample: bool


def draw_topics(view: View, today: date) -> Topics:
    """Return the topics as they stand on a day, open ones first."""
    speak = view.speak
    positions: dict[str, list[dict[str, Any]]] = {}
    for row in dictionaries(view.frame("topic_position", language=view.language)):
        positions.setdefault(row["topic_id"], []).append(row)
    topics = [
        _topic(view, row, positions.get(row["topic_id"], []), today)
        for row in dictionaries(view.frame("topic", language=view.language))
    ]
    topics.sort(key=lambda topic: topic.is_decided)
    waiting = sum(not topic.is_decided for topic in topics)
    if not topics:
        headline = speak("No topic is under consultation")
    elif waiting:
        headline = speak("{count} {count:topic waits|topics wait} for a decision", count=waiting)
    else:
        headline = speak("All topics are decided")
    return Topics(headline, topics, any(topic.is_sample for topic in topics))


def _topic(view: View, row: dict[str, Any], given: list[dict[str, Any]], today: date) -> TopicCard:
    speak, names = view.speak, stance_names(view.speak)
    counts = Counter(item["stance"] for item in given)
    answered = {item["unit_code"] for item in given}
    decision = text_or_empty(row["decision"])
    return TopicCard(
        topic_id=row["topic_id"],
        field=field_names(speak)[row["field"]],
        question=row["question"],
        state=_state(view, row, decision, today),
        is_decided=bool(decision),
        tally=" · ".join(f"{names[stance]}: {counts[stance]}" for stance in STANCES if counts[stance]),
        positions=[
            Stance(
                unit_name=view.unit_name(item["unit_code"]),
                stance=item["stance"],
                stance_name=names[item["stance"]],
                text=text_or_empty(item["position"]),
            )
            for item in given
        ],
        silent=[name for code, name in view.members_now.items() if code not in answered],
        decision=decision,
        decided=view.day(row["decided_on"]),
        is_sample=bool(row["is_sample"]),
    )


def _state(view: View, row: dict[str, Any], decision: str, today: date) -> str:
    speak = view.speak
    if decision:
        return speak("decided")
    if pd.isna(row["answers_by"]):
        return speak("open")
    last = row["answers_by"].date()
    text = speak("answers were due by {day}") if last < today else speak("answers by {day}")
    return text.format(day=speak.day(last))
