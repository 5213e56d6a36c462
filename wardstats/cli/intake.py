"""The commands of handing in and checking: template, handin, queue, accept, return, ..., and the ledger's own.

Whoever sits at the machine's command line could change the files themselves, so they act as administrator; the ledger
records the name they give.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from wardstats.cli.console import (
    Data,
    Format,
    FormatOption,
    Language,
    Var,
    errors,
    finished_desk,
    known_language,
    print_frame,
    published_id,
)
from wardstats.core.errors import WardStatsError
from wardstats.core.languages import LANGUAGES, Translator, translator
from wardstats.core.settings import settings
from wardstats.core.statuses import NO_FIGURES
from wardstats.intake import checking, handing_in, queue
from wardstats.intake.faults import Finding, IntakeError, RejectedError
from wardstats.intake.form import Form
from wardstats.intake.handing_in import Upload
from wardstats.intake.judge import mark
from wardstats.intake.numbers import Asked, read_within
from wardstats.intake.preview import Standing, preview
from wardstats.intake.validation import Validated
from wardstats.intake.workspace import Workspace
from wardstats.ledger import Entry, accept_loss, ledger_of
from wardstats.ledger.access import local_administrator
from wardstats.snapshot.store import Store

Unit = Annotated[str, typer.Option(help="Unit code.")]
BlockPeriod = Annotated[str, typer.Option("--period", help="Such as 2026-11.")]
By = Annotated[str, typer.Option("--by", help="Who does it; recorded in the ledger.")]
Subject = Annotated[str, typer.Argument(help="Id of a hand-in; see queue.")]
Note = Annotated[str, typer.Option(help="What they say about it.")]
LineNotes = Annotated[list[str] | None, typer.Option("--line", help="INDICATOR=NOTE, a note on one line; repeatable.")]
Reason = Annotated[str, typer.Option(help="Why.")]
Count = Annotated[str | None, typer.Option(help="Such as 9.75 or 9,75.")]

ledger_app = typer.Typer(no_args_is_help=True, help="The book in which every step is an entry that never changes.")


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (template, handin, withdraw, cross_check, appraise, return_, accept, unaccept, correct, adjust):
        app.command(name=command.__name__.rstrip("_").replace("_", "-"))(command)
    app.command(name="queue")(show_queue)
    ledger_app.command(name="verify")(verify_ledger)
    ledger_app.command(name="show")(show_ledger)
    ledger_app.command(name="accept-loss")(accept_ledger_loss)
    app.add_typer(ledger_app, name="ledger")


def template(
    unit: Unit,
    period: BlockPeriod,
    output: Annotated[Path, typer.Option(help="The workbook to write, .xlsx.")],
    language: Language = "vi",
    data: Data = None,
    var: Var = None,
) -> None:
    """Write the workbook in which a ward fills in its figures of a period."""
    actor = local_administrator("template")
    book = handing_in.make_template(_workspace(data, var), actor, unit, period, translator(known_language(language)))
    output.write_bytes(book)
    errors.print(f"{output} written.", markup=False)


def handin(
    file: Annotated[Path, typer.Argument(help="The filled-in workbook: .xlsx, .ods or .csv.")],
    unit: Unit,
    period: BlockPeriod,
    by: By = "",
    evidence: Annotated[
        list[Path] | None, typer.Option(help="A PDF or picture that proves figures; repeatable.")
    ] = None,
    note: Note = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only judge it; hand nothing in.")] = False,
    marked: Annotated[Path | None, typer.Option(help="Write a copy with the faulty cells marked.")] = None,
    output: FormatOption = Format.table,
    language: Annotated[str, typer.Option("--lang", help=f"Language of the findings: {', '.join(LANGUAGES)}.")] = "en",
    data: Data = None,
    var: Var = None,
) -> None:
    """Judge a workbook and hand it in; every fault goes to stdout, and the exit code is 1 if there is one."""
    workspace, speak = _workspace(data, var), translator(known_language(language))
    actor = local_administrator(by or ("dry run" if dry_run else ""))
    upload = Upload(file.name, _bytes(file))
    judged, form = handing_in.validate_file(workspace, actor, unit, period, upload, speak)
    if marked and judged.kind:
        marked.write_bytes(mark(judged.name, upload.content, judged.findings, speak))
        errors.print(f"{marked} written.", markup=False)
    try:
        if judged.faults:
            raise RejectedError(judged.faults)
        files = [Upload(path.name, _bytes(path)) for path in evidence or ()]
        entry = None if dry_run else handing_in.hand_in(workspace, actor, unit, period, upload, files, speak, note=note)
    except RejectedError as error:
        _print_findings(error.findings, output)
        count = len(error.findings)
        faults = "1 fault" if count == 1 else f"{count} faults"
        errors.print(f"{faults} in {file.name}. Nothing was handed in.", markup=False)
        raise typer.Exit(1) from None
    for finding in [*judged.findings, *(handing_in.evidence_notices(entry) if entry else ())]:
        errors.print(f"Notice: {finding}", markup=False)
    _print_preview(workspace, actor, form, judged, speak, output, entry)


def _print_preview(
    workspace: Workspace,
    actor: Any,
    form: Form,
    judged: Validated,
    speak: Translator,
    output: Format,
    entry: Entry | None,
) -> None:
    published = Store(workspace.places.var).current() if published_id(workspace.places) else None
    shown = preview(workspace, form, handing_in.draft_of(workspace, actor, form, judged, speak), published)
    rows = [
        {
            "indicator_code": line.code, "period": line.period, "before": line.before, "status": line.status_before,
            "after": line.after, "points_before": line.points[0], "points_after": line.points[1],
        }
        for line in shown.lines
    ]  # fmt: skip
    if entry:
        errors.print(
            f"Handed in as {entry.subject} (entry {entry.number}). It counts once it is accepted.", markup=False
        )
    if shown.standing:
        before, after = shown.standing
        was, then = (_standing_text(standing) for standing in (before, after))
        points = "no points" if after.score is None else f"{after.score:.2f} points"
        errors.print(f"If accepted: rank {then} (published: {was}), {points}.")
    if output is Format.json:
        print(json.dumps({"problems": [], "subject": entry.subject if entry else None, "changes": rows}, indent=1))
    else:
        print_frame(pd.DataFrame(rows), output)


def _standing_text(standing: Standing | None) -> str:
    if standing is None or standing.rank is None:
        return "none"
    waiting = standing.all - standing.of
    return f"{standing.rank} of {standing.of}" + (f"; {waiting} more have no figures yet" if waiting else "")


def show_queue(
    state: Annotated[str | None, typer.Option(help="Only those in this state.")] = None,
    output: FormatOption = Format.table,
    data: Data = None,
    var: Var = None,
) -> None:
    """List what was handed in and where it stands, the last worked on first."""
    if state is not None and state not in queue.STATES:
        raise WardStatsError(f"--state {state!r}: expected one of {', '.join(queue.STATES)}.")
    rows = [
        {
            "subject": item.subject, "unit_code": item.unit_code, "period": item.period, "state": item.state,
            "is_late": item.is_late, "figures": len(item.latest.changes), "handed_in_at": item.latest.at,
            "by": item.latest.actor, "last_entry": item.last_number,
        }
        for item in queue.hand_ins(_workspace(data, var).ledger.entries())
        if state in (None, item.state)
    ]  # fmt: skip
    names = ["subject", "unit_code", "period", "state", "is_late", "figures", "handed_in_at", "by", "last_entry"]
    print_frame(pd.DataFrame(rows, columns=names), output, NO_FIGURES)


def withdraw(subject: Subject, by: By, note: Note = "", data: Data = None, var: Var = None) -> None:
    """Take a hand-in back before it is accepted."""
    _told(handing_in.withdraw(_workspace(data, var), local_administrator(by), subject, note=note))


def cross_check(
    subject: Subject, by: By, note: Note = "", line: LineNotes = None, data: Data = None, var: Var = None
) -> None:
    """Record that another member has checked a hand-in."""
    _told(checking.cross_check(_workspace(data, var), local_administrator(by), subject, note=note, lines=_lines(line)))


def appraise(
    subject: Subject, by: By, note: Note = "", line: LineNotes = None, data: Data = None, var: Var = None
) -> None:
    """Record that the head of the block has appraised a hand-in."""
    _told(checking.appraise(_workspace(data, var), local_administrator(by), subject, note=note, lines=_lines(line)))


def return_(
    subject: Subject, by: By, note: Note = "", line: LineNotes = None, data: Data = None, var: Var = None
) -> None:
    """Return a hand-in to its ward, with notes on what to mend."""
    _told(checking.give_back(_workspace(data, var), local_administrator(by), subject, note=note, lines=_lines(line)))


def accept(subject: Subject, by: By, note: Note = "", data: Data = None, var: Var = None) -> None:
    """Accept a hand-in: its figures count from the next build on."""
    _told(checking.accept(_workspace(data, var), local_administrator(by), subject, note=note))


def unaccept(subject: Subject, by: By, note: Note = "", data: Data = None, var: Var = None) -> None:
    """Take back an acceptance that was on no board yet: the hand-in waits again."""
    _told(checking.undo_acceptance(_workspace(data, var), local_administrator(by), subject, note=note))


def correct(
    unit: Unit,
    period: BlockPeriod,
    indicator: Annotated[str, typer.Option(help="Indicator code.")],
    reason: Reason,
    by: By,
    value: Count = None,
    numerator: Count = None,
    denominator: Count = None,
    data: Data = None,
    var: Var = None,
) -> None:
    """Correct one figure that counts, with a reason; without numbers it becomes: asked, and none known."""
    workspace = _workspace(data, var)
    row = workspace.form(unit, period).row(indicator)
    given = {"value": value, "numerator": numerator, "denominator": denominator}
    numbers = {name: _number(f"--{name}", text or "", row.asked(name)) for name, text in given.items()}
    _told(checking.correct(workspace, local_administrator(by), unit, period, indicator, numbers, reason))


def adjust(
    unit: Unit,
    period: BlockPeriod,
    points: Annotated[str, typer.Option(help="Bonus (+) or penalty (-); 0 lifts an earlier one.")],
    reason: Reason,
    by: By,
    adjustment: Annotated[str | None, typer.Option("--id", help="An earlier adjustment, to change or lift it.")] = None,
    data: Data = None,
    var: Var = None,
) -> None:
    """Give a ward a bonus or a penalty in one period, with a reason."""
    workspace = _workspace(data, var)
    number = _number("--points", points, workspace.form(unit, period).points_asked) or 0.0
    _told(checking.adjust(workspace, local_administrator(by), unit, period, number, reason, adjustment=adjustment))


def verify_ledger(
    known: Annotated[
        str | None, typer.Option(help="NUMBER:SHA256 of an entry, as an earlier run printed it; compared too.")
    ] = None,
    data: Data = None,
    var: Var = None,
) -> None:
    """Prove by seal and hash chain that no entry was altered, removed or added; exit 1 if one was."""
    ledger = ledger_of(settings(data, var))
    problems = ledger.verify(_known(known))
    for problem in problems:
        print(problem)
    if problems:
        raise typer.Exit(1)
    entries = ledger.entries()
    last = f" The last one, for your own notes: {entries[-1].number}:{entries[-1].sha256}" if entries else ""
    errors.print(f"{ledger.folder}: {len(entries)} entries, all as they were written.{last}", markup=False)
    if entries and not ledger.seal.is_made:
        errors.print("They are of before there were seals: the next entry seals them.", markup=False)


def accept_ledger_loss(
    by: By,
    reason: Reason,
    last: Annotated[
        int,
        typer.Option(min=0, max=99_999_998, help="The last number known to have been given, if the seal is lost too."),
    ] = 0,
    data: Data = None,
    var: Var = None,
) -> None:
    """Go on without entries that are damaged and in no backup: record which; their numbers are never used again."""
    actor = local_administrator(by)
    entry = accept_loss(ledger_of(settings(data, var)), actor.identity, actor.role, reason, last)
    lost = ", ".join(f"{a}" if a == b else f"{a} to {b}" for a, b in entry.details["lost"]) or "none"
    errors.print(f"Entries lost: {lost}. Damaged files are kept in the ledger's folder lost.", markup=False)
    errors.print("What the lost entries settled counts no more: hand it in or correct it again.", markup=False)
    _told(entry)


def _known(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    if not (found := re.fullmatch(r"(\d+):([0-9a-f]{8,64})", text.strip())):
        raise IntakeError(f"--known {text!r}: expected NUMBER:SHA256, as ledger verify prints them. Correct it.")
    return int(found[1]), found[2]


def show_ledger(
    unit: Annotated[str | None, typer.Option(help="Only entries about this unit.")] = None,
    subject: Annotated[str | None, typer.Option(help="Only entries about this hand-in or adjustment.")] = None,
    output: FormatOption = Format.table,
    data: Data = None,
    var: Var = None,
) -> None:
    """Print the ledger, oldest first: who did what when; in JSON with every figure before and after."""
    found = [
        entry
        for entry in _workspace(data, var).ledger.entries()
        if unit in (None, entry.unit_code) and subject in (None, entry.subject)
    ]
    if output is Format.json:
        print(json.dumps([json.loads(entry.written()) for entry in found], ensure_ascii=False, indent=1))
        return
    names = ["number", "at", "actor", "role", "action", "unit_code", "period", "subject", "changes", "note"]
    rows = [[len(e.changes) if name == "changes" else getattr(e, name) for name in names] for e in found]
    print_frame(pd.DataFrame(rows, columns=names), output, NO_FIGURES)


def _workspace(data: Path | None, var: Path | None) -> Workspace:
    return finished_desk(settings(data, var))


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise IntakeError(f"{path}: cannot be read ({error.strerror}). Check its name.") from error


def _number(option: str, text: str, asked: Asked) -> float | None:
    """Read a number that was typed, as a field of a page is read."""
    found = read_within(text, asked, translator("en"), option)
    if isinstance(found, Finding):
        raise RejectedError([found])
    return found


def _lines(pairs: list[str] | None) -> dict[str, str]:
    notes = {}
    for pair in pairs or ():
        code, sign, text = pair.partition("=")
        if not sign or not text.strip():
            raise IntakeError(f"--line {pair!r}: expected INDICATOR=NOTE. Correct it.")
        notes[code.strip()] = text
    return notes


def _told(entry: Entry) -> None:
    errors.print(f"Entry {entry.number}: {entry.action} by {entry.actor}.", markup=False)
    print(entry.subject or entry.number)


def _print_findings(findings: Sequence[Finding], output: Format) -> None:
    rows = [finding.as_dict() for finding in findings]
    if output is Format.table:
        print(*findings, sep="\n")
    elif output is Format.json:
        print(json.dumps({"problems": rows}, ensure_ascii=False, indent=1))
    else:
        print_frame(pd.DataFrame(rows), output, NO_FIGURES)
