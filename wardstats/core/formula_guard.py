"""Texts that no spreadsheet takes for a formula: the one guard of every CSV file and workbook that leaves.

A cell that begins with such a sign runs when the file is opened, whoever wrote it: a ward's note, a unit's name. An
apostrophe in front keeps it a text. Numbers are numbers, and stay as they are.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

# The full-width forms too, which Excel reads as the plain ones.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def neutralise(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return "'" + text if text.startswith(FORMULA_STARTS) else text


def neutral(value: Any) -> Any:
    """Return a cell's value, neutralised if it is a text."""
    return neutralise(value) if isinstance(value, str) else value


def neutral_frame(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table, a copy, none of whose texts and headings is taken for a formula."""
    guarded = frame.copy(deep=False)
    for column, kind in enumerate(frame.dtypes):
        if pd.api.types.is_object_dtype(kind) or isinstance(kind, pd.StringDtype | pd.CategoricalDtype):
            guarded.isetitem(column, frame.iloc[:, column].astype(object).map(neutral).to_numpy())
    return guarded.set_axis([neutralise(str(name)) for name in frame.columns], axis=1)
