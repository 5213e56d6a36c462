"""What a child process of ``sql_box`` does: one SELECT of a stranger, whose answer is cut by rows, columns and bytes.

It imports DuckDB and little else, so that it is soon there; a connection is opened in the child only, for threads do
not survive a fork.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from wardstats.core.limited_process import MEGABYTE
from wardstats.core.settings import PROJECT
from wardstats.snapshot.publications import READER_CONFIG

_CELL_LENGTH = 2000
# Classes of DuckDB's errors and what they mean to the reader.
_MEANINGS = {"PermissionException": "no_access", "InterruptException": "time", "OutOfMemoryException": "memory"}


@dataclass(frozen=True)
class Limits:
    """What one query may use, and what all of them may keep.

    Attributes:
        characters: Length of a query.
        seconds: How long it may take.
        rows: How many rows an answer has at most.
        columns: How many columns; a page takes seconds of the server's time for more.
        answer_bytes: How large an answer is at most, as JSON.
        memory_mb: Memory of DuckDB.
        process_mb: Memory of the child beyond what its libraries take.
        at_once: How many queries run at the same time, of all sessions.
        kept_bytes: Memory of all answers that are kept.
        idle_s: When the process that forks children is ended and answers are forgotten, after the last question.
    """

    characters: int = 20_000
    seconds: float = 5.0
    rows: int = 5_000
    columns: int = 300
    answer_bytes: int = 8 * MEGABYTE
    memory_mb: int = 256
    process_mb: int = 1_024
    at_once: int = 2
    kept_bytes: int = 64 * MEGABYTE
    idle_s: float = 120.0


def answer(request: bytes) -> bytes:
    """Return what a query gives, or why it is refused, as JSON."""
    asked = json.loads(request)
    return json.dumps(_answer(asked, Limits(**asked["limits"]))).encode()


def _answer(request: dict[str, Any], limits: Limits) -> dict[str, Any]:
    timer = None
    try:
        connection = _connect(Path(request["file"]), limits.memory_mb)
        timer = threading.Timer(limits.seconds, connection.interrupt)
        timer.daemon = True
        timer.start()
        statements = connection.extract_statements(request["sql"])
        kinds = [statement.type.name for statement in statements]
        if not kinds:
            return {"reason": "empty", "detail": ""}
        if kinds[0] != "SELECT":
            if kinds[0] == "MULTI":  # what a PIVOT becomes that has to look for its columns first
                return {"reason": "pivot", "detail": ""}
            typed = re.match(r"\s*([A-Za-z]+)", request["sql"])  # DuckDB calls INSTALL a LOAD
            return {"reason": "not_select", "detail": typed[1].upper() if typed else kinds[0]}
        if len(kinds) > 1:
            return {"reason": "several", "detail": ""}
        return _read_rows(connection.execute(request["sql"]), limits)
    except MemoryError:
        return {"reason": "memory", "detail": ""}
    except Exception as error:  # whatever DuckDB makes of a stranger's text is the answer to the stranger
        message = " ".join(str(error).partition("LINE 1:")[0].split())
        return {"reason": _MEANINGS.get(type(error).__name__, "error"), "detail": _without_places(message)[:500]}
    finally:
        if timer is not None:
            timer.cancel()


def _connect(path: Path, memory_mb: int) -> duckdb.DuckDBPyConnection:
    """Open a snapshot for a query that anybody may have written: little memory, one thread, nothing spilled to disk.

    A DuckDB file has one set of settings in a process, so this is for a process that does nothing else.
    """
    tight = {
        "memory_limit": f"{memory_mb}MB", "threads": 1, "async_threads": 0, "temp_directory": "",
        "max_expression_depth": 250, "python_enable_replacements": False,
    }  # fmt: skip
    return duckdb.connect(str(path), config={**READER_CONFIG, **tight})


def _read_rows(cursor: Any, limits: Limits) -> dict[str, Any]:
    """Read an answer row by row, until there are enough of them or they weigh enough."""
    names = [column[0] for column in cursor.description or []]
    columns = unlike(names[: limits.columns])
    rows: list[list[Any]] = []
    left = limits.answer_bytes - len(json.dumps(columns))
    while (found := cursor.fetchone()) is not None:
        if len(rows) == limits.rows:
            return {"columns": columns, "rows": rows, "cut_by": "rows"}
        row = [_cell(value) for value in found[: limits.columns]]
        left -= len(json.dumps(row)) + 2
        if left < 0:
            return {"columns": columns, "rows": rows, "cut_by": "bytes"}
        rows.append(row)
    return {"columns": columns, "rows": rows, "cut_by": "columns" if len(names) > limits.columns else ""}


def unlike(names: Sequence[str]) -> list[str]:
    """Return names of columns of which no two are alike, as DuckDB numbers them in a subquery: rank, rank_1."""
    found: dict[str, None] = {}
    taken = set(names)
    for name in names:
        number, unique = 0, name
        while unique in found or (number and unique in taken):
            number += 1
            unique = f"{name}_{number}"
        found[unique] = None
    return list(found)


def _cell(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if value is None or isinstance(value, bool | int | float):
        return value if not isinstance(value, int) or abs(value) < 2**63 else str(value)
    text = str(value)
    return _without_places(text if len(text) <= _CELL_LENGTH else f"{text[: _CELL_LENGTH - 1]}…")


def _without_places(text: str) -> str:
    """Return a text without the folders of this machine, which the database knows and nobody else is to."""
    for place in _places():
        text = text.replace(place, "…")
    return text


@cache
def _places() -> list[str]:
    return [str(place) for place in (Path.cwd(), PROJECT, Path.home()) if place != Path(place.anchor)]
