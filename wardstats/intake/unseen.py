"""What follows for a figure that nobody sees who opens the file: it never counts, and it is told with sheet and cell.

A figure that stands in a hidden place alone is a fault: it has to be shown, or removed. One that stands beside a seen
one is passed over with a notice. What files hide is found by ``hidden``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from wardstats.core.languages import Translator, fold
from wardstats.intake.columns import NUMBERS
from wardstats.intake.faults import Finding
from wardstats.intake.grid import address
from wardstats.intake.headings import find_heading, first_input
from wardstats.intake.sheets import Cell, Sheet

INPUTS = (*NUMBERS, "situation")  # what makes a figure
_WORDS = ("evidence", "note")


def hidden_sheets(sheets: Sequence[Sheet], read: Sequence[Sheet], is_beside: bool, speak: Translator) -> list[Finding]:
    """Return one finding for each sheet whose table of figures is hidden: itself, or its heading.

    Args:
        sheets: All sheets of the file.
        read: Those with a heading that is seen.
        is_beside: One of these holds figures.
        speak: The reader's language.
    """
    found = []
    for sheet in sheets:
        heading = None if any(sheet is seen for seen in read) else find_heading(sheet)
        if heading and (at := first_input(sheet, *heading)):
            where = speak("hidden sheet") if sheet.hidden.is_sheet else speak("hidden heading")
            text = speak("figures under a {where}", where=where)
            remedy = speak(
                "Show the sheet and its heading (right click on a sheet's name, Unhide), look at the figures, then "
                "choose the file again; or remove the sheet."
            )
            found.append(_finding(sheet, address(*at), text, remedy, is_beside, "", speak))
    return found


def hidden_figures(
    sheet: Sheet, row: int, cells: Mapping[str, tuple[str, Cell]], columns: Mapping[str, int], code: str,
    speak: Translator, *, is_beside: bool = False,
) -> list[Finding]:  # fmt: skip
    """Return a finding for each figure of a line that is not seen; words that are not seen are read, and told.

    Args:
        sheet: The sheet.
        row: The line.
        cells: Address and cell by column.
        columns: Column by key.
        code: The indicator of the line.
        speak: The reader's language.
        is_beside: The figure stands elsewhere too, where it is seen.
    """
    hidden = {key: cell for key, (_, cell) in cells.items() if not sheet.is_seen(row, columns[key])}
    found = [
        _cell_finding(sheet, row, columns[key], cell, code, is_beside, speak)
        for key, cell in hidden.items()
        if key in INPUTS
    ]
    if found:
        return found
    read = speak("It was read as it is. Look at it.")
    words = [_cell_finding(sheet, row, columns[key], hidden[key], code, True, speak) for key in _WORDS if key in hidden]
    return [replace(finding, remedy=read) for finding in words]


def hidden_twins(
    sheet: Sheet, row: int, cells: Mapping[str, tuple[str, Cell]], twins: Sequence[tuple[str, int]], code: str,
    speak: Translator,
) -> Iterator[Finding]:  # fmt: skip
    """Return a finding for each figure of a line in a hidden column whose heading a seen column has too."""
    for key, column in twins:
        if key in INPUTS and (cell := sheet.cells.get((row, column))):
            yield _cell_finding(sheet, row, column, cell, code, key in cells, speak)


def is_code_seen(
    sheet: Sheet, row: int, cells: Mapping[str, tuple[str, Cell]], columns: Mapping[str, int],
    names: Mapping[str, str], code: str,
) -> bool:  # fmt: skip
    """Tell whether whoever looks at a line sees which indicator it is about: by its code, or by the same name.

    Args:
        names: The code of each indicator by its folded name.
    """
    if "indicator_code" not in cells or sheet.is_seen(row, columns["indicator_code"]):
        return True
    is_named = "indicator" in cells and sheet.is_seen(row, columns["indicator"])
    return is_named and names.get(fold(" ".join(str(cells["indicator"][1].value).split()))) == code


def hidden_code(sheet: Sheet, place: str, code: str, speak: Translator) -> Finding:
    """Return the fault of a line whose code is hidden, and whose seen name is not that of the code."""
    expected = speak("the name of that indicator beside it")
    remedy = speak(
        "Show the column of codes and look at the line; copy it from a new workbook if it is not the right one."
    )
    return Finding(sheet.name, place, speak("the code {code}, hidden", code=code), expected, remedy, indicator=code)


def _cell_finding(
    sheet: Sheet, row: int, column: int, cell: Cell, code: str, is_beside: bool, speak: Translator
) -> Finding:
    value = str(cell.value if cell.formula is None else cell.formula)[:80]
    if row in sheet.hidden.rows:
        text = speak("{value}, in a hidden row", value=value)
        remedy = speak("Show the row (clear the filter, open the group or unhide it), look at the figure, then choose "
                       "the file again; or remove the figure.")  # fmt: skip
    elif column in sheet.hidden.columns:
        text = speak("{value}, in a hidden column", value=value)
        remedy = speak("Show the column (unhide it, or make it wider), look at the figure, then choose the file again; "
                       "or remove the figure.")  # fmt: skip
    else:
        text = speak("{value}, in a format that shows nothing", value=value)
        remedy = speak("Format the cell as a plain number, then look at it again.")
    return _finding(sheet, address(row, column), text, remedy, is_beside, code, speak)


def _finding(
    sheet: Sheet, place: str, text: str, remedy: str, is_beside: bool, code: str, speak: Translator
) -> Finding:
    if is_beside:
        remedy = speak("It was not read: the figures that are seen count.")
    return Finding(sheet.name, place, text, speak("figures that are seen"), remedy, is_beside, code)
