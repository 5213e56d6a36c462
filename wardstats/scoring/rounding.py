"""Decimal rounding of binary numbers as `round` and C's `%.2f` do it, for whole arrays."""

from __future__ import annotations

import numpy as np

NEAR_HALF = 1e-6


def round_decimals(values: np.ndarray, decimals: int | None) -> np.ndarray:
    """Round each number to the decimal nearest to its exact binary value.

    `numpy.round` multiplies first, so 2.675 x 100 becomes 267.5 and rounds to 2.68, although the stored number is
    2.67499999999999982236431605997495353221893310546875. Published boards print with `%.2f`, hence this function: the
    fast product decides wherever it is far from a half, the exact `round` decides the few that are near one.

    Args:
        values: Any shape; missing stays missing.
        decimals: Decimals to keep; None returns the values unchanged.
    """
    if decimals is None:
        return values
    scale = 10.0**decimals
    scaled = values * scale
    rounded = np.rint(scaled) / scale
    with np.errstate(invalid="ignore"):
        distance = np.abs(scaled - np.floor(scaled) - 0.5)
        doubtful = (distance < NEAR_HALF) | (np.abs(scaled) > 1e9)
    if doubtful.any():
        rounded[doubtful] = [round(float(value), decimals) for value in values[doubtful]]
    return rounded
