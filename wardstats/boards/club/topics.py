"""Topics of consultation: the question, how long it takes answers, where members stand, what was decided and why.

They are read from the board that is up, or, for those who take part, from the catalogue as it stands now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from wardstats.catalogue.club_files import Club
from wardstats.catalogue.consultation import Stage, stage, stage_of
from wardstats.charts.html.pieces import Stance, TopicCard
from wardstats.core.club_records import STANCES, Topic
from wardstats.core.languages import Translator
from wardstats.core.rows import dictionaries, text_or_empty
from wardstats.intake.workspace import Workspace
from wardstats.ledger.access import Actor, may
from wardstats.view.club_words import field_names, stance_names
from wardstats.view.view import View

TAB = "consultation"  # of the club's page, in its address as tab=
_TOLD = 3  # topics on every page; the others are counted
_ORDER: Mapping[str, int] = {"open": 0, "waits": 1, "ahead": 2, "decided": 3}


@dataclass(frozen=True)
class Topics:
    """All topics: those that take answers first, the next to close before others; decided ones last."""

    headline: str
    topics: list[TopicCard]
    has_sample: bool


def draw_topics(view: View, today: date, club: Club | None = None) -> Topics:
    """Return the topics as they stand on a day.

    Args:
        club: What the catalogue holds now; without it, what the view's snapshot holds.
    """
    speak = view.speak
    asked, given = _published(view) if club is None else _present(club, view.language)
    positions: dict[str, list[dict[str, Any]]] = {}
    for row in given:
        positions.setdefault(row["topic_id"], []).append(row)
    topics = [_topic(view, row, positions.get(row["topic_id"], []), today) for row in asked]
    topics.sort(key=lambda topic: (_ORDER[topic.stage], topic.answers_by or date.max))
    waiting = sum(topic.stage != "decided" for topic in topics)
    if not topics:
        headline = speak("No topic is under consultation")
    elif waiting:
        headline = _waiting(waiting, speak)
    else:
        headline = speak("All topics are decided")
    return Topics(headline, topics, any(topic.is_sample for topic in topics))


def owed_answers(workspace: Workspace, actor: Actor, today: date, speak: Translator) -> list[tuple[str, str]]:
    """Return what somebody is told on every page about topics, each with the words of the way there.

    Whoever answers for a member: on how many open topics it has given no position. Whoever decides: how many members
    have not answered, and how many topics wait. Empty where nothing is owed.
    """
    catalogue = workspace.catalogue()
    members = [unit.unit_code for unit in catalogue.units if unit.is_member]
    told = []
    if actor.unit_code in members and may(actor, "position", actor.unit_code):
        told.append((_owed_position(workspace, actor.unit_code, today, speak), speak("Give the position")))
    if may(actor, "decide", catalogue.block.head_on(today)):
        told.append((_unanswered(catalogue.club, set(members), today, speak), speak("Consultation")))
    return [(text, link) for text, link in told if text]


def _owed_position(workspace: Workspace, unit_code: str, today: date, speak: Translator) -> str:
    club = workspace.catalogue().club
    answered = {item.topic_id for item in club.positions if item.unit_code == unit_code}
    owed = [topic for topic in _at("open", club, today) if topic.topic_id not in answered]
    if not owed:
        return ""
    name = workspace.unit_name(unit_code, speak.language)
    text = speak("{name} has given no position yet on {count} {count:topic|topics}", name=name, count=len(owed))
    days = [topic.answers_by for topic in owed if topic.answers_by]
    first = [_by(min(days), speak), time_left(min(days), today, speak)] if days else []
    return " · ".join([text, *first, *_sample(owed, speak)])


def _unanswered(club: Club, members: set[str], today: date, speak: Translator) -> str:
    waiting, told = _at("waits", club, today), []
    asked = sorted(_at("open", club, today), key=lambda topic: topic.answers_by or date.max)
    if waiting:
        told.append(_waiting(len(waiting), speak))
    for topic in asked[:_TOLD]:
        silent = members - {item.unit_code for item in club.positions if item.topic_id == topic.topic_id}
        told.append(
            speak("{count} of {total} have not answered: {what}", count=len(silent), total=len(members),
                  what=topic.text(speak.language))
        )  # fmt: skip
    if more := len(asked[_TOLD:]):
        told.append(speak("{count} more {count:topic takes|topics take} answers", count=more))
    return " · ".join([*told, *_sample([*waiting, *asked], speak)])


def time_left(last: date, today: date, speak: Translator) -> str:
    """Say how many days are left for an answer, the last day itself included."""
    if last == today:
        return speak("today is the last day")
    return speak("{count} {count:day|days} left", count=(last - today).days)


def _published(view: View) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    topics = dictionaries(view.frame("topic", language=view.language))
    return topics, dictionaries(view.frame("topic_position", language=view.language))


def _present(club: Club, language: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows that queries/topic.sql and queries/topic_position.sql would give of a snapshot of this moment."""
    newest = sorted(club.topics, key=lambda topic: topic.topic_id)
    newest.sort(key=lambda topic: topic.opened_on, reverse=True)
    topics = [topic.row() | {name: topic.text(language, name) or None for name in topic.texts} for topic in newest]
    given = sorted(club.positions, key=lambda item: (item.topic_id, item.unit_code))
    return topics, [item.row() | {"position": item.text(language) or None} for item in given]


def _at(found: Stage, club: Club, today: date) -> list[Topic]:
    return [topic for topic in club.topics if stage_of(topic, today) == found]


def _topic(view: View, row: dict[str, Any], given: list[dict[str, Any]], today: date) -> TopicCard:
    speak, names = view.speak, stance_names(view.speak)
    counts = Counter(item["stance"] for item in given)
    answered = {item["unit_code"] for item in given}
    decision = text_or_empty(row["decision"])
    opened_on, answers_by = _day(row["opened_on"]), _day(row["answers_by"])
    assert opened_on is not None
    found = stage(opened_on, answers_by, bool(decision), today)
    silent = [name for code, name in view.members_now.items() if code not in answered]
    return TopicCard(
        topic_id=row["topic_id"],
        field=field_names(speak)[row["field"]],
        question=row["question"],
        state=_state(found, opened_on, answers_by, today, speak),
        stage=found,
        answers_by=answers_by,
        tally=" · ".join(f"{names[stance]}: {counts[stance]}" for stance in STANCES if counts[stance]),
        positions=[
            Stance(
                unit_name=view.unit_name(item["unit_code"]),
                stance=item["stance"],
                stance_name=names[item["stance"]],
                text=text_or_empty(item["position"]),
                is_sample=bool(item["is_sample"]),
            )
            for item in given
        ],
        silent=silent,
        member_count=len(view.members_now),
        decision=decision,
        reason=text_or_empty(row["reason"]),
        decided=" · ".join(filter(None, (view.day(row["decided_on"]), text_or_empty(row["decided_by"])))),
        is_sample=bool(row["is_sample"]),
    )


def _state(found: Stage, opened_on: date, answers_by: date | None, today: date, speak: Translator) -> str:
    if found == "decided":
        return speak("decided")
    if found == "ahead":
        return speak("answers from {day} on", day=speak.day(opened_on))
    if answers_by is None:
        return speak("open")
    if found == "open":
        return f"{_by(answers_by, speak)} · {time_left(answers_by, today, speak)}"
    due = speak("answers were due by {day}", day=speak.day(answers_by))
    return f"{due} · {speak('waits for the decision')}"


def _by(day: date, speak: Translator) -> str:
    return speak("answers by {day}", day=speak.day(day))


def _waiting(count: int, speak: Translator) -> str:
    return speak("{count} {count:topic waits|topics wait} for a decision", count=count)


def _sample(topics: Sequence[Topic], speak: Translator) -> list[str]:
    return [speak("sample")] if any(topic.is_sample for topic in topics) else []


def _day(value: Any) -> date | None:
    """Return a day, which tables of the snapshot hold as a moment."""
    return None if pd.isna(value) else pd.Timestamp(value).date()
