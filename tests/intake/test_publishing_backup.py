"""A copy of the folder of state is a backup: deleted and restored, everything is what it was, to the last digest."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.intake_files import ENGLISH, OFFICER, PDF, PERIOD, SECRETARIAT, UNIT, desk_in, small_ranges, upload
from wardstats.core.pointer import read_history
from wardstats.intake import checking, handing_in, publishing
from wardstats.intake.handing_in import Upload
from wardstats.intake.workspace import Workspace
from wardstats.snapshot.publications import snapshot_sha256
from wardstats.snapshot.review import verify_history


def test_backup_delete_restore_gives_the_same_snapshot(tmp_path: Path) -> None:
    workspace = desk_in(tmp_path, small_ranges(tmp_path))
    publishing.publish(workspace, SECRETARIAT)
    form = workspace.form(UNIT, PERIOD)
    entry = handing_in.hand_in(workspace, OFFICER, UNIT, PERIOD, upload(form), [Upload("a.pdf", PDF)], ENGLISH)
    checking.accept(workspace, SECRETARIAT, entry.subject or "")
    checking.adjust(workspace, SECRETARIAT, UNIT, PERIOD, 1.5, "a model street")
    published = publishing.publish(workspace, SECRETARIAT, "the result", is_final=True)
    history = read_history(workspace.places.var)
    digest = snapshot_sha256(workspace.places.var, published)

    shutil.copytree(workspace.places.var, tmp_path / "backup")
    shutil.rmtree(workspace.places.var)
    assert desk_in(tmp_path, workspace.places.data).ledger.entries() == []
    shutil.copytree(tmp_path / "backup", workspace.places.var)

    restored = Workspace.of(workspace.places)
    assert restored.ledger.verify() == []
    assert [found.sha256 for found in restored.ledger.entries()] == [
        found.sha256 for found in workspace.ledger.entries()
    ]
    assert read_history(workspace.places.var) == history
    assert snapshot_sha256(workspace.places.var, published) == digest == history[-1].file_sha256
    assert verify_history(workspace.places.var) == []
    assert restored.ledger.path(entry.attachments[1].sha256).read_bytes() == PDF
    assert publishing.complete(restored) is None

    # Even with the boards themselves gone, the ledger and the data give the same content again.
    shutil.rmtree(workspace.places.snapshots)
    (workspace.places.var / "current.json").unlink()
    again = publishing.publish(Workspace.of(workspace.places), SECRETARIAT, "from the ledger", is_final=True)
    assert again.rpartition("-")[2] == published.rpartition("-")[2]
    assert read_history(workspace.places.var)[-1].content_sha256 == history[-1].content_sha256
