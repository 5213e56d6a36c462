"""Tables of shapes from a file, a folder or a ZIP of files, as they come: no code or coordinate is looked at here."""

from __future__ import annotations

import json
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath
from tempfile import TemporaryDirectory

import geopandas
import pandas as pd
from shapely.errors import ShapelyError

from wardstats.charts.map.boundary_faults import Fault, fault

FORMATS = "GeoJSON, GeoPackage or a shapefile, a folder of them, or a ZIP"
# How a file of each form begins. What is called GeoJSON and begins otherwise is a page of HTML or something worse.
_BEGINNINGS = {".geojson": b"{", ".json": b"{", ".gpkg": b"SQLite format 3\0", ".shp": b"\x00\x00\x27\x0a"}
_BESIDE_SHAPEFILE = {".shx", ".dbf", ".prj", ".cpg"}
_MOST_UNPACKED_BYTES = 1_000_000_000
_MOST_FILES = 20_000
_UNREADABLE = (OSError, RuntimeError, ValueError, ShapelyError, zlib.error, zipfile.BadZipFile)


@dataclass(frozen=True)
class Table:
    """The shapes of one file.

    Attributes:
        name: How the file is called in a problem.
        path: Where it lies.
        rows: Its rows with their columns, and ``id`` where features carry one.
    """

    name: str
    path: Path
    rows: geopandas.GeoDataFrame


def read_tables(path: Path, name: str) -> tuple[list[Table], list[Fault]]:
    """Read every table of shapes in a file, folder or ZIP.

    Args:
        name: How the source is called in a problem.

    Returns:
        The tables in the order of their names, and a fault for each file that cannot be read.
    """
    expected = f"{FORMATS} with the boundaries"
    if not path.exists():
        return [], [fault("missing", name, None, "no such file", expected, "Correct the path, or put the file there.")]
    try:
        with _files(path) as files:
            if not files:
                remedy = "Name another file, or add .geojson, .gpkg or .shp files to it."
                return [], [fault("missing", name, None, "no file of shapes in it", expected, remedy)]
            tables: list[Table] = []
            faults: list[Fault] = []
            for file in files:
                own = name if file == path else f"{name}, {file.name}"
                try:
                    tables.append(Table(own, file, _rows(file)))
                except _UNREADABLE as error:
                    faults.append(_unreadable(own, error))
            return tables, faults
    except _UNREADABLE as error:
        return [], [_unreadable(name, error)]


def _unreadable(name: str, error: Exception) -> Fault:
    found = f"a file that cannot be read as a map ({' '.join(str(error).split())[:200]})"
    return fault("unreadable", name, None, found, FORMATS, "Export the boundaries again in one of these formats.")


@contextmanager
def _files(path: Path) -> Iterator[list[Path]]:
    """Give the files of shapes of a source; those of a ZIP lie in a folder that is removed afterwards."""
    if path.is_dir():
        yield _shapes_in(path)
    elif path.suffix.lower() == ".zip" or (path.is_file() and _begins(path, b"PK\x03\x04")):
        with TemporaryDirectory(prefix="wardstats-boundaries-") as folder:
            _unpack(path, Path(folder))
            yield _shapes_in(Path(folder))
    else:
        yield [path]


def _shapes_in(folder: Path) -> list[Path]:
    """Return the files of shapes below a folder; .json only where there is no other, since settings end in it too."""
    found = sorted(file for file in folder.rglob("*") if file.suffix.lower() in _BEGINNINGS and file.is_file())
    found = [file for file in found if not file.name.startswith("._")]
    return [file for file in found if file.suffix.lower() != ".json"] or found


def _unpack(archive: Path, folder: Path) -> None:
    """Unpack what belongs to shapes, each folder of the archive into one of a name of ours, so that none leads out."""
    with zipfile.ZipFile(archive) as zipped:
        wanted = _BESIDE_SHAPEFILE | set(_BEGINNINGS)
        members = [item for item in zipped.infolist() if Path(item.filename).suffix.lower() in wanted]
        if len(members) > _MOST_FILES or sum(item.file_size for item in members) > _MOST_UNPACKED_BYTES:
            raise ValueError(f"more than {_MOST_FILES:,} files or {_MOST_UNPACKED_BYTES:,} bytes when unpacked")
        folders: dict[str, Path] = {}
        for item in members:
            place = PureWindowsPath(item.filename)  # understands both kinds of slashes
            if "__MACOSX" in place.parts:
                continue
            target = folders.setdefault(str(place.parent), folder / f"{len(folders):05d}")
            target.mkdir(exist_ok=True)
            with zipped.open(item) as packed, (target / place.name).open("wb") as unpacked:
                shutil.copyfileobj(packed, unpacked)


def _begins(path: Path, beginning: bytes) -> bool:
    with path.open("rb") as stream:
        return stream.read(1024).removeprefix(b"\xef\xbb\xbf").lstrip().startswith(beginning)


def _rows(file: Path) -> geopandas.GeoDataFrame:
    beginning = _BEGINNINGS.get(file.suffix.lower())
    if beginning and not _begins(file, beginning):
        is_page = _begins(file, b"<")
        raise ValueError("a web page (HTML) or other markup" if is_page else "it does not begin as such a file does")
    rows = geopandas.read_file(file)
    if not isinstance(rows, geopandas.GeoDataFrame):
        raise ValueError("a table without shapes")
    if beginning == b"{" and "id" not in rows.columns and len(ids := _feature_ids(file)) == len(rows):
        rows["id"] = pd.Series(ids, index=rows.index, dtype=object)
    return rows


def _feature_ids(file: Path) -> list[object]:
    """Return the ids that stand beside the properties of features; the reader of files may leave them out."""
    features = json.loads(file.read_text(encoding="utf-8-sig")).get("features")
    ids = [feature.get("id") for feature in features] if isinstance(features, list) else []
    return ids if any(one is not None for one in ids) else []
