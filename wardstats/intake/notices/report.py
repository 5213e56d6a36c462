"""What one run of ``notify`` did, and what went wrong on the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from wardstats.intake.notices.choices import ChoicesError
from wardstats.intake.notices.outbox import OutboxError


@dataclass
class Report:
    """What a run did.

    Attributes:
        written: New notices.
        sent: Messages and calls that were taken.
        doubtful: Of what was tried before, how many may come twice.
        troubles: What went wrong, in words for whoever runs the server.
    """

    written: int = 0
    sent: int = 0
    waiting: int = 0
    dropped: int = 0
    given_up: int = 0
    doubtful: int = 0
    troubles: list[str] = field(default_factory=list)

    def tell(self, trouble: Exception) -> None:
        """Keep what went wrong, once."""
        if str(trouble) not in self.troubles:
            self.troubles.append(str(trouble))


@contextmanager
def told_of_one(report: Report) -> Iterator[None]:
    """Let what is damaged of one person not keep others from theirs."""
    try:
        yield
    except (ChoicesError, OutboxError) as error:
        report.tell(error)
