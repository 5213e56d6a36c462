"""What would lift a unit: the smallest improvement of a single indicator that gains a place, and each further place.

A place counts as gained when the unit draws level with the one that holds it, because ties share the better place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from wardstats.core.errors import MethodError
from wardstats.scoring.evaluate import Steps, evaluate, score_scenarios
from wardstats.scoring.inputs import Matrices, PeriodInput
from wardstats.scoring.limits import typical_improvement, value_limits
from wardstats.scoring.rank import RANK_DECIMALS, comparable_scores, places_with_unscored
from wardstats.scoring.rules import ABSOLUTE_FORMULAS
from wardstats.scoring.spec import Spec

GRID_STEPS = 33
EXACT_DECIMALS = 9
ROUNDING_STEPS = 3  # the nearest, the next one, and one more for a rule that rounds the figure itself
BISECTIONS = 45

COLUMNS = [
    "place",
    "places_gained",
    "indicator_code",
    "current",
    "needed",
    "improvement",
    "points_gained",
    "score_after",
    "effort",
    "effort_basis",
]


@dataclass(frozen=True)
class _Reach:
    """How far one indicator of a unit can be improved: from where it is (or its worst) to its best."""

    column: int
    start: float
    best: float
    is_missing_now: bool


def lift(
    period: PeriodInput,
    unit_code: str,
    *,
    node: str = "total",
    year_ago: pd.DataFrame | None = None,
    places: int = 10,
    decimals: Mapping[str, int] | None = None,
) -> pd.DataFrame:
    """Smallest single-indicator improvements that gain a place, and each further place.

    Args:
        year_ago: Values a year earlier, units x indicators, to tell what others achieve in a year.
        places: How many places up to look.
        decimals: With how many decimals each indicator's figures are written: a needed value is rounded to them on the
            side that gains, so that it works as it is printed. Exact without them.

    Returns:
        One row per place and indicator that can reach it alone (a place is one that the unit would take: none that a
        tie leaves out): place, places_gained, indicator_code, current (NaN
        where there is no figure now), needed, improvement (0 or more, in the indicator's unit), points_gained and
        score_after (of the node), effort, effort_basis. Sorted by place, then effort.

        Effort is the improvement relative to the 75th percentile of other units' improvements in a year
        (effort_basis `year`); where nobody improved or no earlier figures exist, relative to a quarter of the span
        between the indicator's worst and best (`span`); NaN where the figure is missing now (`missing`).

    Raises:
        MethodError: The unit has no figures in the period.
    """
    spec, units = period.spec, period.unit_codes
    if unit_code not in units:
        raise MethodError(f"lift: unit {unit_code!r} has no figures in this period. Choose one that has.")
    index, matrices = units.index(unit_code), period.matrices()
    steps = evaluate(matrices, spec)
    scores = steps.scores[:, spec.node_index(node)]
    place_now = int(places_with_unscored(scores)[index])
    wanted = np.arange(place_now - 1, max(0, place_now - 1 - places), -1)
    reaches = [_reach(matrices, spec, index, int(column)) for column in spec.columns_below(node)]
    reaches = [reach for reach in reaches if reach.start != reach.best]
    if not len(wanted) or not reaches:
        return pd.DataFrame(columns=COLUMNS)

    solver = _Solver(matrices, spec, index, node, steps)
    needed = solver.needed_values(reaches, wanted)
    if decimals is not None:
        needed = _as_written(solver, reaches, wanted, needed, decimals)
    return _rows(solver, reaches, wanted, place_now, needed, year_ago, period)


def _reach(matrices: Matrices, spec: Spec, index: int, column: int) -> _Reach:
    indicator, value = spec.indicators[column], matrices.figures[index, column]
    worst, best = value_limits(indicator, matrices.figures[:, column], matrices.targets[index, column])
    is_answered = bool(matrices.empty[index, column]) and indicator.if_empty != "missing"
    if is_answered or np.isnan(best):
        # a 0/0 ratio has nothing to improve, and a target rule without a target no way up
        return _Reach(column, best, best, False)
    if np.isnan(value):
        return _Reach(column, worst, best, True)
    sign = 1.0 if best >= worst else -1.0
    return _Reach(column, float(value), best if sign * (best - value) > 0 else float(value), False)


class _Solver:
    """Finds the smallest improvement that reaches a place, many indicators and places at once."""

    def __init__(self, matrices: Matrices, spec: Spec, index: int, node: str, steps: Steps) -> None:
        self.matrices, self.spec, self.index, self.node = matrices, spec, index, node
        scores = steps.scores[:, spec.node_index(node)]
        self.score = scores[index]
        self.others = np.sort(comparable_scores(np.delete(scores, index)))
        self.alone = _alone(matrices, spec, index, steps)
        self.is_own_matter = np.array([not indicator.is_relative for indicator in spec.indicators])

    def outcome(self, columns: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Score and place of the unit when one indicator takes another value, for each row."""
        scores, places = np.empty(len(columns)), np.empty(len(columns), dtype=int)
        own = self.is_own_matter[columns] if self.alone is not None else np.zeros(len(columns), dtype=bool)
        if self.alone is not None and own.any():
            matrices, spec = self.alone
            rows, empty = _variants(matrices, 0, columns[own], values[own])
            found = score_scenarios(matrices, spec, rows[:, None], empty[:, None], node=self.node)[:, 0]
            scores[own] = found
            places[own] = 1 + len(self.others) - np.searchsorted(self.others, comparable_scores(found), "right")
        if not own.all():
            rows, empty = _variants(self.matrices, self.index, columns[~own], values[~own])
            table = np.repeat(self.matrices.figures[None], len(rows), axis=0)
            empties = np.repeat(self.matrices.empty[None], len(rows), axis=0)
            table[:, self.index], empties[:, self.index] = rows, empty
            all_scores = score_scenarios(self.matrices, self.spec, table, empties, node=self.node)
            compared = comparable_scores(all_scores)
            scores[~own] = all_scores[:, self.index]
            places[~own] = 1 + (compared > compared[:, [self.index]]).sum(axis=1)
        return scores, places

    def needed_values(self, reaches: list[_Reach], wanted: np.ndarray) -> np.ndarray:
        """Value needed by indicator (row) for each place (column); NaN where it cannot get there alone."""
        columns = np.array([reach.column for reach in reaches])
        start, best = np.array([reach.start for reach in reaches]), np.array([reach.best for reach in reaches])
        formulas = [ABSOLUTE_FORMULAS.get(self.spec.indicators[column].rule) for column in columns]
        is_switch = np.array([formula is not None and formula.is_switch for formula in formulas])
        needed = np.full((len(reaches), len(wanted)), np.nan)
        # a scan first: against relative rules a place need not be gained once and for all on the way up
        shares = np.linspace(0.0, 1.0, GRID_STEPS)
        grid = start[:, None] + (best - start)[:, None] * shares
        grid[:, -1] = best
        grid[is_switch] = best[is_switch, None]
        _, places = self.outcome(np.repeat(columns, GRID_STEPS), grid.ravel())
        hits = places.reshape(grid.shape)[:, :, None] <= wanted
        first = hits.argmax(axis=1)
        rows, place_columns = np.nonzero(hits.any(axis=1))
        upper_step = first[rows, place_columns]
        high, low = grid[rows, upper_step], grid[rows, np.maximum(upper_step - 1, 0)]
        solved = self._closed_form(reaches, rows, wanted[place_columns])
        is_open = np.isnan(solved)
        columns, aims = columns[rows][is_open], wanted[place_columns][is_open]
        high, low = high[is_open], low[is_open]
        for _ in range(BISECTIONS if len(high) else 0):
            middle = (low + high) / 2
            _, reached = self.outcome(columns, middle)
            is_reached = reached <= aims
            high, low = np.where(is_reached, middle, high), np.where(is_reached, low, middle)
        solved[is_open] = high
        needed[rows, place_columns] = solved
        return needed

    def _closed_form(self, reaches: list[_Reach], rows: np.ndarray, aims: np.ndarray) -> np.ndarray:
        """Value that reaches each aim where points are a straight line of the value and the index adds up.

        Args:
            rows: Which of them, for each aim.
            aims: Places that are within reach.

        Returns:
            As many values; NaN where a search is needed, also where rounding leaves the line's value a hair short.
        """
        spec, values = self.spec, np.full(len(aims), np.nan)
        if self.alone is None or not spec.is_additive or spec.points_decimals is not None or not len(self.others):
            return values
        columns = np.array([reach.column for reach in reaches])
        start, best = np.array([reach.start for reach in reaches]), np.array([reach.best for reach in reaches])
        # clipped to the rule's ends, so that the line through both points is the rule's own slope
        begin = np.array([self._line_start(reach) for reach in reaches])
        at_begin, at_best = (self.outcome(columns, ends)[0] for ends in (np.where(np.isnan(begin), best, begin), best))
        has_line = at_best > at_begin
        slope = np.full(len(reaches), np.nan)
        slope[has_line] = (at_best - at_begin)[has_line] / (best - begin)[has_line]
        pairs = np.flatnonzero(has_line[rows])
        rows, aims = rows[pairs], aims[pairs]
        required = self.others[len(self.others) - aims] - at_begin[rows]
        on_line = begin[rows] + required / slope[rows]
        is_ahead = np.where(best >= start, 1.0, -1.0)[rows] * (on_line - start[rows]) > 0
        on_line = np.where(is_ahead, on_line, start[rows])
        _, places = self.outcome(columns[rows], on_line)
        values[pairs] = np.where(places <= aims, on_line, np.nan)
        return values

    def _line_start(self, reach: _Reach) -> float:
        """Where the line to the best value starts; NaN where points are no straight line of the value."""
        indicator = self.spec.indicators[reach.column]
        formula = ABSOLUTE_FORMULAS.get(indicator.rule)
        if formula is None or formula.line is None or indicator.value_decimals is not None:
            return np.nan
        low, high = sorted(formula.line(indicator))
        return float(np.clip(reach.start, low, high))


def _alone(matrices: Matrices, spec: Spec, index: int, steps: Steps) -> tuple[Matrices, Spec] | None:
    """The unit's figures and a method that scores them without the others' as long as no relative indicator changes.

    A relative indicator's points are then what they are now, so they stand in for its figure. None where they cannot:
    where figures are imputed from other units, and where points may lie outside the range of points or be missing for
    a figure that is there.
    """
    own = matrices.only(index)
    if spec.is_separable:
        return own, spec
    relative = np.array([indicator.is_relative for indicator in spec.indicators])
    points, present = steps.points[index, relative], steps.present[index, relative]
    most = np.array([indicator.max_points for indicator in spec.indicators])[relative]
    is_usable = np.where(present, (points >= 0) & (points <= most), np.isnan(points))
    if spec.imputation != "none" or not is_usable.all():
        return None
    figures, empty = own.figures.copy(), own.empty.copy()
    figures[0, relative], empty[0, relative] = points, False
    indicators = tuple(
        replace(indicator, rule="as_scored", value_decimals=None) if indicator.is_relative else indicator
        for indicator in spec.indicators
    )
    return replace(own, figures=figures, empty=empty), replace(spec, indicators=indicators)


def _variants(matrices: Matrices, index: int, columns: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A unit's figures and 0/0 marks, once for each value that one of its indicators takes."""
    rows = np.repeat(matrices.figures[None, index], len(columns), axis=0)
    empty = np.repeat(matrices.empty[None, index], len(columns), axis=0)
    pick = np.arange(len(columns))
    rows[pick, columns], empty[pick, columns] = values, False
    return rows, empty


def _as_written(
    solver: _Solver, reaches: list[_Reach], wanted: np.ndarray, needed: np.ndarray, decimals: Mapping[str, int]
) -> np.ndarray:
    """The needed values at the nearest decimal that gains the place and differs from the present one; else NaN."""
    columns = np.array([reach.column for reach in reaches])
    found, aims = np.nonzero(~np.isnan(needed))
    indicators = [solver.spec.indicators[column] for column in columns[found]]
    scale = np.array([10.0 ** decimals.get(indicator.code, EXACT_DECIMALS) for indicator in indicators])
    low = np.array([-np.inf if item.lower_limit is None else item.lower_limit for item in indicators])
    high = np.array([np.inf if item.upper_limit is None else item.upper_limit for item in indicators])
    sign = np.array([1.0 if reaches[row].best >= reaches[row].start else -1.0 for row in found])
    start = np.array([np.nan if reaches[row].is_missing_now else reaches[row].start for row in found])
    now = np.floor(start * scale + 0.5) / scale
    written = np.full(needed.shape, np.nan)
    nearest = np.rint(needed[found, aims] * scale)
    for step in range(ROUNDING_STEPS):
        values = (nearest + sign * step) / scale
        _, places = solver.outcome(columns[found], values)
        is_open = np.isnan(written[found, aims])
        is_gained = is_open & (places <= wanted[aims]) & (values >= low) & (values <= high) & (values != now)
        written[found[is_gained], aims[is_gained]] = values[is_gained]
    return written


def _rows(
    solver: _Solver,
    reaches: list[_Reach],
    wanted: np.ndarray,
    place_now: int,
    needed: np.ndarray,
    year_ago: pd.DataFrame | None,
    period: PeriodInput,
) -> pd.DataFrame:
    """The table of `lift`."""
    spec, values = solver.spec, solver.matrices.figures
    earlier = None
    if year_ago is not None:
        earlier = year_ago.reindex(index=list(period.unit_codes), columns=list(spec.codes)).to_numpy(dtype=float)
    scores, places = np.full(needed.shape, np.nan), np.zeros(needed.shape, dtype=int)
    found_rows, found_aims = np.nonzero(~np.isnan(needed))
    columns = np.array([reach.column for reach in reaches])
    scores[found_rows, found_aims], places[found_rows, found_aims] = solver.outcome(
        columns[found_rows], needed[found_rows, found_aims]
    )
    rows = []
    for row, reach in enumerate(reaches):
        indicator = spec.indicators[reach.column]
        found = np.flatnonzero(~np.isnan(needed[row]))
        if not len(found):
            continue
        span = np.subtract(*value_limits(indicator, values[:, reach.column], reach.best))
        past = None if earlier is None else earlier[:, reach.column]
        pace, basis = typical_improvement(values[:, reach.column], past, indicator, solver.index, float(span))
        taken = set()
        for value, score, place, aim in zip(
            needed[row, found], scores[row, found], places[row, found], wanted[found], strict=True
        ):
            if place > aim or place in taken:  # a tie leaves out the places below it
                continue
            taken.add(place)
            improvement = np.nan if reach.is_missing_now else abs(value - reach.start)
            before = 0.0 if np.isnan(solver.score) else solver.score
            rows.append(
                (
                    int(place),
                    place_now - int(place),
                    indicator.code,
                    np.nan if reach.is_missing_now else reach.start,
                    float(value),
                    improvement,
                    round(float(score - before), RANK_DECIMALS),
                    float(score),
                    improvement / pace if pace > 0 else np.nan,
                    "missing" if reach.is_missing_now else basis,
                )
            )
    table = pd.DataFrame(rows, columns=COLUMNS)
    return table.sort_values(["places_gained", "effort", "indicator_code"], na_position="last", ignore_index=True)
