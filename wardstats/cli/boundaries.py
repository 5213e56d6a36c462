"""The command that fetches or takes boundaries for the map and keeps them, and what ``check`` says of those in use."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlsplit

import pandas as pd
import typer

from wardstats.catalogue.load import read_block
from wardstats.charts.map.boundary_choice import BoundarySource, boundary_source
from wardstats.charts.map.boundary_faults import AREA_TOLERANCE_PCT, BoundaryError, Fault
from wardstats.cli.console import Data, Var, errors, show_progress
from wardstats.core.data_files import Reader
from wardstats.core.durable_files import write_durably
from wardstats.core.errors import DataError
from wardstats.core.records import Block, Unit
from wardstats.core.settings import BOUNDARY_SET, BOUNDARY_SET_CREDIT, Settings, boundary_address, settings

if TYPE_CHECKING:  # what knows shapes takes half a second to load, which other commands are spared
    from wardstats.charts.map.boundary_files import Boundaries


def register(app: typer.Typer) -> None:
    """Add the command of this module to the command line."""
    app.command()(boundaries)


def boundaries(
    source: Annotated[
        Path | None, typer.Argument(help="File, folder or ZIP of shapes; without it the public data set is fetched.")
    ] = None,
    key: Annotated[
        str | None,
        typer.Option(envvar="WARDSTATS_BOUNDARIES_KEY", help="Column of unit codes [the one that holds them]."),
    ] = None,
    crs: Annotated[str | None, typer.Option(help="Coordinate system, where a file names none: EPSG:9208.")] = None,
    tolerance: Annotated[
        float, typer.Option(min=0.0, max=100.0, help="How many percent areas may differ from units.csv.")
    ] = AREA_TOLERANCE_PCT,
    data: Data = None,
    var: Var = None,
) -> None:
    """Fetch or take the units' boundaries, check them, and keep them where every map finds them."""
    from wardstats.charts.map.boundary_files import kept_form, read_boundaries
    from wardstats.harvest.boundary_set import Place, fetch_boundaries

    places = settings(data, var)
    units, _ = _units_and_block(places.data)
    with TemporaryDirectory(prefix="wardstats-boundaries-") as folder:
        if source is None:
            address = boundary_address()
            credit = BOUNDARY_SET_CREDIT if address == BOUNDARY_SET else urlsplit(address).netloc
            with show_progress() as report:
                wanted = [Place(unit.unit_code, unit.text("vi"), unit.is_member) for unit in units]
                path, name = fetch_boundaries(address, wanted, Path(folder), report), address
        else:
            path, name, credit = source, str(source), source.name  # no path of this machine
        frame = _frame(units)
        found = read_boundaries(path, frame, key, name=name, crs=crs, area_tolerance_pct=tolerance)
    if any(not fault.is_notice for fault in found.faults):
        raise BoundaryError(found.faults)
    places.var.mkdir(parents=True, exist_ok=True)
    write_durably(places.kept_boundaries, kept_form(found, credit))
    _tell(found, frame, places)
    print(places.kept_boundaries)


def boundary_faults(places: Settings) -> tuple[Fault, ...]:
    """Return what is wrong with the boundaries in use; nothing where there are none or units.csv cannot be read."""
    try:
        units, block = _units_and_block(places.data)
    except DataError:
        return ()
    if (source := _in_use(places, block)) is None:
        return ()
    from wardstats.charts.map.boundary_files import read_boundaries

    try:
        found = read_boundaries(
            source.path, _frame(units), source.key, name=source.name, area_tolerance_pct=AREA_TOLERANCE_PCT
        )
    except BoundaryError as error:
        return error.faults
    return found.faults


def _in_use(places: Settings, block: Block) -> BoundarySource | None:
    named = block.boundaries
    return boundary_source(places, named.path if named else None, named.key if named else None)


def _units_and_block(folder: Path) -> tuple[list[Unit], Block]:
    """Read the two files that boundaries are compared with.

    Raises:
        DataError: They have problems.
    """
    reader = Reader(folder)
    block = read_block(reader)
    lines = reader.records("units.csv", Unit)
    if reader.problems or block is None:
        raise DataError(reader.problems)
    return [unit for _, unit in lines], block


def _frame(units: list[Unit]) -> pd.DataFrame:
    columns = ["unit_code", "is_member", "area_km2", "lat", "lon"]
    frame = pd.DataFrame([[getattr(unit, name) for name in columns] for unit in units], columns=columns)
    return frame.astype({"area_km2": float, "lat": float, "lon": float})


def _tell(found: Boundaries, units: pd.DataFrame, places: Settings) -> None:
    """Say what is kept, and what goes before it."""
    from wardstats.charts.map.boundary_files import area_deviation_pct

    deviation = area_deviation_pct(found.located, units)
    areas = f", areas {deviation.abs().median():.1f}% from units.csv in the middle" if len(deviation) else ""
    for fault in found.faults:
        errors.print(f"Worth a look: {fault.problem}", markup=False)
    errors.print(
        f"{len(found.located)} units by column {found.column!r}, "
        f"all {units['is_member'].sum()} members among them{areas}; "
        f"{found.point_count:,} corners, simplified by 10 m. Every map draws these shapes from now on.",
        markup=False,
    )
    if (used := _in_use(places, _units_and_block(places.data)[1])) and used.path != places.kept_boundaries:
        errors.print(f"But {used.name} goes before them: WARDSTATS_BOUNDARIES or block.toml names it.", markup=False)
