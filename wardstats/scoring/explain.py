"""Why a unit moved between two periods: its change of score and of place, split into parts that add up exactly.

The way from the first period to the second is walked in stages, and a stage's part is what it changes:

1. criteria: the new weights, rules, limits, targets and options, on the old figures, for everybody;
2. arrivals: the unit's own figures that newly arrived or went missing;
3. own: the unit's own figures that changed;
4. adjustment: the unit's own bonus and penalty points;
5. others: everything that changed at the other units.

Within stages 2 and 3 each indicator gets its Shapley value: its average effect over all orders in which the changes
could have come. No order is favoured, and the values add up to the stage by construction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from wardstats.core.errors import SpecError
from wardstats.scoring.evaluate import evaluate, score_scenarios
from wardstats.scoring.inputs import Matrices, PeriodInput
from wardstats.scoring.rank import comparable_scores, places_with_unscored
from wardstats.scoring.shapley import Coalition, Stand, shapley_parts
from wardstats.scoring.spec import Spec

PARTS = ("criteria", "arrived", "went_missing", "own", "adjustment", "others", "membership")


@dataclass(frozen=True)
class Explanation:
    """Changes between two periods and what they are made of.

    Attributes:
        summary: One row per unit: unit_code, score_before, score_after, score_change, rank_before, rank_after,
            places_gained (positive is up), is_comparable. Places are gained among those that have a score in both
            periods: nobody gains one by another's absence. A unit without a score counts as 0 points and stands behind
            all that have one; is_comparable is false where that was needed.
        parts: One row per unit and part: unit_code, part (one of `PARTS`), indicator_code (empty where the part has
            none), score_part, places_part. A unit's parts add up to its change.
    """

    summary: pd.DataFrame
    parts: pd.DataFrame


@dataclass(frozen=True)
class _Stage:
    """The state of all units before any one unit's own changes: new criteria, old figures; among whom places count."""

    matrices: Matrices
    scores: np.ndarray
    exists: np.ndarray
    is_compared: np.ndarray

    def compared(self, scores: np.ndarray, index: int) -> np.ndarray:
        """Scores (..., units) of the others among whom a unit's place counts."""
        others = self.is_compared.copy()
        others[index] = False
        return scores[..., others]

    def places(self, scores: np.ndarray, index: int) -> np.ndarray:
        """Places of a unit in rows of scores (states x units)."""
        own, others = scores[:, [index]], self.compared(scores, index)
        return 1 + (comparable_scores(others) > comparable_scores(own)).sum(axis=1)

    def place(self, scores: np.ndarray, index: int) -> int:
        """Place of a unit in one row of scores."""
        return int(self.places(scores[None], index)[0])


def explain(
    before: PeriodInput,
    after: PeriodInput,
    node: str = "total",
    units: Sequence[str] | None = None,
    *,
    seed: int = 766,
) -> Explanation:
    """Split every unit's change of score and of place.

    Args:
        node: The node of the tree; it must be in the later tree (a theme new in it starts from nought).
        units: Units to explain; None for all of both periods.
        seed: Of the sampled orders, used only where a unit has more than 8 changes and the index is not additive.

    Returns:
        The summary and the parts.

    Source: Shapley, A value for n-person games (1953); stages as described in docs/method.md.
    """
    after.spec.node_index(node)
    everyone = list(dict.fromkeys([*after.unit_codes, *before.unit_codes]))
    was_there = np.isin(everyone, before.unit_codes)
    is_there = np.isin(everyone, after.unit_codes)

    scores_before = _node_scores(before.matrices(unit_codes=everyone), before, node, was_there)
    new = after.matrices(unit_codes=everyone)
    # figures of the first period under the second one's criteria; signed targets are part of the criteria
    old = replace(before.matrices(after.spec, everyone), targets=new.targets, groups=new.groups)
    staged = _masked(evaluate(old, after.spec).scores[:, after.spec.node_index(node)], was_there)
    scores_after = _node_scores(new, after, node, is_there)

    is_compared = ~np.isnan(scores_before) & ~np.isnan(scores_after)
    stage = _Stage(old, staged, was_there, is_compared)
    chosen = everyone if units is None else [str(code) for code in units]
    if unknown := sorted(set(chosen) - set(everyone)):
        raise SpecError(f"units {', '.join(unknown)} are in neither period. Choose units that are.")
    rows: list[tuple[str, str, str, float, float]] = []
    gained: list[int] = []
    for code in chosen:
        index = everyone.index(code)
        score_change = _number(scores_after[index]) - _number(scores_before[index])
        place_before, place_after = (stage.place(scores, index) for scores in (scores_before, scores_after))
        gained.append(place_before - place_after)
        if not (was_there[index] and is_there[index]):
            rows.append((code, "membership", "", score_change, float(gained[-1])))
            continue
        own = _own_parts(index, stage, new, after.spec, node, seed)
        criteria = own.start.score - _number(scores_before[index]), float(place_before - own.start.place)
        rows.append((code, "criteria", "", *criteria))
        rows.extend((code, *part) for part in own.rows)
        others = _number(scores_after[index]) - own.end.score, float(own.end.place - place_after)
        rows.append((code, "others", "", *others))

    summary = _summary(chosen, everyone, scores_before, scores_after, gained)
    columns = ["unit_code", "part", "indicator_code", "score_part", "places_part"]
    return Explanation(summary, pd.DataFrame(rows, columns=columns))


def _number(value: float) -> float:
    """No score counts as 0 points here, so that every change is a number and the parts can add up."""
    return 0.0 if np.isnan(value) else float(value)


def _masked(scores: np.ndarray, exists: np.ndarray) -> np.ndarray:
    return np.where(exists, scores, np.nan)


def _node_scores(matrices: Matrices, period: PeriodInput, node: str, exists: np.ndarray) -> np.ndarray:
    if node not in period.spec.node_codes:
        return np.full(len(exists), np.nan)
    return _masked(evaluate(matrices, period.spec).scores[:, period.spec.node_index(node)], exists)


@dataclass
class _OwnParts:
    """Parts of a unit's own making, and where it stands before and after them with all others as they were."""

    start: Stand
    end: Stand
    rows: list[tuple[str, str, float, float]]


class _UnitCoalition(Coalition):
    """A unit's score and place when some of its changed figures have come and others have not."""

    def __init__(
        self, index: int, stage: _Stage, spec: Spec, node: str, base: Matrices, cells: np.ndarray, new: Matrices
    ) -> None:
        self.index, self.stage, self.spec, self.node = index, stage, spec, node
        self.base, self.cells, self.new = base, cells, new
        self.count = len(cells)
        self.others = np.sort(comparable_scores(stage.compared(stage.scores, index)))
        self.row_cost = len(self.spec.codes) * (1 if self.spec.is_separable else len(stage.exists))

    def evaluate(self, taken: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Scores and places for each row of `taken` (coalitions x cells)."""
        chosen = np.zeros((len(taken), len(self.spec.codes)), dtype=bool)
        chosen[:, self.cells] = taken
        index = self.index
        values = np.where(chosen, self.new.figures[index], self.base.figures[index])
        empty = np.where(chosen, self.new.empty[index], self.base.empty[index])
        if self.spec.is_separable:
            own = self.base.only(index)
            scores = score_scenarios(own, self.spec, values[:, None, :], empty[:, None, :], node=self.node)[:, 0]
            return scores, self.places(scores)
        all_values = np.repeat(self.base.figures[None], len(taken), axis=0)
        all_empty = np.repeat(self.base.empty[None], len(taken), axis=0)
        all_values[:, index], all_empty[:, index] = values, empty
        scores = score_scenarios(self.base, self.spec, all_values, all_empty, node=self.node)
        scores = _masked(scores, self.stage.exists)
        return scores[:, index], self.stage.places(scores, index)

    def places(self, scores: np.ndarray) -> np.ndarray:
        """Places among the others as they stood."""
        return 1 + len(self.others) - np.searchsorted(self.others, comparable_scores(scores), side="right")


def _own_parts(index: int, stage: _Stage, new: Matrices, spec: Spec, node: str, seed: int) -> _OwnParts:
    """Stages 2 to 4 for one unit."""
    has_answer = np.array([indicator.if_empty != "missing" for indicator in spec.indicators])
    base = stage.matrices
    was_present = ~np.isnan(base.figures[index]) | (base.empty[index] & has_answer)
    is_present = ~np.isnan(new.figures[index]) | (new.empty[index] & has_answer)
    is_same = (base.figures[index] == new.figures[index]) | (
        np.isnan(base.figures[index]) & np.isnan(new.figures[index])
    )
    counts = np.isin(np.arange(len(spec.codes)), spec.columns_below(node))
    is_changed = counts & was_present & is_present & ~(is_same & (base.empty[index] == new.empty[index]))
    rows: list[tuple[str, str, float, float]] = []
    start = stand = _stand(index, stage, spec, node, base)
    for cells, is_own in ((counts & (was_present ^ is_present), False), (is_changed, True)):
        columns = np.flatnonzero(cells)
        if len(columns):
            moved = _moved(base, new, index, columns)
            following = _stand(index, stage, spec, node, moved)
            is_linear = spec.is_additive and spec.is_separable and spec.min_coverage is None
            is_linear &= is_own or (spec.missing == "zero" and not base.adjustments[index])  # no score, no adjustment
            coalition = _UnitCoalition(index, stage, spec, node, base, columns, new)
            parts = shapley_parts(coalition, stand, following, is_linear=is_linear, seed=seed)
            for column, score_part, place_part in zip(columns, parts.scores, parts.places, strict=True):
                name = "own" if is_own else "arrived" if is_present[column] else "went_missing"
                rows.append((name, spec.codes[column], float(score_part), float(place_part)))
            base, stand = moved, following
    if new.adjustments[index] != base.adjustments[index] and node == "total":
        adjustments = base.adjustments.copy()
        adjustments[index] = new.adjustments[index]
        following = _stand(index, stage, spec, node, replace(base, adjustments=adjustments))
        rows.append(("adjustment", "", following.score - stand.score, float(stand.place - following.place)))
        stand = following
    return _OwnParts(start, stand, rows)


def _moved(base: Matrices, new: Matrices, index: int, columns: np.ndarray) -> Matrices:
    figures, empty = base.figures.copy(), base.empty.copy()
    figures[index, columns] = new.figures[index, columns]
    empty[index, columns] = new.empty[index, columns]
    return replace(base, figures=figures, empty=empty)


def _stand(index: int, stage: _Stage, spec: Spec, node: str, matrices: Matrices) -> Stand:
    """Place and score of one unit in a state where only it has moved."""
    if spec.is_separable:
        own = score_scenarios(matrices.only(index), spec, matrices.figures[None, [index]], node=node)
        scores = stage.scores.copy()
        scores[index] = own[0, 0]
    else:
        scores = _masked(evaluate(matrices, spec).scores[:, spec.node_index(node)], stage.exists)
    return Stand(_number(scores[index]), stage.place(scores, index))


def _summary(
    chosen: Sequence[str],
    everyone: Sequence[str],
    scores_before: np.ndarray,
    scores_after: np.ndarray,
    gained: Sequence[int],
) -> pd.DataFrame:
    pick = [everyone.index(code) for code in chosen]
    filled_before, filled_after = np.nan_to_num(scores_before[pick]), np.nan_to_num(scores_after[pick])
    return pd.DataFrame(
        {
            "unit_code": list(chosen),
            "score_before": scores_before[pick],
            "score_after": scores_after[pick],
            "score_change": filled_after - filled_before,
            "rank_before": places_with_unscored(scores_before)[pick],
            "rank_after": places_with_unscored(scores_after)[pick],
            "places_gained": gained,
            "is_comparable": ~np.isnan(scores_before[pick]) & ~np.isnan(scores_after[pick]),
        }
    )
