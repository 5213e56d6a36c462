"""What can go wrong with a harvest, and what was noticed in one that went well."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Literal

from wardstats.errors import WardStatsError

Severity = Literal["refusal", "alarm", "note"]
SEVERITIES: tuple[Severity, ...] = ("refusal", "alarm", "note")  # worst first


class HarvestError(WardStatsError):
    """A harvest cannot be made as asked for."""


class PortalError(HarvestError):
    """The portal could not be reached, or kept failing. What came so far is kept; running again goes on from there."""


class BusyError(HarvestError):
    """Another harvest of the same block is running."""


class AnswerError(HarvestError):
    """An answer is not what it should be; nothing of it is used. Its text names the endpoint and the field."""


@dataclass(frozen=True)
class Finding:
    """Something that a person should know before the figures are published.

    Attributes:
        severity: ``refusal``: nothing is recorded. ``alarm``: nothing is recorded unless somebody accepts it with a
            reason. ``note``: for information.
        code: What kind it is; see docs/harvest.md.
        place: Group, unit and indicator it is about, as far as it is about one.
        text: What was found, what was expected.
    """

    severity: Severity
    code: str
    place: str
    text: str

    def __str__(self) -> str:
        """Return the finding as one line."""
        return f"{self.severity}: {self.place}: {self.text} [{self.code}]"

    def as_dict(self) -> dict[str, str]:
        """Return the fields by name, for JSON."""
        return asdict(self)


def by_severity(found: Iterable[Finding]) -> list[Finding]:
    """Return the findings, worst first, each once."""
    return sorted(dict.fromkeys(found), key=lambda finding: SEVERITIES.index(finding.severity))


def has(found: Iterable[Finding], severity: Severity) -> bool:
    """Tell whether there is one of this severity."""
    return any(finding.severity == severity for finding in found)
