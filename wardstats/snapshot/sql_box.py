"""The SQL box: one SELECT of a stranger against the published snapshot, in a process of its own that can be ended.

Inside DuckDB, one function call may take gigabytes that no memory limit sees and no interrupt stops (measured:
``range(300000000)`` in a list took 14 GB and 140 s past its interrupt). So each query runs in a child process with hard
limits of the system; the dashboard outlives whatever happens there. Where the system knows no such limits (Windows),
DuckDB's own and the time limit remain.

An answer is cut by rows and by bytes while the child (``sql_child``) reads it. Answers are kept once for all who ask
the same, by weight, and forgotten with the process that forks, once nobody has asked for a while: no tab holds one.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from wardstats.core import limited_process
from wardstats.core.languages import Translator
from wardstats.core.limited_process import MEGABYTE, LimitedProcesses, StillWanted, StoppedError
from wardstats.core.memory import give_memory_back
from wardstats.core.weighed_cache import WeighedCache, frame_bytes
from wardstats.snapshot.sql_child import Limits

_GRACE_S = 2.0
_LIMITS = Limits()


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
    """Runs queries, each in a child of its own, and keeps their answers."""

    def __init__(self, snapshots: Path, limits: Limits = _LIMITS) -> None:
        """Remember where the snapshots are; no process is started yet."""
        self.limits = limits
        # A child is ended where DuckDB has not come back from its interrupt.
        seconds = limits.seconds + _GRACE_S
        bounds = limited_process.Limits(
            memory_mb=limits.process_mb, cpu_s=int(seconds) + 1, seconds=seconds, at_once=limits.at_once, wait_s=0.0,
            idle_s=limits.idle_s, nice=15,
        )  # fmt: skip
        # They run in the folder of the snapshots, so that a path within DuckDB is but a file name.
        self._processes = LimitedProcesses("wardstats.snapshot.sql_child:answer", bounds, snapshots, self.close)
        self._answers = self._no_answers()

    def warm_up(self) -> None:
        """Have the next query answered without waiting for DuckDB to be imported."""
        self._processes.warm_up()

    def close(self) -> None:
        """End all processes, and forget all answers."""
        self._processes.close()
        self._answers = self._no_answers()
        give_memory_back()

    def run(self, snapshot_id: str, sql: str, still_wanted: StillWanted = lambda _: None) -> Answer:
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
        try:
            return self._answers.get((snapshot_id, sql), lambda: self._ask(snapshot_id, sql, still_wanted))
        except StoppedError:
            return Answer(reason="busy")

    def _ask(self, snapshot_id: str, sql: str, still_wanted: StillWanted) -> Answer:
        """Have a child answer.

        Raises:
            StoppedError: Others are at it, which is no answer to keep.
        """
        request = {"file": f"{snapshot_id}.duckdb", "sql": sql, "limits": asdict(self.limits)}
        try:
            done = self._processes.ask(json.dumps(request).encode(), still_wanted)
        except StoppedError as stopped:
            if stopped.reason == "busy":
                raise
            return Answer(reason=stopped.reason, seconds=stopped.seconds)
        return replace(_read(json.loads(done.content)), seconds=done.seconds)

    def _no_answers(self) -> WeighedCache[tuple[str, str], Answer]:
        return WeighedCache(self.limits.kept_bytes, _weight, largest=1.0)


def _read(found: dict[str, Any]) -> Answer:
    """Return what a child has written."""
    if "reason" in found:
        return Answer(reason=found["reason"], detail=found["detail"])
    return Answer(frame=pd.DataFrame(found["rows"], columns=found["columns"]), cut_by=found["cut_by"])


def _weight(answer: Answer) -> int:
    """Bytes that an answer takes in memory, beside its place in the cache."""
    return 500 if answer.frame is None else frame_bytes(answer.frame)


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
