"""Whether a pledge is on its way: a figure against the line that leads to its target. Defined in docs/club.md.

Pure arithmetic on one row of queries/contract_target.sql; no words, no drawing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import pandas as pd

from wardstats.core.rows import number_or_none

State = Literal["reached", "ahead", "on_course", "behind", "missed", "no_data"]
BAND = 0.1  # a tenth of the way to the target: within it, above or below the line is called on course
_CUMULATIVE = ("year_to_date", "sum")


@dataclass(frozen=True)
class Progress:
    """Where one pledge stands.

    Attributes:
        expected: What the line asks for on the day the figure measures; None where no line can be drawn.
        start: Where the line begins, likewise.
        start_on: When it begins, likewise.
        share: Part of the way that is done; may be below 0 or above 1; None where there is no way to go.
    """

    state: State
    expected: float | None = None
    start: float | None = None
    start_on: date | None = None
    share: float | None = None


def progress(row: Mapping[Any, Any], year: int, is_over: bool) -> Progress:
    """Return how far a pledge is.

    Args:
        row: As queries/contract_target.sql gives it.
        is_over: All figures of the year are in: a target that is not reached is missed.
    """
    target, pace = float(row["target"]), str(row["pace"])
    baseline, current = number_or_none(row["baseline"]), number_or_none(row["current_value"])
    if pace in _CUMULATIVE:
        baseline = 0.0
    direction = _direction(row, target, baseline)
    start, start_on, is_held = _start(row, year, target, baseline, direction)
    if current is None:
        return Progress("no_data", None, start, start_on)
    is_reached = (current - target) * direction >= -1e-9
    measured_on = _day(row["current_on"]) or date(year, 12, 31)
    if start is None or start_on is None:
        state = "reached" if is_reached else "missed" if is_over else "no_data"
        return Progress(state)
    passed = (measured_on - start_on) / (date(year, 12, 31) - start_on)
    expected = target if is_held else start + min(1.0, max(0.0, passed)) * (target - start)
    way = target - start
    share = None if is_held or not way else (current - start) / way
    if is_over:
        return Progress("reached" if is_reached else "missed", expected, start, start_on, share)
    if is_held:
        return Progress("on_course" if is_reached else "behind", expected, start, start_on)
    # A ceiling that figures add up to is kept on the last day only; anything else is reached when it is reached.
    if is_reached and not (pace in _CUMULATIVE and direction < 0):
        return Progress("reached", expected, start, start_on, share)
    gap, band = (current - expected) * direction, BAND * abs(way) + 1e-9
    state = "ahead" if gap > band else "on_course" if gap >= -band else "behind"
    return Progress(state, expected, start, start_on, share)


def _start(
    row: Mapping[Any, Any], year: int, target: float, baseline: float | None, direction: int
) -> tuple[float | None, date | None, bool]:
    """Return where the line begins, when, and whether it is level: the target is to be held, not to be reached."""
    new_year = date(year - 1, 12, 31)
    if row["pace"] == "hold":
        return target, new_year, True
    if row["pace"] in _CUMULATIVE:
        return 0.0, new_year, False
    if baseline is None:
        return None, None, False
    if (baseline - target) * direction >= 0:
        return target, new_year, True
    day = _day(row["baseline_on"])
    return baseline, day if day and day.year == year else new_year, False


def _direction(row: Mapping[Any, Any], target: float, baseline: float | None) -> int:
    """1 where more is better. The criteria say so; where the indicator has none, the pledge itself does."""
    if pd.notna(row["direction"]) and row["direction"]:
        return int(row["direction"])
    return -1 if baseline is not None and target < baseline else 1


def _day(value: Any) -> date | None:
    return None if value is None or pd.isna(value) else pd.Timestamp(value).date()
