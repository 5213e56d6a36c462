"""What members and the head of the block write on a topic in the program: positions and decisions of the ledger.

Each entry names its topic in ``details["topic_id"]``; the last one about a member's position, or about a decision, is
in force and takes the place of the data folder's. When a position or decision is possible is told here too, for the
steps and for what pages show.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, Literal

from wardstats.catalogue.practices import record_of
from wardstats.core.club_records import Position, Topic
from wardstats.core.data_files import Lines
from wardstats.core.languages import LANGUAGES
from wardstats.core.records import column_of, in_each_language
from wardstats.ledger import Entry

GIVING = ("position", "position_withdraw")
DECIDING = ("decide", "reopen")
COUNTING = frozenset({*GIVING, *DECIDING})
SOURCE_ID = "club_position"
DECISION_TEXTS = ("decision", "reason", "decided_by")
_DECISION = ("decided_on", *(column_of(name, language) for name in DECISION_TEXTS for language in LANGUAGES))

# Not asked yet; members may answer; the answers are due and the head decides; decided.
Stage = Literal["ahead", "open", "waits", "decided"]


def stage(opened_on: date, answers_by: date | None, is_decided: bool, today: date) -> Stage:
    """Return how far a topic is on a day; on its last day, and without one until it is decided, it is open."""
    if is_decided:
        return "decided"
    if today < opened_on:
        return "ahead"
    return "open" if answers_by is None or today <= answers_by else "waits"


def stage_of(topic: Topic, today: date) -> Stage:
    """Return how far a topic of the catalogue is on a day."""
    return stage(topic.opened_on, topic.answers_by, topic.by_language("decision") is not None, today)


def can_be_decided(topic: Topic, today: date) -> bool:
    """Tell whether a topic may be decided: its answers were due before, or it set no day for them."""
    found = stage_of(topic, today)
    return found == "waits" or (found == "open" and topic.answers_by is None)


def can_be_reopened(topic: Topic, today: date) -> bool:
    """Tell whether a decision may be taken back: in the year in which it was made, before another heads the block."""
    decided_on = topic.decided_on
    return stage_of(topic, today) == "decided" and decided_on is not None and decided_on.year == today.year


def position_subject(topic_id: str, unit_code: str) -> str:
    """Return the subject of the entries about one member's position on a topic."""
    return f"position-{topic_id}-{unit_code}"


def decision_subject(topic_id: str) -> str:
    """Return the subject of the entries about the decision on a topic."""
    return f"decision-{topic_id}"


def topic_of(entry: Entry) -> str:
    """Return the topic that an entry of consultation is about."""
    return str(entry.details.get("topic_id", ""))


def with_positions(lines: Lines[Position], entries: Iterable[Entry], language: str) -> Lines[Position]:
    """Let positions that were given in the program replace the file's; those that were withdrawn are gone.

    Raises:
        LedgerError: An entry does not hold a position.
    """
    last = {(topic_of(entry), entry.unit_code): entry for entry in entries if entry.action in GIVING}
    given = [_position(entry).filled(language) for entry in last.values() if entry.action == "position"]
    kept = [(line, item) for line, item in lines if (item.topic_id, item.unit_code) not in last]
    return [*kept, *((0, item) for item in given)]


def with_decisions(lines: Lines[Topic], entries: Iterable[Entry], language: str) -> Lines[Topic]:
    """Let decisions that were made in the program replace the file's; those that were taken back are gone.

    Raises:
        LedgerError: An entry does not hold a decision.
    """
    last = _last_decisions(entries)
    return [
        (line, _decided(topic, last[topic.topic_id], language) if topic.topic_id in last else topic)
        for line, topic in lines
    ]


def decided_topics(entries: Iterable[Entry]) -> list[str]:
    """Return the topics of which the ledger holds a decision, or that one was taken back."""
    return list(_last_decisions(entries))


def position_sources(entries: Iterable[Entry]) -> dict[str, dict[str, Any]]:
    """Return the source that positions given in the program name; empty where there is none."""
    given = [entry for entry in entries if entry.action == "position"]
    if not given:
        return {}
    return {
        SOURCE_ID: {
            **in_each_language("title", lambda speak: speak("Positions on topics, given by the members")),
            "producer": "Câu lạc bộ Đô thị",
            "accessed": given[-1].at[:10],
        }
    }


def _last_decisions(entries: Iterable[Entry]) -> dict[str, Entry]:
    return {topic_of(entry): entry for entry in entries if entry.action in DECIDING}


def _position(entry: Entry) -> Position:
    fields = {"is_sample": False, "source_id": SOURCE_ID} | dict(entry.details.get("position", {}))
    return record_of(entry, Position, fields | {"topic_id": topic_of(entry), "unit_code": entry.unit_code})


def _decided(topic: Topic, entry: Entry, language: str) -> Topic:
    undecided = topic.model_copy(update=dict.fromkeys(_DECISION))
    if entry.action == "reopen":
        return undecided
    made = dict(entry.details.get("decision", {}))
    return record_of(entry, Topic, undecided.model_dump() | made).filled(language)
