"""What can go wrong with a harvest, and what was noticed in one that went well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, Self

from wardstats.core.errors import WardStatsError
from wardstats.core.languages import Translator, translator
from wardstats.core.locks import Holder, held_by
from wardstats.harvest.sentences import Value, sentence

Severity = Literal["refusal", "alarm", "note"]
SEVERITIES: tuple[Severity, ...] = ("refusal", "alarm", "note")  # worst first


class HarvestError(WardStatsError):
    """A harvest cannot be made as asked for."""


class PortalError(HarvestError):
    """The portal could not be reached, or kept failing. What came so far is kept; running again goes on from there."""


class BusyError(HarvestError):
    """Another harvest of the same block is running. ``holder`` says who makes it, where that is known."""

    def __init__(self, holder: Holder | None) -> None:
        """Keep who makes it."""
        self.holder = holder
        super().__init__(
            f"Another harvest of this block is running. {held_by(holder, translator('en'))} "
            "Wait until it is done; this one changed nothing."
        )


class AnswerError(HarvestError):
    """An answer is not what it should be; nothing of it is used. Its text names the endpoint and the field."""


@dataclass(frozen=True)
class Finding:
    """Something that a person should know before the figures are published.

    Attributes:
        severity: ``refusal``: nothing is recorded. ``alarm``: nothing is recorded unless somebody accepts it with a
            reason. ``note``: for information.
        code: What kind it is; see ``sentences`` and docs/harvest.md.
        place: Group, unit and indicator it is about, as far as it is about one.
        values: What was found and expected, by the names that the kind's sentence uses.
    """

    severity: Severity
    code: str
    place: str
    values: tuple[tuple[str, Value], ...] = ()

    @classmethod
    def of(cls, severity: Severity, code: str, place: str, **values: Value) -> Self:
        """Return a finding with its values by name."""
        return cls(severity, code, place, tuple(values.items()))

    def said(self, speak: Translator) -> str:
        """Return what was found and expected, in the reader's language."""
        return sentence(self.code, dict(self.values), speak)

    @property
    def text(self) -> str:
        """The same in English, for the command line and the ledger."""
        return self.said(translator("en"))

    def __str__(self) -> str:
        """Return the finding as one line."""
        return f"{self.severity}: {self.place}: {self.text} [{self.code}]"

    def as_dict(self) -> dict[str, Any]:
        """Return the fields by name, for JSON."""
        return {"severity": self.severity, "code": self.code, "place": self.place, "text": self.text}


def by_severity(found: Iterable[Finding]) -> list[Finding]:
    """Return the findings, worst first, each once."""
    return sorted(dict.fromkeys(found), key=lambda finding: SEVERITIES.index(finding.severity))


def has(found: Iterable[Finding], severity: Severity) -> bool:
    """Tell whether there is one of this severity."""
    return any(finding.severity == severity for finding in found)
