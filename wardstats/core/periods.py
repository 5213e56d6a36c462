"""Periods as text: a year (2026), a quarter (2026-Q3) or a month (2026-10)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Kind = Literal["month", "quarter", "year"]
KINDS: tuple[Kind, ...] = ("month", "quarter", "year")
MONTHS_IN: dict[Kind, int] = {"month": 1, "quarter": 3, "year": 12}

_PATTERN = re.compile(r"(?P<year>[12]\d{3})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?", re.ASCII)


@dataclass(frozen=True, order=True)
class Period:
    """A month, quarter or year; periods order by their last day, then by their first.

    Attributes:
        ends_on: Last day.
        starts_on: First day.
        text: As written in the files: 2026, 2026-Q3 or 2026-10.
        kind: month, quarter or year.
    """

    ends_on: date
    starts_on: date
    text: str
    kind: Kind

    @property
    def year(self) -> int:
        """Calendar year."""
        return self.starts_on.year

    def previous(self) -> Period:
        """Return the period of the same kind just before this one."""
        return period_containing(self.starts_on - timedelta(days=1), self.kind)


def parse_period(text: str) -> Period:
    """Read a period.

    Raises:
        ValueError: The text is not a year, quarter or month.
    """
    match = _PATTERN.fullmatch(text)
    if match is None:
        raise ValueError(f"not a period: {text!r}; expected a year (2026), quarter (2026-Q3) or month (2026-10)")
    year = int(match["year"])
    if match["month"]:
        return _period(year, int(match["month"]), "month", text)
    if match["quarter"]:
        return _period(year, 3 * int(match["quarter"]) - 2, "quarter", text)
    return _period(year, 1, "year", text)


def period_containing(day: date, kind: Kind) -> Period:
    """Return the month, quarter or year that contains a day."""
    if kind == "month":
        return parse_period(f"{day.year}-{day.month:02}")
    if kind == "quarter":
        return parse_period(f"{day.year}-Q{(day.month + 2) // 3}")
    return parse_period(str(day.year))


def _period(year: int, first_month: int, kind: Kind, text: str) -> Period:
    after = first_month + MONTHS_IN[kind]
    next_start = date(year + 1, 1, 1) if after > 12 else date(year, after, 1)
    return Period(next_start - timedelta(days=1), date(year, first_month, 1), text, kind)
