"""Publishes what was accepted, or rolls back: an entry of the ledger first, the board second.

Killed between the two, ``complete`` finishes what was begun, from the entry, at the next start. So no publication is
without its entry, and no entry without its publication.
"""

from __future__ import annotations

import logging
from datetime import datetime

from filelock import FileLock

from wardstats import snapshot
from wardstats.access import Actor, require
from wardstats.catalogue import load_catalogue
from wardstats.durable import storage_error
from wardstats.errors import SnapshotError, WardStatsError
from wardstats.intake.desk import Desk, recorded, signed
from wardstats.intake.findings import IntakeError
from wardstats.intake.handing_in import check_note
from wardstats.ledger import Draft, Entry
from wardstats.pointer import keep_copy

_LOG = logging.getLogger(__name__)
_TRIES = 5


@recorded
def publish(
    desk: Desk,
    actor: Actor,
    note: str = "",
    *,
    is_final: bool = False,
    progress: snapshot.Progress | None = None,
    snapshot_id: str | None = None,
) -> str:
    """Build what counts now, or take a snapshot that was built before, and make it what readers see; return its id.

    Raises:
        AccessError: The actor may not.
        DataError, SnapshotError: The data folder has a problem; nothing changes.
        IntakeError: Figures are being accepted faster than boards are built.
    """
    require(actor, "publish")
    note = check_note(note)
    if snapshot_id is not None:
        with _lock(desk):
            _complete(desk)
            _write(desk, actor, "publish", snapshot_id, note, is_final=is_final)
            return snapshot_id
    for _ in range(_TRIES):
        head, state = desk.ledger.head, desk.state()
        catalogue = load_catalogue(desk.places.data, desk.ledger)
        chosen = snapshot.build_snapshot(catalogue, desk.places.var, progress)
        with _lock(desk):
            # What was accepted while this board was being built belongs on it: an older board must not replace it.
            if desk.state() == state:
                _complete(desk)
                _write(desk, actor, "publish", chosen, note, is_final=is_final, built_from=head)
                return chosen
    raise IntakeError("Figures were accepted while each board was being built. Try again in a moment.")


@recorded
def roll_back(desk: Desk, actor: Actor, snapshot_id: str | None = None, note: str = "") -> str:
    """Put an earlier snapshot up again, by default the one before; return its id. What was accepted stays accepted.

    Raises:
        AccessError: The actor may not.
        SnapshotError: There is no such snapshot.
    """
    require(actor, "rollback")
    note = check_note(note)
    with _lock(desk):
        _complete(desk)
        chosen = snapshot_id or snapshot.previous_snapshot_id(desk.places.var)
        _write(desk, actor, "rollback", chosen, note, is_final=False)
        return chosen


def complete(desk: Desk) -> str | None:
    """Finish a publication whose entry is written and whose board is not up; return its id, or None."""
    if _begun(desk) is None:  # asked without the lock first, because it is asked at every start
        return None
    try:
        with _lock(desk):
            return _complete(desk)
    except OSError as error:
        if storage_error(error) is None:
            raise
        _LOG.warning("A publication was begun and is not up yet. This process cannot finish it: %s", error)
        return None  # a process that only reads leaves it to the one that writes


def complete_where_possible(desk: Desk) -> None:
    """Do what ``complete`` does, at a start: what is damaged stops nobody from showing the boards there are."""
    try:
        complete(desk)
        keep_copy(desk.places.var)
    except WardStatsError as error:
        _LOG.error("Nothing can be published until this is mended: %s", error)
    except OSError as error:
        if storage_error(error) is None:
            raise
        _LOG.warning("The copy of what was published is missing, and this process cannot make it: %s", error)


def unfinished(desk: Desk) -> Entry | None:
    """Return the entry of a publication that was begun and is not up; None where there is none."""
    return _begun(desk)


def _write(
    desk: Desk, actor: Actor, action: str, chosen: str, note: str, *, is_final: bool, built_from: int | None = None
) -> None:
    """Write the entry, then put the board up; ``built_from`` is the last entry that the board takes into account."""
    if not snapshot.snapshot_path(desk.places.var, chosen).is_file():
        raise SnapshotError(f"{desk.places.var}: no snapshot {chosen!r}. List them with: python -m wardstats snapshots")
    history = snapshot.read_history(desk.places.var)
    details = {
        "snapshot_id": chosen,
        "snapshot_before": history[-1].snapshot_id if history else None,
        "published_before": history[-1].published_at if history else None,
        "is_final": is_final,
        "built_from": built_from,
        "by": actor.name,
        "file_sha256": snapshot.snapshot_sha256(desk.places.var, chosen),
        "publications_before": len(history),
    }
    draft: Draft = signed(actor, action, note=note, details=details)
    _put_up(desk, desk.ledger.append(draft))


def _put_up(desk: Desk, entry: Entry) -> None:
    details = entry.details
    snapshot.publish_snapshot(
        desk.places.var, details["snapshot_id"], by=details["by"], note=entry.note, is_final=details["is_final"]
    )


def _begun(desk: Desk) -> Entry | None:
    """Return the last publication of the ledger, where the history of boards does not have it yet."""
    last = next((e for e in reversed(desk.ledger.entries()) if e.action in ("publish", "rollback")), None)
    if last is None or "publications_before" not in last.details:
        return None
    history = snapshot.read_history(desk.places.var)
    if len(history) > last.details["publications_before"]:
        return None
    up = history[-1].published_at if history else None
    if up is None or up == last.details.get("published_before"):
        return last
    # The history was lost, in whole or in part. What was put up since the entry was written stays up.
    return last if datetime.fromisoformat(up) < datetime.fromisoformat(last.at) else None


def _complete(desk: Desk) -> str | None:
    entry = _begun(desk)
    if entry is None or not snapshot.snapshot_path(desk.places.var, entry.details["snapshot_id"]).is_file():
        return None
    _put_up(desk, entry)
    return entry.details["snapshot_id"]


def _lock(desk: Desk) -> FileLock:
    desk.places.var.mkdir(parents=True, exist_ok=True)
    return FileLock(desk.places.var / "publication.lock")
