"""Reads the rows of a CSV text by their keys, and writes the text again with some of them added, changed or left out.

A line that does not change keeps its letters, its place and its line end, so that a file reads the same in a diff.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Key = tuple[str, ...]
Row = dict[str, Any]
InForce = Mapping[Key, Row | None]  # None: there is no such row any more
Places = dict[int, int | Key]  # of a line that was written: its number in the text of before, or whose row it is

_DELIMITERS = (",", ";", "\t")


def delimiter_of(text: str) -> str:
    """Return what divides the cells of a file, by its header: a comma, semicolon or tab."""
    return max(_DELIMITERS, key=text.partition("\n")[0].count)


@dataclass(frozen=True)
class _Line:
    """One line of the file: where it begins, its letters, its cells, and its key where it has one."""

    number: int
    raw: str
    cells: list[str]
    key: Key | None


def csv_rows(text: str | None, keys: Sequence[str]) -> dict[Key, Row]:
    """Return the rows of a text by their keys, the first of those with the same one; none where there is no text.

    Raises:
        ValueError: It is no CSV, or has not the columns of the key.
    """
    if text is None:
        return {}
    header, lines = _lines(text, keys)
    found: dict[Key, Row] = {}
    for line in lines:
        if line.key is not None:
            found.setdefault(line.key, dict(zip(header, line.cells, strict=True)))
    return found


def with_csv_rows(text: str | None, keys: Sequence[str], columns: Sequence[str], rows: InForce) -> tuple[str, Places]:
    """Return a text with rows as they are in force, and where its lines come from.

    Args:
        text: The text of before; None where there was none.
        columns: All that there may be, in order: the header of a new text; one that is missing and needed is added.
        rows: Those that may differ; one whose key is not in the text is added at its end, in the order given.

    Raises:
        ValueError: As in ``csv_rows``.
    """
    header, lines = _lines(text, keys) if text is not None else (list(columns), iter(()))
    needed = {name for row in rows.values() if row for name, cell in row.items() if cell != "" and name not in header}
    written_header = header + sorted(needed, key=lambda name: (_position(columns, name), name))
    delimiter = delimiter_of(text) if text else ","
    first = io.StringIO(text or "", newline="").readline()
    end = "\r\n" if first.endswith("\r\n") else "\r" if first.endswith("\r") else "\n"
    raw_header = first.rstrip("\r\n") + end if text and not needed else ""
    parts, places, seen = [raw_header or _written(written_header, delimiter, end)], Places({1: 1}), set[Key]()
    count = parts[0].count("\n")

    def add(part: str, place: int | Key) -> None:
        nonlocal count
        for offset in range(part.count("\n") or 1):
            places[count + 1 + offset] = place + offset if isinstance(place, int) else place
        count += part.count("\n")
        parts.append(part)

    for line in lines:
        whole = line.raw if line.raw.endswith(("\n", "\r")) else line.raw + end
        if line.key is None or line.key not in rows or line.key in seen:
            is_padded = needed and len(line.cells) == len(header) and any(line.cells)
            add(_written([*line.cells, *("" for _ in needed)], delimiter, end) if is_padded else whole, line.number)
            continue
        seen.add(line.key)
        if (row := rows[line.key]) is None:
            continue
        cells = [str(row.get(name, "")) for name in written_header]
        add(whole, line.number) if cells == line.cells else add(_written(cells, delimiter, end), line.key)
    for key, row in rows.items():
        if row is not None and key not in seen:
            add(_written([str(row.get(name, "")) for name in written_header], delimiter, end), key)
    return "".join(parts), places


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a CSV text of a header and rows of cells."""
    return "".join(_written(cells, ",", "\n") for cells in (columns, *rows))


def _lines(text: str, keys: Sequence[str]) -> tuple[list[str], Iterator[_Line]]:
    raw = list(io.StringIO(text, newline=""))
    reader = csv.reader(iter(raw), delimiter=delimiter_of(text), strict=True)
    try:
        header = [name.strip() for name in next(reader, [])]
        start, lines = reader.line_num, []
        if missing := [name for name in keys if name not in header]:
            raise ValueError(f"no column {', '.join(missing)}")
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            has_key = len(cells) == len(header)
            key = tuple(cells[header.index(name)] for name in keys) if has_key else None
            lines.append(_Line(start + 1, "".join(raw[start : reader.line_num]), cells, key))
            start = reader.line_num
    except csv.Error as error:
        raise ValueError(str(error)) from error
    return header, iter(lines)


def _written(cells: Sequence[str], delimiter: str, end: str) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=end).writerow(cells)
    return stream.getvalue()


def _position(columns: Sequence[str], name: str) -> int:
    return columns.index(name) if name in columns else len(columns)
