"""Building, publishing, rolling back; what readers see meanwhile is tested in test_store and test_killed_build."""

from __future__ import annotations

import csv
import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from tests.small_block import SMALL, Folder, rows
from wardstats.catalogue.load import load_catalogue
from wardstats.core.errors import DataError, SnapshotError
from wardstats.core.pointer import pointer_path, read_history
from wardstats.snapshot import build
from wardstats.snapshot.build import build_snapshot
from wardstats.snapshot.publications import previous_snapshot_id, publish_snapshot, snapshot_path
from wardstats.snapshot.queries import build_steps
from wardstats.snapshot.store import Store


@pytest.fixture
def var(tmp_path: Path) -> Path:
    return tmp_path / "var"


def _build(small: Folder, var: Path, value: int | None = None) -> str:
    if value is not None:
        small.set_cell("values/2026.csv", "w01,files_on_time,2026-04", "numerator", str(value))
    return build_snapshot(load_catalogue(small.path), var)


def _published(var: Path) -> list[str]:
    return [entry.snapshot_id for entry in read_history(var)]


def test_building_does_not_publish(small: Folder, var: Path) -> None:
    snapshot_id = _build(small, var)
    assert snapshot_path(var, snapshot_id).is_file()
    assert _published(var) == []
    assert Store(var).snapshot(snapshot_id).query("ranked_period")["period"].tolist()[0] == "2026-04"


def test_the_same_content_is_built_once(small: Folder, var: Path) -> None:
    first = _build(small, var)
    made = snapshot_path(var, first).stat().st_mtime_ns
    assert _build(small, var) == first
    assert snapshot_path(var, first).stat().st_mtime_ns == made
    second = _build(small, var, 81)
    assert second != first
    assert _build(small, var, 80) == first


def test_nothing_but_the_snapshot_is_left(small: Folder, var: Path) -> None:
    publish_snapshot(var, snapshot_id := _build(small, var))
    assert [path.name for path in (var / "snapshots").iterdir()] == [f"{snapshot_id}.duckdb"]
    assert {path.name for path in var.iterdir()} - {"build.lock", "publish.lock"} == {
        "snapshots",
        "current.json",
        "current.copy.json",
    }


def test_what_a_killed_build_left_is_cleared_away(small: Folder, var: Path) -> None:
    snapshots = var / "snapshots"
    (snapshots / ".building-dead.duckdb.tmp").mkdir(parents=True)  # where DuckDB spills what memory does not hold
    (snapshots / ".building-dead.duckdb.tmp" / "block.tmp").write_bytes(b"half")
    (snapshots / ".building-dead.duckdb").write_bytes(b"half")
    (snapshots / ".building-dead.duckdb.wal").write_bytes(b"half")
    (var / ".writing-dead").write_text("{", encoding="utf-8")
    publish_snapshot(var, snapshot_id := _build(small, var))
    assert [path.name for path in snapshots.iterdir()] == [f"{snapshot_id}.duckdb"]
    assert list(var.glob(".writing-*")) == []


def test_bad_data_builds_nothing(small: Folder, var: Path) -> None:
    small.set_cell("units.csv", "w01", "is_member", "perhaps")
    with pytest.raises(DataError):
        _build(small, var)
    assert not var.exists()


def test_publishing_and_rolling_back(small: Folder, var: Path) -> None:
    first, second = _build(small, var), _build(small, var, 81)
    publish_snapshot(var, first)
    publish_snapshot(var, second)
    assert previous_snapshot_id(var) == first
    publish_snapshot(var, first)
    assert _published(var) == [first, second, first]
    assert previous_snapshot_id(var) == second
    times = [entry.published_at for entry in read_history(var)]
    assert times == sorted(times)


def test_each_publication_is_one_line_of_the_history_of_the_same_snapshot_too(small: Folder, var: Path) -> None:
    publish_snapshot(var, snapshot_id := _build(small, var))
    publish_snapshot(var, snapshot_id)
    assert _published(var) == [snapshot_id, snapshot_id]


def test_publishing_what_does_not_exist(small: Folder, var: Path) -> None:
    publish_snapshot(var, snapshot_id := _build(small, var))
    with pytest.raises(SnapshotError, match="no snapshot 'nothing'"):
        publish_snapshot(var, "nothing")
    assert _published(var) == [snapshot_id]


def test_nothing_to_go_back_to(small: Folder, var: Path) -> None:
    publish_snapshot(var, _build(small, var))
    with pytest.raises(SnapshotError, match="nothing to go back to"):
        previous_snapshot_id(var)


@pytest.mark.hostile("current.json / snapshot / ledger damage")
@pytest.mark.parametrize("text", ["", "{", "[]", '{"history": [{"id": 1}]}'])
def test_a_damaged_pointer_is_told_in_words(var: Path, text: str) -> None:
    var.mkdir()
    pointer_path(var).write_text(text, encoding="utf-8")
    with pytest.raises(SnapshotError, match=r"current\.json: not a list of what was published"):
        read_history(var)


def test_several_builders_at_once_make_one_snapshot(small: Folder, var: Path) -> None:
    catalogue = load_catalogue(small.path)
    with ThreadPoolExecutor(4) as pool:
        ids = set(pool.map(lambda _: build_snapshot(catalogue, var), range(4)))
    assert len(ids) == 1
    assert len(list((var / "snapshots").iterdir())) == 1


def test_progress_is_told_before_each_step(small: Folder, var: Path) -> None:
    told: list[tuple[int, int, str]] = []
    build_snapshot(load_catalogue(small.path), var, lambda *step: told.append(step))
    assert [number for number, _, _ in told] == list(range(len(told)))
    assert {total for _, total, _ in told} == {len(told)}
    names, steps = [name for _, _, name in told], [step.name for step in build_steps()]
    assert names[0] == "load"
    assert [name for name in names if name in steps] == steps


def test_every_table_is_filled_and_every_column_somewhere(small_tables: duckdb.DuckDBPyConnection) -> None:
    """Whatever a file says must arrive: a misspelt key of a row would leave a column empty without a word."""
    unused = {"boundaries_path", "boundaries_key", "boundaries_source_id", "points_decimals", "value_decimals"}
    unused |= {"title_hi", "merged_from_vi", "min_coverage", "direction", "owner", "closed_up_to"}
    unused |= {"member_from", "member_to"}
    unused |= {f"{name}{end}" for name in ("reason", "decided_by") for end in ("", "_vi", "_en", "_hi")}
    tables = small_tables.execute("select table_name from duckdb_tables()").fetchall()
    for (table,) in tables:
        frame = small_tables.table(table).df()
        if table in ("treatment", "revision", "hand_in_difference", "band"):  # the small block has neither
            continue
        assert len(frame), table
        empty = {column for column in frame.columns if frame[column].isna().all()}
        assert empty <= unused, table


def test_a_changed_rule_makes_a_new_snapshot_of_unchanged_data(
    small: Folder, var: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "rules.py"
    monkeypatch.setattr(build, "_SCORED_BY", [source])
    ids = []
    for text in ("import here\npoints = 1\n", "import there\npoints = 1\n", "import there\npoints = 2\n"):
        source.write_text(text, encoding="utf-8")
        ids.append(build_snapshot(load_catalogue(small.path), var))
    assert ids[0] == ids[1], "a module that moves changes no score"
    assert ids[2] != ids[1]


def test_the_digest_covers_the_library() -> None:
    covered = {path.name for place in build._SCORED_BY for path in [place, *place.rglob("*.py")]}
    assert {"rules.py", "normalise.py", "aggregate.py", "impute.py", "treat.py", "score_tables.py"} <= covered
    assert all(place.exists() for place in build._SCORED_BY)


def test_scores_do_not_depend_on_the_order_of_lines(small: Folder, var: Path, tmp_path: Path) -> None:
    shuffled = random.Random(7)
    for file in ("values/2026.csv", "values/demonstration.csv", "units.csv", "indicators.csv", "criteria/2026.csv"):
        with (small.path / file).open(encoding="utf-8", newline="") as stream:
            header, *lines = csv.reader(stream)
        shuffled.shuffle(lines)
        with (small.path / file).open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([header, *lines])
    columns = ("rank", "unit_code", "score", "coverage", "status", "previous_rank")
    boards = []
    for folder in (small.path, SMALL):
        build = Store(var).snapshot(build_snapshot(load_catalogue(folder), var))
        boards.append(rows(build.query("ranking", period="2026-04", node="total", language="vi"), *columns))
    assert boards[0] == boards[1]
