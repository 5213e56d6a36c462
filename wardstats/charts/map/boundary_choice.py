"""Which boundaries a map is drawn from. Loads nothing that knows shapes: whoever has none is spared that."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from wardstats.core.settings import Settings


@dataclass(frozen=True)
class BoundarySource:
    """A file, folder or ZIP of boundaries that is to be used, as it is now; equal while nothing in it has changed.

    Attributes:
        path: Where it lies.
        name: How it is called where it is named: the path as given.
        key: The column of unit codes, or None to find it.
        stamp: When it was last changed, in ns, and how large it is; zeros where nothing is there.
        is_kept: It is what ``python -m wardstats boundaries`` keeps, which says where it comes from.
    """

    path: Path
    name: str
    key: str | None
    stamp: tuple[int, int]
    is_kept: bool = False


def boundary_source(places: Settings, path: str | None, key: str | None) -> BoundarySource | None:
    """Return the boundaries to use: of the environment, else of block.toml, else those that are kept; None: no others.

    Args:
        path: What block.toml names, relative to the data folder.
        key: The column that it names.
    """
    if places.boundaries is not None:
        return _source(places.boundaries, str(places.boundaries), places.boundaries_key)
    if isinstance(path, str):
        return _source(places.data / path, path, places.boundaries_key or (key if isinstance(key, str) else None))
    kept = places.kept_boundaries
    return replace(_source(kept, str(kept), None), is_kept=True) if kept.is_file() else None


def _source(path: Path, name: str, key: str | None) -> BoundarySource:
    files = [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path] if path.is_file() else []
    found = [file.stat() for file in files]
    stamp = (max((one.st_mtime_ns for one in found), default=0), sum(one.st_size for one in found))
    return BoundarySource(path, name, key, stamp)
