"""What there is to tell: from the deadlines, the ledger, the topics and the boards; each event with an id of its own.

Deadlines and topics are looked at as they stand; of the ledger and the boards only what came after the cursor counts,
so that nobody is told the past. Pure: writes nothing, and knows no person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from wardstats.catalogue.consultation import stage_of
from wardstats.core.languages import LANGUAGES
from wardstats.core.periods import parse_period
from wardstats.core.pointer import Published
from wardstats.core.records import ROOT
from wardstats.core.rows import dictionaries
from wardstats.core.statuses import weakest
from wardstats.intake.form import choosable_periods
from wardstats.intake.notices.outbox import Kind
from wardstats.intake.overview import overview
from wardstats.intake.workspace import Workspace
from wardstats.ledger import Entry
from wardstats.snapshot.store import Store
from wardstats.view.absence import places_gained
from wardstats.view.completeness import is_finished, leading_period
from wardstats.view.contract_pace import progress
from wardstats.view.demonstration_notice import made_up
from wardstats.view.headline import headline, mark
from wardstats.view.view import View

DAYS_BEFORE = 5  # a deadline, from which on it is told
LATE_DAYS = 14  # after a deadline; what is late for longer stands on the pages
PERIODS_BACK = 6  # as on the page of checking
_NOTE_LETTERS = 600
_STEPS: Mapping[str, Kind] = {"return": "returned", "accept": "accepted"}


@dataclass(frozen=True)
class Event:
    """Something to tell.

    Attributes:
        name: What tells it from every other event of its kind.
        unit_code: The ward it is about, if one.
        facts: What is needed to tell it; texts that differ by language stand under ``told`` by language.
        lasts: It is owed only as long as it is found again: a deadline, or a topic that waits.
    """

    kind: Kind
    name: str
    unit_code: str | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    lasts: bool = False


def owed_by_work(workspace: Workspace, entries: Sequence[Entry], told: int, today: date) -> list[Event]:
    """Return what deadlines, topics and steps of hand-ins give to tell on a day.

    Args:
        entries: Of the ledger.
        told: Number of the last one that was told before.
    """
    return [*_deadlines(workspace, entries, today), *_steps(entries, told), *_topics(workspace, today)]


def owed_by_boards(store: Store, told: str) -> list[Event]:
    """Return what the boards give to tell that were put up after one; of several only the last is told.

    Args:
        told: Key of the publication that was told last; empty for none.

    Raises:
        SnapshotError: A board cannot be read.
    """
    history = store.history()
    keys = [found.key for found in history]
    before = keys.index(told) if told in keys else -1
    if len(history) <= before + 1:
        return []
    return list(_boards(store, history[before] if before >= 0 else None, history[-1]))


def _deadlines(workspace: Workspace, entries: Sequence[Entry], today: date) -> Iterator[Event]:
    catalogue = workspace.catalogue()
    units = [unit.unit_code for unit in catalogue.units if unit.is_member]
    over = [period for period in choosable_periods(catalogue, today) if parse_period(period).ends_on < today]
    for cell in overview(catalogue, entries, units, over[:PERIODS_BACK], today).values():
        if cell.waits_for != "ward" or cell.due_on is None:
            continue
        if not -timedelta(days=LATE_DAYS) <= cell.due_on - today <= timedelta(days=DAYS_BEFORE):
            continue
        kind: Kind = "late" if cell.is_overdue else "due"
        due_on = cell.due_on.isoformat()
        facts = {"period": cell.period, "due_on": due_on, "is_returned": cell.state == "returned"}
        yield Event(kind, f"{cell.unit_code} {cell.period} {due_on}", cell.unit_code, facts, lasts=True)


def _steps(entries: Sequence[Entry], told: int) -> Iterator[Event]:
    for entry in entries:
        if entry.number > told and entry.action in _STEPS:
            lines = {str(code): str(note)[:_NOTE_LETTERS] for code, note in entry.details.get("lines", {}).items()}
            facts = {"period": entry.period, "entry": entry.number, "note": entry.note[:_NOTE_LETTERS], "lines": lines}
            yield Event(_STEPS[entry.action], f"entry {entry.number}", entry.unit_code, facts)


def _topics(workspace: Workspace, today: date) -> Iterator[Event]:
    """Return each open topic with a deadline, for each member that has not said where it stands."""
    catalogue = workspace.catalogue()
    answered = {(position.topic_id, position.unit_code) for position in catalogue.club.positions}
    for topic in catalogue.club.topics:
        if topic.answers_by is None or stage_of(topic, today) != "open":
            continue
        questions = {language: [topic.text(language, "question")] for language in LANGUAGES}
        facts = {"answers_by": topic.answers_by.isoformat(), "told": questions, "is_sample": topic.is_sample}
        for unit in catalogue.units:
            if unit.is_member and (topic.topic_id, unit.unit_code) not in answered:
                yield Event("position_asked", f"{topic.topic_id} {unit.unit_code}", unit.unit_code, facts, lasts=True)


def _boards(store: Store, before: Published | None, up: Published) -> Iterator[Event]:
    """Return what a new board brings: that it is there, who fell, and whose contract is behind."""
    view = _view(store, up.snapshot_id)
    facts = {"is_final": up.is_final, "note": up.note, "has_demonstration": up.has_demonstration}
    if view is None:
        yield Event("published", up.key, None, facts)
        return
    yield Event("published", up.key, None, facts | {"period": view.period} | _in_each(view, _finding))
    yield from _falls(store, view, before, up)
    yield from _behind(view)


def _finding(view: View) -> list[str]:
    """Return who leads, and what of it is made up."""
    ranking = view.ranking()
    word = mark(weakest(ranking["status"]), view.speak)
    found = headline(ranking, view.speak)
    return [f"{found} ({word})" if word else found, *filter(None, [made_up(view).notice])]


def _falls(store: Store, view: View, before: Published | None, up: Published) -> Iterator[Event]:
    """Return the wards that lost places: against the board before, or the period before where that board had not this.

    Nothing is told of boards with too few figures to compare places.
    """
    now = view.ranking()
    then, statuses = "previous_rank", "previous_status"
    if before is not None:
        seen = replace(view, snapshot_id=before.snapshot_id)
        if view.period in set(seen.frame("ranked_period")["period"]):
            ranking = seen.ranking()
            if not is_finished(ranking):
                return
            then, statuses = "rank_seen", "status_seen"
            names = {"rank": then, "status": statuses}
            now = now.merge(ranking[["unit_code", *names]].rename(columns=names), on="unit_code", how="left")
    if not is_finished(now):
        return
    fallen = now.assign(gained=places_gained(now, then)).dropna(subset="gained")
    for row in dictionaries(fallen[fallen["gained"] < 0]):
        facts = {
            "period": view.period,
            "rank": int(row["rank"]),
            "rank_before": int(row[then]),
            "is_demonstration": weakest([row["status"], row[statuses]]) == "demonstration",
        }
        yield Event("rank_fell", f"{up.key} {row['unit_code']}", row["unit_code"], facts)


def _behind(view: View) -> Iterator[Event]:
    """Return each ward with targets behind or missed; told once a period."""
    period = parse_period(view.period)
    is_over = (period.ends_on.month, period.ends_on.day) == (12, 31)
    behind: dict[str, list[dict[str, Any]]] = {}
    for row in dictionaries(view.frame("contract_target", year=period.year, period=view.period)):
        if progress(row, period.year, is_over).state in ("behind", "missed"):
            behind.setdefault(row["unit_code"], []).append(row)
    for unit, rows in behind.items():
        facts = {
            "period": view.period,
            "count": len(rows),
            "is_sample": all(row["is_sample"] for row in rows),
            "is_demonstration": any(row["status"] == "demonstration" for row in rows),
        }
        told = _in_each(view, lambda own, rows=rows: [_pledge(own, row) for row in rows])
        yield Event("contract_behind", f"{unit} {view.period}", unit, facts | told)


def _pledge(view: View, row: Mapping[str, Any]) -> str:
    speak, code = view.speak, row["indicator_code"]
    now, target = view.figure(code, row["current_value"], row["target"]), view.figure(code, row["target"])
    text = f"{view.indicator_name(code)}: {now}, {speak('target')} {target}"
    marks = [mark(row["status"], speak), speak("sample") if row["is_sample"] else ""]
    return " · ".join(filter(None, [text, *marks]))


def _in_each(view: View, lines: Callable[[View], list[str]]) -> dict[str, Any]:
    return {"told": {language: lines(replace(view, language=language)) for language in LANGUAGES}}


def _view(store: Store, snapshot_id: str) -> View | None:
    """Return a board as it opens, in the first language; None where it ranks no period yet."""

    def fetch(snapshot_id: str, name: str, params: tuple[tuple[str, Any], ...]) -> Any:
        return store.snapshot(snapshot_id).query(name, **dict(params))

    ranked = store.snapshot(snapshot_id).query("ranked_period")
    if ranked.empty:
        return None
    return View(snapshot_id, LANGUAGES[0], leading_period(ranked), ROOT, is_dark=False, fetch=fetch)
