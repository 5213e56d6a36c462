"""The titles of a year, which block.toml holds as one list of its table, as rows of their own and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wardstats.catalogue.upkeep import is_empty
from wardstats.core.languages import LANGUAGES
from wardstats.core.records import column_of
from wardstats.intake.upkeep import Wanted
from wardstats.ledger.rows import Cells, RowKey

AWARDS = "awards"
COLUMNS = ("places", "from_place", "min_coverage", "is_sample")


def title_rows(rows: Mapping[RowKey, Cells | None]) -> dict[RowKey, Cells | None]:
    """Return each title of each year as a row: its columns, and its name in a column for each language."""
    return {
        (*path, AWARDS, str(number)): {name: award[name] for name in COLUMNS if name in award}
        | {column_of("name", language): text for language, text in award.get("name", {}).items()}
        for path, row in rows.items()
        if row is not None and len(path) == 2
        for number, award in enumerate(row.get(AWARDS, ()), 1)
    }


def with_title(year: Cells, wanted: Wanted) -> Wanted:
    """Return the table of a year as it is wanted, for a title that is.

    Args:
        year: The table as it is in force.
        wanted: A row of ``title_rows``; one of a number that there is not yet is added at the end.
    """
    awards = [dict(award) for award in year.get(AWARDS, ())]
    index = int(wanted.key[-1]) - 1
    if wanted.cells is None:
        awards = [award for number, award in enumerate(awards) if number != index]
    else:
        award = awards[index] if index < len(awards) else {}
        made = _award({**_flat(award), **wanted.cells})
        awards = [*awards[:index], made, *awards[index + 1 :]]
    return Wanted(wanted.file, wanted.key[:-2], {AWARDS: awards})


def _flat(award: Mapping[str, Any]) -> dict[str, Any]:
    [row] = title_rows({("years", ""): {AWARDS: [award]}}).values()
    return dict(row or {})


def _award(row: Cells) -> dict[str, Any]:
    names = {language: row.get(column_of("name", language)) for language in LANGUAGES}
    own = {name: row[name] for name in COLUMNS if not is_empty(row.get(name))}
    return own | {"name": {language: text for language, text in names.items() if not is_empty(text)}}
