"""What an officer finds first: what is due and by when, what was returned and why, their ward's rank and the way up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from wardstats.boards.check.overview import due_text, open_cells
from wardstats.boards.ward.lessons import draw_room
from wardstats.boards.ward.movement import draw_lift
from wardstats.charts.html.pieces import Card
from wardstats.core.languages import Translator
from wardstats.core.rows import dictionaries
from wardstats.intake.overview import Cell
from wardstats.intake.words import actor_name, moment
from wardstats.intake.workspace import Workspace
from wardstats.view.absence import absence, rank_among
from wardstats.view.addresses import unit_address
from wardstats.view.headline import mark
from wardstats.view.view import View


@dataclass(frozen=True)
class Returned:
    """A hand-in that was returned: which, by whom and when, and everything that is to be mended."""

    title: str
    reasons: list[str]


def due_card(workspace: Workspace, unit: str, today: date, speak: Translator) -> Card:
    """Return what a ward has to hand in next, and by when; what is over comes before what runs."""
    waiting = open_cells(workspace, unit, today)
    if not waiting:
        return Card(speak("To submit"), speak("nothing is due"), "")
    first, *others = waiting
    told = [due_text(first, speak), speak("overdue") if first.is_overdue else ""]
    if first.reminded is not None:
        note = f": {first.reminded.note}" if first.reminded.note else ""
        told.append(speak("reminded by {who}, {at}", who=actor_name(first.reminded, speak),
                          at=moment(first.reminded.at, speak)) + note)  # fmt: skip
    if others:
        told.append(speak("then {periods}", periods=speak.names([_with_day(cell, speak) for cell in others])))
    return Card(speak("To submit"), speak.period(first.period), " · ".join(filter(None, told)),
                mark="!" if first.is_overdue else "", change=-1 if first.is_overdue else 0)  # fmt: skip


def _with_day(cell: Cell, speak: Translator) -> str:
    day = due_text(cell, speak)
    return f"{speak.period(cell.period)} ({day})" if day else speak.period(cell.period)


def returned(workspace: Workspace, unit: str, today: date, speak: Translator) -> list[Returned]:
    """Return what of a ward's was returned and waits to be mended, with the reasons that were given."""
    names = {item.indicator_code: item.text(speak.language) for item in workspace.catalogue().indicators}
    found = []
    for cell in open_cells(workspace, unit, today):
        if cell.hand_in is None:
            continue
        entry = cell.hand_in.story[-1]
        lines = entry.details.get("lines", {})
        reasons = [entry.note, *(f"{names.get(code, code)}: {said}" for code, said in lines.items())]
        title = speak("{period} was returned by {who}, {at}", period=speak.period(cell.period),
                      who=actor_name(entry, speak), at=moment(entry.at, speak))  # fmt: skip
        found.append(Returned(title, [reason for reason in reasons if reason]))
    return found


def standing_card(view: View, unit: str) -> Card:
    """Return the rank of a ward in the period looked at, with its mark where that rests on made-up figures."""
    speak, board = view.speak, view.ranking()
    rows = dictionaries(board[board["unit_code"] == unit])
    about = speak("Rank, {period}", period=speak.period(view.period))
    if not rows or rows[0]["rank"] is None or pd.isna(rows[0]["rank"]):
        return Card(about, "–", absence(rows[0], speak) if rows else "", href=unit_address(view, unit))
    row = rows[0]
    points = speak("{points} points", points=speak.number(row["score"], 2))
    return Card(
        about, rank_among(int(row["rank"]), board, speak),
        " · ".join(filter(None, (points, mark(row["status"], speak)))), href=unit_address(view, unit),
    )  # fmt: skip


def way_up_card(view: View, unit: str) -> Card:
    """Return the shortest way to a better place; where no single indicator gains one, why, and where most is left."""
    topic, found = view.speak("Shortest way up"), draw_lift(view, unit)
    if found is not None:
        _, indicator, way, card = found.steps[0]
        return Card(topic, indicator, way, href=card)
    room = draw_room(view, unit)
    if not room.parts:
        return Card(topic, "–", room.headline)
    most = room.parts[0]
    return Card(topic, most.label, " · ".join(filter(None, (room.headline, most.text, most.mark))), href=most.href)
