"""Bad days: what readers and those who act see where pointer, snapshot, ledger or disk are not as they should be."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from tests import stopped_holder
from tests.fresh import forget
from tests.intake_files import ENGLISH, PERIOD, SECRETARIAT, UNIT, desk_in, small_ranges, upload
from wardstats.cli import main
from wardstats.core import locks
from wardstats.core.durable_files import StorageError
from wardstats.core.errors import HistoryError, SnapshotError
from wardstats.core.languages import LANGUAGES, translator
from wardstats.core.locks import LockedError
from wardstats.core.pointer import LOCK, copy_path, keep_copy, pointer_path, read_history, read_pointer
from wardstats.core.settings import PROJECT, Settings
from wardstats.intake import checking, handing_in, health, publishing
from wardstats.intake.health import notice, refusal
from wardstats.intake.workspace import Workspace
from wardstats.ledger.access import Actor
from wardstats.live.application import Live
from wardstats.session import signin
from wardstats.snapshot import build, publications
from wardstats.snapshot.publications import snapshot_path
from wardstats.snapshot.store import Store, Trouble

CLERK = Actor("Clerk", "administrator", "clerk@x.test")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a workspace with two boards published, and a hand-in that waits."""
    folder = tmp_path_factory.mktemp("prepared")
    workspace = desk_in(folder, small_ranges(folder))
    publishing.publish(workspace, CLERK, "1st reading")
    checking.adjust(workspace, CLERK, UNIT, PERIOD, 1, "so that there are two")
    publishing.publish(workspace, CLERK, "2nd reading")
    handing_in.hand_in(workspace, CLERK, UNIT, PERIOD, upload(workspace.form(UNIT, PERIOD)), (), ENGLISH)
    return workspace


@pytest.fixture
def workspace(prepared: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """Return a copy of the prepared workspace that a test may damage, as the one the pages work with."""
    var = Path(shutil.copytree(prepared.places.var, tmp_path / "var"))
    monkeypatch.setenv("WARDSTATS_VAR", str(var))
    monkeypatch.setenv("WARDSTATS_DATA", str(prepared.places.data))
    forget()
    yield Workspace.of(Settings(prepared.places.data, var, None))
    forget()


def client_of(workspace: Workspace) -> TestClient:
    return TestClient(Starlette(routes=Live(workspace.places).routes()))


def visit(page: str = "ranking", language: str = "en") -> AppTest:
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=60)
    app.query_params["lang"] = language
    app.run()
    if page != "ranking":
        app.switch_page(f"pages/{page}.py").run()
    assert not app.exception, app.exception
    return app


def as_visitor(monkeypatch: pytest.MonkeyPatch, actor: Actor | None) -> None:
    monkeypatch.setattr(signin, "is_configured", lambda: True)
    monkeypatch.setattr(signin, "visitor", lambda: actor)


def said(app: AppTest) -> str:
    """Return what a page's notices say, without the marks that keep Markdown from reading it."""
    return "\n".join(str(item.value) for item in [*app.warning, *app.error]).replace("\\", "")


def ids_of(var: Path) -> list[str]:
    return [entry.snapshot_id for entry in read_history(var)]


# --- what is damaged -------------------------------------------------------------------------------------------------


def entry_path(workspace: Workspace, number: int) -> Path:
    return workspace.ledger.folder / f"{number:08d}.json"


def newest_file(workspace: Workspace) -> Path:
    return snapshot_path(workspace.places.var, ids_of(workspace.places.var)[-1])


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def rewrite(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


POINTERS: dict[str, Callable[[Path], object]] = {
    "truncated": cut,
    "empty": lambda path: path.write_bytes(b""),
    "no JSON": lambda path: path.write_text("sorry"),
    "a list": lambda path: path.write_text("[]"),
    "binary": lambda path: path.write_bytes(b"\xff\xfe\x00"),
    "no history": lambda path: path.write_text('{"snapshot_id": "x"}'),
    "empty history": lambda path: path.write_text('{"history":[]}'),
    "a folder": a_folder,
    "unknown field": lambda path: rewrite(path, lambda content: content["history"][0].update(more="1")),
    "missing field": lambda path: rewrite(path, lambda content: content["history"][1].pop("published_at")),
    "another kind": lambda path: rewrite(path, lambda content: content["history"][1].update(is_final="no")),
    "no moment": lambda path: rewrite(path, lambda content: content["history"][1].update(published_at="today")),
    "another place": lambda path: rewrite(path, lambda content: content["history"][1].update(snapshot_id="../x")),
}


@dataclass(frozen=True)
class State:
    """A bad day: how it comes about, and what is expected of it; ``shown`` is 1 for the newest board, 0 the one before.

    Attributes:
        kinds: The troubles that /healthz names.
        status: What it says on the whole.
        code: Its HTTP status.
        writing: What it says about recording.
    """

    damage: Callable[[Workspace], object]
    kinds: tuple[str, ...]
    status: str
    code: int = 200
    shown: int | None = 1
    writing: str = "possible"


def both(change: Callable[[Path], object]) -> Callable[[Workspace], None]:
    def damage(workspace: Workspace) -> None:
        for path in (pointer_path(workspace.places.var), copy_path(workspace.places.var)):
            change(path)

    return damage


def begun(workspace: Workspace) -> None:
    """Leave the second publication as a kill between its entry and its board leaves it."""
    for path in (pointer_path(workspace.places.var), copy_path(workspace.places.var)):
        rewrite(path, lambda content: content["history"].pop())


def all_files(workspace: Workspace) -> None:
    for path in workspace.places.snapshots.glob("*.duckdb"):
        path.write_bytes(b"no database")


STATES = {
    "a good day": State(lambda _: None, (), "ok"),
    "entry truncated": State(
        lambda workspace: cut(entry_path(workspace, 2)), ("ledger",), "degraded", writing="refused"
    ),
    "last entry empty": State(
        lambda workspace: entry_path(workspace, 4).write_bytes(b""), ("ledger",), "degraded", writing="refused"
    ),
    "pointer gone": State(lambda workspace: pointer_path(workspace.places.var).unlink(), ("pointer",), "degraded"),
    "pointer damaged": State(lambda workspace: cut(pointer_path(workspace.places.var)), ("pointer",), "degraded"),
    "pointer a folder": State(lambda workspace: a_folder(pointer_path(workspace.places.var)), ("pointer",), "degraded"),
    "pointer and copy damaged": State(both(cut), ("unreadable",), "unreadable", 503, None),
    "snapshot gone": State(lambda workspace: newest_file(workspace).unlink(), ("behind",), "behind", 503, 0),
    "snapshot truncated": State(lambda workspace: cut(newest_file(workspace)), ("behind",), "behind", 503, 0),
    "snapshot empty": State(lambda workspace: newest_file(workspace).write_bytes(b""), ("behind",), "behind", 503, 0),
    "snapshot of other bytes": State(
        lambda workspace: newest_file(workspace).write_bytes(newest_file(workspace).read_bytes() + b"x"),
        ("behind",),
        "behind",
        503,
        0,
    ),
    "every snapshot damaged": State(all_files, ("unreadable",), "unreadable", 503, None),
}


@pytest.mark.hostile("current.json / snapshot / ledger damage")
@pytest.mark.parametrize("name", STATES)
def test_what_phone_projector_api_and_health_show(workspace: Workspace, name: str) -> None:
    state, ids = STATES[name], ids_of(workspace.places.var)
    state.damage(workspace)
    publishing.complete_where_possible(workspace)  # as at a server's start
    with client_of(workspace) as client:
        answer = client.get("/healthz")
        facts = answer.json()
        assert (answer.status_code, facts["status"], facts["writing"]) == (state.code, state.status, state.writing)
        assert tuple(trouble["kind"] for trouble in facts["troubles"]) == state.kinds
        assert str(workspace.places.var) not in answer.text
        for address in ("/live", "/conference", "/api/v1/board", "/api/v1/ranking", "/api/v1/snapshots"):
            found = client.get(address)
            assert found.status_code == (503 if state.shown is None else 200), address
        if state.shown is None:
            assert "cannot be shown" in client.get("/live?lang=en").text
            assert "cannot be shown" in client.get("/conference?lang=en").text
            assert client.get("/api/v1/board").json()["title"] == "Snapshot not readable"
            return
        assert facts["snapshot_id"] == ids[state.shown]
        assert client.get("/api/v1/board").headers["wardstats-snapshot"] == ids[state.shown]
        for address in ("/live", "/conference"):  # the hall sees the board, and nothing of what is wrong
            assert f"{state.shown + 1}{('st', 'nd')[state.shown]} reading" in client.get(address).text
            assert not [word for word in ("damaged", "cannot be read") if word in client.get(f"{address}?lang=en").text]


@pytest.mark.hostile("current.json / snapshot / ledger damage")
@pytest.mark.parametrize("name", STATES)
def test_what_the_page_shows(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    state, ids = STATES[name], ids_of(workspace.places.var)
    state.damage(workspace)
    as_visitor(monkeypatch, None)
    app = visit()
    if state.shown is None:
        assert app.title[0].value == "The board cannot be shown at the moment"
        return
    assert app.session_state["view"].snapshot_id == ids[state.shown]
    assert not app.warning
    as_visitor(monkeypatch, SECRETARIAT)
    published = Store(workspace.places.var).history()[-1].published_at
    for language in LANGUAGES:
        told = said(visit(language=language))
        for kind in state.kinds:
            assert notice(Trouble(kind, ""), published, translator(language)) in told  # pyright: ignore[reportArgumentType]
    if "ledger" in state.kinds:
        for page in ("submit", "check", "log"):
            assert "python -m wardstats ledger verify" in said(visit(page))


@pytest.mark.hostile("disk full, read-only")
def test_a_machine_that_only_reads_is_well_and_says_that_it_refuses(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "can_write", lambda _: False)
    with client_of(workspace) as client:
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["status"], answer.json()["writing"]) == (200, "ok", "refused")
    as_visitor(monkeypatch, SECRETARIAT)
    assert "may only read" in said(visit())


@pytest.mark.hostile("disk full, read-only")
def test_a_full_disk_is_told_before_anybody_tries(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "room_bytes", lambda _: 32_768)
    with client_of(workspace) as client:
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["status"], answer.json()["writing"]) == (200, "degraded", "refused")
    assert "32,768 bytes" in answer.json()["troubles"][0]["text"]
    as_visitor(monkeypatch, SECRETARIAT)
    assert "đã đầy" in said(visit(language="vi"))


# --- a publication that was begun ------------------------------------------------------------------------------------


@pytest.mark.hostile("disk full, read-only")
@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
def test_a_reader_leaves_a_begun_publication_alone(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, number: int, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = ids_of(workspace.places.var)
    begun(workspace)

    def refuse(*_: object, **__: object) -> int:
        raise OSError(number, os.strerror(number), str(workspace.places.var / "publication.lock"))

    with monkeypatch.context() as read_only:
        read_only.setattr("filelock._unix.os.open", refuse)
        publishing.complete_where_possible(workspace)
    assert "not up yet" in caplog.text
    with client_of(workspace) as client:
        answer = client.get("/healthz")
        assert client.get("/live").status_code == 200
    assert (answer.status_code, answer.json()["snapshot_id"]) == (200, first)
    assert [trouble["kind"] for trouble in answer.json()["troubles"]] == ["unfinished"]
    publishing.complete_where_possible(workspace)  # the server that may write
    assert ids_of(workspace.places.var) == [first, second]
    assert read_history(workspace.places.var)[-1].note == "2nd reading"


def test_a_start_never_puts_an_older_board_over_the_one_that_is_up(workspace: Workspace) -> None:
    """The history was deleted and another board put up since, as an older message advised."""
    first, _ = ids_of(workspace.places.var)
    pointer_path(workspace.places.var).unlink()
    copy_path(workspace.places.var).unlink()
    publications.publish_snapshot(workspace.places.var, first, note="built anew")
    publishing.complete_where_possible(workspace)
    assert [entry.note for entry in read_history(workspace.places.var)] == ["built anew"]


# --- the history survives --------------------------------------------------------------------------------------------


@pytest.mark.hostile("current.json / snapshot / ledger damage")
@pytest.mark.parametrize("name", POINTERS)
def test_the_copy_stands_in_for_a_damaged_pointer_and_the_next_publication_keeps_both(
    workspace: Workspace, name: str
) -> None:
    var = workspace.places.var
    history, path = read_history(var), pointer_path(var)
    POINTERS[name](path)
    damaged = path.read_bytes() if path.is_file() else None
    assert read_pointer(var).history == history
    assert "current.json" in read_pointer(var).damage
    publishing.roll_back(workspace, CLERK, history[0].snapshot_id)
    assert read_pointer(var).damage == ""
    assert read_history(var)[:-1] == history
    (aside,) = var.glob("current.damaged-*.json")
    assert (aside.read_bytes() if aside.is_file() else None) == damaged
    assert json.loads(copy_path(var).read_text(encoding="utf-8")) == json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.hostile("current.json / snapshot / ledger damage")
@pytest.mark.parametrize("name", POINTERS)
def test_without_a_whole_list_nothing_is_published_and_nothing_written_over(workspace: Workspace, name: str) -> None:
    both(POINTERS[name])(workspace)
    var, head = workspace.places.var, workspace.ledger.head
    before = {path: path.read_bytes() for path in var.glob("current*") if path.is_file()}
    publishing.complete_where_possible(workspace)
    for step in (publishing.publish, publishing.roll_back):
        with pytest.raises(HistoryError, match="Restore one of the two from a backup"):
            step(workspace, CLERK)
    assert workspace.ledger.head == head
    assert {path: path.read_bytes() for path in var.glob("current*") if path.is_file()} == before


@pytest.mark.hostile("current.json / snapshot / ledger damage")
def test_a_damaged_copy_is_kept_aside_too(workspace: Workspace) -> None:
    a_folder(copy_path(workspace.places.var))
    publishing.roll_back(workspace, CLERK)
    assert len(read_history(workspace.places.var)) == 3
    assert [path.is_dir() for path in workspace.places.var.glob("current.copy.damaged-*")] == [True]


def test_a_folder_of_an_older_version_gets_its_copy_at_a_start(workspace: Workspace) -> None:
    copy_path(workspace.places.var).unlink()
    publishing.complete_where_possible(workspace)
    assert copy_path(workspace.places.var).read_bytes() == pointer_path(workspace.places.var).read_bytes()
    cut(pointer_path(workspace.places.var))
    before = copy_path(workspace.places.var).read_bytes()
    keep_copy(workspace.places.var)  # a damaged pointer is copied nowhere
    assert copy_path(workspace.places.var).read_bytes() == before


@pytest.mark.hostile("current.json / snapshot / ledger damage")
def test_verify_names_a_damaged_pointer(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    cut(pointer_path(workspace.places.var))
    assert run_command(monkeypatch, "verify") == 1
    assert "current.json" in capsys.readouterr().out


@pytest.mark.hostile("current.json / snapshot / ledger damage")
def test_what_is_in_memory_stays_up_whatever_happens_under_it(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wardstats.snapshot.store._LOOK_AGAIN_S", 0.0)
    var, ids = workspace.places.var, ids_of(workspace.places.var)
    kept = {path: path.read_bytes() for path in (pointer_path(var), copy_path(var), newest_file(workspace))}
    with client_of(workspace) as client:
        assert client.get("/healthz").json()["status"] == "ok"
        for path in (pointer_path(var), copy_path(var)):
            path.write_text('{"history":[]}')
        snapshot_path(var, ids[-1]).unlink()
        answer = client.get("/healthz")
        assert (answer.status_code, answer.json()["snapshot_id"]) == (200, ids[-1])
        assert [trouble["kind"] for trouble in answer.json()["troubles"]] == ["history"]
        for address in ("/live", "/conference", "/api/v1/board"):
            assert "2nd reading" in client.get(address).text
        assert client.get("/api/v1/snapshots").json()["count"] == 2
        for path, content in kept.items():
            path.write_bytes(content)
        assert client.get("/healthz").json()["status"] == "ok"


@pytest.mark.hostile("current.json / snapshot / ledger damage")
def test_a_snapshot_that_comes_after_its_pointer_is_shown_when_it_is_there(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wardstats.snapshot.store._LOOK_AGAIN_S", 0.0)
    path, (first, second) = newest_file(workspace), ids_of(workspace.places.var)
    content = path.read_bytes()
    cut(path)
    store = Store(workspace.places.var)
    assert (store.current_id(), store.standing().is_behind) == (first, True)
    path.write_bytes(content)
    assert (store.current_id(), store.standing().is_behind) == (second, False)


@pytest.mark.hostile("current.json / snapshot / ledger damage")
def test_what_cannot_be_read_is_not_read_again_at_every_look(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_files(workspace)
    looks: list[Path] = []
    monkeypatch.setattr("wardstats.snapshot.store.read_pointer", lambda var: looks.append(var) or read_pointer(var))
    store = Store(workspace.places.var)
    for _ in range(20):
        with pytest.raises(SnapshotError, match="Restore it from a backup"):
            store.publication()
    assert len(looks) == 1


@pytest.mark.hostile("current.json / snapshot / ledger damage")
def test_a_damaged_snapshot_is_built_again_and_kept_aside(workspace: Workspace) -> None:
    path = newest_file(workspace)
    cut(path)
    publishing.publish(workspace, CLERK, "mended")
    assert Store(workspace.places.var).standing().troubles == ()
    assert Store(workspace.places.var).publication().note == "mended"
    assert path.with_suffix(".damaged").is_file()


# --- a full disk -----------------------------------------------------------------------------------------------------


def full_once(monkeypatch: pytest.MonkeyPatch, is_full: Callable[[], bool], number: int = errno.ENOSPC) -> None:
    """Let nothing get on disk any more from a moment on."""
    fsync = os.fsync

    def refuse(descriptor: int) -> None:
        if is_full():
            raise OSError(number, os.strerror(number))
        fsync(descriptor)

    monkeypatch.setattr("wardstats.core.durable_files.os.fsync", refuse)


def hand_in(workspace: Workspace) -> Any:
    content = upload(workspace.form(UNIT, PERIOD), share=0.8)
    return handing_in.hand_in(workspace, CLERK, UNIT, PERIOD, content, (), ENGLISH)


@pytest.mark.hostile("disk full, read-only")
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
def test_what_was_not_recorded_is_told_as_not_recorded(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    head = workspace.ledger.head
    full_once(monkeypatch, lambda: True, number)
    with pytest.raises(StorageError, match="Nothing was recorded") as caught:
        hand_in(workspace)
    assert (caught.value.recorded, workspace.ledger.head) == ((), head)
    assert not list(workspace.ledger.folder.glob(".writing-*"))


@pytest.mark.hostile("disk full, read-only")
def test_what_was_recorded_is_told_as_recorded(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The entry is on disk, and what is written after it finds no room."""
    number = workspace.ledger.head + 1
    with monkeypatch.context() as full:
        full_once(full, entry_path(workspace, number).is_file)
        with pytest.raises(StorageError) as caught:
            hand_in(workspace)
    assert caught.value.recorded == (number,)
    assert workspace.ledger.entries()[-1].action == "handin"
    for language, word in (("en", "recorded all the same"), ("vi", "vẫn đã được ghi"), ("hi", "दर्ज हो चुका")):
        text = refusal(caught.value, translator(language))
        assert word in text
        assert str(number) in text
    checking.adjust(workspace, CLERK, UNIT, PERIOD, 2, "there is room again")
    assert workspace.ledger.verify() == []


@pytest.mark.hostile("disk full, read-only")
def test_a_publication_that_found_no_room_is_finished_once_there_is_some(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, before = workspace.ledger.head + 1, read_history(workspace.places.var)
    with monkeypatch.context() as full:
        full_once(full, entry_path(workspace, number).is_file)
        with pytest.raises(StorageError, match="not up yet") as caught:
            publishing.roll_back(workspace, CLERK, before[0].snapshot_id, "back")
    assert (caught.value.recorded, caught.value.is_waiting) == ((number,), True)
    assert read_history(workspace.places.var) == before
    for language, word in (("en", "not up yet"), ("vi", "chưa được đưa lên"), ("hi", "नहीं लगा है")):
        assert word in refusal(caught.value, translator(language))
    publishing.complete_where_possible(workspace)
    publishing.complete_where_possible(workspace)
    assert [entry.note for entry in read_history(workspace.places.var)] == ["1st reading", "2nd reading", "back"]


def test_a_publication_that_is_up_is_not_told_as_waiting(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """The very last write fails: the folder of the pointer, which lies there already."""
    first = ids_of(workspace.places.var)[0]
    full_once(monkeypatch, lambda: len(read_history(workspace.places.var)) == 3)
    with pytest.raises(StorageError) as caught:
        publishing.roll_back(workspace, CLERK, first)
    assert (caught.value.is_waiting, len(caught.value.recorded)) == (False, 1)


def with_a_bonus_typed(language: str) -> AppTest:
    """Open the check page with a bonus typed that is only to be recorded."""
    app = visit("check", language)
    app.session_state["check_part"] = translator(language)("Bonus and penalty")
    app.run()
    app.text_area(key="adjust_reason").set_value("a reason")
    app.text_input(key="adjust_points").set_value("1.5" if language == "en" else "1,5")
    return app


@pytest.mark.hostile("disk full, read-only")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_in_the_readers_language_what_a_full_disk_did(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    as_visitor(monkeypatch, SECRETARIAT)
    app, speak, head = with_a_bonus_typed(language), translator(language), workspace.ledger.head
    with monkeypatch.context() as full:
        full_once(full, lambda: True)
        app.button(key="adjust").click().run()
    assert not app.exception
    assert speak("Nothing was recorded. Do it again later; what you typed may have to be entered anew.") in said(app)
    assert notice(Trouble("full", ""), "", speak) in said(app)
    assert workspace.ledger.head == head
    with monkeypatch.context() as full:
        full_once(full, entry_path(workspace, head + 1).is_file)
        app.button(key="adjust").click().run()
    assert not app.exception
    assert str(head + 1) in said(app)
    assert workspace.ledger.head == head + 1


def fail_for_want_of_room(connection: duckdb.DuckDBPyConnection, *_: object) -> None:
    """Do what DuckDB does on a full disk, after it has written and spilled something."""
    connection.execute("create table something as select range from range(1000); checkpoint")
    (path,) = [row[2] for row in connection.execute("pragma database_list").fetchall()]
    Path(f"{path}.tmp").mkdir()
    raise duckdb.IOException(f'IO Error: Could not write file "{path}": No space left on device')


@pytest.mark.hostile("disk full, read-only")
def test_a_build_that_finds_no_room_leaves_nothing_behind(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    checking.adjust(workspace, CLERK, UNIT, PERIOD, 3, "another board")
    monkeypatch.setattr(build, "_fill", fail_for_want_of_room)
    before = sorted(path.name for path in workspace.places.snapshots.iterdir())
    with pytest.raises(StorageError, match="the disk is full"):
        publishing.publish(workspace, CLERK)
    assert sorted(path.name for path in workspace.places.snapshots.iterdir()) == before


@pytest.mark.hostile("disk full, read-only")
def test_another_fault_of_a_build_is_no_full_disk(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise duckdb.BinderException("no such column")

    checking.adjust(workspace, CLERK, UNIT, PERIOD, 3, "another board")
    monkeypatch.setattr(build, "_fill", fail)
    with pytest.raises(duckdb.BinderException):
        publishing.publish(workspace, CLERK)
    assert not list(workspace.places.snapshots.glob(".building-*"))


def run_command(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr(sys, "argv", ["wardstats", *arguments])
    monkeypatch.setattr(sys.stdout, "reconfigure", lambda **_: None, raising=False)
    monkeypatch.setattr(sys.stderr, "reconfigure", lambda **_: None, raising=False)
    with pytest.raises(SystemExit) as ended:
        main.main()
    return int(ended.value.code or 0)


@pytest.mark.hostile("disk full, read-only")
@pytest.mark.parametrize(
    "arguments",
    [
        ("publish", "--by", "Clerk"),
        ("rollback",),
        ("adjust", "--unit", UNIT, "--period", PERIOD, "--points", "1", "--reason", "why", "--by", "Clerk"),
        ("build",),
    ],
)
def test_the_command_line_says_one_sentence(
    workspace: Workspace,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Any,
    caplog: pytest.LogCaptureFixture,
    arguments: tuple[str, ...],
) -> None:
    checking.adjust(workspace, CLERK, UNIT, PERIOD, 3, "so that there is something to build")
    full_once(monkeypatch, lambda: True)
    head = workspace.ledger.head
    assert run_command(monkeypatch, *arguments) == 1
    told = capsys.readouterr().err
    assert "the disk is full" in told
    assert "Traceback" not in told
    assert not [record for record in caplog.records if record.name.startswith("wardstats")]  # it would be a second one
    assert len([line for line in told.splitlines() if line.strip()]) == 1
    assert Workspace.of(workspace.places).ledger.head == head
    assert not list(workspace.places.snapshots.glob(".building-*"))


# --- a process that was stopped while it held a lock ------------------------------------------------------------------

needs_stops = pytest.mark.skipif(
    not Path("/proc/self/stat").is_file(), reason="only Linux stops processes and tells of it"
)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait long."""
    monkeypatch.setattr(locks, "LOOK_S", 0.05)
    monkeypatch.setattr(locks, "STOPPED_PATIENCE_S", 0.2)


@pytest.mark.hostile("a process stopped while it holds a lock")
@needs_stops
@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_who_holds_the_ledger_and_the_step_works_once_that_goes_on(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    as_visitor(monkeypatch, SECRETARIAT)
    app, speak, head = with_a_bonus_typed(language), translator(language), workspace.ledger.head
    waited: list[str] = []  # said at once, and gone when the page is drawn again
    monkeypatch.setattr(signin.st, "toast", lambda text, **_: waited.append(text.replace("\\", "")))
    with stopped_holder.stopped_holder(workspace.ledger.lock, "entry") as process:
        app.button(key="adjust").click().run()
        assert not app.exception
        for text in (
            speak("Nothing was recorded. Do it again later; what you typed may have to be entered anew."),
            speak("an entry of the ledger"),
            f"kill -CONT {process.pid}",
        ):
            assert text in said(app)
        assert waited
        assert all(speak("Waiting for others.") in text and str(process.pid) in text for text in waited)
        assert notice(Trouble("held", ""), "", speak) in said(visit("log", language))
        assert workspace.ledger.head == head
        stopped_holder.let_go(process)
    app.button(key="adjust").click().run()
    assert workspace.ledger.head == head + 1


@pytest.mark.hostile("a process stopped while it holds a lock")
@needs_stops
@pytest.mark.usefixtures("impatient")
def test_health_names_who_was_stopped_and_the_boards_stay(workspace: Workspace) -> None:
    with client_of(workspace) as client:
        for lock in (
            workspace.ledger.lock,
            *(workspace.places.var / name for name in (LOCK, publishing.LOCK, build.LOCK)),
        ):
            with stopped_holder.stopped_holder(lock, "entry") as process:
                answer = client.get("/healthz")
                facts = answer.json()
                assert (answer.status_code, facts["status"], facts["writing"]) == (200, "degraded", "refused")
                (trouble,) = facts["troubles"]
                assert trouble["kind"] == "held"
                assert f"Process {process.pid} " in trouble["text"]
                assert str(workspace.places.var) not in trouble["text"]
                assert client.get("/live").status_code == 200
            assert client.get("/healthz").json()["status"] == "ok"  # its lock ended with it


@pytest.mark.hostile("a process stopped while it holds a lock")
@needs_stops
@pytest.mark.usefixtures("impatient")
def test_a_publication_that_has_its_entry_is_told_as_waiting_and_put_up_later(workspace: Workspace) -> None:
    before, number = read_history(workspace.places.var), workspace.ledger.head + 1
    with stopped_holder.stopped_holder(workspace.places.var / LOCK, "list") as process:
        with pytest.raises(LockedError, match="not up yet") as caught:
            publishing.roll_back(workspace, CLERK, before[0].snapshot_id, "back")
        assert (caught.value.recorded, caught.value.is_waiting) == ((number,), True)
        for language, word in (("en", "not up yet"), ("vi", "chưa được đưa lên"), ("hi", "नहीं लगा है")):
            told = refusal(caught.value, translator(language))
            assert word in told
            assert str(process.pid) in told
        publishing.complete_where_possible(workspace)  # a server that starts now waits no longer than the step did
        assert read_history(workspace.places.var) == before
        stopped_holder.let_go(process)
    publishing.complete_where_possible(workspace)
    assert [entry.note for entry in read_history(workspace.places.var)] == ["1st reading", "2nd reading", "back"]


@pytest.mark.hostile("a process stopped while it holds a lock")
@needs_stops
@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("lock", ["entry", "publish", "list", "build"])
def test_the_command_line_waits_aloud_and_ends(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: Any, lock: locks.Step
) -> None:
    path = {"entry": workspace.ledger.lock, "build": workspace.places.var / build.LOCK}.get(
        lock, workspace.places.var / (LOCK if lock == "list" else publishing.LOCK)
    )
    checking.adjust(workspace, CLERK, UNIT, PERIOD, 3, "so that there is something to build")
    with stopped_holder.stopped_holder(path, lock) as process:
        assert run_command(monkeypatch, "publish", "--by", "Clerk") == 1
    told = " ".join(capsys.readouterr().err.split())
    assert f"Waiting for {path}: Process {process.pid} " in told
    assert "Traceback" not in told
    assert ("Nothing was recorded." in told) is (lock != "list")
