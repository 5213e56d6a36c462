"""Writes a data folder of any shape from plain rows, for tests that need other blocks than the project's own."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from wardstats.core.records import Adjustment, Criterion, Indicator, Target, Theme, Unit

VALUE_COLUMNS = (
    "unit_code",
    "indicator_code",
    "period",
    "value",
    "numerator",
    "denominator",
    "status",
    "source_id",
    "note",
)
Rows = Iterable[Mapping[str, Any]]


def write_folder(
    folder: Path,
    *,
    units: Rows,
    themes: Rows,
    indicators: Rows,
    criteria: Mapping[int, Rows],
    values: Rows,
    scoring: Mapping[str, Any] | None = None,
    missing: str = "renormalise",
    frequency: str = "year",
    adjustments: Rows = (),
    targets: Rows = (),
    robustness: Mapping[str, Any] | None = None,
    rules: Mapping[str, Any] | None = None,
) -> Path:
    """Write the folder; a row may leave out whatever has a sensible default, and ``rules`` hold in every year."""
    (folder / "criteria").mkdir(parents=True)
    (folder / "values").mkdir()
    block = [f'frequency = "{frequency}"', "[name]", 'vi = "Thử"', 'en = "Test"', 'hi = "परीक्षण"']
    block += ["[scoring]", *(f"{key} = {_toml(value)}" for key, value in (scoring or {}).items())]
    block += ["[robustness]", *(f"{key} = {_toml(value)}" for key, value in (robustness or {"draws": 0}).items())]
    for year in criteria:
        block += [f"[years.{year}]", f'criteria = "criteria/{year}.csv"', "is_sample = false", f'missing = "{missing}"']
        block += [f"{key} = {_toml(value)}" for key, value in (rules or {}).items()]
    (folder / "block.toml").write_text("\n".join(block) + "\n", encoding="utf-8")
    (folder / "sources.toml").write_text('[made]\ntitle = "Made for a test"\nproducer = "test"\n', encoding="utf-8")
    unit = {"kind": "unit", "is_member": "true", "source_id": "made"}
    _write(folder / "units.csv", list(Unit.model_fields), units, unit, named="unit_code")
    theme = {"weight": 1, "aggregation": "sum", "position": 0}
    _write(folder / "themes.csv", list(Theme.model_fields), themes, theme, named="theme_code")
    indicator = {"unit": "number", "frequency": frequency, "decimals": 3, "source_id": "made"}
    _write(folder / "indicators.csv", list(Indicator.model_fields), indicators, indicator, named="indicator_code")
    for year, rows in criteria.items():
        rule = {"max_points": 1, "rule": "linear", "if_empty": "missing"}
        _write(folder / "criteria" / f"{year}.csv", list(Criterion.model_fields), rows, rule)
    _write(folder / "values" / "made.csv", VALUE_COLUMNS, values, {"status": "official", "source_id": "made"})
    _write(folder / "adjustments.csv", list(Adjustment.model_fields), adjustments, {"source_id": "made"})
    _write(folder / "targets.csv", list(Target.model_fields), targets, {})
    return folder


def _write(path: Path, columns: Iterable[str], rows: Rows, defaults: Mapping[str, Any], named: str = "") -> None:
    columns = list(columns)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="", lineterminator="\n")
        writer.writeheader()
        for row in rows:
            texts = {name: row[named] for name in columns if name.startswith(("name_", "definition_"))} if named else {}
            writer.writerow({key: value for key, value in {**texts, **defaults, **row}.items() if value is not None})


def _toml(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)
