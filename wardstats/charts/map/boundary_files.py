"""Boundaries of units from files: joined by code, in metres, checked against units.csv, and simplified to be kept.

Owns which column holds the codes and what the coordinates mean. Refuses to know panels, figures, or where files are
kept. Nothing is guessed that a reader could not check: codes are found by comparing them with the units' own, and
coordinates by comparing them with the units' centres.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from wardstats.charts.map.boundary_faults import BoundaryError, Fault, fault
from wardstats.charts.map.boundary_sources import Table, read_tables
from wardstats.core.data_files import bare_code
from wardstats.core.errors import Problem, WardStatsError
from wardstats.core.languages import fold

PROJECTED_CRS = "EPSG:32648"  # UTM zone 48 north, metres: covers Vietnam's mainland with little distortion
GEOGRAPHIC_CRS = "EPSG:4326"

_EQUAL_AREA_CRS = "EPSG:6933"
_KEPT_TOLERANCE_M = 10.0
_KEPT_DECIMALS = 6  # of degrees: 0.1 m
_FAR_KM = 50.0
_MUCH = 5  # times the tolerance: more than drawing and surveying can differ
# Columns of codes as published files name them, without accents, signs and capitals; which holds the codes is decided
# by what stands in it, the order only where two do.
_USUAL = ("unitcode", "code", "maxa", "maphuongxa", "maphuong", "madvhc", "madonvi", "matinh", "matp", "wardcode",
          "communecode", "provincecode", "ma", "id")  # fmt: skip
_NOT_DEGREES = "Export the file as WGS 84 (EPSG:4326), or name its coordinate system in it (GeoPackage, .prj)."


@dataclass(frozen=True)
class Boundaries:
    """Boundaries that a map can be drawn from.

    Attributes:
        located: unit_code and geometry (polygons, EPSG:32648), one row per unit, in the files' order.
        faults: What makes them doubtful, none of it fatal.
        column: The column that held the codes.
        point_count: Corners of all shapes.
    """

    located: geopandas.GeoDataFrame
    faults: tuple[Fault, ...]
    column: str
    point_count: int


@dataclass(frozen=True)
class _Row:
    code: str
    shape: BaseGeometry


def read_boundaries(
    path: Path,
    units: pd.DataFrame,
    key: str | None = None,
    *,
    name: str | None = None,
    crs: str | None = None,
    area_tolerance_pct: float | None = None,
) -> Boundaries:
    """Read the boundaries of units from a file, a folder of files (one a unit, for example) or a ZIP.

    Args:
        units: One row per unit: unit_code, is_member, area_km2, lat, lon. Where some are not members they name the
            surroundings, and other shapes are left out; where all are members, other shapes are the surroundings.
        key: The column that holds the unit codes; None: the one in which most of them stand. Codes may be numbers that
            lost their leading noughts. Rows of the same code are joined.
        name: How the source is called in a problem; its path if not given.
        crs: The coordinate system, where the file names none or a wrong one. Without either, degrees (EPSG:4326) are
            taken for granted, as the GeoJSON standard says.
        area_tolerance_pct: How far areas may be from ``area_km2``; None: they are not compared.

    Raises:
        BoundaryError: No map can be drawn from it; all faults are listed.
    """
    called = name or str(path)
    tables, faults = read_tables(path, called)
    members = set(units.loc[units["is_member"].astype(bool), "unit_code"])
    rows: list[_Row] = []
    columns: list[str] = []
    for table in tables:
        column, codes = _codes(table, units["unit_code"], key)
        if column is None:
            faults.append(_no_codes(table, key))
            continue
        shapes, own = _in_metres(table, crs)
        faults += own
        if not own:
            columns.append(column)
            rows += [_Row(code, shape) for code, shape in zip(codes, shapes, strict=True)]
            faults += _without_code(table, codes)
    known = set(units["unit_code"])
    if any(row.code in known for row in rows):
        # A folder may hold more than the units: the outline of the province, an index. Nothing is missing for that.
        faults = [one for one in faults if not (one.kind == "no_codes" and len(tables) > 1 and key is None)]
    located, empty = _joined(rows, known if len(members) < len(known) else None)
    faults += _without_shape(called, empty, members)
    if tables and not any(one.kind in ("coordinates", "exchanged", "no_codes") for one in faults):
        faults += _without_member(called, {row.code for row in rows if row.code}, members)
    if not any(one.is_fatal for one in faults):
        faults += _misplaced(called, located, units)
    if area_tolerance_pct is not None and not any(one.is_fatal for one in faults):
        faults += _wrong_areas(called, located, units, area_tolerance_pct)
    if any(one.is_fatal for one in faults):
        raise BoundaryError(faults)
    count = int(shapely.get_num_coordinates(located.geometry.to_numpy()).sum())
    return Boundaries(located, tuple(faults), columns[0], count)


def area_deviation_pct(located: geopandas.GeoDataFrame, units: pd.DataFrame) -> pd.Series:
    """Return by unit_code how many percent larger than area_km2 its shape is; units without that are left out."""
    areas = pd.Series(located.to_crs(_EQUAL_AREA_CRS).area.to_numpy() / 1e6, index=list(located["unit_code"]))
    expected = units.set_index("unit_code")["area_km2"].astype(float)
    return (100 * (areas / expected - 1)).dropna()


def thinned(shapes: Mapping[str, BaseGeometry], tolerance_m: float) -> dict[str, BaseGeometry]:
    """Thin out the lines, keeping common borders common.

    Boundary files are seldom a perfect coverage: small overlaps and gaps are closed first, or their lines would stay as
    they are. A unit too small to survive that keeps its own shape.
    """
    originals = np.array(list(shapes.values()), dtype=object)
    closed = shapely.coverage_clean(originals)  # pyright: ignore[reportAttributeAccessIssue] (stubs are of 2.1)
    simpler = shapely.coverage_simplify(closed, tolerance_m)
    return {
        code: polygons_of(thin) if not thin.is_empty else original
        for code, thin, original in zip(shapes, simpler, originals, strict=True)
    }


def kept_form(boundaries: Boundaries, credit: str) -> bytes:
    """Return boundaries as the GeoJSON that is kept: simplified by 10 m, in degrees, codes as ``unit_code``.

    Args:
        credit: Where they come from; see ``credit_of``.
    """
    located = boundaries.located
    simpler = thinned(dict(zip(located["unit_code"], located.geometry, strict=True)), _KEPT_TOLERANCE_M)
    degrees = geopandas.GeoSeries(list(simpler.values()), crs=PROJECTED_CRS).to_crs(GEOGRAPHIC_CRS)
    rounded = [shapely.transform(shape, lambda xy: np.round(xy, _KEPT_DECIMALS)) for shape in degrees]
    features = [
        {"type": "Feature", "properties": {"unit_code": code}, "geometry": json.loads(shapely.to_geojson(shape))}
        for code, shape in zip(simpler, rounded, strict=True)
    ]
    return json.dumps({"type": "FeatureCollection", "credit": credit, "features": features}).encode()


def credit_of(path: Path) -> str:
    """Return where the boundaries of a file that is kept come from."""
    return str(json.loads(path.read_text(encoding="utf-8")).get("credit", ""))


def polygons_of(shape: BaseGeometry | None) -> BaseGeometry:
    """Return the areas of a shape, mended, without stray lines and points."""
    if shape is None or shape.is_empty:
        return shapely.MultiPolygon()
    mended = shapely.make_valid(shape)
    parts = [part for part in shapely.get_parts(mended, return_index=False) if part.geom_type.endswith("Polygon")]
    return shapely.union_all(parts) if parts else shapely.MultiPolygon()


def require_codes(found: Iterable[str], expected: Iterable[str], place: str) -> None:
    """Refuse places of units that leave a member out.

    Raises:
        BoundaryError: The message names every member that is not there.
    """
    if faults := _without_member(place, set(found), set(expected)):
        raise BoundaryError(faults)


# --- codes ------------------------------------------------------------------------------------------------------------


def _codes(table: Table, expected: Iterable[str], key: str | None) -> tuple[str | None, list[str]]:
    """Return the column of unit codes and the code of each row; None where no column holds any."""
    wanted = set(expected)
    by_bare = {bare_code(code): code for code in wanted if code.isdigit() and bare_code(code)}
    names = [str(name) for name in table.rows.columns if name != table.rows.geometry.name]
    if key is not None:
        names = [name for name in names if name == key] or [name for name in names if _squashed(name) == _squashed(key)]
    names.sort(key=lambda name: _USUAL.index(_squashed(name)) if _squashed(name) in _USUAL else len(_USUAL))
    read = {name: [_code(value, wanted, by_bare) for value in table.rows[name]] for name in names}
    best = max(names, key=lambda name: len(wanted.intersection(read[name])), default=None)
    if best is None or not wanted.intersection(read[best]):
        # None of the units stands in the table. Codes of others are told as such where a column is sure to hold codes.
        usual = [name for name in names if key is not None or _squashed(name) in _USUAL]
        return (usual[0], read[usual[0]]) if usual else (None, [])
    return best, read[best]


def _code(value: object, wanted: set[str], by_bare: Mapping[str, str]) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return ""
    text = str(value).strip()
    return text if text in wanted else by_bare.get(bare_code(text), text)


def _squashed(name: str) -> str:
    """Return a column's name by its letters and digits alone: MA_XA, maXa and Mã xã are one."""
    return "".join(letter for letter in fold(name) if letter.isalnum())


def _no_codes(table: Table, key: str | None) -> Fault:
    present = ", ".join(sorted(str(name) for name in table.rows.columns if name != table.rows.geometry.name)) or "none"
    found = f"no column {key!r}" if key is not None else "no column with codes of units.csv"
    return fault(
        "no_codes", table.name, None, f"{found} beside the shapes (columns: {present})", "the unit codes in one",
        "Name the right column with WARDSTATS_BOUNDARIES_KEY, --key, or key under [boundaries] in block.toml.",
    )  # fmt: skip


def _without_code(table: Table, codes: list[str]) -> list[Fault]:
    rows = [str(number) for number, code in enumerate(codes, start=1) if not code]
    if not rows:
        return []
    found = f"no code in row {_some(rows)}"
    remedy = "Give each its code, or remove the row."
    return [fault("no_code", table.name, None, found, "a unit's code beside every shape", remedy, is_fatal=False)]


def _without_member(name: str, found: set[str], expected: set[str]) -> list[Fault]:
    missing = sorted(expected - found)
    if not missing:
        return []
    here = f"{len(found)} units but not {', '.join(missing)}"
    remedy = "Add what is missing, or correct the codes."
    return [fault("units", name, None, here, "every member of units.csv", remedy)]


# --- shapes -----------------------------------------------------------------------------------------------------------


def _in_metres(table: Table, crs: str | None) -> tuple[list[BaseGeometry], list[Fault]]:
    """Return the polygons of a table in the projection of the maps, or what is wrong with its coordinates."""
    rows = table.rows
    try:
        system: Any = geopandas.GeoSeries([], crs=crs or rows.crs or GEOGRAPHIC_CRS).crs
    except RuntimeError as error:  # what pyproj raises
        raise WardStatsError(f"--crs {crs!r}: found no such coordinate system. Name one such as EPSG:9208.") from error
    points = shapely.get_coordinates(rows.geometry.to_numpy())
    if len(points) and system.is_geographic:
        x, y = np.abs(points).max(axis=0)
        if not (x <= 180 and y <= 90):
            found = f"coordinates such as {points[0][0]:g}, {points[0][1]:g}"
            if x <= 90 and y <= 180:
                return [], [_exchanged(table.name, found)]
            expected = "degrees, or a coordinate system that the file names"
            return [], [fault("coordinates", table.name, None, found, expected, _NOT_DEGREES)]
    try:
        shapes = geopandas.GeoSeries([polygons_of(shape) for shape in rows.geometry], crs=system).to_crs(PROJECTED_CRS)
        is_placed = bool(np.isfinite(shapely.get_coordinates(shapes.to_numpy())).all())
    except (RuntimeError, ShapelyError):
        shapes, is_placed = (), False
    if not is_placed:
        found = f"coordinates outside {system.name}"
        return [], [fault("coordinates", table.name, None, found, "coordinates of its own system", _NOT_DEGREES)]
    return list(shapes), []


def _exchanged(name: str, found: str) -> Fault:
    remedy = "Write the longitude before the latitude in each point, as GeoJSON asks."
    return fault("exchanged", name, None, found, "longitude before latitude", remedy)


def _joined(rows: list[_Row], known: set[str] | None) -> tuple[geopandas.GeoDataFrame, list[str]]:
    """Join rows of one code; return them, and the codes that have no shape.

    Args:
        known: The only codes that are kept; None keeps all.
    """
    parts: dict[str, list[BaseGeometry]] = {}
    for row in rows:
        if row.code and (known is None or row.code in known):
            parts.setdefault(row.code, []).append(row.shape)
    shapes = {code: polygons_of(shapely.union_all(own)) if len(own) > 1 else own[0] for code, own in parts.items()}
    drawn = {code: shape for code, shape in shapes.items() if not shape.is_empty}
    located = geopandas.GeoDataFrame({"unit_code": list(drawn)}, geometry=list(drawn.values()), crs=PROJECTED_CRS)
    return located, [code for code in shapes if code not in drawn]


def _without_shape(name: str, codes: list[str], members: set[str]) -> list[Fault]:
    if not codes:
        return []
    is_fatal = not members.isdisjoint(codes)
    found = f"no polygon for {_some(codes)}"
    remedy = "Draw the missing shapes, or remove these rows."
    return [fault("shapes", name, "geometry", found, "one for every unit", remedy, is_fatal=is_fatal)]


def _misplaced(name: str, located: geopandas.GeoDataFrame, units: pd.DataFrame) -> list[Fault]:
    """Compare where shapes lie with the units' centres: most of them far off means other coordinates than said."""
    placed = units.dropna(subset=["lat", "lon"]).set_index("unit_code")
    codes = [code for code in located["unit_code"] if code in placed.index]
    if not codes:
        return []
    shapes = located.set_index("unit_code").loc[codes]
    centres = shapely.get_coordinates(shapely.centroid(shapes.geometry.to_crs(GEOGRAPHIC_CRS).to_numpy()))
    expected = placed.loc[codes, ["lon", "lat"]].to_numpy(float)
    off = _kilometres(centres, expected)
    if np.median(off) <= _FAR_KM:
        return []
    worst = codes[int(np.argmax(off))]
    found = f"{worst} some {off.max():,.0f} km from its centre"
    if np.median(_kilometres(centres[:, ::-1], expected)) <= _FAR_KM:
        return [_exchanged(name, found)]
    return [fault("elsewhere", name, None, found, "shapes around lat and lon of units.csv", _NOT_DEGREES)]


def _kilometres(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return the distance of points in degrees, as on a sphere's tangent plane: exact enough to tell far from near."""
    apart = first - second
    apart[:, 0] = ((apart[:, 0] + 180) % 360 - 180) * np.cos(np.radians(second[:, 1]))
    return 111.2 * np.hypot(apart[:, 0], apart[:, 1])


def _wrong_areas(name: str, located: geopandas.GeoDataFrame, units: pd.DataFrame, tolerance_pct: float) -> list[Fault]:
    """Return a fault for each unit whose area is off.

    Published areas are surveyed and shapes are drawn, so that single units differ by a few percent in the best of sets.
    That is a notice; boundaries of another time or scale differ in most members, or much in one.
    """
    deviation = area_deviation_pct(located, units)
    members = deviation[deviation.index.isin(units.loc[units["is_member"].astype(bool), "unit_code"])]
    is_systematic = bool(members.abs().median() > tolerance_pct)
    expected = dict(zip(units["unit_code"], units["area_km2"], strict=True))
    faults = []
    for code, percent in deviation[deviation.abs() > tolerance_pct].to_dict().items():
        found = f"{expected[code] * (1 + percent / 100):.2f} km2 ({percent:+.1f}%)"
        told = Problem(
            name, None, str(code), found, f"{expected[code]:.2f} km2 within {tolerance_pct:g}%, as units.csv says",
            "Find out whether these are the boundaries of another time or unit; else correct area_km2 in units.csv.",
        )  # fmt: skip
        is_much = code in members.index and abs(percent) > _MUCH * tolerance_pct
        faults.append(Fault("areas", told, is_fatal=False, is_notice=not (is_systematic or is_much)))
    return faults


def _some(texts: list[str]) -> str:
    return ", ".join(texts[:10]) + (f" and {len(texts) - 10} more" if len(texts) > 10 else "")
