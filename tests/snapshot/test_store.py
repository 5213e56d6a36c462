"""Reading: many threads, several snapshots, and nothing but reading."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from tests.small_block import SMALL, Folder, rows
from wardstats.catalogue.load import load_catalogue
from wardstats.core.errors import QueryError, SnapshotError
from wardstats.core.pointer import pointer_path
from wardstats.snapshot.build import build_snapshot
from wardstats.snapshot.publications import publish_snapshot, snapshot_path
from wardstats.snapshot.store import Snapshot, Store

NUMERATORS = (80, 70, 60, 50)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, float]]:
    var = tmp_path_factory.mktemp("versions")
    small = Folder(Path(shutil.copytree(SMALL, var / "small")))
    scores = {}
    for numerator in NUMERATORS:
        small.set_cell("values/2026.csv", "w01,files_on_time,2026-04", "numerator", str(numerator))
        scores[build_snapshot(load_catalogue(small.path), var)] = 0.4 * numerator + 2 * 10 + 20
    return var, scores


@pytest.fixture
def versions(built: tuple[Path, dict[str, float]], tmp_path: Path) -> tuple[Path, dict[str, float]]:
    """Return a folder with several snapshots, none published, and the score of w01 in each."""
    var, scores = built
    return Path(shutil.copytree(var, tmp_path / "var")), scores


def _score(snapshot: Snapshot) -> float:
    frame = snapshot.query("ranking", period="2026-04", node="total", language="vi")
    return frame.set_index("unit_code")["score"]["w01"]


def test_nothing_published_yet(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="python -m wardstats build"):
        Store(tmp_path).current()


def test_a_store_notices_what_is_published(versions: tuple[Path, dict[str, float]]) -> None:
    var, scores = versions
    store = Store(var)
    for snapshot_id, score in scores.items():
        publish_snapshot(var, snapshot_id)
        assert store.current_id() == snapshot_id
        assert _score(store.current()) == pytest.approx(score)


def test_a_pointer_of_the_same_moment_is_noticed_too(versions: tuple[Path, dict[str, float]]) -> None:
    var, scores = versions
    store, (first, second, *_) = Store(var), scores
    for snapshot_id in (first, second):
        publish_snapshot(var, snapshot_id)
        os.utime(pointer_path(var), ns=(0, 0))
        assert store.current_id() == snapshot_id


def test_older_snapshots_stay_readable(versions: tuple[Path, dict[str, float]]) -> None:
    var, scores = versions
    *_, last = scores
    publish_snapshot(var, last)
    store = Store(var)
    held = store.current()
    for snapshot_id, score in scores.items():
        snapshot = store.snapshot(snapshot_id)
        assert _score(snapshot) == pytest.approx(score)
        assert snapshot.query("block", language="vi")["snapshot_id"].item() == snapshot_id
    publish_snapshot(var, next(iter(scores)))
    assert _score(held) == pytest.approx(scores[last])


def test_a_snapshot_is_opened_once(versions: tuple[Path, dict[str, float]]) -> None:
    var, scores = versions
    store = Store(var)
    snapshot_id = next(iter(scores))
    assert store.snapshot(snapshot_id) is store.snapshot(snapshot_id)


def test_a_snapshot_in_use_survives_when_others_take_its_place(
    versions: tuple[Path, dict[str, float]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wardstats.snapshot.store._OPEN_AT_MOST", 2)
    var, scores = versions
    store = Store(var)
    first, *others = scores
    held = store.snapshot(first)
    for snapshot_id in others:
        store.snapshot(snapshot_id)
    assert store.snapshot(first) is not held
    assert _score(held) == _score(store.snapshot(first)) == pytest.approx(scores[first])


def test_many_threads_through_one_store(versions: tuple[Path, dict[str, float]]) -> None:
    """One DuckDB connection shared by threads mixes up answers; each call has its own cursor."""
    var, scores = versions
    ids = list(scores)
    publish_snapshot(var, ids[0])
    store = Store(var)

    def ask(number: int) -> None:
        if number % 20 == 19:
            publish_snapshot(var, ids[number // 20 % len(ids)])
        snapshot = store.current()
        assert _score(snapshot) == pytest.approx(scores[snapshot.id])
        found = snapshot.query("figure_points", period="2026-04", unit=["w02"], indicator=[])
        assert rows(found, "points") == [(36,), (7.5,), (6,), (15,)]
        assert snapshot.query("theme_tree", language="en")["theme_name"].tolist()[0] == "Service"

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(ask, range(160)))


def test_an_unknown_snapshot(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="no such snapshot"):
        Store(tmp_path).snapshot("nothing")


@pytest.mark.hostile("current.json / snapshot / ledger damage")
def test_a_file_that_is_no_snapshot(tmp_path: Path) -> None:
    path = snapshot_path(tmp_path, "broken")
    path.parent.mkdir()
    path.write_bytes(b"not a database at all" * 1000)
    with pytest.raises(SnapshotError, match="cannot be read"):
        Store(tmp_path).snapshot("broken")


@pytest.mark.parametrize(
    "params", [{}, {"period": "2026-04"}, {"period": "2026-04", "node": "total", "language": "vi", "unit": "w01"}]
)
def test_parameters_are_those_of_the_header(small_snapshot: Snapshot, params: dict[str, str]) -> None:
    with pytest.raises(QueryError, match="expected parameters: period, node, language"):
        small_snapshot.query("ranking", **params)


@pytest.mark.hostile("SQL escapes and types")
def test_a_parameter_is_a_value_and_never_sql(small_snapshot: Snapshot) -> None:
    text = "x' or '1'='1"
    assert small_snapshot.query("ranking", period=text, node="total", language="vi").empty
    assert small_snapshot.query("figure_points", period="2026-04", unit=[text], indicator=[]).empty


@pytest.mark.hostile("SQL escapes and types")
@pytest.mark.parametrize(
    "sql",
    [
        "create table more (a integer)",
        "delete from score",
        "select * from 'README.md'",
        "select * from glob('*')",
        "copy score to 'score.csv'",
        "attach 'other.duckdb'",
        "install httpfs",
        "set enable_external_access = true",
    ],
)
def test_a_reader_can_only_read_its_own_file(small_snapshot: Snapshot, sql: str) -> None:
    with pytest.raises(duckdb.Error):
        small_snapshot._connection.cursor().execute(sql)


def test_a_snapshot_that_lacks_what_a_query_asks_for_is_told_as_of_another_version(
    versions: tuple[Path, dict[str, float]], tmp_path: Path
) -> None:
    var, scores = versions
    name = next(iter(scores))
    snapshots = tmp_path / "snapshots"
    snapshots.mkdir()
    with duckdb.connect(str(shutil.copy(var / "snapshots" / f"{name}.duckdb", snapshots))) as connection:
        connection.execute("drop table topic")
    with pytest.raises(SnapshotError, match=r"(?s)another version of the program.*python -m wardstats publish"):
        Store(tmp_path).snapshot(name).query("topic", language="vi")
