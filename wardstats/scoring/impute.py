"""Filling in missing values, as a separate and visible step. The default is not to.

`mean`, `median` and `group_mean` look at the other units of the period; `latest` and `linear` at the same unit's other
periods. A cell that a method cannot fill stays missing.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from wardstats.core.errors import MethodError
from wardstats.scoring.spec import Spec

UNIT_AXIS = -2


def impute(
    values: np.ndarray,
    spec: Spec,
    *,
    is_open: np.ndarray | None = None,
    history: Mapping[int, np.ndarray] | None = None,
    groups: np.ndarray | None = None,
) -> np.ndarray:
    """Fill missing values by the spec's method.

    Args:
        values: (..., units, indicators); NaN is missing.
        spec: `imputation` names the method.
        is_open: Same shape; false where a missing value must stay so (a 0/0 ratio that has its own answer).
        history: Values (units, indicators) by distance in periods: -1 the one before, +1 the one after.
        groups: Group of each unit, for `group_mean`.

    Raises:
        MethodError: The method needs a history or groups and has none.
    """
    if spec.imputation == "none":
        return values
    if spec.imputation in ("latest", "linear"):
        if history == {}:  # the only period there is
            return values
        filler = _from_history(spec, history)
    elif spec.imputation == "group_mean":
        filler = _group_means(values, groups)
    else:
        filler = _centre(values, is_median=spec.imputation == "median")
    wanted = np.isnan(values)
    if is_open is not None:
        wanted &= is_open
    return np.where(wanted, filler, values)


def _centre(values: np.ndarray, *, is_median: bool) -> np.ndarray:
    """Mean or median of the units present, NaN where there are none."""
    present = ~np.isnan(values)
    count = present.sum(axis=UNIT_AXIS, keepdims=True)
    if not is_median:
        total = np.where(present, values, 0.0).sum(axis=UNIT_AXIS, keepdims=True)
        return np.where(count > 0, total / np.maximum(count, 1), np.nan)
    # NaN sorts last, so the middle of the first `count` entries is the median of those present
    ordered = np.sort(values, axis=UNIT_AXIS)
    lower = np.take_along_axis(ordered, np.maximum(count - 1, 0) // 2, axis=UNIT_AXIS)
    upper = np.take_along_axis(ordered, count // 2, axis=UNIT_AXIS)
    return np.where(count > 0, (lower + upper) / 2, np.nan)


def _group_means(values: np.ndarray, groups: np.ndarray | None) -> np.ndarray:
    if groups is None:
        raise MethodError("imputation 'group_mean' needs each unit's group. Give groups, or choose another.")
    filler = np.full(values.shape, np.nan)
    for group in {str(name) for name in groups}:
        members = np.array([str(name) == group for name in groups])
        filler[..., members, :] = _centre(values[..., members, :], is_median=False)
    return filler


def _from_history(spec: Spec, history: Mapping[int, np.ndarray] | None) -> np.ndarray:
    """Value for now of every unit and indicator, from its other periods."""
    if history is None:
        raise MethodError(f"imputation {spec.imputation!r} needs other periods. Give history, or choose another.")
    if 0 in history:
        raise MethodError("history holds distances from the period itself, so 0 is not among them. Use -1, -2, ...")
    earlier = [offset for offset in sorted(history, reverse=True) if offset < 0]
    last, last_at = _nearest(history, earlier)
    if spec.imputation == "latest":
        return last
    following, following_at = _nearest(history, [offset for offset in sorted(history) if offset > 0])
    before_last, before_last_at = _nearest(history, earlier, older_than=last_at)
    with np.errstate(invalid="ignore"):
        between = last + (following - last) * (0 - last_at) / (following_at - last_at)
        onwards = last + (last - before_last) / (last_at - before_last_at) * (0 - last_at)
    lower = np.array([-np.inf if item.lower_limit is None else item.lower_limit for item in spec.indicators])
    upper = np.array([np.inf if item.upper_limit is None else item.upper_limit for item in spec.indicators])
    onwards = np.clip(onwards, lower, upper)
    return np.where(np.isnan(between), np.where(np.isnan(onwards), last, onwards), between)


def _nearest(
    history: Mapping[int, np.ndarray], offsets: list[int], older_than: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """First value found along the offsets, and where; with `older_than`, only further back than that."""
    shape = next(iter(history.values())).shape
    found, found_at = np.full(shape, np.nan), np.full(shape, np.nan)
    for offset in offsets:
        usable = np.isnan(found) & ~np.isnan(history[offset])
        if older_than is not None:
            with np.errstate(invalid="ignore"):
                usable &= offset < older_than
        found[usable] = history[offset][usable]
        found_at[usable] = offset
    return found, found_at
