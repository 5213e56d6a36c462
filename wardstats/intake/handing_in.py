"""A ward hands figures in: judged, kept with their file and evidence, waiting for the block. Changes no board."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from wardstats.core.languages import Translator, translator
from wardstats.core.limited_process import StillWanted
from wardstats.core.periods import parse_period
from wardstats.core.records import in_each_language
from wardstats.intake.evidence import Evidence, check_evidence, safe_name
from wardstats.intake.faults import Finding, IntakeError, RejectedError
from wardstats.intake.form import Form
from wardstats.intake.judge import judge, open_evidence
from wardstats.intake.queue import LEADS_TO, HandIn, find_hand_in, hand_ins, state_names, unfinished
from wardstats.intake.validation import Validated
from wardstats.intake.words import actor_name, moment
from wardstats.intake.workbook import MEDIA_TYPES, template, unit_title
from wardstats.intake.workspace import Workspace, recorded, signed, today
from wardstats.ledger import Attachment, Change, Draft, Entry
from wardstats.ledger.access import Actor, require

NOTE_AT_MOST = 2_000


@dataclass(frozen=True)
class Upload:
    """A file as it was received."""

    name: str
    content: bytes


class DuplicateError(IntakeError):
    """The very same file was handed in before. ``entry`` is that hand-in."""

    def __init__(self, entry: Entry, state: str) -> None:
        """Keep the entry."""
        self.entry = entry
        super().__init__(
            lambda speak: speak(
                "Found the same file as in entry {number} of the ledger ({at}, {who}, now {state}); expected another "
                "one. Nothing was submitted again. Change the workbook first, or withdraw that submission.",
                number=entry.number, at=moment(entry.at, speak), who=actor_name(entry, speak),
                state=state_names(speak)[state],
            )
        )  # fmt: skip


def make_template(workspace: Workspace, actor: Actor, unit_code: str, period: str, speak: Translator) -> bytes:
    """Return the workbook of a ward and period."""
    require(actor, "download_template", unit_code)
    return template(workspace.form(unit_code, period), speak)


def validate_file(
    workspace: Workspace,
    actor: Actor,
    unit_code: str,
    period: str,
    upload: Upload,
    speak: Translator,
    still_wanted: StillWanted = lambda _: None,
) -> tuple[Validated, Form]:
    """Read and judge a file, in a child process with limits; nothing is kept.

    Args:
        still_wanted: Called ten times a second with the seconds so far; what it raises ends the child.
    """
    require(actor, "judge", unit_code)
    form = workspace.form(unit_code, period)
    name = safe_name(upload.name)
    return judge(name, upload.content, form, source_id(unit_code, period), speak, still_wanted), form


@recorded
def hand_in(
    workspace: Workspace,
    actor: Actor,
    unit_code: str,
    period: str,
    upload: Upload,
    evidence: Sequence[Upload],
    speak: Translator,
    *,
    note: str = "",
    expected: int | None = None,
) -> Entry:
    """Hand a file in for a ward and period. It is judged afresh: nothing that a page showed is believed.

    Args:
        speak: The language of findings, and of the source that is recorded.
        expected: The last entry that the actor knew when they looked at the preview.

    Raises:
        AccessError: The actor may not.
        RejectedError: The file or its evidence is faulty; every fault is listed.
        DuplicateError: The same file was handed in before and still stands.
        StaleError: Somebody handed in or settled the same figures in the meantime.
    """
    require(actor, "handin", unit_code)
    seen = workspace.ledger.head if expected is None else expected
    judged, form = validate_file(workspace, actor, unit_code, period, upload, speak)
    if judged.faults:
        raise RejectedError(judged.faults)
    files = check_evidence([(item.name, item.content) for item in evidence], speak, open_evidence)
    entries = workspace.ledger.entries()
    _refuse_duplicate(entries, judged, unit_code, period)
    kept = _keep(workspace, upload, judged, files)
    before = unfinished(entries, unit_code, period)
    subject = before.subject if before else new_subject(entries, unit_code, period)
    notices = [notice for item in files for notice in item.notices]
    draft = _draft(workspace, actor, form, judged, kept, subject, check_note(note), speak, notices)
    return workspace.ledger.append(draft, expected=seen)


@recorded
def withdraw(workspace: Workspace, actor: Actor, subject: str, *, note: str = "", expected: int | None = None) -> Entry:
    """Take a hand-in back before it is accepted.

    Raises:
        AccessError: The actor may not.
        IntakeError: There is none, or it is settled.
        StaleError: Somebody acted on it in the meantime.
    """
    found = find_hand_in(workspace.ledger.entries(), subject)
    require(actor, "withdraw", found.unit_code)
    if found.state in ("accepted", "withdrawn"):
        raise IntakeError(
            lambda speak: speak("{subject}: found it {state}; expected one that is not settled. Submit a new one.",
                                subject=subject, state=state_names(speak)[found.state])
        )  # fmt: skip
    return step(workspace, actor, found, "withdraw", note=note, expected=expected)


def step(
    workspace: Workspace,
    actor: Actor,
    found: HandIn,
    action: str,
    *,
    note: str = "",
    expected: int | None = None,
    changes: tuple[Change, ...] = (),
    details: dict[str, Any] | None = None,
) -> Entry:
    """Write one step of a hand-in; whoever looked at an older state of it than ``expected`` is told."""
    assert action in LEADS_TO
    draft = signed(
        actor, action, unit_code=found.unit_code, period=found.period, subject=found.subject, note=check_note(note),
        changes=changes, details=(details or {}) | {"state_before": found.state, "version": found.latest.number},
    )  # fmt: skip
    return workspace.ledger.append(draft, expected=found.last_number if expected is None else expected)


def draft_of(workspace: Workspace, actor: Actor, form: Form, judged: Validated, speak: Translator) -> Draft:
    """Return the entry that a judged file would become, for a preview."""
    return _draft(workspace, actor, form, judged, (), "preview", "", speak)


def evidence_notices(entry: Entry) -> list[Finding]:
    """Return what was changed in the evidence of a hand-in before it was kept, such as a position that was removed."""
    names = {item.name for item in entry.attachments[1:]}
    return [Finding(**notice) for notice in entry.details.get("notices", ()) if notice["sheet"] in names]


def source_id(unit_code: str, period: str) -> str:
    """Return the id of the source that a ward's own figures name."""
    return f"handin_{unit_code}_{period}"


def source_of(form: Form) -> dict[str, str]:
    """Return the source that a ward's own figures name, as sources.toml would describe it."""
    block = form.catalogue.block

    def title(speak: Translator) -> str:
        name = unit_title(form.unit, block.unit_kind, speak)
        return speak("Figures of {name}, {period}", name=name, period=speak.period(form.period))

    producer = unit_title(form.unit, block.unit_kind, translator(block.default_language))
    return {**in_each_language("title", title), "producer": producer, "accessed": today()}


def check_note(note: str) -> str:
    """Return a note as it is kept.

    Raises:
        IntakeError: It is too long.
    """
    from wardstats.intake.cells import clean_text

    lines = "\n".join(filter(None, (clean_text(line) for line in note.splitlines())))
    if len(lines) > NOTE_AT_MOST:
        raise IntakeError(
            lambda speak: speak("{field}: found {count} letters; expected at most {most}. Shorten it.",
                                field=speak("Note"), count=len(lines), most=NOTE_AT_MOST)
        )  # fmt: skip
    return lines


def check_reason(reason: str) -> str:
    """Return a reason as it is kept.

    Raises:
        IntakeError: There is none, or it is too long.
    """
    reason = check_note(reason)
    if not reason:
        raise IntakeError(lambda speak: speak("No reason is given. Say why, in a sentence."))
    return reason


def new_subject(entries: Sequence[Entry], unit_code: str, period: str) -> str:
    """Return the id of a ward's next hand-in of a period; two at the same time get the same, so one of them is told."""
    count = sum(1 for item in hand_ins(entries) if (item.unit_code, item.period) == (unit_code, period))
    return f"handin-{unit_code}-{period}-{count + 1}"


def _draft(
    workspace: Workspace,
    actor: Actor,
    form: Form,
    judged: Validated,
    kept: tuple[Attachment, ...],
    subject: str,
    note: str,
    speak: Translator,
    notices: Sequence[Finding] = (),
) -> Draft:
    unit_code = form.unit.unit_code
    keys = {code: (unit_code, code, form.rows[code].period) for code in judged.figures}
    now = workspace.in_force(list(keys.values()))
    changes = tuple(Change(*key, now.get(key), judged.figures[code]) for code, key in keys.items())
    details: dict[str, Any] = {
        "file_sha256": judged.sha256,
        "is_late": form.deadline is not None and today() > form.deadline.isoformat(),
        "evidence": dict(judged.evidence),
        "notices": [finding.as_dict() for finding in [*judged.findings, *notices]],
        "sources": {source_id(unit_code, form.period): source_of(form)},
    }
    return signed(
        actor, "handin", unit_code=unit_code, period=parse_period(form.period).text, subject=subject, note=note,
        changes=changes, attachments=kept, details=details,
    )  # fmt: skip


def _refuse_duplicate(entries: Sequence[Entry], judged: Validated, unit_code: str, period: str) -> None:
    for item in hand_ins(entries):
        same = [entry for entry in item.story if entry.details.get("file_sha256") == judged.sha256]
        is_same = same and (item.unit_code, item.period) == (unit_code, period) and item.state != "withdrawn"
        if is_same:
            raise DuplicateError(same[-1], item.state)


def _keep(workspace: Workspace, upload: Upload, judged: Validated, files: Sequence[Evidence]) -> tuple[Attachment, ...]:
    kept = [workspace.ledger.store(judged.name, upload.content, MEDIA_TYPES[judged.kind])]
    kept += [workspace.ledger.store(item.name, item.content, item.media_type) for item in files]
    return tuple(kept)
