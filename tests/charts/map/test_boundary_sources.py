"""A ZIP of shapes is unpacked into a folder of its own and nowhere else, and what is no file of shapes is left."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from tests.boundary_shapes import geojson, squares
from wardstats.charts.map import boundary_sources
from wardstats.charts.map.boundary_sources import read_tables


@pytest.mark.hostile("files of boundaries")
@pytest.mark.parametrize("name", ["../../out.geojson", "/out.geojson", "..\\..\\out.geojson", "a/../../out.geojson"])
def test_a_zip_leads_nowhere_else(tmp_path: Path, name: str) -> None:
    archive = tmp_path / "deep" / "er" / "wards.zip"
    archive.parent.mkdir(parents=True)
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr(name, json.dumps(geojson(squares())))
    tables, faults = read_tables(archive, "wards.zip")
    assert ([len(table.rows) for table in tables], faults) == ([10], [])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [archive]


@pytest.mark.hostile("files of boundaries")
def test_a_zip_that_would_fill_the_disk_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundary_sources, "_MOST_UNPACKED_BYTES", 1_000_000)
    archive = tmp_path / "bomb.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("wards.geojson", b" " * 2_000_000)
    tables, (fault,) = read_tables(archive, "bomb.zip")
    assert tables == []
    assert "more than" in fault.problem.found
    assert archive.stat().st_size < 10_000


def test_settings_beside_the_shapes_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "downloads.json").write_text('{"version": "3"}', encoding="utf-8")
    squares().to_file(tmp_path / "wards.gpkg")
    (tmp_path / "._wards.gpkg").write_bytes(b"\0")
    tables, faults = read_tables(tmp_path, "folder")
    assert ([table.name for table in tables], faults) == (["folder, wards.gpkg"], [])


def test_each_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for name in ("a.geojson", "b.gpkg", "c.shp"):
        (tmp_path / name).write_bytes(b"<html>")
    tables, faults = read_tables(tmp_path, "folder")
    assert tables == []
    assert [fault.problem.file for fault in faults] == ["folder, a.geojson", "folder, b.gpkg", "folder, c.shp"]
