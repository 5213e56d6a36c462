"""The layout of a block's map, from its boundaries or from circles.

Boundaries that cannot be used are told once in the log and never stop a page: circles are drawn in their place.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

import geopandas
import pandas as pd
from shapely.errors import ShapelyError

from wardstats.charts.map.boundary_choice import BoundarySource
from wardstats.charts.map.boundary_faults import BoundaryError, fault
from wardstats.charts.map.boundary_files import credit_of, read_boundaries
from wardstats.charts.map.geography import Geography, build_geography

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class BlockLayout:
    """The map of a block.

    Attributes:
        geography: None where neither boundaries nor coordinates are known.
        source: The boundaries that were to be used, or None.
        refused: Why they were not.
    """

    geography: Geography | None
    source: BoundarySource | None
    refused: BoundaryError | None


def lay_out(units: pd.DataFrame, source: BoundarySource | None) -> BlockLayout:
    """Lay out the map of a block from its boundaries, or from circles where there are none that can be used.

    Args:
        units: One row per unit: unit_code, cluster, is_member, area_km2, lat, lon.
    """
    if source is None:
        return BlockLayout(block_geography(units, None), None, None)
    try:
        located = read_boundaries(source.path, units, source.key, name=source.name).located
        credit = credit_of(source.path) if source.is_kept else ""
        return BlockLayout(replace(build_geography(units, located), credit=credit), source, None)
    except BoundaryError as error:
        refused = error.with_traceback(None)  # which would keep the file's tables in memory
    except ShapelyError as error:
        found = f"shapes that cannot be laid out ({error})"
        remedy = "Open the file in a program for maps, mend its shapes there, and export it again."
        refused = BoundaryError([fault("unreadable", source.name, "geometry", found, "sound polygons", remedy)])
    _LOG.warning("Circles are drawn on the map, because the boundaries cannot be used:\n%s", refused)
    return BlockLayout(block_geography(units, None), source, refused)


def block_geography(units: pd.DataFrame, boundaries: geopandas.GeoDataFrame | None) -> Geography | None:
    """Lay out the map of a block; None where neither boundaries nor coordinates are known."""
    members = units[units["is_member"]]
    if boundaries is None and members[["lat", "lon", "area_km2"]].isna().to_numpy().any():
        return None
    return build_geography(units, boundaries)
