"""What would lift a unit: the smallest improvement of a single indicator that gains a place, and each further place.

A place counts as gained when the unit draws level with the one that holds it, because ties share the better place.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from wardstats.scoring.evaluate import evaluate, score_scenarios
from wardstats.scoring.inputs import Matrices, PeriodInput
from wardstats.scoring.limits import typical_improvement, value_limits
from wardstats.scoring.rank import RANK_DECIMALS, comparable_scores, places_with_unscored
from wardstats.scoring.spec import LINEAR_RULES, Indicator, MethodError, Spec

GRID_STEPS = 33
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
) -> pd.DataFrame:
    """Smallest single-indicator improvements that gain a place, and each further place.

    Args:
        period: The figures as they are.
        unit_code: The unit to lift.
        node: The ranking to climb.
        year_ago: Values a year earlier, units x indicators, to tell what others achieve in a year.
        places: How many places up to look.

    Returns:
        One row per place and indicator that can reach it alone: place, places_gained, indicator_code, current (NaN
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
    scores = evaluate(matrices, spec).scores[:, spec.node_index(node)]
    place_now = int(places_with_unscored(scores)[index])
    wanted = np.arange(place_now - 1, max(0, place_now - 1 - places), -1)
    reaches = [_reach(matrices, spec, index, int(column)) for column in spec.columns_below(node)]
    reaches = [reach for reach in reaches if reach.start != reach.best]
    if not len(wanted) or not reaches:
        return pd.DataFrame(columns=COLUMNS)

    solver = _Solver(matrices, spec, index, node, scores)
    needed = solver.needed_values(reaches, wanted)
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

    def __init__(self, matrices: Matrices, spec: Spec, index: int, node: str, scores: np.ndarray) -> None:
        self.matrices, self.spec, self.index, self.node = matrices, spec, index, node
        self.score = scores[index]
        self.others = np.sort(comparable_scores(np.delete(scores, index)))

    def outcome(self, columns: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Score and place of the unit when one indicator takes another value, for each row."""
        rows = np.repeat(self.matrices.figures[None, self.index], len(columns), axis=0)
        empty = np.repeat(self.matrices.empty[None, self.index], len(columns), axis=0)
        pick = np.arange(len(columns))
        rows[pick, columns], empty[pick, columns] = values, False
        if self.spec.is_separable:
            own = self.matrices.only(self.index)
            scores = score_scenarios(own, self.spec, rows[:, None], empty[:, None], node=self.node)[:, 0]
            return scores, 1 + len(self.others) - np.searchsorted(self.others, comparable_scores(scores), "right")
        table = np.repeat(self.matrices.figures[None], len(columns), axis=0)
        empties = np.repeat(self.matrices.empty[None], len(columns), axis=0)
        table[:, self.index], empties[:, self.index] = rows, empty
        scores = score_scenarios(self.matrices, self.spec, table, empties, node=self.node)
        compared = comparable_scores(scores)
        return scores[:, self.index], 1 + (compared > compared[:, [self.index]]).sum(axis=1)

    def needed_values(self, reaches: list[_Reach], wanted: np.ndarray) -> np.ndarray:
        """Value needed by indicator (row) for each place (column); NaN where it cannot get there alone."""
        columns = np.array([reach.column for reach in reaches])
        start, best = np.array([reach.start for reach in reaches]), np.array([reach.best for reach in reaches])
        is_switch = np.array([self.spec.indicators[column].rule == "yes_no" for column in columns])
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
        for _ in range(BISECTIONS):
            middle = (low + high) / 2
            _, reached = self.outcome(columns[rows], middle)
            is_reached = reached <= wanted[place_columns]
            high, low = np.where(is_reached, middle, high), np.where(is_reached, low, middle)
        needed[rows, place_columns] = high
        self._use_closed_form(needed, reaches, wanted)
        return needed

    def _use_closed_form(self, needed: np.ndarray, reaches: list[_Reach], wanted: np.ndarray) -> None:
        """Where points are a straight line of the value and the index adds up, replace the search by its solution."""
        spec = self.spec
        if not (spec.is_separable and spec.is_additive) or spec.points_decimals is not None or not len(self.others):
            return
        for row, reach in enumerate(reaches):
            indicator = spec.indicators[reach.column]
            if reach.is_missing_now or indicator.value_decimals is not None:
                continue
            if indicator.rule not in (*LINEAR_RULES, "as_scored"):
                continue
            # clipped to the rule's ends, so that the line through both points is the rule's own slope
            begin = self._clipped(indicator, reach.start)
            at_best = self.outcome(np.array([reach.column]), np.array([reach.best]))[0][0]
            if begin == reach.best or not at_best > self.score:
                continue
            slope = (at_best - self.score) / (reach.best - begin)
            required = self.others[len(self.others) - wanted] - self.score
            values = begin + required / slope
            found = ~np.isnan(needed[row])
            needed[row, found] = self._reaching(reach, values, needed[row], wanted)[found]

    def _reaching(self, reach: _Reach, values: np.ndarray, searched: np.ndarray, wanted: np.ndarray) -> np.ndarray:
        """The closed form where it truly gets there; the searched value where rounding leaves it a hair short."""
        sign = 1.0 if reach.best >= reach.start else -1.0
        values = np.where(sign * (values - reach.start) > 0, values, reach.start)
        _, places = self.outcome(np.full(len(values), reach.column), values)
        return np.where(places <= wanted, values, searched)

    @staticmethod
    def _clipped(indicator: Indicator, value: float) -> float:
        if indicator.rule == "as_scored":
            return max(value, 0.0)
        low, high = sorted((indicator.zero_at or 0.0, indicator.full_at or 0.0))
        return float(np.clip(value, low, high))


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
    rows = []
    for row, reach in enumerate(reaches):
        indicator = spec.indicators[reach.column]
        found = np.flatnonzero(~np.isnan(needed[row]))
        if not len(found):
            continue
        scores, places = solver.outcome(np.full(len(found), reach.column), needed[row, found])
        span = np.subtract(*value_limits(indicator, values[:, reach.column], reach.best))
        past = None if earlier is None else earlier[:, reach.column]
        pace, basis = typical_improvement(values[:, reach.column], past, indicator, solver.index, float(span))
        for value, score, place, aim in zip(needed[row, found], scores, places, wanted[found], strict=True):
            if place > aim:
                continue
            improvement = np.nan if reach.is_missing_now else abs(value - reach.start)
            before = 0.0 if np.isnan(solver.score) else solver.score
            rows.append(
                (
                    int(aim),
                    place_now - int(aim),
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
