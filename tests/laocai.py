"""How much there is in data/laocai today, counted from its files: it changes as the block's own data come in."""

from __future__ import annotations

import csv

from wardstats.core.settings import PROJECT

FOLDER = PROJECT / "data" / "laocai"


def lines(file: str) -> list[dict[str, str]]:
    """Return the lines of one of its CSV files."""
    with (FOLDER / file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def criteria() -> list[dict[str, str]]:
    """Return the criteria of its newest year."""
    newest = max(path.name for path in (FOLDER / "criteria").glob("*.csv"))
    return lines(f"criteria/{newest}")


def groups() -> list[dict[str, str]]:
    """Return its themes of the first level."""
    return [theme for theme in lines("themes.csv") if not theme["parent_code"]]
