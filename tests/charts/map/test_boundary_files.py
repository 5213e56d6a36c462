"""Files of boundaries as they come from elsewhere: what can be used is, all others are told with a remedy."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely

from tests.boundary_shapes import geojson, laocai_units, one_file_a_unit, squares, write_geojson, zipped
from wardstats.charts.map.boundary_faults import AREA_TOLERANCE_PCT, BoundaryError
from wardstats.charts.map.boundary_files import PROJECTED_CRS, credit_of, kept_form, read_boundaries
from wardstats.core.languages import LANGUAGES, translator

Write = Callable[[Path], Path]


@pytest.fixture(scope="module")
def units() -> pd.DataFrame:
    return laocai_units()


def with_column(name: str) -> Write:
    return lambda folder: write_geojson(folder / "wards.geojson", geojson(squares(), name))


def numbers(folder: Path) -> Path:
    shapes = squares()
    return write_geojson(folder / "wards.geojson", geojson(shapes.assign(code=shapes["code"].astype(int)), "ma"))


def feature_ids(folder: Path) -> Path:
    return write_geojson(folder / "wards.geojson", geojson(squares(), None))


def numeric_feature_ids(folder: Path) -> Path:
    shapes = squares()
    return write_geojson(folder / "wards.json", geojson(shapes.assign(code=shapes["code"].astype(int)), None))


def misleading_column(folder: Path) -> Path:
    """A column with the usual name holds something else than the units' codes."""
    shapes = squares().rename(columns={"code": "dvhc_moi"}).assign(code=range(10))
    return write_geojson(folder / "wards.geojson", geojson(shapes, "code"))


def shapefile_in_zip(folder: Path) -> Path:
    (folder / "made" / "ranh gioi").mkdir(parents=True)
    shapes = squares().rename(columns={"code": "MA_XA"}).to_crs("EPSG:9208")  # VN-2000; the .prj says so
    shapes.to_file(folder / "made" / "ranh gioi" / "PHUONG.shp")
    return zipped(folder / "phuong.zip", folder / "made")


def one_a_ward(folder: Path) -> Path:
    return one_file_a_unit(folder / "15_lao_cai", squares())


def one_a_ward_in_zip(folder: Path) -> Path:
    return zipped(folder / "wards.zip", one_file_a_unit(folder / "made", squares()))


def two_polygons_of_one(folder: Path) -> Path:
    shapes = squares()
    halves = []
    for shape in shapes.geometry:
        west, south, east, north = shape.bounds
        middle = (west + east) / 2
        sides = shapely.box(west, south, middle, north), shapely.box(middle, south, east, north)
        halves += [shape.intersection(side) for side in sides]
    doubled = geopandas.GeoDataFrame({"code": shapes["code"].repeat(2).to_list()}, geometry=halves, crs=4326)
    return write_geojson(folder / "wards.geojson", geojson(doubled))


USABLE: dict[str, Write] = {
    "ma_xa": with_column("ma_xa"),
    "maXa": with_column("maXa"),
    "MA_XA": with_column("MA_XA"),
    "maphuongxa": with_column("maphuongxa"),
    "Mã xã": with_column("Mã xã"),
    "unusual column": with_column("xyz"),
    "feature id": feature_ids,
    "feature id, a number": numeric_feature_ids,
    "numbers without noughts": numbers,
    "another column has the usual name": misleading_column,
    "ZIP with a shapefile": shapefile_in_zip,
    "folder, one file a ward": one_a_ward,
    "ZIP, one file a ward": one_a_ward_in_zip,
    "two rows of a code": two_polygons_of_one,
}


@pytest.mark.parametrize("write", USABLE.values(), ids=USABLE)
def test_codes_are_found_wherever_they_stand(units: pd.DataFrame, tmp_path: Path, write: Write) -> None:
    found = read_boundaries(write(tmp_path), units, area_tolerance_pct=AREA_TOLERANCE_PCT)
    assert set(found.located["unit_code"]) == set(units.loc[units["is_member"], "unit_code"])
    assert found.located.crs == PROJECTED_CRS
    assert found.faults == ()
    area_km2 = found.located.set_index("unit_code").area / 1e6
    expected = units.set_index("unit_code")["area_km2"]
    np.testing.assert_allclose(area_km2, expected[area_km2.index], rtol=0.005)


def metres_without_system(folder: Path) -> Path:
    return write_geojson(folder / "vn2000.geojson", geojson(squares().to_crs("EPSG:9208")))


def exchanged(folder: Path) -> Path:
    shapes = squares()
    turned = shapes.set_geometry(shapely.transform(shapes.geometry.to_numpy(), lambda xy: xy[:, ::-1]), crs=4326)
    return write_geojson(folder / "latlon.geojson", geojson(turned))


def far_away(folder: Path) -> Path:
    shapes = squares()
    return write_geojson(folder / "far.geojson", geojson(shapes.set_geometry(shapes.translate(xoff=-9.0))))


def web_page(folder: Path) -> Path:
    (folder / "wards.geojson").write_text("<!doctype html><title>Sign in</title>", encoding="utf-8")
    return folder / "wards.geojson"


def cut_short(folder: Path) -> Path:
    whole = write_geojson(folder / "wards.geojson", geojson(squares())).read_bytes()
    (folder / "wards.geojson").write_bytes(whole[: len(whole) // 2])
    return folder / "wards.geojson"


def broken_zip(folder: Path) -> Path:
    archive = one_a_ward_in_zip(folder)
    archive.write_bytes(archive.read_bytes()[:-200])
    return archive


def empty_geometry(folder: Path) -> Path:
    collection = geojson(squares())
    collection["features"][3]["geometry"] = None
    return write_geojson(folder / "wards.geojson", collection)


def lacking_wards(folder: Path) -> Path:
    return write_geojson(folder / "two.geojson", geojson(squares().iloc[:2]))


def codes_of_others(folder: Path) -> Path:
    shapes = squares()
    return write_geojson(folder / "old.geojson", geojson(shapes.assign(code=[f"9{n:04d}" for n in range(10)])))


def only_names(folder: Path) -> Path:
    return write_geojson(folder / "names.geojson", geojson(squares().drop(columns="code"), "ten"))


def empty_folder(folder: Path) -> Path:
    (folder / "nothing").mkdir()
    return folder / "nothing"


REFUSED: dict[str, tuple[Write, str, str]] = {
    "metres without a system": (metres_without_system, "coordinates", "WGS 84"),
    "latitude first": (exchanged, "exchanged", "longitude before the latitude"),
    "another place": (far_away, "elsewhere", "WGS 84"),
    "HTML": (web_page, "unreadable", r"web page \(HTML\)"),
    "half a file": (cut_short, "unreadable", "Export the boundaries again"),
    "half a ZIP": (broken_zip, "unreadable", "Export the boundaries again"),
    "empty geometry": (empty_geometry, "shapes", "no polygon for 04252.*Draw the missing shapes"),
    "two wards of ten": (lacking_wards, "units", "03006, 04252.*Add what is missing"),
    "other codes": (codes_of_others, "units", "found 10 units but not 02647"),
    "no codes": (only_names, "no_codes", "columns: ten.*WARDSTATS_BOUNDARIES_KEY"),
    "nothing there": (lambda folder: folder / "none.geojson", "missing", "no such file"),
    "empty folder": (empty_folder, "missing", "no file of shapes"),
}


@pytest.mark.hostile("files of boundaries")
@pytest.mark.parametrize(("write", "kind", "remedy"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_used_is_told_with_a_remedy(
    units: pd.DataFrame, tmp_path: Path, write: Write, kind: str, remedy: str
) -> None:
    path = write(tmp_path)
    with pytest.raises(BoundaryError, match=f"(?s){path.name}.*{remedy}") as refused:
        read_boundaries(path, units)
    assert [fault.kind for fault in refused.value.faults if fault.is_fatal] == [kind]
    told = {refused.value.told(translator(language)) for language in LANGUAGES}
    assert len(told) == len(LANGUAGES)
    assert not any(str(tmp_path) in text for text in told)


def test_a_named_column_is_the_only_one_looked_at(units: pd.DataFrame, tmp_path: Path) -> None:
    path = misleading_column(tmp_path)
    assert read_boundaries(path, units, "dvhc_moi").column == "dvhc_moi"
    assert read_boundaries(path, units, "DVHC-MOI").column == "dvhc_moi"
    with pytest.raises(BoundaryError, match="no column 'code_bnv'"):
        read_boundaries(path, units, "code_bnv")


def test_a_system_that_the_file_does_not_name_can_be_said(units: pd.DataFrame, tmp_path: Path) -> None:
    found = read_boundaries(metres_without_system(tmp_path), units, crs="EPSG:9208", area_tolerance_pct=2)
    assert (len(found.located), found.faults) == (10, ())


def test_doubts_are_listed_and_stop_no_map(units: pd.DataFrame, tmp_path: Path) -> None:
    collection = geojson(squares(1.03))
    collection["features"].append({"type": "Feature", "properties": {"ten": "?"}, "geometry": None})
    found = read_boundaries(write_geojson(tmp_path / "w.geojson", collection), units, area_tolerance_pct=2)
    assert [fault.kind for fault in found.faults] == ["no_code", *["areas"] * 10]
    assert not any(fault.is_fatal for fault in found.faults)
    told = str(BoundaryError(found.faults))
    assert re.search(r"03006: found 56\.\d\d km2 \(\+3\.[01]%\); expected 54\.63 km2 within 2%", told)


def test_faults_of_all_kinds_are_listed_at_once(units: pd.DataFrame, tmp_path: Path) -> None:
    collection = geojson(squares().iloc[:9])
    collection["features"][0]["geometry"] = None
    collection["features"].append({"type": "Feature", "properties": {"ten": "?"}, "geometry": None})
    with pytest.raises(BoundaryError) as refused:
        read_boundaries(write_geojson(tmp_path / "w.geojson", collection), units)
    assert {fault.kind for fault in refused.value.faults} == {"no_code", "shapes", "units"}


def test_the_surroundings_are_those_of_the_units(units: pd.DataFrame, tmp_path: Path) -> None:
    shapes = squares(members_only=False)
    path = write_geojson(tmp_path / "all.geojson", geojson(pd.concat([shapes, shapes.iloc[[0]].assign(code="99999")])))
    members = units[units["is_member"]]
    assert set(read_boundaries(path, units).located["unit_code"]) == set(units["unit_code"])
    assert "99999" in set(read_boundaries(path, members).located["unit_code"])


def test_what_is_kept_is_simple_and_reads_as_the_same(units: pd.DataFrame, tmp_path: Path) -> None:
    shapes = squares()
    dense = shapes.set_geometry(shapes.segmentize(0.0002))
    found = read_boundaries(write_geojson(tmp_path / "dense.geojson", geojson(dense)), units)
    kept = tmp_path / "kept.geojson"
    kept.write_bytes(kept_form(found, "made up"))
    assert credit_of(kept) == "made up"
    again = read_boundaries(kept, units)
    assert again.column == "unit_code"
    assert again.point_count < found.point_count / 10
    assert list(again.located["unit_code"]) == list(found.located["unit_code"])
    overlap = shapely.union_all(again.located.geometry).symmetric_difference(shapely.union_all(found.located.geometry))
    assert overlap.area < 0.01 * found.located.area.sum()
