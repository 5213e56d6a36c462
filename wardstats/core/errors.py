"""The few error classes of the package, and the record of one problem in a data folder.

Every message gives the place, what was found, what was expected and what to do about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass


class WardStatsError(Exception):
    """Base of everything this package raises on purpose; its text is fit to be shown to a user."""


@dataclass(frozen=True)
class Problem:
    """One fault in a data folder.

    Attributes:
        file: Path relative to the folder, with forward slashes.
        line: Line in the file as an editor counts it (1 = first), or None where the whole file is meant.
        column: Column or key, or None.
        found: What stands there.
        expected: What should stand there.
        remedy: What the reader can do about it.
    """

    file: str
    line: int | None
    column: str | None
    found: str
    expected: str
    remedy: str

    def __str__(self) -> str:
        """Return the problem as one line, place first."""
        place = self.file
        if self.line is not None:
            place += f" line {self.line}"
        if self.column is not None:
            place += f", {self.column}"
        return f"{place}: found {self.found}; expected {self.expected}. {self.remedy}"

    def as_dict(self) -> dict[str, str | int | None]:
        """Return the fields by name, for JSON."""
        return asdict(self)


class DataError(WardStatsError):
    """A data folder has faults. ``problems`` lists all of them, ordered by file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep the problems in reading order."""
        self.problems = sorted(dict.fromkeys(problems), key=lambda p: (p.file, p.line or 0, p.column or ""))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class SnapshotError(WardStatsError):
    """There is no snapshot to read, or the one asked for does not exist or cannot be read."""


class NothingPublishedError(SnapshotError):
    """Nothing has been published in this folder yet."""


class HistoryError(SnapshotError):
    """Neither list of what was published can be read, so nobody may add to it."""


class SpecError(WardStatsError):
    """The criteria or the theme tree contradict themselves; the message lists every problem."""


class MethodError(WardStatsError):
    """The figures cannot go through the chosen method, such as a negative number in a geometric mean."""


class QueryError(WardStatsError):
    """A named query does not exist, or was called with other parameters than its header declares."""
