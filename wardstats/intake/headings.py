"""Finds the heading of a table of figures on a sheet, in one row or two, and which columns hold figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wardstats.intake.columns import NUMBERS, recognise_heading
from wardstats.intake.sheets import Sheet

_HEADING_WITHIN = 40  # rows from the top


def find_heading(sheet: Sheet, *, seen_only: bool = False) -> tuple[int, dict[str, int]] | None:
    """Return the row of the heading and the column of each key; a heading may stand in two rows, cells merged.

    Args:
        sheet: Any sheet.
        seen_only: Pass over what is hidden.
    """
    best: tuple[int, dict[str, int]] | None = None
    width = sheet.width
    for row in range(1, min(sheet.height, _HEADING_WITHIN) + 1):
        columns: dict[str, int] = {}
        for column in range(1, width + 1):
            key = _key(sheet, row, column, seen_only)
            if key is not None:
                columns.setdefault(key, column)
        is_table = ("indicator_code" in columns or "indicator" in columns) and any(key in columns for key in NUMBERS)
        if is_table and (best is None or len(columns) > len(best[1])):
            best = row, columns
    return best


def hidden_headings(sheet: Sheet, heading: int) -> Iterator[tuple[str, int]]:
    """Return the keys of hidden columns, each with its column."""
    for column in sorted(sheet.hidden.columns):
        if key := _key(sheet, heading, column, seen_only=False):
            yield key, column


def has_input(sheet: Sheet, heading: int, columns: Mapping[str, int]) -> bool:
    """Tell whether anything stands below the headings of figures."""
    return first_input(sheet, heading, columns) is not None


def first_input(sheet: Sheet, heading: int, columns: Mapping[str, int]) -> tuple[int, int] | None:
    """Return the first cell below the headings of figures that holds anything."""
    wanted = {columns[key] for key in NUMBERS if key in columns}
    return min(((row, column) for row, column in sheet.cells if row > heading and column in wanted), default=None)


def _key(sheet: Sheet, row: int, column: int, seen_only: bool) -> str | None:
    for line in (row, row - 1):  # the lower of two rows says more
        cell = sheet.cells.get((line, column))
        if cell and (sheet.is_seen(line, column) or not seen_only) and (key := recognise_heading(cell.value)):
            return key
    return None
