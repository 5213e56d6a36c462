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
from wardstats.core.club_records import Decision, Position, Topic, Withdrawn
from wardstats.core.data_files import Lines
from wardstats.core.records import in_each_language
from wardstats.ledger import Entry

GIVING = ("position", "position_withdraw")
DECIDING = ("decide", "reopen")
COUNTING = frozenset({*GIVING, *DECIDING})
SOURCE_ID = "club_position"

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


def ledger_positions(entries: Iterable[Entry], language: str) -> list[Position]:
    """Return the positions that were given in the program and stand.

    Raises:
        LedgerError: An entry does not hold a position.
    """
    return [_position(entry).filled(language) for entry in _last_positions(entries) if entry.action == "position"]


def ledger_withdrawn(entries: Iterable[Entry]) -> list[Withdrawn]:
    """Return the positions that were withdrawn in the program."""
    return [
        record_of(entry, Withdrawn, {"topic_id": topic_of(entry), "unit_code": entry.unit_code})
        for entry in _last_positions(entries)
        if entry.action == "position_withdraw"
    ]


def ledger_decisions(entries: Iterable[Entry], language: str) -> list[Decision]:
    """Return the last word of the program on each topic: a decision, or that it was taken back.

    Raises:
        LedgerError: An entry does not hold a decision.
    """
    last = {topic_of(entry): entry for entry in entries if entry.action in DECIDING}
    made = {
        topic: entry.details.get("decision", {}) if entry.action == "decide" else {} for topic, entry in last.items()
    }
    return [record_of(last[topic], Decision, {"topic_id": topic, **fields}).filled(language)
            for topic, fields in made.items()]  # fmt: skip


def with_positions(
    lines: Lines[Position], given: Iterable[Position], withdrawn: Iterable[Withdrawn]
) -> Lines[Position]:
    """Let positions that were given in the program replace the file's; those that were withdrawn are gone."""
    given = list(given)
    replaced = {(item.topic_id, item.unit_code) for item in (*given, *withdrawn)}
    kept = [(line, item) for line, item in lines if (item.topic_id, item.unit_code) not in replaced]
    return [*kept, *((0, item) for item in given)]


def with_decisions(lines: Lines[Topic], decisions: Iterable[Decision]) -> Lines[Topic]:
    """Let decisions that were made in the program replace the file's; those that were taken back are gone."""
    made = {decision.topic_id: decision.model_dump() for decision in decisions}
    return [(line, topic.model_copy(update=made.get(topic.topic_id, {}))) for line, topic in lines]


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


def _last_positions(entries: Iterable[Entry]) -> Iterable[Entry]:
    return {(topic_of(entry), entry.unit_code): entry for entry in entries if entry.action in GIVING}.values()


def _position(entry: Entry) -> Position:
    fields = {"is_sample": False, "source_id": SOURCE_ID} | dict(entry.details.get("position", {}))
    return record_of(entry, Position, fields | {"topic_id": topic_of(entry), "unit_code": entry.unit_code})
