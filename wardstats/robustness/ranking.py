"""Places in thousands of draws at once, how they spread, and which units the draws cannot tell apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SCALE = 1e9  # places compare scores rounded to 9 decimals, as everywhere
PAIRWISE_LIMIT = 32
TOLD_APART = 0.95
LOOKAHEAD = 64


def places_in_draws(scores: np.ndarray) -> np.ndarray:
    """Competition places in every draw.

    Args:
        scores: (draws, units), without missing ones.

    Returns:
        (units, draws) of small whole numbers, 1 for the best; ties share the better place.
    """
    kind = np.uint16 if scores.shape[1] < 2**16 else np.uint32
    if scores.shape[1] <= PAIRWISE_LIMIT:
        return _places_by_pairs(np.rint(scores.T * SCALE), kind)
    return _places_by_sorting(scores, kind)


def _places_by_pairs(compared: np.ndarray, kind: type) -> np.ndarray:
    """For few units: one comparison of whole rows for each pair."""
    places = np.ones(compared.shape, dtype=kind)
    for one in range(len(compared)):
        for other in range(one + 1, len(compared)):
            places[other] += compared[one] > compared[other]
            places[one] += compared[one] < compared[other]
    return places


def _places_by_sorting(scores: np.ndarray, kind: type) -> np.ndarray:
    """For many units: sort whole numbers that hold the score in front and the unit's row behind it.

    Sorting such keys is several times faster than an argsort, and the order they come in names the units.
    """
    draws, units = scores.shape
    bits = int(units - 1).bit_length()
    compared = np.rint(scores * -SCALE)
    if np.abs(compared).max(initial=0.0) >= 2.0 ** (62 - bits):
        order = np.argsort(compared, axis=1)
        ordered = np.take_along_axis(compared, order, axis=1)
    else:
        keys = compared.astype(np.int64)
        keys <<= bits
        keys |= np.arange(units)
        keys.sort(axis=1)
        order = keys & ((1 << bits) - 1)
        ordered = keys >> bits
    places = np.broadcast_to(np.arange(1, units + 1, dtype=kind), (draws, units)).copy()
    is_tied = np.zeros((draws, units), dtype=bool)
    is_tied[:, 1:] = ordered[:, 1:] == ordered[:, :-1]
    if is_tied.any():
        places[is_tied] = 0
        np.maximum.accumulate(places, axis=1, out=places)
    result = np.empty((draws, units), dtype=kind)
    np.put_along_axis(result, order, places, axis=1)
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
    ordered = np.sort(places, axis=1, kind="stable")  # a radix sort for 16-bit numbers
    is_new = np.ones(ordered.shape, dtype=bool)
    is_new[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    starts = np.flatnonzero(is_new)
    return Spread(
        ordered[:, int(np.ceil(0.05 * draws)) - 1].astype(np.int64),
        ordered[:, int(np.ceil(0.95 * draws)) - 1].astype(np.int64),
        ordered.mean(axis=1, dtype=np.float64),
        ordered[:, 0].astype(np.int64),
        ordered[:, -1].astype(np.int64),
        (starts // draws).astype(np.int32),
        ordered.ravel()[starts].astype(np.int32),
        np.diff(starts, append=units * draws).astype(np.int32),
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
