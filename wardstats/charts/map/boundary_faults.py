"""What can be wrong with a file of boundaries, as problems for the command line and in a reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from wardstats.core.errors import Problem, WardStatsError
from wardstats.core.languages import Translator

Kind = Literal[
    "missing", "unreadable", "no_codes", "no_code", "units", "shapes", "coordinates", "exchanged", "elsewhere", "areas"
]


AREA_TOLERANCE_PCT = 2.0  # how far the area of a shape may be from area_km2


@dataclass(frozen=True)
class Fault:
    """One fault of a file of boundaries.

    Attributes:
        kind: Decides how it is told on a page.
        is_fatal: No map can be drawn from the file; the others only make it doubtful.
        is_notice: Worth a look only: boundaries are kept all the same.
    """

    kind: Kind
    problem: Problem
    is_fatal: bool
    is_notice: bool = False


class BoundaryError(WardStatsError):
    """Boundaries are missing, unreadable, or do not hold the units they should. Lists all faults found."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Keep the faults in the order in which they were found."""
        self.faults = tuple(dict.fromkeys(faults))
        super().__init__("\n".join(str(fault.problem) for fault in self.faults))

    def told(self, speak: Translator) -> str:
        """Return what is wrong in the reader's language, without any path of the server."""
        return "; ".join(dict.fromkeys(_told(fault.kind, speak) for fault in self.faults))


def fault(
    kind: Kind, file: str, column: str | None, found: str, expected: str, remedy: str, *, is_fatal: bool = True
) -> Fault:
    """Return a fault with its problem: place, found, expected, remedy."""
    return Fault(kind, Problem(file, None, column, found, expected, remedy), is_fatal)


def _told(kind: Kind, speak: Translator) -> str:
    match kind:
        case "missing":
            return speak("it is not there")
        case "unreadable":
            return speak("it cannot be read as a map")
        case "no_codes":
            return speak("no column of it holds the codes of the units")
        case "no_code":
            return speak("some of its shapes have no code")
        case "units":
            return speak("it does not hold all units")
        case "shapes":
            return speak("some units have no shape in it")
        case "coordinates":
            return speak("its coordinates are not degrees, and it names no coordinate system")
        case "exchanged":
            return speak("latitude and longitude are exchanged in it")
        case "elsewhere":
            return speak("its shapes lie far from where the units are")
        case "areas":
            return speak("areas in it differ from those of the units")
