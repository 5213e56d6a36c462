"""Places from scores: competition ranks (1, 2, 2, 4), taken before any rounding that people see."""

from __future__ import annotations

import numpy as np

RANK_DECIMALS = 9  # beyond the noise of binary arithmetic, far below anything a reader could see
PAIRWISE_LIMIT = 48


def comparable_scores(scores: np.ndarray) -> np.ndarray:
    """Scores as they are compared: rounded to 9 decimals, a unit without a score behind all others."""
    return np.where(np.isnan(scores), -np.inf, np.round(scores, RANK_DECIMALS))


def competition_ranks(scores: np.ndarray) -> np.ndarray:
    """Rank units by score, highest first; ties share the better place.

    Args:
        scores: (..., units); NaN is no score.

    Returns:
        Same shape, whole numbers; 0 is no place.
    """
    places = places_with_unscored(scores)
    return np.where(np.isnan(scores), 0, places)


def places_with_unscored(scores: np.ndarray) -> np.ndarray:
    """Like `competition_ranks`, but units without a score share the place behind the last one that has one."""
    compared = comparable_scores(scores)
    count = compared.shape[-1]
    if count <= PAIRWISE_LIMIT:
        return 1 + (compared[..., None, :] > compared[..., :, None]).sum(axis=-1)
    flat = compared.reshape(-1, count)
    places = np.empty(flat.shape, dtype=np.int64)
    for row, table in enumerate(flat):
        places[row] = np.searchsorted(np.sort(-table), -table, side="left") + 1
    return places.reshape(compared.shape)
