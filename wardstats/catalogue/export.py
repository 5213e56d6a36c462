"""Writes a data folder with everything that its ledger put in force, so that it needs no ledger any more."""

from __future__ import annotations

import shutil
from pathlib import Path
from secrets import token_hex

from wardstats.catalogue.load import load_catalogue
from wardstats.catalogue.settled import FOLDER as SETTLED
from wardstats.core.durable_files import PREFIX, storage_error
from wardstats.core.errors import WardStatsError
from wardstats.ledger import Ledger


class ExportError(WardStatsError):
    """A folder cannot be written there."""


def export_folder(folder: Path, ledger: Ledger, target: Path) -> tuple[str, list[str]]:
    """Write a copy of a data folder with what is in force; a file in which nothing changes is copied byte for byte.

    Args:
        target: A folder that is not there yet, or is empty. It appears when all of it is written.

    Returns:
        The content's digest, which a build of the copy has too, and the names of the files that were written anew.

    Raises:
        ExportError: The target is in use, or somebody changed the folder or the ledger meanwhile.
        DataError: The folder has a fault; nothing is written.
        LedgerError: An entry of the ledger is damaged.
        OSError: There is no room, or no right to write.
    """
    target = target.absolute().resolve()
    if target.exists() and not (target.is_dir() and not any(target.iterdir())):
        raise ExportError(f"{target}: found something there already; expected no such folder. Name another one.")
    if target.is_relative_to(folder.resolve()):
        raise ExportError(f"{target}: found a folder inside {folder}; expected another place. Name another one.")
    catalogue = load_catalogue(folder, ledger)
    draft = target.with_name(f"{PREFIX}{token_hex(4)}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(folder, draft, ignore=lambda place, _: [SETTLED] if Path(place) == folder else [])
        for name, content in catalogue.written.items():
            path = draft / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        if load_catalogue(draft).content_sha256 != catalogue.content_sha256:
            raise ExportError(f"{folder}: was changed while it was exported. Nothing is written; try again.")
        if target.exists():
            target.rmdir()
        draft.rename(target)
    except shutil.Error as error:  # of several files; the first tells enough
        raise ExportError(f"{folder}: cannot be copied ({error.args[0][0][2]}).") from error
    except OSError as error:
        if storage_error(error) is not None:
            raise
        raise ExportError(f"{target}: cannot be written ({error.strerror or error}). Name another folder.") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return catalogue.content_sha256, sorted(catalogue.written)
