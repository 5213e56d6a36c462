"""Has files that are handed in judged and marked in child processes with limits; one that is stopped is told in words.

Owns what crosses to a child and back. A child may be anybody's after it has read a stranger's file, so what it returns
is JSON, held against what is expected, or the bytes of a workbook.
"""

from __future__ import annotations

import json
import logging
import pickle
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any

from wardstats.core.languages import Translator, translator
from wardstats.core.limited_process import FailedError, LimitedProcesses, Limits, StillWanted, StoppedError
from wardstats.intake.evidence import Opened
from wardstats.intake.faults import Finding, IntakeError, UnreadableError
from wardstats.intake.form import Form
from wardstats.intake.validation import Validated
from wardstats.intake.workbook import MEDIA_TYPES
from wardstats.ledger import Figure

# A filled-in workbook takes a tenth of a second and 20 MB; the largest that is read at all, a tenth of these limits.
LIMITS = Limits(memory_mb=600, cpu_s=4, seconds=20.0)
processes = LimitedProcesses("wardstats.intake.judge_child:answer", LIMITS)  # of the whole server, not of a session
# A picture of 50 million points takes 210 MB and some seconds to be written anew.
openers = LimitedProcesses("wardstats.intake.judge_child:open_evidence", Limits(memory_mb=800, cpu_s=20, seconds=60.0))
_log = logging.getLogger(__name__)


def judge(
    name: str,
    content: bytes,
    form: Form,
    source_id: str,
    speak: Translator,
    still_wanted: StillWanted = lambda _: None,
) -> Validated:
    """Judge a file, as ``validate`` does, in a child process; the cells themselves stay there.

    Args:
        name: What the file is called.
        content: The file.
        form: What is asked for.
        source_id: The source that its figures will name.
        speak: The language of the findings.
        still_wanted: Called ten times a second with the seconds so far; what it raises ends the child.

    Raises:
        IntakeError: Others' files are being judged; its turn did not come.
    """
    asked = replace(form, catalogue=None)  # pyright: ignore[reportArgumentType] - megabytes, and nobody looks at it
    request = pickle.dumps(("validate", (name, content, asked, source_id, speak.language)))
    try:
        found = json.loads(processes.ask(request, still_wanted).content)
    except (StoppedError, FailedError) as error:
        return Validated(name, sha256(content).hexdigest(), {}, {}, _told(name, error, speak).findings)
    return Validated(
        name,
        sha256(content).hexdigest(),
        {code: _figure(found["figures"][code], source_id) for code in form.rows if code in found["figures"]},
        {code: str(found["evidence"][code]) for code in form.rows if code in found["evidence"]},
        [Finding(**finding) for finding in found["findings"]],
        kind=found["kind"] if found["kind"] in MEDIA_TYPES else "",
    )


def mark(name: str, content: bytes, findings: Sequence[Finding], speak: Translator) -> bytes:
    """Return a copy of a file with its faults marked, made in a child process.

    Where that takes too much with the workbook's own look, the copy is of its cells alone.

    Raises:
        UnreadableError: Neither can be made.
        IntakeError: Others' files are being judged; its turn did not come.
    """
    try:
        try:
            return processes.ask(pickle.dumps(("mark", (name, content, findings, speak.language, True)))).content
        except StoppedError as error:
            if error.reason == "busy":
                raise
        return processes.ask(pickle.dumps(("mark", (name, content, findings, speak.language, False)))).content
    except (StoppedError, FailedError) as error:
        raise _told(name, error, speak) from None


def open_evidence(content: bytes, media_type: str) -> Opened:
    """Open a file that proves figures, as ``evidence.opened`` does, in a child process that takes no more than it may.

    Raises:
        IntakeError: Others' files are being opened; its turn did not come.
    """
    try:
        head, _, kept = openers.ask(f"{media_type}\n".encode() + content).content.partition(b"\n")
    except (StoppedError, FailedError) as error:
        _told(media_type, error, translator("en"))  # busy is told; anything else is the file's own fault
        return Opened(refused="heavy" if isinstance(error, StoppedError) else "damaged")
    found = json.loads(head)
    width, height = found["size"]
    return Opened(kept, str(found["refused"]), (int(width), int(height)), tuple(map(str, found["changed"])))


def _figure(found: dict[str, Any], source_id: str) -> Figure:
    numbers = [None if found[key] is None else float(found[key]) for key in ("value", "numerator", "denominator")]
    return Figure(*numbers, status="reported", source_id=source_id, note=str(found["note"]))


def _told(name: str, error: StoppedError | FailedError, speak: Translator) -> UnreadableError:
    """Return what became of a file in words.

    Raises:
        IntakeError: Nothing is wrong with the file: its turn did not come.
    """
    if isinstance(error, StoppedError) and error.reason == "busy":
        raise IntakeError(
            lambda speak: speak("Others are submitting files right now. Nothing was submitted. Try again in a minute.")
        ) from None
    seconds = speak("at most {seconds} seconds", seconds=speak.number(LIMITS.cpu_s, 0))
    if isinstance(error, FailedError):
        _log.error("%s: judging it failed\n%s", name, error)
        found, expected = speak("a file that cannot be judged"), speak("a workbook (.xlsx, .ods) or a CSV file")
    elif error.reason == "time":
        found, expected = speak("a file that takes too long to read, so it was stopped"), seconds
    else:
        found = speak("a file that takes too much memory to read, so it was stopped")
        expected = speak("at most {size} megabytes", size=speak.number(LIMITS.memory_mb, 0))
    remedy = speak("Copy the table, values only, into a workbook downloaded afresh, and submit that one.")
    return UnreadableError(name, found, expected, remedy)
