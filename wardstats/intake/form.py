"""What one ward is asked for one period: its criteria with limits, targets and the figures known so far.

Owns which figures belong to a hand-in. The workbook draws it, the judge holds what comes back against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from wardstats.catalogue.figures import limits_of
from wardstats.catalogue.load import Catalogue
from wardstats.core.periods import MONTHS_IN, parse_period, period_containing
from wardstats.core.records import Criterion, Indicator, Target, Unit
from wardstats.intake.faults import IntakeError
from wardstats.intake.numbers import Asked, value_asked
from wardstats.ledger import Figure


@dataclass(frozen=True)
class Row:
    """One figure that is asked for.

    Attributes:
        theme_code: The theme the indicator stands in.
        period: The indicator's own period: a quarterly one is asked for the quarter that has ended.
        is_ratio: Numerator and denominator are asked for, not the value.
        low: Least value.
        high: Greatest value, infinite where there is none.
        target: What the unit signed for the year, or None.
        is_sample_target: Nobody signed it: it shows what a target looks like.
        now: The figure known of this period, or None; a demonstration one is no figure of the unit's own.
        last: The latest figure of an earlier period, a real one before a made-up one; or None.
        last_period: That period.
    """

    indicator: Indicator
    criterion: Criterion
    theme_code: str
    period: str
    is_ratio: bool
    low: float
    high: float
    target: float | None
    is_sample_target: bool
    now: Figure | None
    last: Figure | None
    last_period: str | None

    @property
    def code(self) -> str:
        """The indicator's code."""
        return self.indicator.indicator_code

    @property
    def unit(self) -> str:
        """The indicator's unit of measure."""
        return self.indicator.unit

    def asked(self, key: str) -> Asked:
        """Return which number is asked for: value, numerator or denominator. Counts are whole."""
        if key != "value":
            return Asked(low=0, is_whole=True)
        return value_asked(self.indicator.unit, self.indicator.decimals, self.low, self.high)


@dataclass(frozen=True)
class Form:
    """Everything one ward is asked for one period.

    Attributes:
        deadline: The last day on which it is not late, or None.
        is_sample: The criteria are a sample.
        rows: By indicator code, in the order of themes and criteria.
    """

    unit: Unit
    period: str
    deadline: date | None
    is_sample: bool
    rows: Mapping[str, Row]
    catalogue: Catalogue

    def row(self, indicator_code: str) -> Row:
        """Return what is asked about an indicator.

        Raises:
            IntakeError: It is not asked for.
        """
        if indicator_code not in self.rows:
            known = ", ".join(self.rows)
            raise IntakeError(f"indicator {indicator_code!r}: expected one of {known}. Correct the code.")
        return self.rows[indicator_code]

    @property
    def points_asked(self) -> Asked:
        """Which number a bonus or penalty may be: no more than all points of the year."""
        year = parse_period(self.period).year
        total = self.catalogue.block.years[str(year)].total_points
        most = float(total or sum(criterion.max_points for criterion in self.catalogue.criteria[year]))
        return Asked(-most, most, unit="points", decimals=2)

    def theme_name(self, code: str, language: str) -> str:
        """Return a theme's name with the themes above it."""
        themes = {theme.theme_code: theme for theme in self.catalogue.themes}
        return " / ".join(themes[step].text(language) for step in self.theme_path(code))

    def theme_path(self, code: str) -> list[str]:
        """Return a theme with those above it, the uppermost first."""
        parents = {theme.theme_code: theme.parent_code for theme in self.catalogue.themes}
        path = [code]
        while (above := parents[path[0]]) is not None:
            path.insert(0, above)
        return path


def form_of(catalogue: Catalogue, unit_code: str, period: str) -> Form:
    """Return what a unit is asked for a period.

    Raises:
        IntakeError: No such member, no such period, or a year without criteria.
    """
    members = {unit.unit_code: unit for unit in catalogue.units if unit.is_member}
    if unit_code not in members:
        known = ", ".join(sorted(members)[:20])
        raise IntakeError(f"unit {unit_code!r}: found no such member; expected one of {known}. Correct the code.")
    wanted = block_period(catalogue, period)
    criteria = {criterion.indicator_code: criterion for criterion in catalogue.criteria[wanted.year]}
    known = _Known(catalogue, unit_code)
    targets = {t.indicator_code: t for t in catalogue.targets if (t.unit_code, t.year) == (unit_code, wanted.year)}
    rows = {}
    for indicator in _in_theme_order(catalogue):
        own = _own_period(indicator, period)
        if indicator.indicator_code in criteria and own is not None:
            criterion = criteria[indicator.indicator_code]
            rows[indicator.indicator_code] = _row(known, indicator, criterion, own, targets)
    rules = catalogue.block.years[str(wanted.year)]
    return Form(members[unit_code], period, catalogue.block.due_on(wanted), rules.is_sample, rows, catalogue)


def block_period(catalogue: Catalogue, text: str) -> Any:
    """Return a period of the block's own kind whose year has criteria.

    Raises:
        IntakeError: It is not one.
    """
    kind = catalogue.block.frequency
    example = period_containing(date(max(catalogue.criteria), 11, 14), kind).text
    try:
        period = parse_period(text)
    except ValueError as error:
        raise IntakeError(f"period {text!r}: expected a {kind} such as {example}. Correct it.") from error
    if period.kind != kind:
        raise IntakeError(f"period {text!r}: found a {period.kind}; expected a {kind} such as {example}. Correct it.")
    if not catalogue.criteria.get(period.year):
        years = ", ".join(map(str, sorted(catalogue.criteria)))
        raise IntakeError(f"period {text!r}: {period.year} has no criteria; expected one of {years}. Correct it.")
    return period


def choosable_periods(catalogue: Catalogue, today: date) -> list[str]:
    """Return the periods of the block that can be handed in, the newest first, none that has not begun."""
    found, period = [], period_containing(today, catalogue.block.frequency)
    first = min(catalogue.criteria)
    while period.year >= first and len(found) < 240:
        if catalogue.criteria.get(period.year):
            found.append(period.text)
        period = period.previous()
    return found


def _in_theme_order(catalogue: Catalogue) -> list[Indicator]:
    position = {theme.theme_code: (theme.position, theme.parent_code) for theme in catalogue.themes}

    def order(indicator: Indicator) -> tuple[int, ...]:
        path: list[int] = []
        code: str | None = indicator.theme_code
        while code is not None:
            place, code = position[code]
            path.insert(0, place)
        return tuple(path)

    return sorted(catalogue.indicators, key=order)


def _own_period(indicator: Indicator, period: str) -> str | None:
    """Return for which period an indicator is asked: its last one that has ended by then, in the same year."""
    asked = parse_period(period)
    if MONTHS_IN[indicator.frequency] <= MONTHS_IN[asked.kind]:
        return period
    own = period_containing(asked.ends_on, indicator.frequency)
    if own.ends_on > asked.ends_on:
        own = own.previous()
    return own.text if own.year == asked.year else None


class _Known:
    """The figures of one unit by indicator: the real one of a period before the demonstration one."""

    def __init__(self, catalogue: Catalogue, unit_code: str) -> None:
        frame = catalogue.figures
        own = frame[frame["unit_code"] == unit_code]
        self.by_indicator: dict[str, dict[str, Figure]] = {}
        order = own.assign(is_real=own["status"] != "demonstration").sort_values("is_real", kind="stable")
        for row in order.astype(object).to_dict("records"):
            periods = self.by_indicator.setdefault(str(row["indicator_code"]), {})
            periods[str(row["period"])] = figure_of(row)
        counted = frame[frame["denominator"].notna()]
        self.ratios = set(counted["indicator_code"].astype(str).unique())
        self.given = set(frame["indicator_code"].astype(str).unique())


def _row(known: _Known, indicator: Indicator, criterion: Criterion, period: str, targets: Mapping[str, Target]) -> Row:
    code = indicator.indicator_code
    signed = targets.get(code)
    figures = known.by_indicator.get(code, {})
    asked = parse_period(period)
    earlier = [p for p in map(parse_period, figures) if p.kind == asked.kind and p < asked]
    real = [p for p in earlier if figures[p.text].status != "demonstration"]  # drops the made-up ones on every board
    last = max(real or earlier).text if earlier else None
    zero_at, full_at = (np.nan if end is None else float(end) for end in (criterion.zero_at, criterion.full_at))
    low, high = limits_of(indicator.unit, criterion.rule, float(criterion.max_points), zero_at, full_at)
    return Row(
        indicator=indicator,
        criterion=criterion,
        theme_code=indicator.theme_code,
        period=period,
        # A share is asked for as its two counts, unless the block's figures show that only the share is ever known.
        is_ratio=indicator.unit == "%" and (code in known.ratios or code not in known.given),
        low=low,
        high=high,
        target=signed.target if signed else None,
        is_sample_target=bool(signed and signed.is_sample),
        now=figures.get(period),
        last=figures[last] if last else None,
        last_period=last,
    )


def figure_of(row: Mapping[Any, Any]) -> Figure:
    """Return a row of values as a figure."""
    value, numerator, denominator = (
        None if pd.isna(row[name]) else float(row[name]) for name in ("value", "numerator", "denominator")
    )
    note = "" if pd.isna(row["note"]) else str(row["note"])
    return Figure(value, numerator, denominator, str(row["status"]), str(row["source_id"]), note)


def value_of(figure: Figure | None, unit: str) -> float | None:
    """Return the value of a figure in its indicator's unit; None where it has none, or is 0 out of 0."""
    if figure is None:
        return None
    if figure.value is not None:
        return figure.value
    if figure.numerator is None or not figure.denominator:
        return None
    return figure.numerator / figure.denominator * (100 if unit == "%" else 1)
