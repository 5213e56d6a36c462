"""The status of what is made of figures: the weakest of all that it came from. No table leaves without one.

Whatever writes a table for others (a download, the command line, the API) asks ``carried`` first. A table without
figures of a unit says so by naming ``NO_FIGURES``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from wardstats.core.records import STATUSES

NO_FIGURES = ""
_ORDER = {status: number for number, status in enumerate(STATUSES)}


class UnmarkedError(AssertionError):
    """A table of figures was about to leave without saying which of them are made up: a fault of the program."""


def carried(frame: pd.DataFrame, status: str, name: str) -> pd.DataFrame:
    """Return a table that is about to leave, after making sure that it says what is made up.

    Args:
        frame: The table.
        status: Its column that says so; ``NO_FIGURES`` where it holds nothing that came from a figure.
        name: What the table is called, for the error.

    Raises:
        UnmarkedError: The column is not there.
    """
    if status != NO_FIGURES and len(frame) and status not in frame.columns:
        raise UnmarkedError(f"{name}: found no column {status!r} in {', '.join(map(str, frame.columns))}.")
    return frame


def weakest(statuses: Iterable[Any]) -> str | None:
    """Return the weakest of some statuses; missing ones do not count, None where all are."""
    return min((status for status in statuses if status in _ORDER), key=_ORDER.__getitem__, default=None)


def weakest_by_row(*columns: pd.Series) -> pd.Series:
    """Return the weakest status in each row of some columns."""
    rows = [weakest(row) for row in zip(*columns, strict=True)]
    return pd.Series(rows, columns[0].index, dtype=object)
