"""A copy of the folder of state is a backup: deleted and restored, everything is what it was, to the last digest."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.intake_files import ENGLISH, OFFICER, PDF, PERIOD, SECRETARIAT, UNIT, desk_in, small_ranges, upload
from wardstats.intake import checking, handing_in, publishing
from wardstats.intake.desk import Desk
from wardstats.intake.handing_in import Upload
from wardstats.review import verify_history
from wardstats.snapshot import read_history, snapshot_sha256


def test_backup_delete_restore_gives_the_same_snapshot(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, small_ranges(tmp_path))
    publishing.publish(desk, SECRETARIAT)
    form = desk.form(UNIT, PERIOD)
    entry = handing_in.hand_in(desk, OFFICER, UNIT, PERIOD, upload(form), [Upload("a.pdf", PDF)], ENGLISH)
    checking.accept(desk, SECRETARIAT, entry.subject or "")
    checking.adjust(desk, SECRETARIAT, UNIT, PERIOD, 1.5, "a model street")
    published = publishing.publish(desk, SECRETARIAT, "the result", is_final=True)
    history = read_history(desk.places.var)
    digest = snapshot_sha256(desk.places.var, published)

    shutil.copytree(desk.places.var, tmp_path / "backup")
    shutil.rmtree(desk.places.var)
    assert desk_in(tmp_path, desk.places.data).ledger.entries() == []
    shutil.copytree(tmp_path / "backup", desk.places.var)

    restored = Desk.of(desk.places)
    assert restored.ledger.verify() == []
    assert [found.sha256 for found in restored.ledger.entries()] == [found.sha256 for found in desk.ledger.entries()]
    assert read_history(desk.places.var) == history
    assert snapshot_sha256(desk.places.var, published) == digest == history[-1].file_sha256
    assert verify_history(desk.places.var) == []
    assert restored.ledger.path(entry.attachments[1].sha256).read_bytes() == PDF
    assert publishing.complete(restored) is None

    # Even with the boards themselves gone, the ledger and the data give the same content again.
    shutil.rmtree(desk.places.snapshots)
    (desk.places.var / "current.json").unlink()
    again = publishing.publish(Desk.of(desk.places), SECRETARIAT, "from the ledger", is_final=True)
    assert again.rpartition("-")[2] == published.rpartition("-")[2]
    assert read_history(desk.places.var)[-1].content_sha256 == history[-1].content_sha256
