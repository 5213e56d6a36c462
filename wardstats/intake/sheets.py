"""One sheet of a workbook as rows of cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell.

    Attributes:
        value: A text, number, truth, date or time; of a formula what it last showed, or None.
        percent: What the value is multiplied by to be shown with a percent sign: 100 in a percentage (0.875 reads
            87.5%), 1 where the sign is a text only (87.5 reads 87.5%), 0 without a sign.
        formula: The formula, where there is one.
        divided: What the value is divided by to be shown: 1000 where the format leaves out thousands.
    """

    value: Any
    percent: int = 0
    formula: str | None = None
    divided: int = 1


@dataclass(frozen=True)
class Hidden:
    """What of a sheet nobody sees who opens the file.

    Attributes:
        is_sheet: The sheet itself.
        rows: Rows, counted from 1.
        columns: Columns, counted from 1.
    """

    is_sheet: bool = False
    rows: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()


@dataclass
class Sheet:
    """A sheet: cells by (row, column), both counted from 1; an empty cell has no entry.

    Attributes:
        hidden: What of it is not seen.
        blank: Cells with a number whose format shows nothing of it.
    """

    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)
    hidden: Hidden = Hidden()
    blank: set[tuple[int, int]] = field(default_factory=set)

    def is_seen(self, row: int, column: int) -> bool:
        """Tell whether a cell is seen by whoever looks at the sheet."""
        return row not in self.hidden.rows and column not in self.hidden.columns and (row, column) not in self.blank

    @cached_property
    def height(self) -> int:
        """The last row that holds anything; asked for once all cells are read."""
        return max((row for row, _ in self.cells), default=0)

    @cached_property
    def width(self) -> int:
        """The last column that holds anything; asked for once all cells are read."""
        return max((column for _, column in self.cells), default=0)
