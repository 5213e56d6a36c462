"""The demonstration generator: repeatable, marked, with gaps and a tie, never in place of real figures."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest

from wardstats.catalogue.demonstration import COLUMNS, demonstration_values, write_demonstration
from wardstats.catalogue.demonstration_national import Size, write_national_demonstration
from wardstats.catalogue.load import load_catalogue
from wardstats.core.errors import WardStatsError

FIRST, LAST = "2025-07", "2026-10"
MONTHS = 16
QUARTERS = ["2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]
UNITS = [
    {"unit_code": "01", "is_member": "true", "population": "40000"},
    {"unit_code": "02", "is_member": "true", "population": "25000"},
    {"unit_code": "03", "is_member": "true", "population": "25300"},  # nearest to 02: these two are tied
    {"unit_code": "04", "is_member": "true", "population": "9000"},  # smallest: late
    {"unit_code": "05", "is_member": "true", "population": ""},
    {"unit_code": "90", "is_member": "false", "population": "5000"},
]


def _indicator(code: str, unit: str = "%", frequency: str = "month", decimals: int = 1) -> dict[str, str]:
    return {
        "indicator_code": code, "theme_code": "theme", "unit": unit, "frequency": frequency, "decimals": str(decimals)
    }  # fmt: skip


INDICATORS = [
    _indicator("publish_on_time"),
    _indicator("dossiers_on_time"),
    _indicator("petition_processing_on_time"),
    _indicator("poverty_rate_pct", frequency="quarter"),
    _indicator("green_space_m2_per_person", unit="m2_per_person", frequency="quarter"),
    _indicator("qd766_online", unit="points", decimals=2),
    _indicator("an_unknown_share"),
    _indicator("urban_order_violations_resolved_pct"),
]
LATE = ["qd766_online", "an_unknown_share", "urban_order_violations_resolved_pct"]
LIMITS = {"poverty_rate_pct": ("12", "0"), "green_space_m2_per_person": ("0", "6"), "qd766_online": ("0", "12")}
CRITERIA = [
    {
        "indicator_code": row["indicator_code"], "max_points": "5", "rule": "linear",
        "zero_at": LIMITS.get(row["indicator_code"], ("0", "100"))[0],
        "full_at": LIMITS.get(row["indicator_code"], ("0", "100"))[1],
    }
    for row in INDICATORS
]  # fmt: skip


def _make(seed: int = 2025, indicators: list[dict[str, str]] = INDICATORS) -> pd.DataFrame:
    return demonstration_values(UNITS, indicators, {"2025": CRITERIA, "2026": CRITERIA}, FIRST, LAST, seed)


def _write_csv(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def _real_value(code: str) -> dict[str, str]:
    figures = {"unit_code": "01", "indicator_code": code, "period": "2026-09", "value": "50"}
    return {column: "" for column in COLUMNS} | figures | {"status": "reported", "source_id": "ward"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a data folder with everything the generator reads, and no values yet."""
    _write_csv(tmp_path / "units.csv", UNITS)
    _write_csv(tmp_path / "indicators.csv", INDICATORS)
    _write_csv(tmp_path / "criteria" / "2026.csv", CRITERIA)
    return tmp_path


def test_the_same_seed_gives_the_same_figures_and_another_seed_others() -> None:
    pd.testing.assert_frame_equal(_make(7), _make(7))
    assert not _make(7)["numerator"].equals(_make(8)["numerator"])


def test_the_file_is_the_same_byte_for_byte(folder: Path) -> None:
    once = write_demonstration(folder, FIRST, LAST).read_bytes()
    assert write_demonstration(folder, FIRST, LAST).read_bytes() == once
    assert b"\r" not in once
    assert once.decode("utf-8").splitlines()[0] == ",".join(COLUMNS)
    assert [path.name for path in (folder / "values").iterdir()] == ["demonstration.csv"], "a temporary file was left"


def test_every_row_is_marked_and_belongs_to_a_member() -> None:
    frame = _make()
    assert list(frame.columns) == list(COLUMNS)
    assert set(frame["status"]) == {"demonstration"}
    assert set(frame["source_id"]) == {"demonstration"}
    assert set(frame["unit_code"]) == {"01", "02", "03", "04", "05"}
    assert not frame.duplicated(["unit_code", "indicator_code", "period"]).any()


def test_periods_follow_each_indicators_frequency() -> None:
    frame = _make()
    months = frame.loc[frame["indicator_code"] == "dossiers_on_time", "period"].astype(str)
    quarters = frame.loc[frame["indicator_code"] == "poverty_rate_pct", "period"].astype(str)
    assert months.nunique() == MONTHS
    assert (months.min(), months.max()) == (FIRST, LAST)
    assert sorted(set(quarters)) == QUARTERS, "a quarter counts once it has ended"


def test_ratios_have_whole_counts_and_no_value() -> None:
    frame = _make()
    is_ratio = ~frame["indicator_code"].isin(["qd766_online", "green_space_m2_per_person"])
    ratios, others = frame[is_ratio], frame[~is_ratio]
    assert ratios["value"].isna().all()
    assert ((ratios["numerator"] >= 0) & (ratios["numerator"] <= ratios["denominator"])).all()
    assert others["value"].notna().all()
    assert others["numerator"].isna().all()
    assert others["denominator"].isna().all()
    assert others.loc[others["indicator_code"] == "qd766_online", "value"].between(0, 12).all()


def test_levels_lie_inside_their_range_also_where_lower_is_better() -> None:
    poor = _make().query("indicator_code == 'poverty_rate_pct'")
    rate = 100 * poor["numerator"].astype(float) / poor["denominator"].astype(float)
    assert rate.between(0, 12).all()
    assert rate.nunique() > 10


def test_small_wards_have_months_without_any_petition() -> None:
    petitions = _make().query("indicator_code == 'petition_processing_on_time' and unit_code == '04'")
    assert (petitions["denominator"] == 0).any()
    assert (petitions.loc[petitions["denominator"] == 0, "numerator"] == 0).all()
    assert (petitions["denominator"] > 0).any()


def test_some_rows_are_missing_but_few() -> None:
    complete = 5 * (6 * MONTHS + 2 * len(QUARTERS))
    missing = 1 - (len(_make()) + len(LATE)) / complete
    assert 0.005 < missing < 0.08


def test_one_ward_has_not_handed_in_its_latest_figures() -> None:
    frame = _make()
    latest = frame[frame["period"] == LAST]
    codes = set(latest.loc[latest["unit_code"] == "04", "indicator_code"])
    assert codes.isdisjoint(LATE)
    assert "04" in set(frame.loc[(frame["period"] == "2026-09") & frame["indicator_code"].isin(LATE), "unit_code"])


def test_two_wards_have_the_same_latest_figures_and_no_other_two() -> None:
    frame = _make()
    latest = frame[frame["period"].isin([LAST, "2026-Q3"])].fillna({"value": -1}).astype(str)
    columns = ["indicator_code", "value", "numerator", "denominator"]
    figures = {code: tuple(rows[columns].itertuples(index=False)) for code, rows in latest.groupby("unit_code")}
    assert figures["02"] == figures["03"]
    assert len(figures["02"]) == len(INDICATORS), "a tie needs all figures of both"
    assert len(set(figures.values())) == 4, "only one tie"
    before = frame[frame["period"] == "2026-09"].query("indicator_code == 'dossiers_on_time'").set_index("unit_code")
    assert before.loc["02", "numerator"] != before.loc["03", "numerator"]


def test_a_provinces_figures_are_the_same_for_all_its_wards() -> None:
    published = _make().query("indicator_code == 'publish_on_time'")
    assert len(published.drop_duplicates(["period", "numerator", "denominator"])) == MONTHS


def test_an_indicator_with_one_real_value_is_skipped_and_the_others_stay(folder: Path) -> None:
    before = pd.read_csv(write_demonstration(folder, FIRST, LAST), dtype=str)
    _write_csv(folder / "values" / "handed_in.csv", [_real_value("dossiers_on_time")])
    after = pd.read_csv(write_demonstration(folder, FIRST, LAST), dtype=str)
    assert "dossiers_on_time" in set(before["indicator_code"])
    assert "dossiers_on_time" not in set(after["indicator_code"])
    kept = before[before["indicator_code"] != "dossiers_on_time"].reset_index(drop=True)
    pd.testing.assert_frame_equal(after, kept)


def test_real_values_in_its_own_file_are_not_overwritten(folder: Path) -> None:
    target = folder / "values" / "demonstration.csv"
    _write_csv(target, [_real_value("dossiers_on_time")])
    content = target.read_bytes()
    with pytest.raises(WardStatsError, match="dossiers_on_time"):
        write_demonstration(folder, FIRST, LAST)
    assert target.read_bytes() == content


def test_with_only_real_indicators_the_file_is_a_header(folder: Path) -> None:
    _write_csv(folder / "values" / "all.csv", [_real_value(row["indicator_code"]) for row in INDICATORS])
    assert write_demonstration(folder, FIRST, LAST).read_text(encoding="utf-8") == ",".join(COLUMNS) + "\n"


def test_a_block_without_known_populations_still_gets_figures() -> None:
    units = [{"unit_code": code, "is_member": True, "population": None} for code in ("a", "b")]
    frame = demonstration_values(units, INDICATORS, {"2026": CRITERIA}, "2026-01", "2026-03")
    assert set(frame["unit_code"]) == {"a", "b"}


def test_a_national_folder_is_complete_marked_and_the_same_for_a_seed(tmp_path: Path) -> None:
    size = Size(units=12, indicators=6, months=3)
    first = write_national_demonstration(tmp_path / "a", size)
    second = write_national_demonstration(tmp_path / "b", size)
    catalogue = load_catalogue(first)
    assert len(catalogue.units) == 12
    assert set(catalogue.figures["status"]) == {"demonstration"}
    assert catalogue.content_sha256 == load_catalogue(second).content_sha256
