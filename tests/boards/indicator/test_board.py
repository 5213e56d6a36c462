"""Who is best at an indicator, in one sentence, and how it got there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.small_block import Folder, build_and_publish
from tests.views import view_of
from wardstats.boards.indicator.board import IndicatorBoard, draw_indicator
from wardstats.core.languages import LANGUAGES, as_written
from wardstats.snapshot.store import Snapshot


def board(snapshot: Snapshot, code: str, language: str = "en") -> IndicatorBoard:
    return draw_indicator(view_of(snapshot, language), code)


@pytest.mark.parametrize(
    ("code", "headline"),
    [
        ("files_on_time", "Ân Hà is best at Files on time with 90.0%"),
        ("poverty_rate", "Ân Hà is best at Poverty rate with 2.5%"),  # lower is better
        ("green_space", "Đông An is best at Green space with 15.00 m²"),
        ("petitions_answered", "Petitions answered: not enough figures yet to name a first place"),  # one of three
    ],
)
def test_the_headline_says_who_is_best(small_snapshot: Snapshot, code: str, headline: str) -> None:
    assert board(small_snapshot, code).headline.replace("\u00a0", " ") == headline


def published(small: Folder, var: Path, figures: dict[str, str]) -> Snapshot:
    """Build the small block with other figures of green space in April."""
    for unit, old in (("w01", "6"), ("w02", "3"), ("w03", "15")):
        line = f"{unit},green_space,2026-04,{old},,,demonstration,made_up,\n"
        small.replace("values/demonstration.csv", line, line.replace(f",{old},", f",{figures[unit]},"))
    return build_and_publish(small.path, var)


def test_figures_that_are_written_alike_share_the_first_place(small: Folder, tmp_path: Path) -> None:
    snapshot = published(small, tmp_path / "var", {"w01": "62.998", "w02": "63.0004", "w03": "62.8"})
    told = board(snapshot, "green_space").headline.replace("\u00a0", " ")
    assert told == "Ân Hà and Bắc Sơn are best at Green space with 63.00 m²"


def test_level_figures_and_missing_ones_are_told(small: Folder, tmp_path: Path) -> None:
    level = published(small, tmp_path / "var", {"w01": "7", "w02": "7", "w03": "7"})
    assert board(level, "green_space").headline.startswith("Green space: all units stand level at 7.00")


def test_an_indicator_without_points_names_nobody_the_best(small: Folder, tmp_path: Path) -> None:
    small.append("indicators.csv", "trees,living,Cây,Trees,पेड़,Cây,Trees,पेड़,points,month,1,decision")
    small.append("indicators.csv", "ponds,living,Ao,Ponds,तालाब,Ao,Ponds,तालाब,points,month,1,decision")
    for unit, value in (("w01", 3), ("w02", 6), ("w03", 9)):
        small.append("values/2026.csv", f"{unit},trees,2026-04,{value},,,reported,report,")
    snapshot = build_and_publish(small.path, tmp_path / "var")
    found = board(snapshot, "trees")
    assert found.headline == "Trees: from 3.0 points (Bắc Sơn) to 9.0 points (Đông An)"
    assert [card.topic for card in found.cards] == ["Median"]
    assert found.story == ""
    assert board(snapshot, "ponds").headline == "Ponds: No figures for this period yet"


def test_how_the_best_got_there_and_its_practice(small_snapshot: Snapshot) -> None:
    found = board(small_snapshot, "files_on_time")
    assert "from 70.0% (Dec 2025) to 90.0% (Apr 2026); largest step: +65.0 in Apr 2026" in found.story
    assert "ward?unit=w02&amp;lang=en" in found.story
    assert "Queue from home" in found.practices
    assert [(card.topic, card.finding) for card in found.cards] == [
        ("Median", "80.0%"), ("Improved most", "Ân Hà"), ("Furthest behind", "Đông An")
    ]  # fmt: skip
    assert board(small_snapshot, "poverty_rate").areas.startswith("For comparison: Tỉnh 5.5% (2026, ")


def test_the_table_has_every_member_its_status_and_its_history(small_snapshot: Snapshot) -> None:
    table = board(small_snapshot, "green_space").table
    assert table["Place"].tolist() == [1, 2, 3]
    assert table["Change"].tolist() == [5, -6, -2]
    assert set(table["Status"]) == {"demonstration"}
    assert table[["Mar 2026", "Apr 2026"]].to_numpy().tolist() == [[10, 15], [12, 6], [5, 3]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_indicator_has_a_page_that_names_those_with_the_best_figure(laocai: Snapshot, language: str) -> None:
    view = view_of(laocai, language, is_dark=language == "hi")
    codes = view.indicators.index if language == "vi" else view.indicators.index[::8]
    for code in codes:
        found = draw_indicator(view, code)
        values = found.table.iloc[:, 3]
        sign = 1 if values.iloc[0] >= values.dropna().iloc[-1] else -1
        written = [sign * as_written(value, view.decimals[code]) for value in values.dropna()]
        best = found.table.iloc[: written.count(max(written)), 2]
        assert len(best) > 5 or all(name in found.headline for name in best), found.headline
        assert found.lines.count("<li>") == len(view.members)
