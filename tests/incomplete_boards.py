"""Boards of data/laocai as they are on the first days: some wards, themes, months or indicators have no figure yet.

The figures are those of the project's own generator, written as reported ones, so that nothing on them is made up.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.small_block import build_and_publish
from wardstats.core.settings import PROJECT, Settings, settings

LAOCAI = PROJECT / "data" / "laocai"
WARDS = ("02647", "04273", "03006", "04252", "02671", "04279", "04288", "04543", "04663", "04681")
FIRST, LAST = WARDS[0], WARDS[-1]  # the first has figures wherever one has, the last only where all have
EMPTY_THEME = "social_security"
_IN_THEME = ("poverty_rate_pct", "health_insurance_cover_pct", "social_pension_on_time_pct")
_NOTHING_TO_COUNT = "waste_collected_treated_pct"  # 0 of 0 gives no points here, neither full nor zero
_QUARTERS = {"2026-08": "2026-Q2", "2026-09": "2026-Q3", "2026-10": "2026-Q3"}


@dataclass(frozen=True)
class Shape:
    """What of the figures is there.

    Attributes:
        wards: How many wards have figures, by month; with 0 the month has one figure, a 0 of 0.
        ranked: How many have a rank in the month looked at.
        period: The month looked at; the newest if empty.
        theme: The theme looked at.
        only: Indicators to keep; empty for all.
        without: Indicators to leave out.
        min_coverage: See block.toml.
        leading_coverage: Likewise.
    """

    wards: dict[str, int]
    ranked: int
    period: str = ""
    theme: str = "total"
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    min_coverage: float = 0.0
    leading_coverage: float = 0.0


SHAPES = {
    "no_month": Shape({}, 0),
    "nobody": Shape({"2026-10": 0}, 0),
    "one_ward": Shape({"2026-10": 1}, 1),
    "two_wards": Shape({"2026-09": 10, "2026-10": 2}, 2),
    "nine_wards": Shape({"2026-10": 9}, 9),
    "empty_theme": Shape({"2026-10": 10}, 10, theme=EMPTY_THEME, without=_IN_THEME),
    "empty_month": Shape({"2026-08": 10, "2026-09": 0, "2026-10": 9}, 0, period="2026-09"),
    "after_empty_month": Shape({"2026-09": 0, "2026-10": 10}, 10),
    "one_indicator": Shape({"2026-10": 10}, 10, only=("qd766_online",)),
    "unfinished": Shape({"2026-09": 10, "2026-10": 1}, 1, period="2026-10", leading_coverage=0.6),
    "all_withheld": Shape({"2026-10": 10}, 0, only=("qd766_online",), min_coverage=0.5),
}


def write_board(name: str, folder: Path) -> Path:
    """Write the data folder of a shape and return it."""
    shape, copy = SHAPES[name], Path(shutil.copytree(LAOCAI, folder / "laocai"))
    block = copy / "block.toml"
    text = block.read_text(encoding="utf-8") + "\n[robustness]\ndraws = 20\n"
    text = text.replace("[scoring]\n", f"[scoring]\nmin_coverage = {shape.min_coverage}\n")
    text = text.replace("leading_coverage = 0.60\n", f"leading_coverage = {shape.leading_coverage}\n")
    block.write_text(text, encoding="utf-8")
    with (copy / "values" / "demonstration.csv").open(encoding="utf-8", newline="") as stream:
        header, *lines = csv.reader(stream)
    (copy / "values" / "demonstration.csv").unlink()
    with (copy / "values" / "handed_in.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([header, *_kept(shape, lines)])
    return copy


def build_board(name: str, folder: Path) -> Settings:
    """Write, build and publish the board of a shape; return its places."""
    data, var = write_board(name, folder), folder / "var"
    build_and_publish(data, var)
    return settings(data, var)


def _kept(shape: Shape, lines: list[list[str]]) -> Iterator[list[str]]:
    many = {month: WARDS[:count] for month, count in shape.wards.items()}
    for month, wards in list(many.items()):
        quarter = _QUARTERS[month]  # its figures count in each of its months
        many[quarter] = () if 0 in shape.wards.values() else min(many.get(quarter, wards), wards, key=len)
        if not wards:
            yield [FIRST, _NOTHING_TO_COUNT, month, "", "0", "0", "reported", "sample_criteria", ""]
    for line in lines:
        unit, indicator, period, *numbers = line
        is_kept = unit in many.get(period, ()) and indicator not in shape.without
        if is_kept and (not shape.only or indicator in shape.only):
            yield [unit, indicator, period, *numbers[:3], "reported", "sample_criteria", ""]
