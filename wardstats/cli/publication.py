"""The commands of the publish moment, ``approve``, ``publish`` and ``verify``, and the states ``snapshots`` lists.

Says too what waits: building is not publishing.
"""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated, Any

import typer

from wardstats.cli.console import Data, Var, errors, show_progress
from wardstats.core import pointer
from wardstats.core.errors import WardStatsError
from wardstats.core.settings import PROJECT, Settings, settings
from wardstats.intake import publishing
from wardstats.intake.workspace import Workspace
from wardstats.ledger.access import local_administrator
from wardstats.snapshot.review import read_check, record_check, state_of, verify_history

COLUMNS = (
    "snapshot_id", "published_at", "is_current", "state", "is_final", "by", "checked_by", "note", "content_sha256",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (approve, publish, verify):
        app.command()(command)


def snapshot_states(var: Path) -> list[dict[str, Any]]:
    """Return one row for each snapshot file, oldest first, with the columns ``COLUMNS``."""
    history = pointer.read_history(var)
    last = {entry.snapshot_id: entry for entry in history}
    rows = []
    for path in sorted((var / "snapshots").glob("[!.]*.duckdb")):
        entry, check = last.get(path.stem), read_check(var, path.stem)
        rows.append(
            {
                "snapshot_id": path.stem,
                "published_at": entry.published_at if entry else "",
                "is_current": bool(history) and path.stem == history[-1].snapshot_id,
                "state": state_of(var, path.stem, history),
                "is_final": entry.is_final if entry else False,
                "by": entry.by if entry else "",
                "checked_by": check.by if check else "",
                "note": entry.note if entry else "",
                "content_sha256": entry.content_sha256 if entry else "",
            }
        )
    return rows


def what_waits(places: Settings, snapshot_id: str) -> str:
    """Return in words what is up after a build, and how to publish what was built."""
    history = pointer.read_history(places.var)
    if not history:
        up = "Nothing is up, though the ledger tells of publications: their files are gone from this folder."
        return f"Snapshot {snapshot_id} built. {up}\nTo publish it: {_command(places, snapshot_id)}"
    last = history[-1]
    by = f"by {last.by}" if last.by else "without a name"
    note = f', with the note "{last.note}"' if last.note else ""
    about = f"{_state(last)}, published on {last.published_at} {by}{note}"
    if last.snapshot_id == snapshot_id:
        return f"Nothing has changed: snapshot {snapshot_id} is up already, {about}."
    state = " --final\nWith --provisional --reason WHY instead, the result is taken back." if last.is_final else ""
    return (
        f"Snapshot {snapshot_id} built. Readers do not see it: building publishes nothing.\n"
        f"Up is snapshot {last.snapshot_id}, {about}.\n"
        f"To show what was built: {_command(places, snapshot_id)}{state}"
    )


def _command(places: Settings, snapshot_id: str) -> str:
    """Return the command that publishes a snapshot, as it has to be typed for these places."""
    usual = Settings(PROJECT / "data" / "laocai", PROJECT / "var", None)
    parts = ["python", "-m", "wardstats", "publish", snapshot_id, "--by", "NAME"]
    parts += ["--data", str(places.data)] if places.data != usual.data else []
    return shlex.join(parts + (["--var", str(places.var)] if places.var != usual.var else []))


def _state(entry: pointer.Published) -> str:
    return "final" if entry.is_final else "provisional"


def approve(
    snapshot_id: Annotated[str, typer.Argument(help="The draft that was checked.")],
    by: Annotated[str, typer.Option(help="Who checked it.")],
    note: Annotated[str, typer.Option(help="What they said about it.")] = "",
    data: Data = None,
    var: Var = None,
) -> None:
    """Record that somebody checked a draft, which is what build makes."""
    check = record_check(settings(data, var).var, snapshot_id, by, note)
    errors.print(f"Snapshot {snapshot_id} checked by {check.by}. SHA-256 {check.file_sha256}", markup=False)
    print(snapshot_id)


def publish(
    by: Annotated[str, typer.Option(help="Who puts it up.")],
    note: Annotated[str, typer.Option(help="What readers should know; shown on the boards.")] = "",
    snapshot_id: Annotated[str | None, typer.Argument(help="A snapshot [what the data folder gives now].")] = None,
    final: Annotated[
        bool | None,
        typer.Option(
            "--final/--provisional", help="The result, or a standing [provisional; to be said where a result is up]."
        ),
    ] = None,
    reason: Annotated[str, typer.Option(help="Why a result is provisional again; asked for then.")] = "",
    data: Data = None,
    var: Var = None,
) -> None:
    """Put a snapshot up, with who, when, why and a SHA-256 of its content; all boards show it within a second."""
    if not by.strip():
        raise WardStatsError("Nobody is named. Say who publishes: --by NAME")
    places = settings(data, var)
    with show_progress() as report:
        chosen = publishing.publish(
            Workspace.of(places),
            local_administrator(by),
            note,
            is_final=final,
            progress=report,
            snapshot_id=snapshot_id,
            reason=reason,
        )
    entry, check = pointer.read_history(places.var)[-1], read_check(places.var, chosen)
    checked = f"checked by {check.by}" if check else "checked by nobody on record (python -m wardstats approve)"
    errors.print(f"Snapshot {chosen} published by {entry.by}, {_state(entry)}, {checked}.", markup=False)
    errors.print(f"Content SHA-256 {entry.content_sha256}\nFile SHA-256    {entry.file_sha256}", markup=False)
    print(chosen)


def verify(data: Data = None, var: Var = None) -> None:
    """Compare the published snapshots with the digests recorded when they were put up; exit 1 if one differs."""
    problems = verify_history(settings(data, var).var)
    for problem in problems:
        print(problem)
    if problems:
        raise typer.Exit(1)
    errors.print("Every published snapshot is what it was.")
