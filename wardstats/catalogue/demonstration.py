"""Makes up demonstration figures, so that a fresh machine has something to show before real figures arrive.

Owns the seeded generator and the one file it writes, values/demonstration.csv. Every figure it makes carries the status
``demonstration``. It refuses to make one for an indicator that has any real figure, and to overwrite real figures.

Each indicator draws from its own random stream, so leaving one out does not change the others.
"""

from __future__ import annotations

import csv
import os
import tempfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from wardstats.core.csv_rows import delimiter_of
from wardstats.core.errors import WardStatsError
from wardstats.core.periods import KINDS, MONTHS_IN, Kind, parse_period, period_containing

SEED = 2025
STATUS = "demonstration"
SOURCE_ID = "demonstration"
FILE = "demonstration.csv"
COLUMNS = (
    "unit_code", "indicator_code", "period", "value", "numerator", "denominator", "status", "source_id", "note",
)  # fmt: skip

SHARE_MISSING = 0.03
LATE_INDICATORS = 3
FORM = 0.04  # how far a unit's good and bad spells move all its figures, as a share of full marks
USUAL_POPULATION = 20_000  # where no unit's population is known; only sizes denominators


@dataclass(frozen=True)
class Pool:
    """What a ratio is counted out of.

    Attributes:
        per_person: Size for each inhabitant; for events, the number expected in a month.
        is_events: Counted anew each period (files, reports); otherwise a stock that hardly changes (households).
        fixed: A size that is the same for every unit (procedures), instead of one by population.
    """

    per_person: float = 0.0
    is_events: bool = False
    fixed: int = 0


_POOLS = {
    "files": Pool(0.03, is_events=True),
    "petitions": Pool(0.00009, is_events=True),  # so few that small wards have months without any
    "sanitation_reports": Pool(0.0004, is_events=True),
    "violations": Pool(0.0003, is_events=True),
    "procedures_due": Pool(fixed=70),
    "procedures": Pool(fixed=385),
    "people": Pool(1.0),
    "people_14": Pool(0.77),
    "people_15": Pool(0.755),
    "people_18": Pool(0.7),
    "pensioners": Pool(0.012),
    "households": Pool(0.27),
    "neighbourhoods": Pool(0.0011),
    "streets": Pool(0.0008),
    "waste_tonnes": Pool(0.024),
}
_POOL_OF = {
    "publish_on_time": "procedures_due",
    "public_update_on_time": "procedures_due",
    "public_content_full": "procedures_due",
    "citizen_data_connected_formality": "procedures",
    **dict.fromkeys(
        (
            "dossier_sync", "dossiers_on_time", "original_result_available", "so_hoa_giay_to_giai_quyet",
            "reused_digitized_data", "synced_with_dvcqg_personal_storage", "citizen_data_connected_dossier",
            "dossier_receiving_satisfaction",
        ),
        "files",
    ),
    "petition_processing_on_time": "petitions",
    "petition_handling_satisfaction": "petitions",
    "sanitation_reports_on_time_pct": "sanitation_reports",
    "urban_order_violations_resolved_pct": "violations",
    "electronic_identity_level_2_pct": "people_14",
    "payment_account_pct": "people_15",
    "digital_signature_pct": "people_18",
    "health_insurance_cover_pct": "people",
    "social_pension_on_time_pct": "pensioners",
    "community_digital_team_pct": "neighbourhoods",
    "cultural_neighbourhood_pct": "neighbourhoods",
    "civilised_street_pct": "streets",
    "waste_collected_treated_pct": "waste_tonnes",
    "waste_sorted_at_source_pct": "households",
    "clean_water_to_standard_pct": "households",
    "poverty_rate_pct": "households",
}  # fmt: skip
# Ways of the national portal that made-up figures should share, so that pages meet them before real ones come.
_SAME_FOR_ALL = {"publish_on_time", "public_update_on_time", "public_content_full"}  # a province's, copied to its wards
_ALWAYS_FULL = {"dossier_sync", "electronic_certified_copy"}
_WITHOUT_COUNTS = {"electronic_certified_copy"}


@dataclass(frozen=True)
class _Units:
    codes: list[str]
    populations: np.ndarray
    ability: np.ndarray  # -1 (weakest) to 1 (strongest), evenly spread
    rhythm: np.ndarray  # months from one good spell to the next, and where in it the unit starts
    tied: tuple[int, int] | None  # the second takes the first's latest figures
    late: int | None  # has not handed in everything for the latest period


@dataclass(frozen=True)
class _Goal:
    zero_at: float
    full_at: float


def demonstration_values(
    units: Iterable[Mapping[str, Any]],
    indicators: Iterable[Mapping[str, Any]],
    criteria_by_year: Mapping[str, Iterable[Mapping[str, Any]]],
    first: str,
    last: str,
    seed: int = SEED,
) -> pd.DataFrame:
    """Make up figures for the members of a block.

    Some rows are left out (about 3 percent), a small ward has not handed in its last three monthly indicators for the
    latest month, and the two members nearest in population have the same latest figures, hence a tie.

    Args:
        units: Mappings with the keys unit_code, is_member and population, as the columns of units.csv.
        indicators: Mappings with indicator_code, theme_code, unit, frequency and decimals, as in indicators.csv.
        criteria_by_year: For each year, mappings with indicator_code, max_points, rule, zero_at and full_at, as in
            criteria/<year>.csv. The latest year that scores an indicator sets the range of its figures.
        first: First month, such as 2025-07.
        last: Last month, such as 2026-10. Quarters and years count where they end between the two.

    Returns:
        One row per figure with the columns of values/*.csv. A ratio in % has numerator and denominator and an empty
        value. The text columns are categorical.

    Raises:
        ValueError: ``first`` or ``last`` is not a period.
    """
    members = _read_members(units, seed)
    periods = {kind: _periods_between(first, last, kind) for kind in KINDS}
    listed = list(indicators)
    goals = _read_goals(criteria_by_year)
    late = [row["indicator_code"] for row in listed if row["frequency"] == "month"][-LATE_INDICATORS:]
    parts = [
        _indicator_part(members, row, goals, periods[row["frequency"]], seed, is_late=row["indicator_code"] in late)
        for row in listed
        if periods[row["frequency"]] and members.codes
    ]
    all_periods = sorted({period for kind in periods.values() for period in kind})
    return _assemble(parts, members.codes, [row["indicator_code"] for row in listed], all_periods)


def write_demonstration(folder: Path, first: str, last: str, seed: int = SEED) -> Path:
    """Write values/demonstration.csv of a data folder, leaving out every indicator that has a real figure.

    The file is complete or not there: it is written under another name, synced, then renamed.

    Args:
        folder: A data folder with units.csv, indicators.csv and criteria/*.csv.

    Returns:
        The path written.

    Raises:
        WardStatsError: values/demonstration.csv holds real figures, which writing it would destroy.
    """
    target = folder / "values" / FILE
    real = _indicators_with_real_values(folder, target)
    frame = demonstration_values(
        _read_rows(folder / "units.csv"),
        [row for row in _read_rows(folder / "indicators.csv") if row["indicator_code"] not in real],
        {path.stem: _read_rows(path) for path in sorted((folder / "criteria").glob("*.csv"))},
        first,
        last,
        seed,
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{FILE}.", suffix=".tmp", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as stream:
            frame.to_csv(stream, index=False, lineterminator="\n", float_format="%.10g")
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(0o644)  # mkstemp makes a file that only its owner can read
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
    return target


def _indicator_part(
    members: _Units,
    row: Mapping[str, Any],
    goals: Mapping[str, _Goal],
    periods: Sequence[str],
    seed: int,
    *,
    is_late: bool,
) -> dict[str, np.ndarray]:
    """Return the figures of one indicator as flat arrays, one element per unit and period."""
    code = str(row["indicator_code"])
    figures = _full_grid(members, row, goals, periods, seed)
    kept = _stream(seed, "gaps", code).random(figures["value"].shape) >= SHARE_MISSING
    if members.tied is not None:
        one, other = members.tied
        kept[-1, [one, other]] = True
        for array in figures.values():
            array[-1, other] = array[-1, one]
    if is_late and members.late is not None:
        kept[-1, members.late] = False
    part = {name: array[kept] for name, array in figures.items()}
    period_index, part["unit_index"] = np.nonzero(kept)
    part["period"] = np.asarray(periods, dtype=object)[period_index]
    part["indicator_code"] = np.full(len(period_index), code, dtype=object)
    return part


def _full_grid(
    members: _Units, row: Mapping[str, Any], goals: Mapping[str, _Goal], periods: Sequence[str], seed: int
) -> dict[str, np.ndarray]:
    """Return value, numerator and denominator (periods x units) without gaps; value is NaN where there are counts."""
    code, unit = str(row["indicator_code"]), row["unit"]
    pool = _pool(code, seed)
    goal = goals.get(code, _Goal(0.0, 10.0 if unit == "days" else 100.0))
    level = _levels(members, row, goal, periods, seed, is_stock=not pool.is_events)
    if unit != "%" or code in _WITHOUT_COUNTS:
        value = np.round(np.clip(level, 0, 100 if unit == "%" else None), int(row["decimals"]))
        return {"value": value, "numerator": np.zeros(level.shape), "denominator": np.zeros(level.shape)}
    # One pool, one denominator: all metrics of a ward's files count the same files.
    denominator = _sizes(members, pool, str(_POOL_OF.get(code, code)), periods, row["frequency"], seed)
    share = np.clip(level / 100, 0, 1)
    if pool.is_events and code not in _ALWAYS_FULL:
        numerator = _stream(seed, "counts", code).binomial(denominator, share)
    else:
        numerator = np.rint(share * denominator)
    return {"value": np.full(level.shape, np.nan), "numerator": numerator, "denominator": denominator}


def _levels(
    members: _Units, row: Mapping[str, Any], goal: _Goal, periods: Sequence[str], seed: int, *, is_stock: bool
) -> np.ndarray:
    """Return values in the indicator's unit (periods x units): difficulty, ability, trend, season and noise."""
    code, count = row["indicator_code"], len(members.codes)
    random = _stream(seed, "levels", code)
    difficulty, slope, swing, phase = random.uniform((0.58, 0.0, 0.0, 0.0), (0.88, 0.006, 0.02, 2 * np.pi))
    if is_stock:
        swing = 0.0  # a share of people or streets does not come and go with the season
    affinity = 0.07 * _stream(seed, "affinity", row["theme_code"]).standard_normal(count)
    own = 0.10 * random.standard_normal(count)
    spread = 0.0 if code in _SAME_FOR_ALL else 1.0
    start = difficulty + spread * (0.09 * members.ability + affinity + own)
    months = np.array([_month_number(period) for period in periods], dtype=float)
    elapsed = months - months[0]
    season = swing * np.sin(2 * np.pi * months / 12 + phase)
    noise = random.standard_normal((len(periods), count)) * (0.008 if is_stock else 0.04)
    if code in _SAME_FOR_ALL:
        noise[:] = noise[:, :1]
    for step in range(1, len(periods)):
        noise[step] += 0.6 * noise[step - 1]  # a good month tends to be followed by one
    length, offset = members.rhythm
    form = spread * FORM * np.sin(2 * np.pi * months[:, None] / length + offset)
    share = start + (slope * elapsed + season)[:, None] + form + noise
    if code in _ALWAYS_FULL:
        share = np.ones_like(share)
    # Real figures may pass the goalpost a little, where points end; a score handed out by others cannot.
    ceiling = 1.0 if row["unit"] in {"points", "yes_no"} else 1.05
    return goal.zero_at + np.clip(share, 0.02, ceiling) * (goal.full_at - goal.zero_at)


def _sizes(
    members: _Units, pool: Pool, pool_name: str, periods: Sequence[str], frequency: Kind, seed: int
) -> np.ndarray:
    """Return denominators (periods x units)."""
    shape = (len(periods), len(members.codes))
    if pool.fixed:
        return np.full(shape, pool.fixed)
    random = _stream(seed, "sizes", pool_name)
    local = random.uniform(0.85, 1.15, len(members.codes))  # no two wards alike for their size
    expected = np.broadcast_to(pool.per_person * members.populations * local, shape)
    if pool.is_events:
        return random.poisson(expected * MONTHS_IN[frequency])
    return np.maximum(np.rint(expected), 1)


def _pool(code: str, seed: int) -> Pool:
    """Return what an indicator counts; for one not known here, something between rare and common."""
    if code in _POOL_OF:
        return _POOLS[_POOL_OF[code]]
    random = _stream(seed, "pool", code)
    return Pool(float(np.exp(random.uniform(np.log(0.005), np.log(0.5)))), is_events=bool(random.random() < 0.5))


def _stream(seed: int, purpose: str, name: str) -> np.random.Generator:
    # crc32 rather than hash(): the latter differs from one process to the next.
    return np.random.default_rng([seed, zlib.crc32(f"{purpose}/{name}".encode())])


def _read_members(units: Iterable[Mapping[str, Any]], seed: int) -> _Units:
    members = [row for row in units if str(row["is_member"]).strip().lower() == "true"]
    count = len(members)
    known = np.array([float(row["population"] or "nan") for row in members], dtype=float)
    usual = np.nanmedian(known) if np.isfinite(known).any() else USUAL_POPULATION
    random = _stream(seed, "ability", "all")
    ability = random.permutation(np.linspace(-1, 1, count)) if count else np.empty(0)
    rhythm = random.uniform((10, 0), (22, 2 * np.pi), (count, 2)).T
    tied = late = None
    order = [index for index in np.argsort(known, kind="stable") if np.isfinite(known[index])]
    if len(order) >= 3:
        ratios = [known[later] / max(known[earlier], 1.0) for earlier, later in zip(order, order[1:], strict=False)]
        nearest = int(np.argmin(ratios))
        one, other = sorted((int(order[nearest]), int(order[nearest + 1])))
        tied = (one, other)
        late = next(int(index) for index in order if index not in tied)
    populations = np.where(np.isfinite(known), known, usual)
    return _Units([row["unit_code"] for row in members], populations, ability, rhythm, tied, late)


def _read_goals(criteria_by_year: Mapping[str, Iterable[Mapping[str, Any]]]) -> dict[str, _Goal]:
    goals: dict[str, _Goal] = {}
    for year in sorted(criteria_by_year):
        for row in criteria_by_year[year]:
            most = float(row["max_points"])
            usual_full = {"as_scored": most, "yes_no": 1.0}.get(row["rule"], 100.0)
            zero_at, full_at = (
                default if row[name] in (None, "") else float(row[name])
                for name, default in (("zero_at", 0.0), ("full_at", usual_full))
            )
            goals[row["indicator_code"]] = _Goal(zero_at, full_at)
    return goals


def _periods_between(first: str, last: str, kind: Kind) -> list[str]:
    """Return the periods of one kind that end between two months, in order."""
    start, end = parse_period(first), parse_period(last)
    found = []
    period = period_containing(end.ends_on, kind)
    while period.ends_on >= start.starts_on:
        if period.ends_on <= end.ends_on:
            found.append(period.text)
        period = period.previous()
    return found[::-1]


def _month_number(period: str) -> int:
    ends_on = parse_period(period).ends_on
    return 12 * ends_on.year + ends_on.month


def _assemble(
    parts: Sequence[Mapping[str, np.ndarray]], units: list[str], indicators: list[str], periods: list[str]
) -> pd.DataFrame:
    def column(name: str, dtype: Any) -> np.ndarray:
        return np.concatenate([part[name] for part in parts]) if parts else np.empty(0, dtype=dtype)

    value = column("value", float)
    is_empty, size = ~np.isnan(value), len(value)  # no counts where there is a value

    def counts(name: str) -> Any:
        return pd.arrays.IntegerArray(column(name, float).astype("int64"), is_empty.copy())

    def constant(text: str) -> pd.Categorical[str]:
        return pd.Categorical.from_codes(np.zeros(size, dtype="int8"), categories=pd.Index([text]))

    frame = pd.DataFrame(
        {
            "unit_code": pd.Categorical.from_codes(column("unit_index", int), categories=pd.Index(units)),
            "indicator_code": pd.Categorical(column("indicator_code", object), categories=indicators),
            "period": pd.Categorical(column("period", object), categories=periods),
            "value": value,
            "numerator": counts("numerator"),
            "denominator": counts("denominator"),
            "status": constant(STATUS),
            "source_id": constant(SOURCE_ID),
            "note": constant(""),
        }
    )
    return frame.sort_values(by=["period", "unit_code", "indicator_code"], ignore_index=True)


def _indicators_with_real_values(folder: Path, own_file: Path) -> set[str]:
    real: set[str] = set()
    for path in sorted((folder / "values").glob("*.csv")):
        codes = {row["indicator_code"] for row in _read_rows(path) if row["status"] != STATUS}
        if codes and path == own_file:
            raise WardStatsError(
                f"values/{FILE}: found figures not marked {STATUS} ({', '.join(sorted(codes))}); expected only "
                f"{STATUS} ones. Move the real figures to another file in values/, then run this again."
            )
        real |= codes
    return real


def _read_rows(path: Path) -> list[dict[str, str]]:
    text = path.read_text(encoding="utf-8-sig")
    return list(csv.DictReader(text.splitlines(keepends=True), delimiter=delimiter_of(text)))
