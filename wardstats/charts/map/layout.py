"""Boundaries read from a file, and the layout of the map that they give."""

from __future__ import annotations

from pathlib import Path

import geopandas
import pandas as pd

from wardstats.charts.map.geography import BoundaryError, Geography, build_geography, load_boundaries
from wardstats.core.settings import Settings

_KEYS = ("unit_code", "code")  # columns of unit codes tried where block.toml names none


def read_boundaries(places: Settings, path: str | None, key: str | None) -> geopandas.GeoDataFrame | None:
    """Read the boundary file of the environment, else of block.toml; None where neither names one.

    Raises:
        BoundaryError: The file cannot be used; the message says why.
    """
    if places.boundaries is None and path is None:
        return None
    file = places.boundaries or places.data / str(path)
    for candidate in (key,) if key and places.boundaries is None else _KEYS:
        try:
            return load_boundaries(Path(file), str(candidate))
        except BoundaryError:
            if candidate == _KEYS[-1] or candidate == key:
                raise
    return None


def block_geography(units: pd.DataFrame, boundaries: geopandas.GeoDataFrame | None) -> Geography | None:
    """Lay out the map of a block; None where neither boundaries nor coordinates are known."""
    members = units[units["is_member"]]
    if boundaries is None and members[["lat", "lon", "area_km2"]].isna().to_numpy().any():
        return None
    return build_geography(units, boundaries)
