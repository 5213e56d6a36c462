"""The hand-ins and where each of them stands, told from the ledger alone: there is no other state to lose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from wardstats.core.languages import Translator
from wardstats.intake.faults import IntakeError
from wardstats.ledger import Entry, Figure

State = Literal["self_scored", "cross_checked", "appraised", "returned", "accepted", "withdrawn"]
STATES: tuple[State, ...] = get_args(State)
OPEN: tuple[State, ...] = ("self_scored", "cross_checked", "appraised")  # waiting for the block
LEADS_TO: Mapping[str, State] = {
    "handin": "self_scored",
    "cross_check": "cross_checked",
    "appraise": "appraised",
    "return": "returned",
    "accept": "accepted",
    "withdraw": "withdrawn",
    "unaccept": "appraised",  # or what it was before; see ``HandIn.state``
}


@dataclass(frozen=True)
class HandIn:
    """What one ward handed in for one period, with all that was done about it.

    Attributes:
        subject: Its id.
        story: Its entries, oldest first.
    """

    subject: str
    story: tuple[Entry, ...]

    @property
    def state(self) -> State:
        """Where it stands."""
        last = self.story[-1]
        return last.details["returns_to"] if "returns_to" in last.details else LEADS_TO[last.action]

    @property
    def latest(self) -> Entry:
        """The latest version that was handed in."""
        return [entry for entry in self.story if entry.action == "handin"][-1]

    @property
    def unit_code(self) -> str:
        """The ward."""
        return self.latest.unit_code or ""

    @property
    def period(self) -> str:
        """The period of the block it was handed in for."""
        return self.latest.period or ""

    @property
    def is_late(self) -> bool:
        """Whether its first version came after the deadline."""
        return bool(self.story[0].details.get("is_late"))

    @property
    def last_number(self) -> int:
        """The number of its last entry: what whoever looks at it now knows."""
        return self.story[-1].number

    @property
    def figures(self) -> dict[str, tuple[str, Figure]]:
        """Period and figure by indicator code, of the latest version."""
        return {c.indicator_code: (c.period, c.after) for c in self.latest.changes if c.after is not None}

    @property
    def appraised(self) -> dict[str, tuple[Figure, Entry]]:
        """Figures that the block appraised otherwise than they were handed in, with the entry that says so.

        By indicator code, of the latest version; the reason is the figure's note.
        """
        found: dict[str, tuple[Figure, Entry]] = {}
        for entry in self.story:
            if entry.number < self.latest.number:
                continue
            for code, told in entry.details.get("appraised", {}).items():
                if code in self.figures:
                    _, given = self.figures[code]
                    numbers = {name: told[name] for name in ("value", "numerator", "denominator")}
                    found[code] = replace(given, **numbers, note=str(told["reason"])), entry
        return found

    @property
    def counted(self) -> dict[str, tuple[str, Figure]]:
        """Period and figure by indicator code as they count once accepted: what was appraised before what was given."""
        own = self.appraised
        return {
            code: (period, own[code][0] if code in own else given) for code, (period, given) in self.figures.items()
        }

    @property
    def proposal(self) -> Entry:
        """The latest version with the figures that would count, for a preview."""
        counted = self.counted
        changes = (replace(c, after=counted.get(c.indicator_code, ("", c.after))[1]) for c in self.latest.changes)
        return replace(self.latest, changes=tuple(changes))

    def line_notes(self) -> dict[str, list[tuple[Entry, str]]]:
        """Return the notes on single lines by indicator code, oldest first, of all versions."""
        notes: dict[str, list[tuple[Entry, str]]] = {}
        for entry in self.story:
            for code, note in entry.details.get("lines", {}).items():
                notes.setdefault(str(code), []).append((entry, str(note)))
        return notes


def hand_ins(entries: Iterable[Entry]) -> list[HandIn]:
    """Return all hand-ins, the one that was last worked on first."""
    stories: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.action in LEADS_TO and entry.subject and (entry.action == "handin" or entry.subject in stories):
            stories.setdefault(entry.subject, []).append(entry)
    found = [HandIn(subject, tuple(story)) for subject, story in stories.items()]
    return sorted(found, key=lambda item: -item.last_number)


def find_hand_in(entries: Iterable[Entry], subject: str) -> HandIn:
    """Return one hand-in.

    Raises:
        IntakeError: There is none of this id.
    """
    found = hand_ins(entries)
    for item in found:
        if item.subject == subject:
            return item
    known = ", ".join(item.subject for item in found[:10]) or "none yet"
    raise IntakeError(f"hand-in {subject!r}: found none of this id; the newest are: {known}. Correct the id.")


def unfinished(entries: Iterable[Entry], unit_code: str, period: str) -> HandIn | None:
    """Return a ward's hand-in of a period that is neither accepted nor withdrawn."""
    return next(
        (
            item
            for item in hand_ins(entries)
            if (item.unit_code, item.period) == (unit_code, period) and item.state not in ("accepted", "withdrawn")
        ),
        None,
    )


def state_names(speak: Translator) -> dict[str, str]:
    """Return what each state is called."""
    return {
        "self_scored": speak("self-scored"),
        "cross_checked": speak("cross-checked"),
        "appraised": speak("appraised"),
        "returned": speak("returned"),
        "accepted": speak("accepted"),
        "withdrawn": speak("withdrawn"),
    }
