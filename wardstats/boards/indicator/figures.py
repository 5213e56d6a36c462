"""The figures of one indicator that its page shows: every member's, in order, with target, history and other areas'."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pandas as pd

from wardstats.boards.contract.board import Pledge, draw_contract
from wardstats.core.rows import dictionaries
from wardstats.core.statuses import weakest
from wardstats.view.indicator_place import Order, improvement_sign, order_of
from wardstats.view.view import View

PERIODS = 13  # a year of months, its start included
_NONE: dict[str, Any] = dict.fromkeys(("value", "points", "max_points", "measured_period", "status", "source_id"))


@dataclass(frozen=True)
class UnitFigure:
    """One member on the indicator.

    Attributes:
        row: Its row of queries/explored_figure.sql; what is missing is None.
        place: 1 = best; None without a figure, and where nobody knows which way is better.
        change: From the figure of the period before; None where either is missing, or it is the same measurement.
        history: What it measured, a number a period; None where nothing new was measured.
        pledge: Its target of the year, or None.
    """

    unit_code: str
    name: str
    row: Mapping[str, Any]
    place: int | None
    change: float | None
    history: tuple[float | None, ...]
    pledge: Pledge | None

    @property
    def value(self) -> float | None:
        """Its figure."""
        return self.row["value"]

    @property
    def target(self) -> float | None:
        """Its target, where one figure can reach it; none where the figures of the year add up to it."""
        return None if self.pledge is None or self.pledge.row["pace"] == "sum" else float(self.pledge.row["target"])


@dataclass(frozen=True)
class IndicatorFigures:
    """Everything that is known of one indicator in a period.

    Attributes:
        row: Its row of queries/indicator.sql.
        is_scored: Whether it earns points, and so which way is better.
        sign: +1 where a higher value is better, -1 where a lower one is.
        units: Every member, best first, those without a figure last.
        order: Who stands where.
        periods: Of the histories, oldest first.
        areas: Rows of queries/benchmark_figure.sql: the province, the nation.
        status: The weakest status of all that is shown.
    """

    code: str
    row: Mapping[str, Any]
    is_scored: bool
    sign: int
    units: tuple[UnitFigure, ...]
    order: Order
    periods: tuple[str, ...]
    areas: tuple[Mapping[str, Any], ...]
    status: str | None

    @property
    def known(self) -> list[UnitFigure]:
        """Those with a figure."""
        return [unit for unit in self.units if unit.value is not None]

    @property
    def best(self) -> list[UnitFigure]:
        """Those in the first place; nobody where it is not known which way is better."""
        return [unit for unit in self.units if self.is_scored and unit.unit_code in self.order.best_units]

    @property
    def medians(self) -> list[float | None]:
        """The median of all histories, period by period."""
        columns = zip(*(unit.history for unit in self.units), strict=True)
        numbers = [[value for value in column if value is not None] for column in columns]
        return [float(pd.Series(known).median()) if known else None for known in numbers]


@lru_cache(maxsize=32)
def indicator_figures(view: View, code: str) -> IndicatorFigures:
    """Return the figures of one indicator."""
    newest_first = view.frame("ranked_period")["period"].tolist()
    periods = tuple(newest_first[newest_first.index(view.period) :][:PERIODS][::-1])
    asked = {"since": periods[0], "period": view.period, "unit": (), "indicator": (code,), "cluster": ""}
    rows = dictionaries(view.frame("explored_figure", language=view.language, **asked))
    by_unit: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows:
        by_unit.setdefault(row["unit_code"], {})[row["period"]] = row
    indicator = {"indicator_code": code, **view.indicators.loc[code].to_dict()}
    is_scored, sign = pd.notna(indicator["max_points"]), improvement_sign(view, code)
    now = [by_unit.get(unit, {}).get(view.period, _NONE) | {"unit_code": unit} for unit in view.members]
    order = order_of([row | {"share": _share(row)} for row in now], sign, int(indicator["decimals"]))
    year = int(view.rules["year"])
    pledges = {p.unit_code: p for p in draw_contract(view, year).pledges if p.indicator_code == code}
    units = [
        UnitFigure(
            unit_code=row["unit_code"],
            name=view.members[row["unit_code"]],
            row=row,
            place=order.places.get(row["unit_code"]) if is_scored and row["value"] is not None else None,
            change=_change(view, by_unit.get(row["unit_code"], {})),
            history=_history(by_unit.get(row["unit_code"], {}), periods),
            pledge=pledges.get(row["unit_code"]),
        )
        for row in now
    ]
    units.sort(key=lambda unit: (unit.value is None, order.places.get(unit.unit_code, len(now) + 1)))
    areas = view.frame("benchmark_figure", period=view.period)
    return IndicatorFigures(
        code, indicator, bool(is_scored), sign, tuple(units), order, periods,
        tuple(dictionaries(areas[areas["indicator_code"] == code])), weakest(row["status"] for row in rows),
    )  # fmt: skip


def _share(row: Mapping[str, Any]) -> float | None:
    return None if row["points"] is None or not row["max_points"] else row["points"] / row["max_points"]


def _change(view: View, rows: Mapping[str, Mapping[str, Any]]) -> float | None:
    """From the period before to this one, unless both show the same measurement."""
    before = view.rules["previous_period"]
    then, now = rows.get(before if isinstance(before, str) else "", _NONE), rows.get(view.period, _NONE)
    if then["value"] is None or now["value"] is None or then["measured_period"] == now["measured_period"]:
        return None
    return now["value"] - then["value"]


def _history(rows: Mapping[str, Mapping[str, Any]], periods: tuple[str, ...]) -> tuple[float | None, ...]:
    """A figure that is only carried on is no new measurement."""
    seen: set[str | None] = set()
    found: list[float | None] = []
    for period in periods:
        row = rows.get(period, _NONE)
        is_new = row["value"] is not None and row["measured_period"] not in seen
        found.append(row["value"] if is_new else None)
        seen.add(row["measured_period"])
    return tuple(found)
