"""Builds and publishes the small block over and over, a new value each time, until it is killed."""

import itertools
import os
import shutil
from pathlib import Path

from tests.small_block import SMALL, Folder
from wardstats.cli.main import app


def build_endlessly(var: Path, first: int) -> None:
    """Build with FIRST, FIRST + 1, ... files on time of 100,000, by the command that people use."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(1, 2)
    data = Path(shutil.copytree(SMALL, var.parent / f"data{first}"))
    small = Folder(data)
    small.set_cell("values/2026.csv", "w01,files_on_time,2026-04", "denominator", "100000")
    for numerator in itertools.count(first):
        small.set_cell("values/2026.csv", "w01,files_on_time,2026-04", "numerator", str(numerator))
        app(["publish", "--by", "An", "--data", str(data), "--var", str(var)], standalone_mode=False)
