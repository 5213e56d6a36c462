"""What is wrong with a workbook that was handed in: every fault at once, each with its place and its remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from wardstats.core.languages import Translator
from wardstats.core.spoken_errors import SpokenError

_TOLD_AT_MOST = 20


@dataclass(frozen=True)
class Finding:
    """One fault, or one thing worth a look.

    Attributes:
        sheet: Name of the sheet, or of the file where there are no sheets.
        cell: Address such as E12; empty where the whole sheet or file is meant.
        found: What stands there.
        expected: What should stand there.
        remedy: What to do about it.
        is_notice: It stops nothing; the reader should look at it all the same.
        indicator: The code of the indicator it is about; empty where it is about none.
    """

    sheet: str
    cell: str
    found: str
    expected: str
    remedy: str
    is_notice: bool = False
    indicator: str = ""

    def __str__(self) -> str:
        """Return the finding as one line, place first."""
        return f"{self.place}: found {self.found}; expected {self.expected}. {self.remedy}"

    def told(self, speak: Translator, with_place: bool = True) -> str:
        """Return the finding as a sentence in a reader's language, the place before it."""
        text = speak("found {found}; expected {expected}. {remedy}",
                     found=self.found, expected=self.expected, remedy=self.remedy)  # fmt: skip
        return f"{self.place}: {text}" if with_place and self.place else text[:1].upper() + text[1:]

    @property
    def place(self) -> str:
        """Sheet, cell and the indicator's code."""
        indicator = f"({self.indicator})" if self.indicator not in ("", self.cell) else ""
        return " ".join(part for part in (self.sheet, self.cell, indicator) if part)

    def as_dict(self) -> dict[str, str | bool]:
        """Return the fields by name, for JSON."""
        return asdict(self)


class IntakeError(SpokenError):
    """A step of handing in or checking is not possible."""


class RejectedError(IntakeError):
    """A file cannot be handed in. ``findings`` lists everything that is wrong with it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        """Keep the findings in reading order."""
        self.findings = list(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))
        self.told = lambda speak: "\n".join(finding.told(speak) for finding in self.findings[:_TOLD_AT_MOST])


class UnreadableError(RejectedError):
    """A file is not what can be read at all: damaged, too large, protected, of another kind."""

    def __init__(self, name: str, found: str, expected: str, remedy: str) -> None:
        """Make the one finding of it."""
        super().__init__([Finding(name, "", found, expected, remedy)])
