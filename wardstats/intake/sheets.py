"""One sheet of a workbook as rows of cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell.

    Attributes:
        value: A text, number, truth, date or time; of a formula what it last showed, or None.
        percent: What the value is multiplied by to be shown with a percent sign: 100 in a percentage (0.875 reads
            87.5%), 1 where the sign is a text only (87.5 reads 87.5%), 0 without a sign.
        formula: The formula, where there is one.
    """

    value: Any
    percent: int = 0
    formula: str | None = None


@dataclass
class Sheet:
    """A sheet: cells by (row, column), both counted from 1; an empty cell has no entry."""

    name: str
    cells: dict[tuple[int, int], Cell] = field(default_factory=dict)

    @property
    def height(self) -> int:
        """The last row that holds anything."""
        return max((row for row, _ in self.cells), default=0)

    @property
    def width(self) -> int:
        """The last column that holds anything."""
        return max((column for _, column in self.cells), default=0)
