"""Tables of the upkeep page: the rows in force, what a step would change, and the entries that were written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from wardstats.boards.upkeep.sections import CODE, Field, Section, shown
from wardstats.boards.upkeep.words import column_names
from wardstats.catalogue.upkeep import ACTION, is_empty
from wardstats.core.languages import LANGUAGE_NAMES, Translator
from wardstats.core.records import column_of
from wardstats.intake.words import actor_name, moment
from wardstats.ledger import Entry
from wardstats.ledger.rows import Cells, RowChange, RowKey, row_changes

InForce = Mapping[RowKey, Cells | None]
_MOST_ENTRIES = 50


def rows_in_force(section: Section, rows: InForce) -> dict[RowKey, Cells]:
    """Return the rows of a section that are in force."""
    return {key: row for key, row in rows.items() if row is not None and section.has(key)}


def rows_table(section: Section, rows: Mapping[RowKey, Cells], speak: Translator) -> pd.DataFrame:
    """Return the rows in force; a text that is missing in a language is the block's own, marked as such."""
    columns = [item for item in section.fields if item.kind != "long"]
    table = [{item.label: _cell(item, key, row, section, speak) for item in columns} for key, row in rows.items()]
    return pd.DataFrame(table, columns=[item.label for item in columns])


def _cell(item: Field, key: RowKey, row: Cells, section: Section, speak: Translator) -> str:
    text = shown(item, key[-1] if item.name == CODE else row.get(item.name), speak)
    name, _, language = item.name.rpartition("_")
    if text or language not in LANGUAGE_NAMES or language == section.own:
        return text
    own = row.get(column_of(name, section.own)) or row.get(name)
    return "" if is_empty(own) else f"{own} ({LANGUAGE_NAMES[section.own]})"


def change_table(changes: Iterable[RowChange], sections: Sequence[Section], speak: Translator) -> pd.DataFrame:
    """Return each cell that changes, before and after; a row that is new or taken out has all its cells."""
    table, names = [], column_names(speak)
    for change in changes:
        section = next((found for found in sections if found.file == change.file and found.has(change.key)), None)
        row = {**(change.before or {}), **(change.after or {})}
        where = section.title if section else change.file
        what = section.label(change.key, row, speak) if section else " ".join(change.key)
        for name in row:
            item = (section.by_name if section else {}).get(name, Field(name, names.get(name, name), "text"))
            table.append(
                {
                    speak("Row"): f"{where}: {what}",
                    speak("What"): item.label,
                    speak("Before"): shown(item, (change.before or {}).get(name), speak) or "–",
                    speak("After"): shown(item, (change.after or {}).get(name), speak) or "–",
                }
            )
    return pd.DataFrame(table)


def kept_entries(entries: Sequence[Entry]) -> list[Entry]:
    """Return the last entries that keep data up, the newest first."""
    return [entry for entry in reversed(entries) if entry.action == ACTION][:_MOST_ENTRIES]


def entry_line(entry: Entry, sections: Sequence[Section], speak: Translator) -> str:
    """Say what an entry did: number, when, who, which rows, why."""
    changes = row_changes(entry.details)
    places = list(dict.fromkeys(_place(change, sections, speak) for change in changes))
    more = f" (+{len(places) - 1})" if len(places) > 1 else ""
    number = entry.details.get("undoes")
    back = speak("takes entry {number} back", number=number) if number else ""
    parts = (str(entry.number), moment(entry.at, speak), actor_name(entry, speak), places[0] + more, back, entry.note)
    return " · ".join(filter(None, parts))


def _place(change: RowChange, sections: Sequence[Section], speak: Translator) -> str:
    section = next((found for found in sections if found.file == change.file and found.has(change.key)), None)
    row = {**(change.before or {}), **(change.after or {})}
    return f"{section.title}: {section.label(change.key, row, speak)}" if section else change.file


def total_line(section: Section, rows: Mapping[RowKey, Cells], total: float | None, speak: Translator) -> str:
    """Say what the points of a year's criteria add up to; empty for another section."""
    if "max_points" not in section.by_name:
        return ""
    try:
        found = speak.number(sum(float(row.get("max_points") or 0) for row in rows.values()), 2)
    except ValueError:
        return ""
    if total is None:
        return speak("All criteria together: {points} points.", points=found)
    return speak("All criteria together: {points} of {total} points.", points=found, total=speak.number(total, 2))
