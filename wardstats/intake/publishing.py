"""Publishes what was accepted, or rolls back: an entry of the ledger first, the board second.

Killed between the two, ``complete`` finishes what was begun, from the entry, at the next start. So no publication is
without its entry, and no entry without its publication. Nothing else puts a board up: building does not.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from wardstats.catalogue.load import load_catalogue
from wardstats.catalogue.practices import published_practices
from wardstats.core import pointer
from wardstats.core.durable_files import storage_error
from wardstats.core.errors import DataError, SnapshotError, WardStatsError
from wardstats.core.locks import HASTE_S, LockedError, locked
from wardstats.core.pointer import keep_copy
from wardstats.intake.basis import PUBLICATIONS, Basis, Waits, find_basis, recorded_basis
from wardstats.intake.faults import IntakeError
from wardstats.intake.handing_in import check_note
from wardstats.intake.workspace import Workspace, recorded, signed, telling_what_is_recorded
from wardstats.ledger import Draft, Entry
from wardstats.ledger.access import Actor, require
from wardstats.snapshot import build, publications

_LOG = logging.getLogger(__name__)
_TRIES = 5
LOCK = "publication.lock"  # held from the entry of a publication until its board is up
FIRST_BUILD = Actor("first build", "administrator")  # no person: written with the role "build", and not on the board


@dataclass(frozen=True)
class Shown:
    """What became of single entries: the snapshot that is up with them, or why they wait."""

    snapshot_id: str | None
    waits: Waits | None = None


@recorded
def publish(
    workspace: Workspace,
    actor: Actor,
    note: str = "",
    *,
    is_final: bool | None = None,
    progress: build.Progress | None = None,
    snapshot_id: str | None = None,
    reason: str = "",
) -> str:
    """Build what counts now, or take a snapshot that was built before, and make it what readers see; return its id.

    Args:
        note: What readers should know.
        is_final: It is the result; not said, it is provisional, which is refused where a final one is up.
        progress: Told each step of the build.
        snapshot_id: What was built before; without it, everything that counts now is built.
        reason: Why a final board becomes provisional again; asked for then.

    Raises:
        AccessError: The actor may not.
        DataError, SnapshotError: The data folder has a problem; nothing changes.
        IntakeError: Figures are being accepted faster than boards are built, or a final board is up and nobody said
            what the new one is, or why it is provisional again.
    """
    require(actor, "publish")
    note, reason = check_note(note), check_note(reason)
    _state(workspace, is_final, reason)  # refused before the work, and asked again when it is done
    if snapshot_id is not None:
        with _lock(workspace):
            _complete(workspace)
            basis = _basis(workspace, snapshot_id)
            is_final = _state(workspace, is_final, reason)
            _write(workspace, actor, "publish", snapshot_id, note, is_final=is_final, basis=basis, reason=reason)
            return snapshot_id
    for _ in range(_TRIES):
        state, head = workspace.state(), workspace.ledger.head
        catalogue = load_catalogue(workspace.places.data, workspace.ledger)
        chosen = build.build_snapshot(catalogue, workspace.places.var, progress)
        with _lock(workspace):
            # What was accepted while this board was being built belongs on it: an older board must not replace it.
            if workspace.state() == state:
                _complete(workspace)
                is_final, basis = _state(workspace, is_final, reason), Basis(head)
                _write(workspace, actor, "publish", chosen, note, is_final=is_final, basis=basis, reason=reason)
                return chosen
    raise IntakeError(
        lambda speak: speak("Figures were accepted while each board was being built. Try again in a moment.")
    )


def publish_first(workspace: Workspace, snapshot_id: str) -> bool:
    """Put up a snapshot where nothing has been published yet; tell whether it was."""
    with telling_what_is_recorded(workspace.places.var, FIRST_BUILD.identity, workspace.ledger), _lock(workspace):
        _complete(workspace)
        if pointer.read_history(workspace.places.var) or _last(workspace):
            return False
        _write(workspace, FIRST_BUILD, "publish", snapshot_id, "", is_final=False, basis=_basis(workspace, snapshot_id))
        return True


@recorded
def publish_only(
    workspace: Workspace, actor: Actor, entries: Sequence[Entry], *, is_unattended: bool = False, first_note: str = ""
) -> Shown:
    """Put up the board that is up with these entries on it, and nothing besides; its state and its note stay.

    Args:
        entries: What to show; the ledger has them already.
        is_unattended: No person looks on, so a final board is left as it is.
        first_note: The note of the board where none is up yet: the first one takes all that counts.

    Raises:
        AccessError, SnapshotError, IntakeError: As in ``publish``.
    """
    require(actor, "publish")
    for _ in range(_TRIES):
        history = pointer.read_history(workspace.places.var)
        if not history:
            return Shown(publish(workspace, actor, first_note))
        up, written = history[-1], workspace.ledger.entries()
        if is_unattended and up.is_final:
            return Shown(None, "final")
        closed = publications.closed_up_to(workspace.places.var, up.snapshot_id)
        try:
            files = workspace.catalogue().files
            basis = find_basis(workspace, written, up.snapshot_id, closed)
        except DataError:  # a faulty folder gives no board, so it is not the folder of the one that is up
            return Shown(None, "changed")
        if basis is None:
            return Shown(None, "changed")
        wanted = [entry for entry in entries if entry not in basis]
        if not wanted:
            return Shown(up.snapshot_id)
        if waits := _obstacle(basis, wanted, written):
            return Shown(None, waits)
        basis = basis.with_more(wanted)
        try:
            catalogue = workspace.catalogue_of(basis.chosen(written))
        except DataError:  # it rests on rows of files that wait, such as a new indicator
            return Shown(None, "entangled")
        if any(catalogue.files.get(name, digest) != digest for name, digest in files.items()):
            continue
        on = closed + timedelta(days=1) if closed else date.min  # periods close with a board of their own
        chosen = build.build_snapshot(catalogue, workspace.places.var, on=on)
        with _lock(workspace):
            _complete(workspace)
            if pointer.read_history(workspace.places.var)[-1] == up:
                _write(workspace, actor, "publish", chosen, up.note, is_final=up.is_final, basis=basis)
                return Shown(chosen)
    raise IntakeError(
        lambda speak: speak("Another board was published while each of these was being built. Try again in a moment.")
    )


@recorded
def roll_back(
    workspace: Workspace, actor: Actor, snapshot_id: str | None = None, note: str = "", *, reason: str = ""
) -> str:
    """Put an earlier snapshot up again, by default the one before; return its id. What was accepted stays accepted.

    It is again what it was when it was last up, final or provisional, and has the note it had unless another is given.
    ``reason`` is why a final board becomes provisional again; asked for then.

    Raises:
        AccessError: The actor may not.
        SnapshotError: There is no such snapshot, or it was never up.
        IntakeError: A final board is up, this one was provisional, and nobody said why.
    """
    require(actor, "rollback")
    note, reason = check_note(note), check_note(reason)
    with _lock(workspace):
        _complete(workspace)
        chosen = snapshot_id or publications.previous_snapshot_id(workspace.places.var)
        earlier = [found for found in pointer.read_history(workspace.places.var) if found.snapshot_id == chosen]
        if not earlier and publications.snapshot_path(workspace.places.var, chosen).is_file():
            raise SnapshotError(
                f"Snapshot {chosen} was never up: found a draft; expected a snapshot that was published before. "
                f"To publish it: python -m wardstats publish {chosen} --by NAME"
            )
        is_final, note = (earlier[-1].is_final, note or earlier[-1].note) if earlier else (False, note)
        basis = recorded_basis(workspace.ledger.entries(), chosen)
        if earlier:
            _state(workspace, is_final, reason)
        _write(workspace, actor, "rollback", chosen, note, is_final=is_final, basis=basis, reason=reason)
        return chosen


def complete(workspace: Workspace, patience_s: float | None = None) -> str | None:
    """Finish a publication whose entry is written and whose board is not up; return its id, or None.

    Args:
        patience_s: How long to wait for others, as ``locked`` does.
    """
    if _begun(workspace) is None:  # asked without the lock first, because it is asked at every start
        return None
    try:
        with _lock(workspace, patience_s):
            return _complete(workspace)
    except OSError as error:
        if storage_error(error) is None:
            raise
        _LOG.warning("A publication was begun and is not up yet. This process cannot finish it: %s", error)
        return None  # a process that only reads leaves it to the one that writes


def complete_where_possible(workspace: Workspace) -> None:
    """Do what ``complete`` does, at a start: what is damaged stops nobody from showing the boards there are."""
    try:
        complete(workspace, HASTE_S)
        keep_copy(workspace.places.var)
    except LockedError as error:
        _LOG.warning("Somebody else is publishing, or was stopped while doing so: %s", error)
    except WardStatsError as error:
        _LOG.error("Nothing can be published until this is mended: %s", error)
    except OSError as error:
        if storage_error(error) is None:
            raise
        _LOG.warning("The copy of what was published is missing, and this process cannot make it: %s", error)


def unfinished(workspace: Workspace) -> Entry | None:
    """Return the entry of a publication that was begun and is not up; None where there is none."""
    return _begun(workspace)


def _obstacle(basis: Basis, wanted: Sequence[Entry], written: Sequence[Entry]) -> Waits | None:
    """Return why entries cannot be put on a board by themselves, or None."""
    keys = {change.key for entry in wanted for change in entry.changes}
    waiting = [entry for entry in basis.left_out(written) if entry not in wanted]
    if any(change.key in keys for entry in waiting for change in entry.changes):
        return "entangled"
    up = {practice.practice_id for practice in published_practices(basis.chosen(written))}
    if all(entry.action == "practice_withdraw" and entry.subject not in up for entry in wanted):
        return "absent"
    return None


def _state(workspace: Workspace, is_final: bool | None, reason: str) -> bool:
    """Return whether a new board is final; a final one becomes provisional only where somebody says so, and why."""
    history, last = pointer.read_history(workspace.places.var), _last(workspace)
    was_final = history[-1].is_final if history else (last is not None and last.details["is_final"])
    if not was_final or is_final:
        return bool(is_final)
    if is_final is None:
        raise IntakeError(
            lambda speak: speak(
                "The board that was published last is final. Found nothing about what the new one is; expected either "
                "that it is final too (--final), or that the result is provisional again (--provisional). Say which."
            )
        )
    if not reason:
        raise IntakeError(
            lambda speak: speak(
                "The board that is up is a final result, and would be provisional again. Found no reason (--reason); "
                "expected why. Say it in a sentence."
            )
        )
    return False


def _basis(workspace: Workspace, snapshot_id: str) -> Basis | None:
    """Return what a snapshot was built from, as far as that can be told."""
    entries = workspace.ledger.entries()
    if recorded := recorded_basis(entries, snapshot_id):
        return recorded
    try:
        closed = publications.closed_up_to(workspace.places.var, snapshot_id)
        return find_basis(workspace, entries, snapshot_id, closed)
    except DataError:  # the folder has become faulty since; the snapshot has not
        return None


def _write(
    workspace: Workspace,
    actor: Actor,
    action: str,
    chosen: str,
    note: str,
    *,
    is_final: bool,
    basis: Basis | None,
    reason: str = "",
) -> None:
    """Write the entry, then put the board up; ``basis`` is what the board takes into account, where that is known."""
    if not publications.snapshot_path(workspace.places.var, chosen).is_file():
        raise SnapshotError(
            f"{workspace.places.var}: no snapshot {chosen!r}. List them with: python -m wardstats snapshots"
        )
    history = pointer.read_history(workspace.places.var)
    is_person = actor is not FIRST_BUILD
    details = {
        "snapshot_id": chosen,
        "snapshot_before": history[-1].snapshot_id if history else None,
        "published_before": history[-1].published_at if history else None,
        "is_final": is_final,
        **(basis.details() if basis else {"built_from": None}),
        "by": actor.name if is_person else "",
        "file_sha256": publications.snapshot_sha256(workspace.places.var, chosen),
        "publications_before": len(history),
    } | ({"reason": reason} if reason else {})
    draft: Draft = signed(actor, action, note=note, details=details)
    _put_up(workspace, workspace.ledger.append(draft if is_person else replace(draft, role="build")))


def _put_up(workspace: Workspace, entry: Entry) -> None:
    details = entry.details
    publications.publish_snapshot(
        workspace.places.var, details["snapshot_id"], by=details["by"], note=entry.note, is_final=details["is_final"],
        file_sha256=details.get("file_sha256", ""),
    )  # fmt: skip


def _last(workspace: Workspace) -> Entry | None:
    """Return the last publication of the ledger."""
    return next((entry for entry in reversed(workspace.ledger.entries()) if entry.action in PUBLICATIONS), None)


def _begun(workspace: Workspace) -> Entry | None:
    """Return the last publication of the ledger, where the history of boards does not have it yet."""
    last = _last(workspace)
    if last is None or "publications_before" not in last.details:
        return None
    history = pointer.read_history(workspace.places.var)
    if len(history) > last.details["publications_before"]:
        return None
    up = history[-1].published_at if history else None
    if up is None or up == last.details.get("published_before"):
        return last
    # The history was lost, in whole or in part. What was put up since the entry was written stays up.
    return last if datetime.fromisoformat(up) < datetime.fromisoformat(last.at) else None


def _complete(workspace: Workspace) -> str | None:
    entry = _begun(workspace)
    if entry is None or not publications.snapshot_path(workspace.places.var, entry.details["snapshot_id"]).is_file():
        return None
    _put_up(workspace, entry)
    return entry.details["snapshot_id"]


def _lock(workspace: Workspace, patience_s: float | None = None) -> AbstractContextManager[None]:
    workspace.places.var.mkdir(parents=True, exist_ok=True)
    return locked(workspace.places.var / LOCK, "publish", patience_s)
