"""Draft, checked, published: who, when, note, digests; and a file that is no longer what it was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.small_block import SMALL
from wardstats.catalogue.load import load_catalogue
from wardstats.cli.main import app
from wardstats.core.errors import SnapshotError, WardStatsError
from wardstats.core.pointer import read_history
from wardstats.snapshot.build import build_snapshot
from wardstats.snapshot.publications import publish_snapshot, snapshot_path, snapshot_sha256
from wardstats.snapshot.review import read_check, record_check, state_of, verify_history


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def draft(var: Path) -> str:
    return build_snapshot(load_catalogue(SMALL), var)


def test_a_snapshot_goes_from_draft_to_checked_to_published(var: Path, draft: str) -> None:
    assert state_of(var, draft) == "draft"
    check = record_check(var, draft, " Nguyễn Thị A ", "đã đối chiếu")
    assert (check.by, check.file_sha256) == ("Nguyễn Thị A", snapshot_sha256(var, draft))
    assert state_of(var, draft) == "checked"
    publish_snapshot(var, draft, by="B", note="tạm tính")
    assert state_of(var, draft) == "published"
    assert read_check(var, draft) == check


def test_a_publication_records_who_when_why_and_what(var: Path, draft: str) -> None:
    publish_snapshot(var, draft, by="B", note="lần 1")
    publish_snapshot(var, draft, by="B", note="kết quả", is_final=True)
    first, second = read_history(var)
    assert (first.is_final, second.is_final) == (False, True)
    assert first.key != second.key
    assert second.file_sha256 == snapshot_sha256(var, draft)
    assert second.content_sha256.startswith(draft[-12:])
    assert second.has_demonstration  # one figure of the small block is made up


def test_pointer_files_of_earlier_versions_are_read(var: Path, draft: str) -> None:
    entry = {"snapshot_id": draft, "published_at": "2026-11-01T00:00:00.000+00:00"}
    (var / "current.json").write_text(json.dumps({"snapshot_id": draft, "history": [entry]}), encoding="utf-8")
    assert read_history(var)[0].by == ""
    assert verify_history(var) == []


@pytest.mark.hostile("current.json / snapshot / ledger damage")
def test_a_changed_file_is_found_out_and_its_check_is_void(var: Path, draft: str) -> None:
    record_check(var, draft, "A")
    publish_snapshot(var, draft, by="B", note="x")
    assert verify_history(var) == []
    with snapshot_path(var, draft).open("ab") as stream:
        stream.write(b"!")
    (problem,) = verify_history(var)
    assert draft in problem
    assert read_history(var)[0].file_sha256 in problem
    assert read_check(var, draft) is None


def test_nobody_cannot_check_and_nothing_cannot_be_checked(var: Path, draft: str) -> None:
    with pytest.raises(SnapshotError, match="Nobody"):
        record_check(var, draft, "  ")
    with pytest.raises(SnapshotError, match="no snapshot"):
        record_check(var, "nothing", "A")


def test_the_command_line_of_a_publish(var: Path) -> None:
    run = CliRunner()
    places = ["--data", str(SMALL), "--var", str(var)]
    draft = run.invoke(app, ["build", *places]).stdout.strip()
    assert run.invoke(app, ["approve", draft, "--by", "A", *places]).exit_code == 0
    published = run.invoke(app, ["publish", "--by", "B", "--note", "=x", "--final", *places])
    assert (published.exit_code, published.stdout.strip()) == (0, draft)
    (row,) = json.loads(run.invoke(app, ["snapshots", "--format", "json", *places]).stdout)
    assert (row["state"], row["is_final"], row["by"], row["checked_by"]) == ("published", True, "B", "A")
    assert run.invoke(app, ["verify", *places]).exit_code == 0
    assert run.invoke(app, ["publish", "--note", "x", *places]).exit_code == 2  # somebody must be named
    nobody = run.invoke(app, ["publish", "--by", " ", "--note", "x", *places])
    assert isinstance(nobody.exception, WardStatsError)
