"""Reads the tables of a TOML text by their paths, and writes the text again with some of them changed.

The rest keeps its comments and its order. Every result is read again and compared with what it should say; a text that
is built in a way that cannot be edited line by line is written anew, without its comments.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from wardstats.core.csv_rows import InForce, Key, Row

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_PAIR = re.compile(r"\s*(\"[^\"]*\"|[\w-]+)\s*=")
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def toml_rows(text: str | None) -> dict[Key, Row]:
    """Return the tables of a text by their paths, each with its own keys; days and times as texts.

    Raises:
        ValueError: It is no TOML.
    """
    found: dict[Key, Row] = {}

    def gather(table: Mapping[str, Any], path: Key) -> None:
        own = {key: value for key, value in table.items() if not isinstance(value, dict)}
        if own or path:
            found[path] = own
        for key, value in table.items():
            if isinstance(value, dict):
                gather(value, (*path, key))

    gather(_plain(tomllib.loads(text or "")), ())
    return found


def with_toml_rows(text: str | None, rows: InForce) -> str:
    """Return a text with tables as they are in force; one that is not in it is added at its end.

    Raises:
        ValueError: It is no TOML.
    """
    now, whole = text or "", toml_rows(text)
    for path, row in rows.items():
        before = whole.get(path)
        if row == before:
            continue
        whole.pop(path, None)
        if row is not None:
            whole[path] = row
        edited = _edited(now, path, before, row)
        now = edited if _says(edited, whole) else _anew(whole)
    return now


def toml_value(value: Any) -> str:
    """Return a value as TOML writes it: texts, numbers, truths, and lists and tables of these."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_name(key)} = {toml_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    return repr(value)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date | datetime | time) else value


def _says(text: str, tables: Mapping[Key, Row]) -> bool:
    try:
        found = toml_rows(text)
    except ValueError:
        return False
    return {path: row for path, row in found.items() if row} == {path: row for path, row in tables.items() if row}


def _edited(text: str, path: Key, before: Row | None, after: Row | None) -> str:
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    if before is None:
        return "".join([*lines, "\n" if lines else "", *_table(path, after or {})])
    wanted = after or {}
    kept: list[str] = []
    table: Key = ()
    end, is_removed = 0, False  # behind the last pair of this table among those kept
    left = {key: value for key, value in wanted.items() if value != before.get(key)}
    for line in lines:
        if header := _HEADER.match(line):
            table = _path(header[2])
            is_removed = any(table[: len(path) + 1] == (*path, key) for key, value in before.items()
                             if isinstance(value, list) and wanted.get(key) != value)  # fmt: skip
            is_own = table == path and header[1] == "["
            if is_removed or (is_own and after is None):
                continue
            kept.append(line)
            end = len(kept) if is_own else end
            continue
        if is_removed:
            if not line.strip().startswith("#"):
                continue
            is_removed = False  # a comment speaks of what follows
        if table == path and (pair := _PAIR.match(line)):
            key = pair[1].strip('"')
            if key in before and wanted.get(key) != before[key]:
                if key not in wanted:
                    continue
                line = f"{pair[0].strip()} {toml_value(left.pop(key))}\n"
            kept.append(line)
            end = len(kept)
            continue
        kept.append(line)
    kept[end:end] = [f"{_name(key)} = {toml_value(left[key])}\n" for key in sorted(left)]
    return "".join(kept)


def _anew(tables: Mapping[Key, Row]) -> str:
    parts = []
    for path, row in sorted(tables.items(), key=lambda pair: pair[0] != ()):
        parts.append("".join(_table(path, row)))
    return "\n".join(parts)


def _table(path: Key, row: Row) -> list[str]:
    """Return the lines of a table, its keys in an order that does not depend on when each was set."""
    header = [f"[{'.'.join(map(_name, path))}]\n"] if path else []
    return header + [f"{_name(key)} = {toml_value(row[key])}\n" for key in sorted(row)]


def _path(text: str) -> Key:
    return tuple(part.strip().strip('"') for part in re.findall(r"\"[^\"]*\"|[^.]+", text))


def _name(key: str) -> str:
    return key if _BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False)
