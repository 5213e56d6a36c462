"""Made-up boundaries for tests: a square of the true area around the true centre of each unit of data/laocai."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely

from wardstats.core.settings import PROJECT

METRES = "EPSG:32648"


def laocai_units() -> pd.DataFrame:
    """Return units.csv of data/laocai."""
    return pd.read_csv(PROJECT / "data" / "laocai" / "units.csv", dtype={"unit_code": str})


def squares(area_factor: float = 1.0, *, members_only: bool = True) -> geopandas.GeoDataFrame:
    """Return code, ten (the name) and a square of ``area_factor`` times the area each, in degrees."""
    units = laocai_units()
    units = units[units["is_member"]] if members_only else units
    points = geopandas.points_from_xy(units["lon"], units["lat"], crs=4326).to_crs(METRES)
    half = np.sqrt(units["area_km2"].to_numpy(float) * 1e6 * area_factor) / 2
    boxes = shapely.box(points.x - half, points.y - half, points.x + half, points.y + half)
    columns = {"code": list(units["unit_code"]), "ten": list(units["name_vi"])}
    return geopandas.GeoDataFrame(columns, geometry=list(boxes), crs=METRES).to_crs(4326)


def geojson(shapes: geopandas.GeoDataFrame, key: str | None = "code") -> dict[str, Any]:
    """Return shapes as GeoJSON without a coordinate system; ``key`` None: the code is the feature's id."""
    text = shapes.rename(columns={"code": key}) if key else shapes.drop(columns="code")
    collection = json.loads(text.to_json(drop_id=True, to_wgs84=False))
    collection.pop("crs", None)
    if key is None:
        for feature, code in zip(collection["features"], shapes["code"], strict=True):
            feature["id"] = code
    return collection


def write_geojson(path: Path, collection: dict[str, Any]) -> Path:
    """Write a file of GeoJSON, with the folders it lies in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
    return path


def one_file_a_unit(folder: Path, shapes: geopandas.GeoDataFrame) -> Path:
    """Write a file for each unit, as the public data set comes, with the outline of them all beside."""
    for number, code in enumerate(shapes["code"]):
        write_geojson(folder / "wards" / f"{code}.geojson", geojson(shapes.iloc[[number]]))
    outline = geopandas.GeoDataFrame({"code": ["15"]}, geometry=[shapely.union_all(shapes.geometry)], crs=shapes.crs)
    write_geojson(folder / "15_lao_cai.geojson", geojson(outline))
    return folder


def zipped(archive: Path, folder: Path) -> Path:
    """Pack all files of a folder into a ZIP."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(folder.rglob("*")):
            packed.write(file, file.relative_to(folder).as_posix())
    return archive
