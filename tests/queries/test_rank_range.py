"""Rank ranges: around the published rank, wider where figures are missing, one group for those that are equal."""

from __future__ import annotations

from pathlib import Path

from tests.folders import write_folder
from tests.small_block import build_and_publish
from wardstats.snapshot.store import Snapshot


def test_the_range_surrounds_the_rank_and_missing_figures_widen_it(laocai: Snapshot) -> None:
    for node in ("total", "digital_transformation", "group_progress"):
        ranges = laocai.query("rank_range", period="2026-10", node=node)
        assert (ranges["rank_low"] <= ranges["rank_high"]).all()
        assert (ranges["missing_best"] <= ranges["rank"]).all()
        assert (ranges["missing_worst"] >= ranges["rank"]).all()
        assert (ranges["method_best"] <= ranges["rank"]).all()
        assert (ranges["method_worst"] >= ranges["rank"]).all()


def test_members_with_the_same_figures_are_in_one_group(laocai: Snapshot) -> None:
    ranges = laocai.query("rank_range", period="2026-10", node="total").set_index("unit_code")
    tied = ranges[ranges.duplicated("rank", keep=False)]
    assert len(tied) == 2
    assert tied["group_number"].nunique() == 1
    assert (tied["group_size"] >= 2).all()


def block(folder: Path, robustness: dict[str, object]) -> Path:
    """Two indicators of equal weight: a leads on the first as far as b on the second; c is last on both."""
    figures = {"a": (90, 50), "b": (50, 90), "c": (10, 10)}
    return write_folder(
        folder,
        units=[{"unit_code": code} for code in figures],
        themes=[{"theme_code": "t"}],
        indicators=[{"indicator_code": code, "theme_code": "t"} for code in ("x", "y")],
        criteria={2026: [{"indicator_code": code, "zero_at": 0, "full_at": 100} for code in ("x", "y")]},
        values=[
            {"unit_code": unit, "indicator_code": code, "period": "2026", "value": value}
            for unit, values in figures.items()
            for code, value in zip(("x", "y"), values, strict=True)
        ],
        robustness=robustness,
    )


def test_an_order_that_hangs_on_the_weights_is_open_and_a_dominated_place_is_safe(tmp_path: Path) -> None:
    snapshot = build_and_publish(block(tmp_path / "block", {"draws": 2000}), tmp_path / "var")
    ranges = snapshot.query("rank_range", period="2026", node="total").set_index("unit_code")
    assert ranges.loc[["a", "b"], "rank_low"].tolist() == [1, 1]
    assert ranges.loc[["a", "b"], "rank_high"].tolist() == [2, 2]
    assert ranges.loc["c", ["rank_low", "rank_high", "method_best", "method_worst"]].tolist() == [3, 3, 3, 3]
    assert ranges.loc[["a", "b"], "group_number"].nunique() == 1
    assert ranges.loc["c", "group_size"] == 1


def test_no_draws_no_ranges(tmp_path: Path) -> None:
    snapshot = build_and_publish(block(tmp_path / "block", {"draws": 0}), tmp_path / "var")
    assert snapshot.query("rank_range", period="2026", node="total").empty
