"""Places in thousands of draws at once, how they spread, and which units the draws cannot tell apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SCALE = 1e9  # places compare scores rounded to 9 decimals, as everywhere
ROUNDER = 1.5 * 2.0**52  # adding it to a double below 2^51 leaves its nearest whole number in the last bits
PAIRWISE_LIMIT = 32
COUNTED_AT_ONCE = 400_000
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
        return _places_by_pairs(_as_integers(np.multiply(scores.T, SCALE, order="C")))
    return _places_by_sorting(scores)


def _as_integers(numbers: np.ndarray) -> np.ndarray:
    """Round to whole numbers, in place: what `numpy.rint` gives, ten times faster for numbers that are not huge."""
    if _size(numbers) >= 2.0**51:
        return np.rint(numbers, out=numbers)
    numbers += ROUNDER
    numbers -= ROUNDER
    return numbers


def _size(numbers: np.ndarray) -> float:
    return max(numbers.max(initial=0.0), -numbers.min(initial=0.0))


def _places_by_pairs(compared: np.ndarray) -> np.ndarray:
    """For few units: one comparison of whole rows for each pair."""
    places = np.ones(compared.shape, dtype=np.uint8)  # the type of a comparison's result, so that adding converts none
    for one in range(len(compared)):
        for other in range(one + 1, len(compared)):
            places[other] += (compared[one] > compared[other]).view(np.uint8)
            places[one] += (compared[one] < compared[other]).view(np.uint8)
    return places.astype(place_type(len(compared)))


def _places_by_sorting(scores: np.ndarray) -> np.ndarray:
    """For many units: sort whole numbers that hold the score in front and the unit's row behind it.

    Sorting such keys is faster than an argsort, and the order they come in names the units. 63 bits are room for
    100 points with 9 decimals and millions of units.
    """
    draws, units = scores.shape
    bits = int(units - 1).bit_length()
    compared = scores * -SCALE
    if _size(compared) >= 2.0 ** min(51, 62 - bits):
        order = np.argsort(_as_integers(compared), axis=1)
        ordered = np.take_along_axis(compared, order, axis=1)
    else:
        compared += ROUNDER
        keys = compared.view(np.int64)
        keys -= np.float64(ROUNDER).view(np.int64)
        keys <<= bits
        keys += np.arange(units)
        keys.sort(axis=1)
        order = keys & ((1 << bits) - 1)
        ordered = np.right_shift(keys, bits, out=keys)
    in_turn = np.arange(1, units + 1, dtype=place_type(units))
    result = np.empty((draws, units), dtype=in_turn.dtype)
    for row, ordering in zip(result, order, strict=True):  # one index at a time is twice as fast as both
        row[ordering] = in_turn
    tied = np.flatnonzero(ordered[:, 1:] == ordered[:, :-1])
    if len(tied):  # ties are few: each takes the place that its run of equal scores begins with
        draw, position = np.divmod(tied, units - 1)
        flat = draw * units + position
        begins = np.maximum.accumulate(np.where(np.diff(flat, prepend=-2) != 1, flat, 0))
        result[draw, order[draw, position + 1]] = in_turn[begins - draw * units]
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
    at_once = max(1, COUNTED_AT_ONCE // max(1, units))  # how often each place was taken by so many units
    parts = [_counted(places[start : start + at_once]) for start in range(0, units, at_once)]
    lengths, taken, counts = (
        np.concatenate([part[column] for part in parts]) if parts else np.zeros(0, dtype=np.int64)
        for column in range(3)
    )
    starts = np.concatenate([[0], lengths.cumsum()[:-1]]).astype(np.int64)[:units]
    sums = np.concatenate([[0], counts.cumsum()])
    before = np.repeat(sums[starts], lengths)
    ends = starts + lengths - 1

    def percentile(share: float) -> np.ndarray:
        # the first place of each unit up to which its draws suffice
        return taken[starts + np.add.reduceat(sums[1:] - before < share * draws, starts)] if units else taken

    return Spread(
        percentile(LOW_SHARE),
        percentile(HIGH_SHARE),
        np.add.reduceat(counts * taken, starts) / draws if units else np.zeros(0),
        taken[starts],
        taken[ends],
        np.repeat(np.arange(units, dtype=np.int32), lengths),
        taken.astype(places.dtype),
        counts.astype(np.uint32),
    )


def _counted(places: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """How many places each unit took, which, and how often; counting beats sorting by far."""
    units = len(places)
    width = int(places.max()) + 1
    shifted = places + width * np.arange(units)[:, None]
    counts = np.bincount(shifted.ravel(), minlength=units * width)
    taken = np.flatnonzero(counts)
    rows, at = np.divmod(taken, width)
    return np.bincount(rows, minlength=units), at, counts[taken]


def groups_not_told_apart(places: np.ndarray, official: np.ndarray, threshold: float = TOLD_APART) -> np.ndarray:
    """Number the groups of units that the draws cannot tell apart, from the top.

    Two units are told apart when one stands before the other in at least `threshold` of the draws. Walking down the
    official order, a unit joins the current group unless the group's first unit is told apart from it.

    Args:
        places: (units, draws).

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
        behind = [np.count_nonzero(places[order[leader]] < places[other]) for other in some]
        is_apart = np.array(behind) / places.shape[1] >= threshold
        joined = int(is_apart.argmax()) if is_apart.any() else len(some)
        groups[some[:joined]] = group
        position += joined
        if joined < len(some):
            leader, group = position, group + 1
            groups[order[position]] = group
            position += 1
    return groups
