"""A whole made-up folder: repeatable, marked as such everywhere, built and ranked like any other."""

from __future__ import annotations

import csv
from hashlib import sha256
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from tests.small_block import build_and_publish
from wardstats.catalogue.demonstration_national import MARK, Size, write_national_demonstration
from wardstats.catalogue.load import load_catalogue
from wardstats.cli.main import app
from wardstats.core.errors import WardStatsError
from wardstats.snapshot.store import Snapshot

SIZE = Size(units=230, indicators=26, months=4)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_national_demonstration(tmp_path_factory.mktemp("made") / "national", SIZE, last="2026-02")


@pytest.fixture(scope="module")
def national(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return build_and_publish(folder, tmp_path_factory.mktemp("var"))


def _digests(folder: Path) -> dict[str, str]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest() for path in paths}


def test_the_folder_is_whole_and_free_of_problems(folder: Path) -> None:
    catalogue = load_catalogue(folder)
    assert len(catalogue.units) == 230
    assert len(catalogue.indicators) == 26
    assert sorted(_digests(folder)) == [
        "block.toml", "criteria/2025.csv", "criteria/2026.csv", "indicators.csv", "sources.toml", "themes.csv",
        "units.csv", "values/2025.parquet", "values/2026.parquet",
    ]  # fmt: skip
    assert sorted(catalogue.figures["period"].unique()) == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert 0.95 < len(catalogue.figures) / (230 * 26 * 4) < 0.99  # some are left out, as real ones are
    assert catalogue.block.robustness.periods == "latest"
    parents = {theme.theme_code: theme.parent_code for theme in catalogue.themes}
    assert parents["theme_1_1_1"] == "theme_1_1"
    assert parents["theme_1_1"] == "theme_1"
    assert not parents["theme_1"]


def test_nothing_in_it_looks_real(folder: Path) -> None:
    catalogue = load_catalogue(folder)
    assert set(catalogue.figures["status"]) == {"demonstration"}
    assert set(catalogue.figures["source_id"]) == {unit.source_id for unit in catalogue.units} == {"demonstration"}
    assert (catalogue.units[0].name_vi, catalogue.units[0].name_en) == ("Đơn vị 00001", "Unit 00001")
    assert catalogue.units[0].name_hi == "इकाई 00001"
    assert len({unit.name_vi for unit in catalogue.units}) == 230
    assert all(rules.is_sample for rules in catalogue.block.years.values())
    assert "not real" in catalogue.block.name.en
    assert (folder / "block.toml").read_text(encoding="utf-8").startswith(MARK)


def test_the_same_seed_makes_the_same_files_and_another_one_others(tmp_path: Path) -> None:
    size = Size(units=12, indicators=13, months=2)
    one, again, other = (
        _digests(write_national_demonstration(tmp_path / name, size, seed=seed))
        for name, seed in (("one", 5), ("again", 5), ("other", 6))
    )
    assert one == again
    assert one["values/2026.parquet"] != other["values/2026.parquet"]


def test_it_builds_and_ranks(national: Snapshot) -> None:
    assert national.query("ranked_period")["period"].tolist() == ["2026-02", "2026-01", "2025-12", "2025-11"]
    ranking = national.query("ranking", period="2026-02", node="total", language="hi")
    assert len(ranking) == 230
    assert ranking["rank"].iloc[0] == 1
    assert ranking["rank"].is_monotonic_increasing
    assert set(ranking["status"]) == {"demonstration"}
    assert ranking["score"].between(0, ranking["max_score"]).all()
    assert ranking["score"].nunique() > 200
    # the two units nearest in population have the same latest figures
    assert ranking["rank"].duplicated().sum() >= 1


def test_ranges_are_found_for_the_latest_period_only(national: Snapshot) -> None:
    ranges = national.query("rank_range", period="2026-02", node="total")
    assert len(ranges) == 230
    assert (ranges["rank_low"] <= ranges["rank_high"]).all()
    assert national.query("rank_range", period="2026-01", node="total").empty


@pytest.mark.parametrize("indicators", [1, 5, 12])
def test_a_small_one_has_only_themes_that_hold_something(tmp_path: Path, indicators: int) -> None:
    folder = write_national_demonstration(tmp_path / "few", Size(units=3, indicators=indicators, months=1))
    snapshot = build_and_publish(folder, tmp_path / "var")
    nodes = set(snapshot.query("theme_tree", language="en")["node_code"]) | {"total"}
    assert set(snapshot.query("scoring_theme")["theme_code"]) == nodes - {"total"}
    for node in nodes:
        assert len(snapshot.query("ranking", period="2026-10", node=node, language="en")) == 3


def test_another_folder_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text("theirs", encoding="utf-8")
    with pytest.raises(WardStatsError, match="found other files"):
        write_national_demonstration(tmp_path, Size(3, 3, 1))
    assert [path.name for path in tmp_path.iterdir()] == ["units.csv"]


def test_its_own_folder_is_replaced_and_nothing_else_left(tmp_path: Path) -> None:
    for units in (4, 3):
        folder = write_national_demonstration(tmp_path / "made", Size(units, 3, 1))
    with (folder / "units.csv").open(encoding="utf-8", newline="") as stream:
        assert len(list(csv.DictReader(stream))) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["made"]


@pytest.mark.parametrize("last", ["2026", "2026-13", "soon"])
def test_the_last_month_must_be_one(tmp_path: Path, last: str) -> None:
    with pytest.raises(WardStatsError, match=r"--to"):
        write_national_demonstration(tmp_path / "made", Size(3, 3, 1), last=last)
    assert not (tmp_path / "made").exists()


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int, str]] = []
    write_national_demonstration(tmp_path / "made", Size(3, 3, 2), progress=lambda *step: told.append(step))
    assert [step for step, _, _ in told] == list(range(len(told)))
    assert {steps for _, steps, _ in told} == {len(told) - 1}


def test_the_command(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    options = ["--units", "5", "--indicators", "4", "--months", "2", "--to", "2026-06", "--data", str(folder)]
    assert CliRunner().invoke(app, ["demonstrate", "--national", *options]).exit_code == 0
    figures = pd.read_parquet(folder / "values" / "2026.parquet")
    assert sorted(figures["period"].astype(str).unique()) == ["2026-05", "2026-06"]
    assert figures["unit_code"].nunique() == 5
    assert figures["indicator_code"].nunique() == 4
