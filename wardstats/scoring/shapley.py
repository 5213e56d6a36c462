"""Shares of several changes in a common effect: the Shapley value, exact where that is affordable, else sampled.

Whatever the route, the shares add up: each order of changes telescopes from "none came" to "all came".
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from math import factorial

import numpy as np

EXACT_LIMIT = 8  # 2^8 = 256 coalitions
SAMPLED_ORDERS = 128
CELL_BUDGET = 100_000_000
GRID = 2.0**20

Values = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


class Coalition(ABC):
    """A value that depends on which of `count` changes have come; `row_cost` is the cells one evaluation touches."""

    count: int
    row_cost: int

    @abstractmethod
    def evaluate(self, taken: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Score and place for each row of `taken` (coalitions x changes, true where the change has come)."""

    @abstractmethod
    def places(self, scores: np.ndarray) -> np.ndarray:
        """Places that scores would give, where the others' scores do not depend on the changes."""


@dataclass(frozen=True)
class Parts:
    """Share of each change in the score, and in places gained (positive is up)."""

    scores: np.ndarray
    places: np.ndarray


@dataclass(frozen=True)
class Stand:
    """A score (0 where there is none) and the place it gives."""

    score: float
    place: int


def shapley_parts(coalition: Coalition, start: Stand, end: Stand, *, is_linear: bool, seed: int) -> Parts:
    """Share of each change.

    Args:
        coalition: The value by coalition. A missing score counts as 0.
        start: Where the unit stands when no change has come.
        end: Where it stands when all have come.
        is_linear: The score is a sum of one term per change, so its shares need no orders at all.
    """
    gained = start.place - end.place
    if coalition.count == 1:
        return Parts(np.array([end.score - start.score]), np.array([float(gained)]))
    terms = None
    if is_linear:
        alone, _ = coalition.evaluate(np.eye(coalition.count, dtype=bool))
        terms = np.nan_to_num(alone) - start.score

    def values(taken: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if terms is None:
            scores, places = coalition.evaluate(taken)
            scores = np.nan_to_num(scores)
        else:
            scores = start.score + taken @ terms
            places = coalition.places(scores)
        # the two ends are known; put in as they are, they make every order telescope to the same whole
        for ending, stand in ((~taken.any(axis=1), start), (taken.all(axis=1), end)):
            scores[ending], places[ending] = stand.score, stand.place
        return scores, places

    if coalition.count <= EXACT_LIMIT:
        scores, places = _exact(coalition.count, values)
    else:
        affordable = CELL_BUDGET // max(1, coalition.row_cost * (coalition.count + 1))
        pairs = int(np.clip(affordable // 2, 1, SAMPLED_ORDERS // 2))
        scores, places = _sampled(coalition.count, values, pairs, seed)
    return Parts(scores if terms is None else terms, dyadic_parts(places, gained))


def _exact(count: int, values: Values) -> tuple[np.ndarray, np.ndarray]:
    """Average over all orders, by way of all subsets."""
    subsets = np.arange(2**count)
    taken = ((subsets[:, None] >> np.arange(count)) & 1).astype(bool)
    scores, places = values(taken)
    sizes = taken.sum(axis=1)
    weights = np.array([factorial(k) * factorial(count - 1 - k) / factorial(count) for k in range(count)])
    score_parts, place_parts = np.empty(count), np.empty(count)
    for change in range(count):
        without = subsets[~taken[:, change]]
        joined = without | (1 << change)
        share = weights[sizes[without]]
        score_parts[change] = share @ (scores[joined] - scores[without])
        place_parts[change] = share @ (places[without] - places[joined]).astype(float)
    return score_parts, place_parts


def _sampled(count: int, values: Values, pairs: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Average over drawn orders, each with its reverse: what comes early in one comes late in the other."""
    random = np.random.default_rng(seed)
    drawn = random.permuted(np.tile(np.arange(count), (pairs, 1)), axis=1)
    orders = np.concatenate([drawn, drawn[:, ::-1]])
    steps = np.argsort(orders, axis=1)  # when each change comes, in each order
    taken = steps[:, None, :] < np.arange(count + 1)[None, :, None]
    scores, places = values(taken.reshape(-1, count))
    score_steps = np.diff(scores.reshape(len(orders), count + 1), axis=1)
    place_steps = -np.diff(places.reshape(len(orders), count + 1), axis=1).astype(float)
    return (
        np.take_along_axis(score_steps, steps, axis=1).mean(axis=0),
        np.take_along_axis(place_steps, steps, axis=1).mean(axis=0),
    )


def dyadic_parts(parts: np.ndarray, total: int) -> np.ndarray:
    """Move each part by less than a millionth so that plain addition, in any order, gives the whole number exactly.

    Multiples of 2^-20 of this size add without any rounding; the remainder goes to the parts that lost most.
    """
    scaled = np.round(parts * GRID, 3)
    floors = np.floor(scaled)
    short = int(total * GRID - floors.sum())
    order = np.argsort(floors - scaled, kind="stable")
    floors[order[: max(short, 0)]] += 1
    return floors / GRID
