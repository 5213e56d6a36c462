"""A period's figures gathered and labelled, and the same as bare arrays in the order of a spec."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from wardstats.core.errors import MethodError
from wardstats.scoring.spec import Spec


@dataclass(frozen=True)
class Matrices:
    """A period's figures as arrays in the spec's column order; `figures` and `empty` may have leading scenario axes."""

    figures: np.ndarray
    empty: np.ndarray
    targets: np.ndarray
    adjustments: np.ndarray
    history: Mapping[int, np.ndarray] | None = None
    groups: np.ndarray | None = None

    def only(self, index: int) -> Matrices:
        """The same for a single unit."""
        pick = slice(index, index + 1)
        return Matrices(
            self.figures[pick],
            self.empty[pick],
            self.targets[pick],
            self.adjustments[pick],
            None if self.history is None else {offset: table[pick] for offset, table in self.history.items()},
            None if self.groups is None else self.groups[pick],
        )


@dataclass(frozen=True)
class PeriodInput:
    """All that is known of one period, in tables with unit codes as rows and indicator codes as columns.

    Attributes:
        figures: Values in the indicators' own units; may hold more indicators than the spec asks for.
        spec: The method.
        empty: True where a ratio is 0/0, or None for nowhere.
        adjustments: Bonus (+) and penalty (-) points by unit, or None.
        targets: Signed targets, or None.
        history: Values of other periods by distance (-1 is the one before), for imputation.
        groups: Group of each unit, for imputation by group.
        period: A label such as 2026-10.
        statuses: Rank of each figure's status, 0 the weakest and NaN where there is none; what no score depends on.
    """

    figures: pd.DataFrame
    spec: Spec
    empty: pd.DataFrame | None = None
    adjustments: pd.Series | None = None
    targets: pd.DataFrame | None = None
    history: Mapping[int, pd.DataFrame] | None = None
    groups: pd.Series | None = None
    period: str = ""
    statuses: pd.DataFrame = field(default_factory=pd.DataFrame)

    @cached_property
    def unit_codes(self) -> tuple[str, ...]:
        """Units in row order."""
        return tuple(str(code) for code in self.figures.index)

    @cached_property
    def _own_matrices(self) -> Matrices:
        return self._matrices(self.spec, self.unit_codes)

    def matrices(self, spec: Spec | None = None, unit_codes: Sequence[str] | None = None) -> Matrices:
        """Arrays for a spec and a list of units; what is not in the tables is missing (adjustments: 0).

        Those of the period's own spec and units are made once: every question to the period begins with them.
        """
        spec = self.spec if spec is None else spec
        units = self.unit_codes if unit_codes is None else tuple(unit_codes)
        is_own = spec is self.spec and units == self.unit_codes
        return self._own_matrices if is_own else self._matrices(spec, units)

    def _matrices(self, spec: Spec, units: tuple[str, ...]) -> Matrices:
        shape = (len(units), len(spec.codes))
        empty = np.zeros(shape, dtype=bool)
        if self.empty is not None:
            empty = _aligned(self.empty.astype(float), units, spec.codes) > 0
        adjustments = np.zeros(len(units))
        if self.adjustments is not None:
            adjustments = self.adjustments.reindex(units).fillna(0.0).to_numpy(dtype=float)
        values = _aligned(self.figures, units, spec.codes)
        if np.isinf(values).any():
            raise MethodError("values: found an infinite number, expected finite ones. Leave a missing figure empty.")
        return Matrices(
            np.where(empty, np.nan, values),
            empty,
            np.full(shape, np.nan) if self.targets is None else _aligned(self.targets, units, spec.codes),
            adjustments,
            None if self.history is None else {k: _aligned(t, units, spec.codes) for k, t in self.history.items()},
            None if self.groups is None else self.groups.reindex(units).to_numpy(dtype=object),
        )


def _aligned(table: pd.DataFrame, units: Sequence[str], codes: Sequence[str]) -> np.ndarray:
    if tuple(table.index) == tuple(units) and tuple(table.columns) == tuple(codes):
        return table.to_numpy(dtype=float)
    return table.reindex(index=list(units), columns=list(codes)).to_numpy(dtype=float)


def period_input(
    values: pd.DataFrame | np.ndarray,
    empty: pd.DataFrame | np.ndarray | None,
    spec: Spec,
    adjustments: pd.Series | np.ndarray | None = None,
    targets: pd.DataFrame | np.ndarray | None = None,
    history: Mapping[int, Any] | Sequence[Any] | None = None,
    groups: pd.Series | Sequence[str] | None = None,
    period: str = "",
) -> PeriodInput:
    """Gather a period's figures, arrays or tables, into one labelled whole (arguments as in `score`)."""
    if not isinstance(values, pd.DataFrame):
        values = pd.DataFrame(np.asarray(values, dtype=float), columns=list(spec.codes))
    table = values.set_axis([str(code) for code in values.index], axis=0)
    if len(set(table.index)) < len(table.index):
        raise MethodError("values: a unit_code occurs in two rows. Keep one row for each unit.")

    def as_table(data: Any, kind: type = float) -> pd.DataFrame:
        if isinstance(data, pd.DataFrame):
            return data.set_axis([str(code) for code in data.index], axis=0)
        return pd.DataFrame(np.asarray(data, dtype=kind), index=table.index, columns=table.columns)

    def as_series(data: Any) -> pd.Series:
        if isinstance(data, pd.Series):
            return data.set_axis([str(code) for code in data.index])
        return pd.Series(data, index=table.index)

    if history is not None and not isinstance(history, Mapping):
        history = {index - len(history): item for index, item in enumerate(history)}
    return PeriodInput(
        table,
        spec,
        None if empty is None else as_table(empty, bool),
        None if adjustments is None else as_series(adjustments),
        None if targets is None else as_table(targets),
        None if history is None else {offset: as_table(item) for offset, item in history.items()},
        None if groups is None else as_series(groups),
        period,
    )


def divide_by_denominators(
    values: pd.DataFrame, spec: Spec, denominators: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Divide indicators that name a denominator by it, as a step before scoring.

    Args:
        values: Units x indicators, as collected.
        spec: `Indicator.denominator` names a column of the next table.
        denominators: Units x denominator columns.

    Returns:
        The divided values, and where they are 0/0. A figure above nought divided by nought is missing.

    Raises:
        MethodError: A denominator is not among the columns.
    """
    divided = values.astype(float).copy()
    empty = pd.DataFrame(False, index=values.index, columns=values.columns)
    for indicator in spec.indicators:
        if indicator.denominator is None or indicator.code not in divided.columns:
            continue
        if indicator.denominator not in denominators.columns:
            raise MethodError(
                f"indicator {indicator.code!r}: denominator {indicator.denominator!r} is not among the columns "
                f"{', '.join(map(str, denominators.columns))}. Add it or correct the name."
            )
        below = denominators[indicator.denominator].reindex(divided.index).astype(float)
        above = divided[indicator.code]
        divided[indicator.code] = (above / below.where(below != 0)).astype(float)
        empty[indicator.code] = (above == 0) & (below == 0)
    return divided, empty
