"""Treatment of outliers: pull the furthest points in, and if that is not enough take logarithms. Off by default.

Only indicators with a relative rule are touched, because there one extreme unit squeezes all others together. Absolute
goalposts cap extremes already, and a logarithm would take the value off the goalposts' scale.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wardstats.scoring.spec import Spec

LOG_OFFSET = 0.01


@dataclass(frozen=True)
class TreatmentNote:
    """What was done to one indicator.

    Attributes:
        method: winsorised or log.
        low: Values below are pulled in to it; of a logarithm, the lowest value.
        high: Values above are pulled in to it; of a logarithm, the highest value.
        log_offset: What a logarithm adds to the distance from its end, or None.
        is_mirrored: Whether a logarithm is taken of the distance from the highest value, or None.
        treated_count: So many values were changed.
    """

    indicator_code: str
    method: str
    low: float
    high: float
    log_offset: float | None
    is_mirrored: bool | None
    treated_count: int
    skewness_before: float
    kurtosis_before: float
    skewness_after: float
    kurtosis_after: float


def skewness(values: np.ndarray) -> float:
    """Sample skewness (adjusted Fisher-Pearson) of the values present; 0 where fewer than three, or all equal."""
    present = values[~np.isnan(values)]
    count = len(present)
    if count < 3 or present.min() == present.max():
        return 0.0
    deviation = present - present.mean()
    moment = np.sqrt(count) * (deviation**3).sum() / (deviation**2).sum() ** 1.5
    return float(moment * np.sqrt(count * (count - 1)) / (count - 2))


def kurtosis(values: np.ndarray) -> float:
    """Sample excess kurtosis (unbiased for a normal sample) of the values present; 0 where under four, or all equal."""
    present = values[~np.isnan(values)]
    count = len(present)
    if count < 4 or present.min() == present.max():
        return 0.0
    deviation = present - present.mean()
    moment = count * (deviation**4).sum() / (deviation**2).sum() ** 2 - 3
    return float(((count + 1) * moment + 6) * (count - 1) / ((count - 2) * (count - 3)))


def is_outlying(values: np.ndarray, skew_limit: float = 2.0, kurtosis_limit: float = 3.5) -> bool:
    """Whether an indicator is both lopsided and heavy-tailed; either alone is tolerated."""
    return abs(skewness(values)) >= skew_limit and kurtosis(values) >= kurtosis_limit


def winsorise(values: np.ndarray, limit: int, skew_limit: float, kurtosis_limit: float) -> tuple[np.ndarray, int]:
    """Pull the furthest points to the next value, on the side of the skew, until it passes or `limit` is reached.

    Returns:
        The values, and how many of them were changed.
    """
    result = values.copy()
    touched = np.zeros(len(values), dtype=bool)
    while is_outlying(result, skew_limit, kurtosis_limit):
        end, inward = (np.nanmax, np.max) if skewness(result) >= 0 else (np.nanmin, np.min)
        at_end = result == end(result)
        rest = result[~at_end & ~np.isnan(result)]
        if (touched | at_end).sum() > limit or len(np.unique(rest)) < 2:
            break
        touched |= at_end
        result[at_end] = inward(rest)
    return result, int(touched.sum())


def log_transform(values: np.ndarray) -> np.ndarray:
    """Logarithm of the distance from the end away from the skew, plus one percent of the range; order is kept."""
    low, high = np.nanmin(values), np.nanmax(values)
    offset = LOG_OFFSET * (high - low)
    if skewness(values) >= 0:
        return np.log(values - low + offset)
    return -np.log(high + offset - values)


def treat(values: np.ndarray, spec: Spec) -> tuple[np.ndarray, list[TreatmentNote]]:
    """Treat every outlying indicator with a relative rule.

    Args:
        values: (..., units, indicators); scenarios are treated one by one.
        spec: `treatment`, `winsorise_max`, `skew_limit` and `kurtosis_limit`.

    Returns:
        The treated values and, for a single table, what was done to each indicator.
    """
    columns = [column for column, indicator in enumerate(spec.indicators) if indicator.is_relative]
    if spec.treatment == "none" or not columns:
        return values, []
    result = values.copy()
    notes: list[TreatmentNote] = []
    tables = result.reshape(-1, *values.shape[-2:])
    for table in tables:
        for column in columns:
            note = _treat_column(table, column, spec)
            if note is not None:
                notes.append(note)
    return result, notes if values.ndim == 2 else []


def _treat_column(table: np.ndarray, column: int, spec: Spec) -> TreatmentNote | None:
    """Treat one indicator in place."""
    limits = (spec.skew_limit, spec.kurtosis_limit)
    original = table[:, column].copy()
    if not is_outlying(original, *limits):
        return None
    treated, count = winsorise(original, spec.winsorise_max, *limits)
    method, ends, offset, is_mirrored = "winsorised", treated, None, None
    if is_outlying(treated, *limits):
        treated, method, ends, count = log_transform(original), "log", original, int((~np.isnan(original)).sum())
        offset, is_mirrored = LOG_OFFSET * float(np.nanmax(ends) - np.nanmin(ends)), skewness(original) < 0
    table[:, column] = treated
    return TreatmentNote(
        spec.codes[column],
        method,
        float(np.nanmin(ends)),
        float(np.nanmax(ends)),
        offset,
        is_mirrored,
        count,
        skewness(original),
        kurtosis(original),
        skewness(treated),
        kurtosis(treated),
    )
