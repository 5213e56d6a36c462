"""The command ``export-data``: the data folder with everything in force, as plain files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wardstats.cli.console import Data, Var, errors
from wardstats.core.settings import settings
from wardstats.ledger import ledger_of


def register(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command("export-data")(export_data)


def export_data(
    folder: Annotated[Path, typer.Argument(help="Folder to write: one that is not there yet, or is empty.")],
    data: Data = None,
    var: Var = None,
) -> None:
    """Write the data folder with everything the ledger put in force; a build of it elsewhere gives the same board."""
    from wardstats.catalogue.export import export_folder

    places = settings(data, var)
    digest, changed = export_folder(places.data, ledger_of(places), folder)
    for name in changed:
        errors.print(f"Written anew: {name}", markup=False)
    errors.print(f"{folder} written. Content SHA-256:", markup=False)
    print(digest)
