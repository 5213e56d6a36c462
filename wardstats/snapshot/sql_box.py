"""The SQL box: one SELECT of a stranger against the published snapshot, in a process of its own that can be ended.

Inside DuckDB, one function call may take gigabytes that no memory limit sees and no interrupt stops (measured:
``range(300000000)`` in a list took 14 GB and 140 s past its interrupt). So each query runs in a child process with hard
limits of the system; the dashboard outlives whatever happens there. Where the system knows no such limits (Windows),
DuckDB's own and the time limit remain.

An answer is cut by rows and by bytes while the child reads it. Answers are kept once for all who ask the same, by
weight, and forgotten with the child that waits once nobody has asked for a while: no tab holds one.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from wardstats.core.languages import Translator
from wardstats.core.memory import give_memory_back
from wardstats.core.settings import PROJECT

MEGABYTE = 1024 * 1024
_GRACE_S = 2.0
_LOOK_EVERY_S = 0.1
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
        process_mb: Memory of the child, all told.
        at_once: How many queries run at the same time, of all sessions.
        kept_bytes: Memory of all answers that are kept.
        idle_s: When the child that waits is ended and answers are forgotten, after the last question.
    """

    characters: int = 20_000
    seconds: float = 5.0
    rows: int = 5_000
    columns: int = 300
    answer_bytes: int = 8 * MEGABYTE
    memory_mb: int = 256
    process_mb: int = 2_048
    at_once: int = 2
    kept_bytes: int = 64 * MEGABYTE
    idle_s: float = 120.0


@dataclass(frozen=True)
class Answer:
    """What came of a query.

    Attributes:
        frame: The rows, or None where it was refused.
        cut_by: What there was too much of to show all: rows, columns, bytes, or nothing.
        seconds: How long it took.
        reason: Why it was refused: empty, too_long, several, pivot, not_select, no_access, time, memory, busy or error.
        detail: What was wrong in the database's own words, or the statement's kind.
    """

    frame: pd.DataFrame | None = None
    cut_by: str = ""
    seconds: float = 0.0
    reason: str = ""
    detail: str = ""


class SqlBox:
    """Runs queries, each in a fresh child; one child is kept ready, so that nobody waits for it to start."""

    def __init__(self, snapshots: Path, limits: Limits = Limits()) -> None:
        """Remember where the snapshots are; no child is started yet."""
        self.limits = limits
        self._snapshots = snapshots
        self._places = threading.BoundedSemaphore(limits.at_once)
        self._changed = threading.RLock()
        self._ready: deque[subprocess.Popen[bytes]] = deque()
        self._kept: OrderedDict[tuple[str, str], tuple[Answer, int]] = OrderedDict()
        self._idle: threading.Timer | None = None

    def warm_up(self) -> None:
        """Start the child that the next query will use, unless one waits already."""
        with self._changed:
            if not self._ready:
                self._ready.append(self._start())
            if self._idle is not None:
                self._idle.cancel()
            self._idle = threading.Timer(self.limits.idle_s, self.close)
            self._idle.daemon = True
            self._idle.start()

    def close(self) -> None:
        """End the child that waits, and forget all answers."""
        with self._changed:
            if self._idle is not None:
                self._idle.cancel()
                self._idle = None
            self._kept.clear()
            while self._ready:
                _end(self._ready.pop())
        give_memory_back()

    def run(self, snapshot_id: str, sql: str, still_wanted: Callable[[], object] = lambda: None) -> Answer:
        """Run one SELECT on one snapshot, or return what it gave a moment ago.

        Args:
            snapshot_id: Which one.
            sql: The query.
            still_wanted: Called ten times a second while it runs; raises whatever is to end it.
        """
        if not sql.strip():
            return Answer(reason="empty")
        if len(sql) > self.limits.characters:
            return Answer(reason="too_long", detail=str(len(sql)))
        with self._changed:
            if found := self._kept.get((snapshot_id, sql)):
                self._kept.move_to_end((snapshot_id, sql))
                return found[0]
        if not self._places.acquire(blocking=False):
            return Answer(reason="busy")
        try:
            answer = self._run(f"{snapshot_id}.duckdb", sql, still_wanted)
        finally:
            self._places.release()
        self._keep((snapshot_id, sql), answer)
        return answer

    def _keep(self, asked: tuple[str, str], answer: Answer) -> None:
        with self._changed:
            if self._idle is None:  # it has been closed: nothing would forget the answer
                return
            self._kept[asked] = answer, _weight(answer)
            while sum(weight for _, weight in self._kept.values()) > self.limits.kept_bytes:
                self._kept.popitem(last=False)

    def _start(self) -> subprocess.Popen[bytes]:
        kept = {name: os.environ[name] for name in ("SYSTEMROOT", "PATH") if name in os.environ}
        return subprocess.Popen(
            [sys.executable, "-m", "wardstats.snapshot.sql_box", json.dumps(vars(self.limits))],
            cwd=self._snapshots,  # so that a path within DuckDB is but a file name
            env=kept | {"PYTHONPATH": str(PROJECT), "PYTHONUTF8": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def _run(self, file: str, sql: str, still_wanted: Callable[[], object]) -> Answer:
        with self._changed:
            child = self._ready.popleft() if self._ready else self._start()
        try:
            assert child.stdout is not None
            child.stdout.readline()  # it says so when it is ready: starting does not count as the query's time
            started = time.monotonic()
            request: bytes | None = json.dumps({"file": file, "sql": sql}).encode()
            while True:
                try:
                    output, _ = child.communicate(request, timeout=_LOOK_EVERY_S)
                    break
                except subprocess.TimeoutExpired:
                    request = None  # it has been sent
                    if time.monotonic() - started > self.limits.seconds + _GRACE_S:
                        return Answer(reason="time", seconds=time.monotonic() - started)
                    still_wanted()
        finally:
            _end(child)
            self.warm_up()
        seconds = time.monotonic() - started
        if not output:
            late = seconds >= self.limits.seconds
            return Answer(reason="time" if late else "memory", seconds=seconds)
        return replace(_read(json.loads(output)), seconds=seconds)


def _read(found: dict[str, Any]) -> Answer:
    """Return what a child has written."""
    if "reason" in found:
        return Answer(reason=found["reason"], detail=found["detail"])
    return Answer(frame=pd.DataFrame(found["rows"], columns=found["columns"]), cut_by=found["cut_by"])


def _weight(answer: Answer) -> int:
    """Bytes that an answer takes in memory, with what surrounds it."""
    return 1000 if answer.frame is None else 1000 + int(answer.frame.memory_usage(deep=True).sum())


def refusal(answer: Answer, limits: Limits, speak: Translator) -> str:
    """Say in plain words why a query was refused."""
    length = float(answer.detail) if answer.reason == "too_long" else 0.0
    texts = {
        "empty": speak("Write a query first."),
        "too_long": speak(
            "The query is too long: {length} characters, at most {most} are taken.",
            length=speak.number(length, 0), most=speak.number(limits.characters, 0),
        ),
        "several": speak("Only one statement at a time: leave out everything after the first semicolon."),
        "pivot": speak(
            "PIVOT without a list of its values cannot run here. Name them: PIVOT score ON period IN ('2026-10', "
            "'2026-11') USING first(score)."
        ),
        "not_select": speak("Only SELECT is allowed here; this is {kind}. Nothing was changed.", kind=answer.detail),
        "no_access": speak("Files and the network are closed here: only the tables listed beside can be read."),
        "time": speak(
            "Stopped after {seconds} seconds. Narrow it down: fewer rows, fewer joins, a condition on period.",
            seconds=speak.number(limits.seconds, 0),
        ),
        "memory": speak("Stopped: it needed too much memory. Narrow it down: fewer rows, fewer joins."),
        "busy": speak("Others are running queries right now. Try again in a few seconds."),
    }  # fmt: skip
    return texts.get(answer.reason) or _not_understood(answer.detail, speak)


def cut_note(answer: Answer, limits: Limits, speak: Translator) -> str:
    """Say what is missing of an answer that was cut."""
    count = 0 if answer.frame is None else len(answer.frame)
    if answer.cut_by == "bytes":
        return speak(
            "Cut after {count} {count:row|rows}: an answer holds {size} MB at most. Choose fewer columns or rows.",
            count=speak.number(count, 0), size=speak.number(limits.answer_bytes / MEGABYTE, 0),
        )  # fmt: skip
    if answer.cut_by == "columns":
        return speak(
            "Cut after {count} columns: the query has more. Name those you need.",
            count=speak.number(limits.columns, 0),
        )
    return speak(
        "Cut after {count} {count:row|rows}: the query found more. Add a condition, or count them.",
        count=speak.number(count, 0),
    )


def _not_understood(message: str, speak: Translator) -> str:
    """Say what the database did not find; other faults in its own words, which are English."""
    names = re.findall(r'"(\w+)"', message)
    if found := re.search(r"Table with name (\w+) does not exist", message):
        told = speak("There is no table {name}.", name=found[1])
    elif found := re.search(r'[Cc]olumn (?:named )?"(\w+)"(?: not found|\s|$)', message):
        told = speak("There is no column {name} in these tables.", name=found[1])
    else:
        return speak("The database did not understand it: {message}", message=message)
    if alike := [name for name in dict.fromkeys(names) if name != found[1]]:
        told += " " + speak("Like it are: {names}.", names=", ".join(alike[:5]))
    return told


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.kill()
    child.wait()
    for stream in (child.stdin, child.stdout):
        if stream and not stream.closed:
            stream.close()


def _limit_this_process(limits: Limits) -> None:
    """Let the system itself bound memory and processor time, and let no file be written."""
    try:
        import resource
    except ImportError:
        return
    size = limits.process_mb * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    seconds = int(limits.seconds + _GRACE_S) + 30  # its start costs processor time too
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(15)  # whoever reads or publishes goes first


def _answer(request: dict[str, str], limits: Limits) -> dict[str, Any]:
    from wardstats.snapshot.store import connect_for_strangers

    timer = None
    try:
        connection = connect_for_strangers(Path(request["file"]), limits.memory_mb)
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


def main() -> None:
    """Answer one request of standard input on standard output; the child's whole life."""
    limits = Limits(**json.loads(sys.argv[1]))
    import wardstats.snapshot.store  # noqa: F401 - imported before the query's time starts

    _limit_this_process(limits)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    if text := sys.stdin.read():
        json.dump(_answer(json.loads(text), limits), sys.stdout)
        sys.stdout.flush()
    os._exit(0)  # no tidying up: threads of an interrupted query may still be at it


if __name__ == "__main__":
    main()
