"""Changes of rows of the data folder's plain files, as an entry of the ledger holds them in ``details["rows"]``.

A row is told by its file and its key: the texts of a CSV file's key columns, or the path of a TOML table. Only the
columns that a change names are its own: another one of the same row stays what it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

RowKey = tuple[str, ...]
Cells = Mapping[str, Any]


@dataclass(frozen=True)
class RowChange:
    """What an entry does to one row; None is no row.

    Attributes:
        file: Its name in the data folder, with forward slashes.
        key: What tells the row from others of the file.
        before: The cells that it changes, as they were.
        after: The same cells; a cell that is None, or an empty text, is left out.
    """

    file: str
    key: RowKey
    before: Cells | None
    after: Cells | None

    @property
    def place(self) -> RowKey:
        """What tells the row from all others of the folder."""
        return self.file, *self.key

    @property
    def reversed(self) -> Self:
        """The change that takes this one back."""
        return type(self)(self.file, self.key, self.after, self.before)

    def as_details(self) -> dict[str, Any]:
        """Return it as an entry holds it: JSON."""
        return asdict(self) | {"key": list(self.key)}


def row_changes(details: Cells) -> list[RowChange]:
    """Return the changes of rows that an entry's details hold; none for an entry about something else."""
    return [RowChange(**{**item, "key": tuple(item["key"])}) for item in details.get("rows", ())]


def row_places(details: Cells) -> set[RowKey]:
    """Return which rows an entry's details are about."""
    return {change.place for change in row_changes(details)}
