"""Who has handed in for which period and who has not, told from the ledger and the deadlines alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from wardstats.catalogue.load import Catalogue
from wardstats.core.periods import parse_period
from wardstats.intake.queue import HandIn, State, hand_ins
from wardstats.ledger import Entry

NOT_YET, OVERDUE = "not_yet", "overdue"
CellState = State | Literal["not_yet", "overdue"]
Whom = Literal["ward", "block", ""]


@dataclass(frozen=True)
class Cell:
    """Where a ward stands with a period.

    Attributes:
        hand_in: What it has handed in and not withdrawn, the newest; None where nothing is there.
        due_on: The last day for it, or None.
        is_overdue: Nothing is there, or it was returned, and that day is over.
        reminded: The last reminder since the ward's last step, or None.
    """

    unit_code: str
    period: str
    hand_in: HandIn | None
    due_on: date | None
    is_overdue: bool
    reminded: Entry | None = None

    @property
    def state(self) -> CellState:
        """Where it stands; what was returned is said to be so, late or not."""
        if self.hand_in is not None:
            return self.hand_in.state
        return OVERDUE if self.is_overdue else NOT_YET

    @property
    def waits_for(self) -> Whom:
        """Who has the next step: the ward, the block, or nobody."""
        if self.state in (NOT_YET, OVERDUE, "returned"):
            return "ward"
        return "" if self.state == "accepted" else "block"


@dataclass(frozen=True)
class Chosen:
    """Which hand-ins somebody looks at; what is empty leaves nothing out.

    Attributes:
        is_late: Only what is overdue, or was handed in late.
    """

    units: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    is_late: bool = False

    def has(self, found: Cell) -> bool:
        """Tell whether a cell is among them."""
        late = found.is_overdue or (found.hand_in is not None and found.hand_in.is_late)
        return self._has(found.unit_code, found.state, late)

    def has_hand_in(self, found: HandIn) -> bool:
        """Tell whether a hand-in is among them."""
        return self._has(found.unit_code, found.state, found.is_late)

    def _has(self, unit: str, state: str, late: bool) -> bool:
        is_unit, is_state = not self.units or unit in self.units, not self.states or state in self.states
        return is_unit and is_state and (late or not self.is_late)


EVERYTHING = Chosen()


def overview(
    catalogue: Catalogue, entries: Iterable[Entry], units: Sequence[str], periods: Sequence[str], today: date
) -> dict[tuple[str, str], Cell]:
    """Return where each of these wards stands with each of these periods, by ward and period.

    Args:
        periods: Of the block's own kind.
    """
    entries = list(entries)
    newest: dict[tuple[str, str], HandIn] = {}
    for item in hand_ins(entries):  # the one that was last worked on first
        if item.state != "withdrawn":
            newest.setdefault((item.unit_code, item.period), item)
    reminders = {(entry.unit_code, entry.period): entry for entry in entries if entry.action == "remind"}
    due = {period: catalogue.block.due_on(parse_period(period)) for period in periods}

    def cell(unit: str, period: str) -> Cell:
        item, day = newest.get((unit, period)), due[period]
        is_open = item is None or item.state == "returned"
        reminder = reminders.get((unit, period))
        if reminder and item and reminder.number < item.latest.number:  # the ward has done something since
            reminder = None
        return Cell(unit, period, item, day, is_open and day is not None and day < today, reminder if is_open else None)

    return {(unit, period): cell(unit, period) for unit in units for period in periods}
