"""The command boundaries, and what check and build say of the boundaries in use."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.boundary_shapes import geojson, laocai_units, one_file_a_unit, squares, write_geojson, zipped
from tests.boundary_stand_in import served, ward_files
from tests.cli.running import Run, commands_on
from wardstats.charts.map.boundary_choice import boundary_source
from wardstats.charts.map.layout import lay_out
from wardstats.core.settings import PROJECT, Settings


@pytest.fixture
def places(tmp_path: Path) -> Settings:
    return Settings(PROJECT / "data" / "laocai", tmp_path / "var", None)


@pytest.fixture
def run(places: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return commands_on(places, monkeypatch, capsys)


def named_in_block(places: Settings, folder: Path, path: str, key: str = "code") -> Settings:
    data = shutil.copytree(places.data, folder / "data")
    with (data / "block.toml").open("a", encoding="utf-8") as stream:
        stream.write(f'\n[boundaries]\npath = "{path}"\nkey = "{key}"\n')
    return Settings(data, places.var, None)


def test_the_data_set_is_fetched_checked_and_kept(run: Run, places: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    everywhere = squares(members_only=False)
    with served(ward_files(everywhere)) as data_set:
        monkeypatch.setenv("WARDSTATS_BOUNDARIES_URL", data_set.url + "/wards/{code}_{name}.geojson")
        code, out, err = run("boundaries")
    assert (code, out.strip()) == (0, str(places.kept_boundaries)), err
    assert "99 units by column 'code', all 10 members among them, areas 0." in err
    kept = json.loads(places.kept_boundaries.read_bytes())
    assert kept["credit"] == data_set.url.removeprefix("http://")
    assert len(kept["features"]) == 99
    assert run("check")[0] == 0


@pytest.mark.parametrize("form", ["folder", "ZIP", "file"])
def test_what_is_given_is_kept_and_found_without_a_setting(
    run: Run, places: Settings, tmp_path: Path, form: str
) -> None:
    source = one_file_a_unit(tmp_path / "wards", squares())
    if form == "ZIP":
        source = zipped(tmp_path / "wards.zip", source)
    if form == "file":
        source = write_geojson(tmp_path / "ma_xa.geojson", geojson(squares(), "ma_xa"))
    code, _, err = run("boundaries", source)
    assert code == 0, err
    found = boundary_source(places, None, None)
    assert found is not None and found.path == places.kept_boundaries
    assert str(tmp_path) not in places.kept_boundaries.read_text(encoding="utf-8")


def test_all_problems_are_told_and_what_was_kept_stays(run: Run, places: Settings, tmp_path: Path) -> None:
    assert run("boundaries", write_geojson(tmp_path / "good.geojson", geojson(squares())))[0] == 0
    before = places.kept_boundaries.read_bytes()
    collection = geojson(squares(1.03).iloc[:9])
    collection["features"].append({"type": "Feature", "properties": {"ten": "?"}, "geometry": None})
    code, out, err = run("boundaries", write_geojson(tmp_path / "bad.geojson", collection))
    assert (code, out) == (1, "")
    assert "found 9 units but not 04681; expected every member of units.csv" in err
    assert "found no code in row 10" in err
    code, _, err = run("boundaries", write_geojson(tmp_path / "large.geojson", geojson(squares(1.03))))
    assert code == 1
    assert err.count("within 2%, as units.csv says") == 10
    assert places.kept_boundaries.read_bytes() == before
    assert [path.name for path in places.var.iterdir()] == ["boundaries.geojson"]
    assert run("boundaries", tmp_path / "large.geojson", "--tolerance", 4)[0] == 0


def test_a_column_and_a_system_can_be_named(run: Run, tmp_path: Path) -> None:
    metres = write_geojson(tmp_path / "vn2000.geojson", geojson(squares().to_crs("EPSG:9208"), "cột lạ"))
    code, _, err = run("boundaries", metres)
    assert code == 1 and "WGS 84" in err
    assert run("boundaries", metres, "--key", "cột lạ", "--crs", "EPSG:9208")[0] == 0
    code, _, err = run("boundaries", metres, "--crs", "VN-2000?")
    assert code == 1 and "no such coordinate system" in err


def test_without_a_network_the_remedy_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARDSTATS_BOUNDARIES_URL", "{code}.geojson")
    code, _, err = run("boundaries")
    assert code == 1
    assert "WARDSTATS_BOUNDARIES_URL: found '{code}.geojson'; expected an address" in err


@pytest.mark.parametrize(
    ("name", "key", "told"),
    [
        ("missing.geojson", "code", "missing.geojson: found no such file"),
        ("metres.geojson", "code", "metres.geojson: found coordinates such as"),
        ("wards.geojson", "ward", "wards.geojson: found no column 'ward'"),
    ],
)
def test_check_lists_boundaries_that_cannot_be_used(
    places: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    name: str, key: str, told: str,
) -> None:  # fmt: skip
    own = named_in_block(places, tmp_path, name, key)
    write_geojson(own.data / "metres.geojson", geojson(squares().to_crs("EPSG:9208")))
    write_geojson(own.data / "wards.geojson", geojson(squares()))
    run = commands_on(own, monkeypatch, capsys)
    code, out, err = run("check")
    assert code == 1
    assert out.startswith(told) and "1 problems" in err
    (problem,) = json.loads(run("check", "--format", "json")[1])
    assert problem["file"] == name and problem["remedy"]
    (own.data / "units.csv").write_text("unit_code\n", encoding="utf-8")
    code, out, _ = run("check")
    assert code == 1 and "units.csv" in out


def test_check_lists_boundaries_of_the_environment_and_doubts(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARDSTATS_BOUNDARIES", str(write_geojson(tmp_path / "large.geojson", geojson(squares(1.03)))))
    code, out, err = run("check")
    assert code == 0
    assert out.count("large.geojson, ") == 10 and "11 to look at" in err  # a text in Hindi is missing, too
    monkeypatch.setenv("WARDSTATS_BOUNDARIES", str(tmp_path / "none.geojson"))
    assert run("check")[0] == 1


def test_a_board_is_built_without_its_map_and_says_so(
    places: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own = named_in_block(places, tmp_path, "missing.geojson")
    code, _, err = commands_on(own, monkeypatch, capsys)("build")
    assert code == 0
    assert "The map: missing.geojson: found no such file" in err


def test_the_kept_boundaries_make_every_panel(run: Run, places: Settings, tmp_path: Path) -> None:
    everywhere = write_geojson(tmp_path / "all.geojson", geojson(squares(members_only=False)))
    assert run("boundaries", everywhere)[0] == 0
    layout = lay_out(laocai_units(), boundary_source(places, None, None))
    assert layout.refused is None and layout.geography is not None
    assert sorted(len(panel.shapes) for panel in layout.geography.clusters.values()) == [3, 3, 4]
    assert layout.geography.overview.context


@pytest.mark.parametrize(
    ("code", "factor", "is_kept"), [("03006", 0.976, True), ("03006", 1.2, False), ("02680", 1.2, True)]
)
def test_single_areas_that_are_off_are_told_and_much_in_a_member_is_refused(
    run: Run, places: Settings, tmp_path: Path, code: str, factor: float, *, is_kept: bool
) -> None:
    """The public data set itself has a member 2.4% off, and a neighbour 10%."""
    shapes = squares(members_only=False)
    other = squares(factor, members_only=False)
    mixed = shapes.set_geometry(other.geometry.where(shapes["code"] == code, shapes.geometry))
    answer, _, err = run("boundaries", write_geojson(tmp_path / "one.geojson", geojson(mixed)))
    assert (answer == 0) == is_kept == places.kept_boundaries.is_file()
    assert err.count(f"{code}: found ") == 1 and "within 2%, as units.csv says" in err
