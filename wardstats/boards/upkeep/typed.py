"""What was typed into the form of a row becomes the row as it is wanted, or every fault of it at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from wardstats.boards.upkeep.sections import Field, Section
from wardstats.catalogue.upkeep import is_empty
from wardstats.core.languages import Translator
from wardstats.intake.cells import clean_text
from wardstats.intake.faults import Finding, RejectedError
from wardstats.intake.numbers import Asked, read_within, written_number
from wardstats.intake.upkeep import Wanted, same_cell
from wardstats.ledger.rows import Cells, RowKey

_DAY = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_HOUR = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_THREE = re.compile(r"\.\d{3}$")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def first_shown(item: Field, cell: Any, speak: Translator) -> Any:
    """Return what the widget of a field shows at first."""
    text = "" if is_empty(cell) else str(cell)
    if item.kind == "flag":
        return text.lower() == "true"
    if item.kind in ("date", "moment"):
        day, _, hour = text.partition(" ")
        return " ".join(filter(None, (f"{found:%d/%m/%Y}", hour))) if (found := _day(day)) else text
    if item.kind in ("number", "whole"):
        try:
            return written_number(float(_with_point(text)), speak) if text else ""
        except ValueError:
            return text
    return text


def placeholders(speak: Translator) -> dict[str, str]:
    """Return what stands in an empty field of a kind: how it is written."""
    return {"date": speak("day/month/year"), "moment": speak("day/month/year hour:minute")}


def typed_row(section: Section, key: RowKey | None, row: Cells, raw: Mapping[str, Any], speak: Translator) -> Wanted:
    """Return the row that was typed.

    Args:
        key: Of the row that is changed; None for a new one, whose key is typed too.
        row: As it was shown; a cell that says the same is no part of the change, so that one which somebody else has
            changed meanwhile stays as they left it.
        raw: What each widget holds, by column.

    Raises:
        RejectedError: Everything that is wrong with it.
    """
    cells: dict[str, Any] = {}
    faults: list[Finding] = []
    for item in section.fields:
        if item.is_key and key is not None:
            continue
        found = _read(item, raw.get(item.name), speak)
        if isinstance(found, Finding):
            faults.append(found)
        elif item.is_required and is_empty(found):
            faults.append(Finding(item.label, "", speak("nothing"), speak("something in it"), speak("Fill it in.")))
        elif item.is_key and item.label == speak("Code") and not _CODE.fullmatch(str(found)):
            expected = speak("letters without marks, digits and the signs _ . -")
            faults.append(Finding(item.label, "", repr(found), expected, speak("Choose another code.")))
        else:
            cells[item.name] = _as_stored(item, found, row.get(item.name), section)
    if faults:
        raise RejectedError(faults)
    if key is not None:
        changed = {name: cell for name, cell in cells.items() if not same_cell(row.get(name), cell)}
        return Wanted(section.file, key, changed)
    named = section.key_of({name: str(cell) for name, cell in cells.items()})
    keys = {item.name for item in section.fields if item.is_key}
    return Wanted(section.file, named, {name: cell for name, cell in cells.items() if name not in keys})


def _read(item: Field, raw: Any, speak: Translator) -> Any:
    if item.kind == "flag":
        return bool(raw)
    if item.kind in ("date", "moment"):
        return _moment(item, clean_text(str(raw or "")), speak)
    if item.kind in ("number", "whole"):
        found = read_within(str(raw or ""), Asked(is_whole=item.kind == "whole"), speak, item.label)
        return "" if found is None else found
    return clean_text(str(raw or ""))


def _moment(item: Field, text: str, speak: Translator) -> str | Finding:
    """Return a day, with its time where that may be, as files have it; a fault where it is none."""
    day, _, hour = text.partition(" ")
    found = _day(day)
    if not text or (found and not hour):
        return found.isoformat() if found else ""
    if found and item.kind == "moment" and _HOUR.fullmatch(hour):
        return f"{found.isoformat()} {hour}"
    expected = speak("a day such as 14/11/2026")
    if item.kind == "moment":
        expected = speak("a day such as 14/11/2026, or a day and time such as 14/11/2026 08:00")
    return Finding(item.label, "", repr(text), expected, speak("Write day, month and year."))


def _day(text: str) -> date | None:
    """Return the day of a text, 14/11/2026 or as files have it: 2026-11-14."""
    parts = _DAY.fullmatch(text)
    try:
        return date(*(int(parts[number]) for number in (3, 2, 1))) if parts else date.fromisoformat(text)
    except ValueError:
        return None


def _as_stored(item: Field, found: Any, now: Any, section: Section) -> Any:
    """Return a cell as its file holds it: text in CSV, a value of its kind in TOML; what says the same stays."""
    if item.kind == "flag":
        if is_empty(now) and not found:
            return now if now is not None else ""
        return found if section.is_toml else str(found).lower()
    if isinstance(found, float):
        if _number(now) == found:
            return now
        value = int(found) if found.is_integer() else found
        # In a file whose decimals have commas, three of them could be thousands: a nought more says that they are not.
        return value if section.is_toml else repr(value) + ("0" if _THREE.search(repr(value)) else "")
    return (found or None) if section.is_toml else found


def _with_point(text: str) -> str:
    """Return a number as Python reads it: what was read of a file has no sign but one before decimals."""
    return text.replace(",", ".")


def _number(cell: Any) -> float | None:
    try:
        return float(_with_point(str(cell)))
    except (TypeError, ValueError):
        return None
