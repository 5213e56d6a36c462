"""Makes up a whole data folder of national size: units, themes, indicators, criteria and the figures, as Parquet.

It shows what the program is like with thousands of units, and is what ``make bench`` measures. Nothing in it is real
and nothing looks real: units are numbered, lie on a lattice, and every figure is marked as demonstration. It refuses to
touch a folder that it did not write itself.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

import numpy as np

from wardstats.catalogue.demonstration import SEED, SOURCE_ID, demonstration_values
from wardstats.core.errors import WardStatsError
from wardstats.core.palette import BOTH
from wardstats.core.periods import parse_period
from wardstats.core.records import Criterion, Indicator, Theme, Unit

UNITS, INDICATORS, MONTHS = 3_321, 60, 24
LAST = "2026-10"
MARK = "# Made by: python -m wardstats demonstrate --national. Nothing in this folder is real."

# Codes of the themes; a theme hangs below the one whose code it continues.
_THEMES = (
    "1", "1_1", "1_1_1", "1_1_2", "1_2", "2", "2_1", "2_1_1", "2_1_2", "2_2", "3", "3_1", "3_2", "4", "4_1", "4_2",
    "5", "5_1", "5_2",
)  # fmt: skip
_COLOURS: list[str] = BOTH["themes"]
# Unit of measure, decimals, rule, zero_at and full_at of the indicators, in turn.
_KINDS = (
    ("%", 2, "linear", 0, 100),
    ("%", 2, "linear", 40, 100),
    ("points", 2, "linear", 0, 12),
    ("%", 2, "linear", 0, 100),
    ("%", 2, "linear", 20, 0),
    ("%", 1, "linear", 50, 100),
    ("days", 1, "linear", 10, 0),
    ("%", 2, "linear", 0, 100),
    ("count", 0, "minmax", None, None),
    ("%", 2, "linear", 0, 100),
    ("m2_per_person", 2, "linear", 0, 10),
    ("yes_no", 0, "yes_no", None, None),
)
_PER_CLUSTER = 100
_LATTICE_DEGREES = 0.1
_CENTRE = (16.0, 106.0)

Row = dict[str, Any]
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True)
class Size:
    """How large a folder to make."""

    units: int = UNITS
    indicators: int = INDICATORS
    months: int = MONTHS

    def __post_init__(self) -> None:
        """Refuse what makes no folder."""
        for name, number in vars(self).items():
            if number < 1:
                raise WardStatsError(f"--{name} {number}: found less than 1; expected at least 1.")


def write_national_demonstration(
    folder: Path, size: Size | None = None, last: str = LAST, seed: int = SEED, progress: Progress | None = None
) -> Path:
    """Write a complete data folder of made-up units with made-up figures.

    It is written beside its place and then renamed, so it is complete or not there.

    Args:
        folder: Where to; one written by an earlier run is replaced.
        size: 3,321 units, 60 indicators and 24 months if not given.
        progress: Called with (step, steps, what) before each step.

    Returns:
        The folder.

    Raises:
        WardStatsError: The folder holds something else, or ``last`` is no month.
    """
    _check_own(folder)
    size, report = size or Size(), progress or (lambda *_: None)
    months = _months_until(last, size.months)
    years = sorted({month[:4] for month in months})
    report(0, len(years) + 1, "make up figures")
    units, indicators, criteria = _units(size.units, seed), _indicators(size.indicators), _criteria(size.indicators)
    figures = demonstration_values(units, indicators, dict.fromkeys(years, criteria), months[0], last, seed)
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = folder.parent / f".{folder.name}-{token_hex(4)}"
    try:
        (draft / "criteria").mkdir(parents=True)
        (draft / "values").mkdir()
        (draft / "block.toml").write_text(_block(years, {unit["cluster"] for unit in units}), encoding="utf-8")
        (draft / "sources.toml").write_text(_SOURCES, encoding="utf-8")
        _write_csv(draft / "units.csv", Unit, units)
        _write_csv(draft / "themes.csv", Theme, _themes(size.indicators))
        _write_csv(draft / "indicators.csv", Indicator, indicators)
        year_of = figures["period"].astype(str).str.slice(0, 4)
        for number, year in enumerate(years, 1):
            report(number, len(years) + 1, f"write {year}")
            _write_csv(draft / "criteria" / f"{year}.csv", Criterion, criteria)
            part = figures[year_of == year].reset_index(drop=True)
            part.to_parquet(draft / "values" / f"{year}.parquet", index=False, compression="zstd")
        _put_in_place(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    report(len(years) + 1, len(years) + 1, "done")
    return folder


def _check_own(folder: Path) -> None:
    """Refuse to replace anything but a folder of this generator."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    block = folder / "block.toml"
    if not (block.is_file() and block.read_text(encoding="utf-8", errors="replace").startswith(MARK)):
        raise WardStatsError(
            f"{folder}: found other files; expected no folder yet, or one that this command wrote. "
            "Name another folder: python -m wardstats demonstrate --national --data FOLDER"
        )


def _put_in_place(draft: Path, folder: Path) -> None:
    """Rename the draft to the folder, moving an earlier one out of its way first."""
    former = draft.with_name(f"{draft.name}-former")
    if folder.exists():
        folder.rename(former)
    draft.rename(folder)
    shutil.rmtree(former, ignore_errors=True)


def _months_until(last: str, count: int) -> list[str]:
    """Return so many months in order, the last one given."""
    try:
        period = parse_period(last)
    except ValueError as error:
        raise WardStatsError(f"--to {last!r}: {error}.") from error
    if period.kind != "month":
        raise WardStatsError(f"--to {last!r}: found a {period.kind}; expected a month such as {LAST}.")
    months = [period]
    while len(months) < count:
        months.append(months[-1].previous())
    return [month.text for month in reversed(months)]


def _units(count: int, seed: int) -> list[Row]:
    """Numbered units on a lattice: blocks of a hundred, one for each cluster, around a point."""
    random = np.random.default_rng([seed, count])
    populations = np.rint(random.lognormal(np.log(20_000), 0.5, count)).astype(int)
    areas = np.round(random.uniform(20, 90, count), 1)
    blocks = -(-count // _PER_CLUSTER)
    across, within = int(np.ceil(np.sqrt(blocks))), int(np.sqrt(_PER_CLUSTER))
    return [
        {
            "unit_code": f"u{number + 1:05}",
            "name_vi": f"Đơn vị {number + 1:05}",
            "name_en": f"Unit {number + 1:05}",
            "name_hi": f"इकाई {number + 1:05}",
            "kind": "unit",
            "cluster": f"area_{block + 1:02}",
            "is_member": "true",
            "area_km2": area,
            "population": population,
            "lat": _lattice(_CENTRE[0], -(block // across), -(place // within), across, within),
            "lon": _lattice(_CENTRE[1], block % across, place % within, across, within),
            "source_id": SOURCE_ID,
            "note": "Đơn vị minh họa, không có thật",
        }
        for number, (population, area) in enumerate(zip(populations, areas, strict=True))
        for block, place in [divmod(number, _PER_CLUSTER)]
    ]


def _lattice(centre: float, block: int, place: int, across: int, within: int) -> float:
    sign = -1 if block < 0 or place < 0 else 1
    return round(centre + _LATTICE_DEGREES * (block * (within + 2) + place - sign * across * (within + 2) / 2), 4)


def _used_themes(count: int) -> list[str]:
    """Return the lowest themes, those that hold indicators; fewer where there are fewer indicators."""
    lowest = [code for code in _THEMES if not any(other.startswith(f"{code}_") for other in _THEMES)]
    return lowest[:count]


def _themes(count: int) -> list[Row]:
    used = _used_themes(count)
    chosen = [code for code in _THEMES if any(leaf == code or leaf.startswith(f"{code}_") for leaf in used)]
    return [
        {
            "theme_code": f"theme_{code}",
            "parent_code": f"theme_{parent}" if parent else "",
            "name_vi": f"Chủ đề {code.replace('_', '.')}",
            "name_en": f"Theme {code.replace('_', '.')}",
            "name_hi": f"विषय {code.replace('_', '.')}",
            "weight": 1,
            "aggregation": "sum",
            "position": int(last),
            "colour": _COLOURS[int(code[0]) - 1],
        }
        for code in chosen
        for parent, _, last in [code.rpartition("_")]
    ]


def _indicators(count: int) -> list[Row]:
    used = _used_themes(count)
    return [
        {
            "indicator_code": f"indicator_{number + 1:03}",
            "theme_code": f"theme_{used[number % len(used)]}",
            "name_vi": f"Chỉ tiêu {number + 1:03}",
            "name_en": f"Indicator {number + 1:03}",
            "name_hi": f"सूचक {number + 1:03}",
            "definition_vi": "Chỉ tiêu minh họa do chương trình tự đặt, không đo điều gì có thật.",
            "definition_en": "A demonstration indicator made up by the program; it measures nothing real.",
            "definition_hi": "कार्यक्रम द्वारा बनाया गया डेमो सूचक; यह कुछ भी वास्तविक नहीं मापता।",
            "unit": unit,
            "frequency": "month",
            "decimals": decimals,
            "source_id": SOURCE_ID,
        }
        for number, (unit, decimals, *_) in enumerate(_in_turn(count))
    ]


def _criteria(count: int) -> list[Row]:
    """Mostly goalposts, some relative, weights that differ."""
    return [
        {
            "indicator_code": f"indicator_{number + 1:03}",
            "max_points": 2 if number % 3 == 0 else 1,
            "rule": rule,
            "zero_at": "" if zero_at is None else zero_at,
            "full_at": "" if full_at is None else full_at,
            "weight": 1,
            "if_empty": "full" if number % 5 == 0 else "missing",
        }
        for number, (_, _, rule, zero_at, full_at) in enumerate(_in_turn(count))
    ]


def _in_turn(count: int) -> Iterator[tuple[str, int, str, int | None, int | None]]:
    return (_KINDS[number % len(_KINDS)] for number in range(count))


def _write_csv(
    path: Path, record: type[Unit | Theme | Indicator | Criterion], rows: Sequence[Mapping[str, Any]]
) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(record.model_fields), restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _block(years: Iterable[str], clusters: Iterable[str]) -> str:
    """Return block.toml. Ranges for the latest period only: ten thousand tables of thousands of units take seconds."""
    parts = [f"{MARK}\n{_BLOCK}"]
    for code in sorted(clusters):
        number = code.rpartition("_")[2]
        parts.append(f'[clusters.{code}]\nvi = "Vùng {number}"\nen = "Area {number}"\nhi = "क्षेत्र {number}"\n')
    for year in years:
        parts.append(
            f'[years.{year}]\ncriteria = "criteria/{year}.csv"\nis_sample = true\nmissing = "renormalise"\n'
            f'source_id = "{SOURCE_ID}"\n'
        )
    return "\n".join(parts)


_BLOCK = """\
default_language = "vi"
frequency = "month"

[name]
vi = "Khối minh họa cỡ toàn quốc (đơn vị và số liệu không có thật)"
en = "Demonstration block of national size (units and figures are not real)"
hi = "राष्ट्रीय आकार का डेमो समूह (इकाइयाँ और आँकड़े वास्तविक नहीं)"

[unit_kind]
vi = "đơn vị"
en = "unit"
hi = "इकाई"

[scoring]
aggregation = "sum"

[robustness]
periods = "latest"
"""

_SOURCES = f"""\
[{SOURCE_ID}]
title = "Số liệu minh họa do chương trình tự sinh, không phải số liệu thật"
title_en = "Demonstration figures made by the program, not real figures"
title_hi = "कार्यक्रम द्वारा बनाए गए डेमो आँकड़े, वास्तविक नहीं"
producer = "wardstats"
licence = "CC BY 4.0"
note = "python -m wardstats demonstrate --national"
"""
