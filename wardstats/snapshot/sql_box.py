"""The SQL box: one SELECT of a stranger against the published snapshot, in a process of its own that can be ended.

Inside DuckDB, one function call may take gigabytes that no memory limit sees and no interrupt stops (measured:
``range(300000000)`` in a list took 14 GB and 140 s past its interrupt). So each query runs in a child process with hard
limits of the system; the dashboard outlives whatever happens there. Where the system knows no such limits (Windows),
DuckDB's own and the time limit remain.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from wardstats.core.languages import Translator
from wardstats.core.settings import PROJECT

MEGABYTE = 1024 * 1024
_GRACE_S = 2.0
_CELL_LENGTH = 2000
_ANSWER_BYTES = 8 * MEGABYTE
# Classes of DuckDB's errors and what they mean to the reader.
_MEANINGS = {"PermissionException": "no_access", "InterruptException": "time", "OutOfMemoryException": "memory"}


@dataclass(frozen=True)
class Limits:
    """What one query may use."""

    characters: int = 20_000
    seconds: float = 5.0
    rows: int = 5_000
    memory_mb: int = 256
    process_mb: int = 2_048
    at_once: int = 2


@dataclass(frozen=True)
class Answer:
    """What came of a query.

    Attributes:
        frame: The rows, or None where it was refused.
        is_cut: There were more rows than are shown.
        seconds: How long it took.
        reason: Why it was refused: empty, too_long, several, not_select, no_access, time, memory, busy or error.
        detail: What was wrong in the database's own words, or the statement's kind.
    """

    frame: pd.DataFrame | None = None
    is_cut: bool = False
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
        self._ready: deque[subprocess.Popen[bytes]] = deque()

    def warm_up(self) -> None:
        """Start the child that the next query will use, unless one waits already."""
        if not self._ready:
            self._ready.append(self._start())

    def close(self) -> None:
        """End the child that waits."""
        while self._ready:
            _end(self._ready.pop())

    def run(self, snapshot_id: str, sql: str) -> Answer:
        """Run one SELECT on one snapshot."""
        if not sql.strip():
            return Answer(reason="empty")
        if len(sql) > self.limits.characters:
            return Answer(reason="too_long", detail=str(len(sql)))
        if not self._places.acquire(blocking=False):
            return Answer(reason="busy")
        try:
            return self._run(f"{snapshot_id}.duckdb", sql)
        finally:
            self._places.release()

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

    def _run(self, file: str, sql: str) -> Answer:
        try:
            child = self._ready.popleft()
        except IndexError:
            child = self._start()
        assert child.stdout is not None
        child.stdout.readline()  # it says so when it is ready: starting does not count as the query's time
        started = time.monotonic()
        try:
            request = json.dumps({"file": file, "sql": sql}).encode()
            output, _ = child.communicate(request, timeout=self.limits.seconds + _GRACE_S)
        except subprocess.TimeoutExpired:
            return Answer(reason="time", seconds=time.monotonic() - started)
        finally:
            _end(child)
            self.warm_up()
        seconds = time.monotonic() - started
        if not output:
            late = seconds >= self.limits.seconds
            return Answer(reason="time" if late else "memory", seconds=seconds)
        found = json.loads(output)
        if "reason" in found:
            return Answer(reason=found["reason"], detail=found["detail"], seconds=seconds)
        frame = pd.DataFrame(found["rows"], columns=found["columns"])
        return Answer(frame=frame, is_cut=found["is_cut"], seconds=seconds)


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
    os.nice(5)


def _answer(request: dict[str, str], limits: Limits) -> dict[str, Any]:
    from wardstats.snapshot.store import connect_for_strangers

    connection = connect_for_strangers(Path(request["file"]), limits.memory_mb)
    timer = threading.Timer(limits.seconds, connection.interrupt)
    timer.daemon = True
    timer.start()
    try:
        statements = connection.extract_statements(request["sql"])
        kinds = [statement.type.name for statement in statements]
        if not kinds:
            return {"reason": "empty", "detail": ""}
        if kinds[0] != "SELECT":
            typed = re.match(r"\s*([A-Za-z]+)", request["sql"])  # DuckDB calls INSTALL a LOAD
            return {"reason": "not_select", "detail": typed[1].upper() if typed else kinds[0]}
        if len(kinds) > 1:
            return {"reason": "several", "detail": ""}
        cursor = connection.execute(request["sql"])
        columns = [column[0] for column in cursor.description or []]
        rows: list[list[Any]] = []
        size = 0
        while len(rows) <= limits.rows and size < _ANSWER_BYTES and (batch := cursor.fetchmany(500)):
            shown = [[_cell(value) for value in row] for row in batch]
            size += len(json.dumps(shown))
            rows += shown
        is_cut = len(rows) > limits.rows or size >= _ANSWER_BYTES
        return {"columns": columns, "rows": rows[: limits.rows], "is_cut": is_cut}
    except MemoryError:
        return {"reason": "memory", "detail": ""}
    except Exception as error:  # whatever DuckDB makes of a stranger's text is the answer to the stranger
        message = " ".join(str(error).partition("LINE 1:")[0].split())
        return {"reason": _MEANINGS.get(type(error).__name__, "error"), "detail": message[:500]}
    finally:
        timer.cancel()


def _cell(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    if value is None or isinstance(value, bool | int | float):
        return value if not isinstance(value, int) or abs(value) < 2**63 else str(value)
    return str(value)[:_CELL_LENGTH]


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
