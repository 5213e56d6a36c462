from __future__ import annotations

from pathlib import Path

from tests.small_block import Folder, build_and_publish, rows
from wardstats.snapshot.store import Snapshot


def test_real_figures_only(provinces: Snapshot) -> None:
    assert rows(provinces.query("made_up"), "has_demonstration", "has_sample") == [(False, False)]


def test_figures_and_lines_of_the_block(small_snapshot: Snapshot) -> None:
    assert rows(small_snapshot.query("made_up"), "has_demonstration", "has_sample") == [(True, True)]


def test_a_made_up_figure_of_a_month_that_is_not_ranked(small: Folder, tmp_path: Path) -> None:
    made_up = small.path / "values" / "demonstration.csv"
    header, *lines = made_up.read_text(encoding="utf-8").splitlines()
    [february] = [line for line in lines if ",2026-02," in line]
    made_up.write_text(f"{header}\n{february}\n", encoding="utf-8")
    snapshot = build_and_publish(small.path, tmp_path / "var")
    share = snapshot.query("demonstration_share", periods=["2026-03", "2026-04"], earlier=[])
    assert not share["demonstration_count"].item()
    assert rows(snapshot.query("made_up"), "has_demonstration") == [(True,)]
