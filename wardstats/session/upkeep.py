"""The upkeep page: choose a row, change it, look at what that does, confirm with a reason; take entries back.

Rows are gathered into one step, which is written as one entry: so criteria whose points only add up together, or a new
year, count all or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from wardstats.boards.check.publication import board_changes
from wardstats.boards.upkeep.sections import Field, Section, sections
from wardstats.boards.upkeep.tables import (
    change_table,
    entry_line,
    kept_entries,
    rows_in_force,
    rows_table,
    total_line,
)
from wardstats.boards.upkeep.titles import AWARDS, title_rows, with_title
from wardstats.boards.upkeep.typed import first_shown, placeholders, typed_row
from wardstats.catalogue.upkeep import BLOCK, table_of
from wardstats.charts.html import components
from wardstats.core.languages import Translator
from wardstats.intake import upkeep
from wardstats.intake.faults import Finding, RejectedError
from wardstats.intake.preview import with_and_without
from wardstats.intake.upkeep import Wanted
from wardstats.ledger import StaleError
from wardstats.ledger.rows import Cells, RowKey, row_changes
from wardstats.session.frame import html
from wardstats.session.hand_ins import done
from wardstats.session.signin import acting, attempt, plain, told, workspace
from wardstats.view.view import View

_STEP = "upkeep_step"  # the rows gathered so far, by file and key
_HEAD = "upkeep_head"  # the last entry that was known when the first of them was shown
_LOOK = "upkeep_look"  # what was found when they were looked at: the rows, changes, finding, table, more
_VERSION = "upkeep_version"  # counts steps that were written, so that each begins with fresh fields
NEXT_YEAR = "next_year"
_RULES = ("is_sample", "missing", "missing_after_deadline")  # a new year takes them over from the last one


def keep_up_part(view: View) -> None:
    """Draw the step that is being made, the rows of what is chosen with their form, and the entries written so far."""
    speak = view.speak
    catalogue = workspace().catalogue()
    found = sections(catalogue, speak)
    names = {code: section.title for code, section in found.items()}
    names[NEXT_YEAR] = speak("A new year: {year}", year=int(max(catalogue.block.years, key=int)) + 1)
    code = st.selectbox(
        speak("What to keep up"), list(names), format_func=lambda key: names.get(key, str(key)), key="upkeep_section"
    )
    if code == NEXT_YEAR:
        _next_year(view, found)
    else:
        _rows(view, found[code])
    _step(view, list(found.values()))
    st.subheader(speak("What was changed"))
    _entries(view, list(found.values()))


def _gathered() -> dict[tuple[str, RowKey], Wanted]:
    return st.session_state.setdefault(_STEP, {})


def _now(section: Section) -> dict[RowKey, Cells]:
    """Return the rows of a section as they are in force, and as the step makes them."""
    rows: dict[RowKey, Cells | None] = dict(workspace().kept_rows(section.file).now)
    for (file, key), wanted in _gathered().items():
        if file == section.file:
            rows[key] = None if wanted.cells is None else {**(rows.get(key) or {}), **wanted.cells}
    return rows_in_force(section, title_rows(rows) if AWARDS in section.prefix else rows)


def _rows(view: View, section: Section) -> None:
    speak = view.speak
    rows, head = _now(section), workspace().ledger.head
    st.dataframe(rows_table(section, rows, speak), hide_index=True, width="stretch")
    years = workspace().catalogue().block.years
    year = next((name for name, rules in years.items() if rules.criteria == section.file), "")
    if line := total_line(section, rows, _total(year), speak):
        st.caption(plain(line))
    labels = {"|".join(key): section.label(key, row, speak) for key, row in rows.items()}
    keys = {"|".join(key): key for key in rows}
    if not section.is_of_years:
        labels = {"": speak("A new row")} | labels
    chosen = st.selectbox(
        speak("Row"), list(labels), format_func=lambda key: labels.get(key, str(key)), key=f"upkeep_row_{section.code}"
    )
    key = keys.get(chosen)
    row = rows[key] if key is not None else {}
    # A row that somebody else has changed since is shown in new fields, as it is now.
    settled = workspace().kept_rows(section.file).numbers.get(key, 0) if key is not None else 0
    version = f"{st.session_state.get(_VERSION, 0)}{f'.{settled}' if settled else ''}"
    prefix = f"upkeep_{section.code}_{chosen}_{version}"
    columns = st.columns(2)
    asked = [item for item in section.fields if key is None or not item.is_key]
    for number, item in enumerate(asked):
        with columns[number % 2]:
            _field(item, row, f"{prefix}_{item.name}", speak)
    with st.container(horizontal=True):
        st.button(
            speak("Look at the change"), type="primary", key="upkeep_put", icon=":material/visibility:",
            on_click=_put, args=(view, section, key, row, prefix, head),
        )  # fmt: skip
        if key is not None and not section.is_of_years:
            st.button(
                speak("Take this row out"), key="upkeep_out", icon=":material/delete:", on_click=_take_out,
                args=(view, section, key, head),
            )  # fmt: skip
    told("upkeep_put")


def _total(year: str) -> float | None:
    """Return what a year's criteria must add up to, as the step makes it."""
    if not year:
        return None
    wanted = _gathered().get((BLOCK, ("years", year)))
    total = workspace().catalogue().block.years[year].total_points
    return wanted.cells.get("total_points", total) if wanted and wanted.cells else total


def _field(item: Field, row: Cells, key: str, speak: Translator) -> None:
    """Draw the field of one cell."""
    first, label = first_shown(item, row.get(item.name), speak), plain(item.label)
    label += " *" if item.is_required else ""
    if item.kind == "flag":
        st.checkbox(label, value=first, key=key)
    elif item.kind == "choice":
        choices = {"": "–"} | dict(item.choices) | ({} if first in item.choices or not first else {first: first})
        values = list(choices)
        st.selectbox(
            label, values, index=values.index(first), key=key, format_func=lambda value: choices.get(value, str(value))
        )
    elif item.kind == "long":
        st.text_area(label, value=first, key=key, max_chars=4000)
    else:
        st.text_input(label, value=first, key=key, max_chars=1000, placeholder=placeholders(speak).get(item.kind))


def _put(view: View, section: Section, key: RowKey | None, row: Cells, prefix: str, head: int) -> None:
    """Take what was typed into the step, and look at it."""
    state: Mapping[str, Any] = {str(name): value for name, value in st.session_state.items()}
    raw = {item.name: state.get(f"{prefix}_{item.name}") for item in section.fields}
    speak = view.speak

    def work() -> Wanted:
        found = typed_row(section, key, row, raw, speak)
        if key is None and AWARDS not in section.prefix and found.key in _now(section):
            name = " · ".join(found.key[len(section.prefix) :])
            there_is_none = speak("a row that there is not yet")
            raise RejectedError(
                [Finding(section.title, "", name, there_is_none, speak("Choose that row to change it."))]
            )
        return found

    wanted = attempt(view, "upkeep_put", work)
    if wanted is not None and AWARDS in section.prefix:
        number = str(len(_now(section)) + 1)
        _title(view, section, wanted if key is not None else replace(wanted, key=(*section.prefix, number)), head)
    elif wanted is not None:
        before = _gathered().get((wanted.file, wanted.key))
        cells = {**((before.cells if before else None) or {}), **(wanted.cells or {})}
        _gather(view, [replace(wanted, cells=cells)], head)


def _take_out(view: View, section: Section, key: RowKey, head: int) -> None:
    wanted = Wanted(section.file, key, None)
    if AWARDS in section.prefix:
        _title(view, section, wanted, head)
    else:
        _gather(view, [wanted], head)


def _title(view: View, section: Section, wanted: Wanted, head: int) -> None:
    """Take a title into the step, as part of the table of its year."""
    path = section.prefix[:-1]
    year: Cells = workspace().kept_rows(BLOCK).now.get(path) or {}
    before = _gathered().get((BLOCK, path))
    cells = (before.cells if before else None) or {}
    made = with_title({**year, **cells}, wanted)
    _gather(view, [replace(made, cells={**cells, **(made.cells or {})})], head)


def _gather(view: View, wanted: list[Wanted], head: int) -> None:
    if not _gathered():
        st.session_state[_HEAD] = head
    for item in wanted:
        _gathered()[item.file, item.key] = item
    _look(view)


def _look(view: View) -> None:
    """Check the whole folder with the step, and find out whether places would change."""
    rows = list(_gathered().values())
    st.session_state.pop(_LOOK, None)

    def work() -> None:
        draft = upkeep.supposed_draft(workspace(), acting(), rows)
        finding, table, more = "", pd.DataFrame(), ""
        with with_and_without(workspace(), draft) as boards:
            if boards is not None:
                changes = board_changes(*boards, view.speak)
                finding, table, more = changes.finding, changes.table, changes.more
        st.session_state[_LOOK] = (rows, row_changes(draft.details), finding, table, more)

    attempt(view, "upkeep_look", work)


def _step(view: View, found: list[Section]) -> None:
    """Draw the rows gathered so far, what was found when they were looked at, and the way to write them."""
    speak, rows = view.speak, list(_gathered().values())
    if not rows:
        told("upkeep", "upkeep_look")
        return
    looked = st.session_state.get(_LOOK)
    with st.container(border=True):
        st.subheader(speak("What would change"))
        told("upkeep_look")
        if looked and looked[0] == rows:
            _, changes, finding, table, more = looked
            html(view, components.text_table(change_table(changes, found, speak)))
            if finding:
                st.html(components.paragraph(finding))
            if len(table):
                html(view, components.text_table(table))
            if more:
                st.caption(plain(more))
            version = st.session_state.get(_VERSION, 0)
            st.text_input(speak("Reason"), key=f"upkeep_reason_{version}", max_chars=300)
            with st.container(horizontal=True):
                st.button(
                    speak("Record the change"), type="primary", key="upkeep_record", icon=":material/add_task:",
                    on_click=_record, args=(view, rows),
                )  # fmt: skip
                st.button(speak("Drop it"), key="upkeep_drop", on_click=_drop)
        else:
            held = ", ".join(dict.fromkeys(item.file for item in rows))
            st.text(speak("Rows in this step: {count} ({files}). Change more of them, or drop it.", count=len(rows),
                          files=held))  # fmt: skip
            with st.container(horizontal=True):
                st.button(speak("Look again"), key="upkeep_again", icon=":material/visibility:", on_click=_look,
                          args=(view,))  # fmt: skip
                st.button(speak("Drop it"), key="upkeep_drop", on_click=_drop)
        told("upkeep_record")


def _drop() -> None:
    st.session_state.pop(_STEP, None)
    st.session_state.pop(_LOOK, None)
    st.session_state[_VERSION] = st.session_state.get(_VERSION, 0) + 1


def _record(view: View, rows: list[Wanted]) -> None:
    reason = str(st.session_state.get(f"upkeep_reason_{st.session_state.get(_VERSION, 0)}", ""))

    def work() -> None:
        head = workspace().ledger.head
        try:
            entry = upkeep.keep_up(workspace(), acting(), rows, reason, expected=st.session_state.get(_HEAD, head))
        except StaleError:  # told what the others did; looked at again, the step rests on that
            st.session_state[_HEAD] = head
            st.session_state.pop(_LOOK, None)
            raise
        _drop()
        done(view, "upkeep", entry, view.speak("It is on the next board that is published."))

    attempt(view, "upkeep_record", work)


def _next_year(view: View, found: Mapping[str, Section]) -> None:
    """Draw the one step that makes the year after the last one, with the last one's criteria as a draft."""
    speak, catalogue = view.speak, workspace().catalogue()
    last = max(catalogue.block.years, key=int)
    file = catalogue.block.years[last].criteria
    rows = workspace().kept_rows(file).now if table_of(file) else {}  # else its criteria are copied in the folder
    count = sum(row is not None for row in rows.values())
    st.markdown(
        plain(
            speak(
                "The rules of {last} and its {count} criteria are copied into {year} as a draft, marked as a sample "
                "until you say otherwise. Change them afterwards, one by one.",
                last=last, count=count, year=int(last) + 1,
            )
        )
    )  # fmt: skip
    fields = [item for item in found["years"].fields if not item.is_key and item.name not in _RULES]
    known = catalogue.block.years[last].model_dump(mode="json")
    row = {name: known.get(name) for name in ("hand_in_days", "total_points")}
    prefix = f"upkeep_{NEXT_YEAR}_{st.session_state.get(_VERSION, 0)}"
    columns = st.columns(2)
    for number, item in enumerate(fields):
        with columns[number % 2]:
            _field(item, row, f"{prefix}_{item.name}", speak)
    st.button(
        speak("Look at the new year"), type="primary", key="upkeep_put", icon=":material/visibility:",
        on_click=_put_year, args=(view, found["years"], fields, prefix, workspace().ledger.head),
    )  # fmt: skip
    told("upkeep_put")


def _put_year(view: View, section: Section, fields: list[Field], prefix: str, head: int) -> None:
    raw = {item.name: st.session_state.get(f"{prefix}_{item.name}") for item in fields}

    def work() -> list[Wanted]:
        asked = replace(section, fields=tuple(fields))
        cells = typed_row(asked, ("years", ""), {}, raw, view.speak).cells or {}
        catalogue = workspace().catalogue()
        last = max(catalogue.block.years, key=int)
        rows = workspace().kept_rows(catalogue.block.years[last].criteria).now
        return upkeep.next_year(catalogue, rows, {name: cell for name, cell in cells.items() if cell is not None})[1]

    if (wanted := attempt(view, "upkeep_put", work)) is not None:
        _gather(view, wanted, head)


def _entries(view: View, found: list[Section]) -> None:
    """Draw the entries, and the way to take one back."""
    speak = view.speak
    entries = {entry.number: entry for entry in kept_entries(workspace().ledger.entries())}
    if not entries:
        st.info(speak("Nothing has been changed here yet."))
        return
    number = st.selectbox(
        speak("Entry"), list(entries), key="upkeep_entry",
        format_func=lambda key: entry_line(entries[key], found, speak) if key in entries else str(key),
    )  # fmt: skip
    entry = entries[number]
    html(view, components.text_table(change_table(row_changes(entry.details), found, speak)))
    version = st.session_state.get(_VERSION, 0)
    st.text_input(speak("Reason to take it back"), key=f"upkeep_back_reason_{version}", max_chars=300)
    st.button(
        speak("Take entry {number} back", number=number), key="upkeep_back", icon=":material/undo:", on_click=_back,
        args=(view, number, workspace().ledger.head),
    )  # fmt: skip
    told("upkeep_back")


def _back(view: View, number: int, head: int) -> None:
    version = st.session_state.get(_VERSION, 0)
    reason = str(st.session_state.get(f"upkeep_back_reason_{version}", ""))

    def work() -> None:
        entry = upkeep.undo(workspace(), acting(), number, reason, expected=head)
        st.session_state[_VERSION] = version + 1
        done(view, "upkeep_back", entry, view.speak("It is on the next board that is published."))

    attempt(view, "upkeep_back", work)
