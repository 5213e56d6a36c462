"""Places in thousands of draws at once, how they spread, and which units the draws cannot tell apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SCALE = 1e9  # places compare scores rounded to 9 decimals, as everywhere
PAIRWISE_LIMIT = 32
TOLD_APART = 0.95
LOOKAHEAD = 64
LOW_SHARE, HIGH_SHARE = 0.05, 0.95


def place_type(units: int) -> type:
    """Smallest whole-number type that holds the places of so many units."""
    return np.uint16 if units < 2**16 else np.uint32


def places_in_draws(scores: np.ndarray) -> np.ndarray:
    """Competition places in every draw.

    Args:
        scores: (draws, units), without missing ones.

    Returns:
        (units, draws) of small whole numbers, 1 for the best; ties share the better place.
    """
    if scores.shape[1] <= PAIRWISE_LIMIT:
        return _places_by_pairs(np.rint(np.multiply(scores.T, SCALE, order="C")))
    return _places_by_sorting(scores)


def _places_by_pairs(compared: np.ndarray) -> np.ndarray:
    """For few units: one comparison of whole rows for each pair."""
    places = np.ones(compared.shape, dtype=place_type(len(compared)))
    for one in range(len(compared)):
        for other in range(one + 1, len(compared)):
            places[other] += compared[one] > compared[other]
            places[one] += compared[one] < compared[other]
    return places


def _places_by_sorting(scores: np.ndarray) -> np.ndarray:
    """For many units: sort numbers that hold the score in front and the unit's row behind it.

    Sorting such keys is faster than an argsort, and the order they come in names the units. A double holds whole
    numbers up to 2^53 exactly, which is room for 100 points with 9 decimals and 90,000 units.
    """
    draws, units = scores.shape
    step = float(1 << int(units - 1).bit_length())
    compared = np.rint(scores * -SCALE)
    if np.abs(compared).max(initial=0.0) * step >= 2.0**52:
        order = np.argsort(compared, axis=1)
        ordered = np.take_along_axis(compared, order, axis=1)
    else:
        compared *= step
        compared += np.arange(units)
        compared.sort(axis=1)
        ordered = np.floor(compared / step)
        order = (compared - ordered * step).astype(np.intp)
    in_turn = np.arange(1, units + 1, dtype=place_type(units))
    places = np.broadcast_to(in_turn, (draws, units))
    is_tied = ordered[:, 1:] == ordered[:, :-1]
    if is_tied.any():
        places = places.copy()
        places[:, 1:][is_tied] = 0
        np.maximum.accumulate(places, axis=1, out=places)
    result = np.empty((draws, units), dtype=in_turn.dtype)
    for draw in range(draws):
        result[draw, order[draw]] = places[draw]
    return result.T


@dataclass(frozen=True)
class Spread:
    """How the places of each unit spread over the draws.

    Attributes:
        low: 5th percentile place (the better end).
        high: 95th percentile place.
        mean: Mean place.
        best: Best place in any draw.
        worst: Worst place in any draw.
        unit_rows: Row of the unit, for each place it ever took.
        places: That place.
        counts: In how many draws it took it.
    """

    low: np.ndarray
    high: np.ndarray
    mean: np.ndarray
    best: np.ndarray
    worst: np.ndarray
    unit_rows: np.ndarray
    places: np.ndarray
    counts: np.ndarray


def spread_of_places(places: np.ndarray) -> Spread:
    """Summarise places (units x draws).

    The percentiles are places a unit really took: the smallest place that at least 5 (95) percent of draws do not
    exceed.
    """
    units, draws = places.shape
    low, high, first, last = (np.empty(units, dtype=np.int64) for _ in range(4))
    taken_places, counts = [], []
    for row in range(units):
        # counting beats sorting by far: there are never more places than units
        count = np.bincount(places[row])
        taken = np.flatnonzero(count)
        count = count[taken]
        low[row], high[row] = taken[np.searchsorted(count.cumsum(), (LOW_SHARE * draws, HIGH_SHARE * draws))]
        first[row], last[row] = taken[0], taken[-1]
        taken_places.append(taken.astype(places.dtype))
        counts.append(count.astype(np.uint32))
    lengths = np.array([len(taken) for taken in taken_places], dtype=np.int64)
    return Spread(
        low,
        high,
        places.mean(axis=1, dtype=np.float64),
        first,
        last,
        np.repeat(np.arange(units, dtype=np.int32), lengths),
        np.concatenate(taken_places) if units else np.zeros(0, dtype=np.int32),
        np.concatenate(counts) if units else np.zeros(0, dtype=np.int32),
    )


def groups_not_told_apart(places: np.ndarray, official: np.ndarray, threshold: float = TOLD_APART) -> np.ndarray:
    """Number the groups of units that the draws cannot tell apart, from the top.

    Two units are told apart when one stands before the other in at least `threshold` of the draws. Walking down the
    official order, a unit joins the current group unless the group's first unit is told apart from it.

    Args:
        places: (units, draws).
        official: Official place of each unit.
        threshold: Share of draws.

    Returns:
        Group number of each unit, 1 at the top.
    """
    order = np.argsort(official, kind="stable")
    groups = np.zeros(len(order), dtype=np.int64)
    leader, group = 0, 1
    position = 1
    groups[order[:1]] = 1
    while position < len(order):
        some = order[position : position + LOOKAHEAD]
        is_apart = (places[order[leader]] < places[some]).mean(axis=1) >= threshold
        joined = int(is_apart.argmax()) if is_apart.any() else len(some)
        groups[some[:joined]] = group
        position += joined
        if joined < len(some):
            leader, group = position, group + 1
            groups[order[position]] = group
            position += 1
    return groups
