"""Steps on a disk that is really full, or may only be read: a file system in memory that only this program sees.

``run_on_full_disk`` starts it; the program fills the disk up to some room, takes a step, and notes what it was told.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.endless_handin import ENGLISH, PERIOD, SECRETARIAT, workbook
from tests.small_block import SMALL
from wardstats.core.durable_files import PREFIX, StorageError
from wardstats.core.pointer import read_history
from wardstats.core.settings import PROJECT, Settings
from wardstats.intake import checking, handing_in, publishing
from wardstats.intake.workspace import Workspace

SIZE_MB = 64
ROOMS_KB = (0, 4, 8, 12, 16, 24, 32, 64, 256, 1024, 16384)
_MOUNT = f'mount -t tmpfs -o size={SIZE_MB}m tmpfs "$0" && exec "$@"'


@dataclass(frozen=True)
class Outcome:
    """What a step did with so much room.

    Attributes:
        room_kb: None where the disk may only be read.
        told: What it raised; empty where it was done.
        recorded: Numbers of entries that it said were recorded; None where it raised nothing.
        is_waiting: It said that the board is not up yet.
        written: Numbers of entries that are there since.
        is_up: A board was put up.
        left: Files of unfinished work that lie there after it.
        problems: What verifying the ledger, with room again, finds.
    """

    step: str
    room_kb: int | None
    told: str
    recorded: tuple[int, ...] | None
    is_waiting: bool
    written: tuple[int, ...]
    is_up: bool
    left: tuple[str, ...]
    problems: tuple[str, ...]


def can_make_disks() -> bool:
    """Tell whether this system lets us have a file system of our own."""
    if shutil.which("unshare") is None:
        return False
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", _MOUNT, "/mnt", "true"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def run_on_full_disk(folder: Path) -> list[Outcome]:
    """Take every step with every amount of room."""
    folder.mkdir()
    command = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", _MOUNT, str(folder)]
    command += [sys.executable, "-m", "tests.full_disk", str(folder)]
    done = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, encoding="utf-8", check=True)
    return [
        Outcome(**{name: tuple(value) if isinstance(value, list) else value for name, value in outcome.items()})
        for outcome in json.loads(done.stdout)
    ]


@contextmanager
def _only(folder: Path, room_kb: int | None) -> Iterator[None]:
    """Leave so much room on the disk, or let it be read only, for a while."""
    if room_kb is None:
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        yield
        subprocess.run(["mount", "-o", "remount,rw", str(folder)], check=True)
        return
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(bytes(4096))
        except OSError as error:
            assert error.errno == errno.ENOSPC
        stream.truncate(max(0, stream.tell() - room_kb * 1024))
    yield
    ballast.unlink()


def _steps(workspace: Workspace) -> dict[str, Callable[[int], Any]]:
    def hand_in(number: int) -> Any:
        content = workbook(number)
        return handing_in.hand_in(workspace, SECRETARIAT, "w01", PERIOD, content, (), ENGLISH)

    def adjust(number: int) -> Any:
        return checking.adjust(workspace, SECRETARIAT, "w02", PERIOD, 1 + number % 4, f"reason {number}")

    def publish(number: int) -> Any:
        return publishing.publish(workspace, SECRETARIAT, f"note {number}")

    def roll_back(number: int) -> Any:
        return publishing.roll_back(workspace, SECRETARIAT, note=f"back {number}")

    return {"hand in": hand_in, "adjust": adjust, "publish": publish, "roll back": roll_back}


def _outcome(workspace: Workspace, folder: Path, name: str, room_kb: int | None, step: Callable[[], Any]) -> Outcome:
    var, head, boards = workspace.places.var, workspace.ledger.head, len(read_history(workspace.places.var))
    told, recorded, is_waiting = "", None, False
    with _only(folder, room_kb):
        try:
            step()
        except StorageError as error:
            told, recorded, is_waiting = str(error), error.recorded, error.is_waiting
        except Exception as error:  # what must not be: the test shows it
            told = f"{type(error).__name__}: {error}"
    left = [path.name for path in var.rglob("*") if path.name.startswith((PREFIX, ".building-"))]
    written = [entry.number for entry in workspace.ledger.entries() if entry.number > head]
    is_up = len(read_history(var)) > boards
    problems = Workspace.of(workspace.places).ledger.verify()
    return Outcome(name, room_kb, told, recorded, is_waiting, tuple(written), is_up, tuple(left), tuple(problems))


def _main(folder: Path) -> None:
    data = Path(shutil.copytree(SMALL, folder / "small"))
    with (data / "block.toml").open("a", encoding="utf-8") as block:
        block.write("\n[robustness]\ndraws = 0\n")
    workspace = Workspace.of(Settings(data, folder / "var", None))
    for note in ("first", "second"):
        checking.adjust(workspace, SECRETARIAT, "w01", PERIOD, len(note), note)
        publishing.publish(workspace, SECRETARIAT, note)
    outcomes = []
    for number, room_kb in enumerate((*ROOMS_KB, None)):
        for name, step in _steps(workspace).items():
            if name == "publish":
                checking.adjust(workspace, SECRETARIAT, "w03", PERIOD, 1 + number % 4, f"to build {number}")
            outcomes.append(_outcome(workspace, folder, name, room_kb, lambda: step(number)))  # noqa: B023
            publishing.complete_where_possible(workspace)
    print(json.dumps([vars(outcome) for outcome in outcomes]))


if __name__ == "__main__":
    os.umask(0o022)
    _main(Path(sys.argv[1]))
