"""Bands: who lies in which, exactly at a limit too, and what a data folder may say."""

from __future__ import annotations

import pytest

from tests.small_block import Folder
from tests.views import view_of
from wardstats.boards.ranking.board import draw_ranking
from wardstats.snapshot.store import Snapshot
from wardstats.view.bands import Band, band_name, read_bands
from wardstats.view.ranking_choice import RankingChoice

BANDS = [Band("Dẫn dắt", 75, "d"), Band("Nâng cao", 50, "d"), Band("Hình thành", 25, "d"), Band("Khởi động", 0, "d")]


@pytest.mark.parametrize(
    ("score", "name"),
    [
        (100, "Dẫn dắt"), (75.1, "Dẫn dắt"), (75, "Nâng cao"), (50.0001, "Nâng cao"), (50, "Hình thành"),
        (25, "Khởi động"), (0, "Khởi động"), (-3, "Khởi động"), (float("nan"), ""), (75 + 1e-12, "Nâng cao"),
    ],
)  # fmt: skip
def test_a_limit_itself_lies_in_the_band_below(score: float, name: str) -> None:
    assert band_name(score, 100, BANDS) == name
    assert band_name(score * 0.4, 40, BANDS) == name


def test_the_board_names_the_band_of_every_unit(laocai: Snapshot) -> None:
    view = view_of(laocai, "vi")
    board = draw_ranking(view, has_bands=True)
    assert [card.topic for card in board.bands] == [
        "Dẫn dắt: trên 75%", "Nâng cao: trên 50%", "Hình thành: trên 25%", "Khởi động: đến 25%"
    ]  # fmt: skip
    assert sum(int(card.finding) for card in board.bands) == len(board.table) == 10
    by_hand = ["Dẫn dắt" if points > 75 else "Nâng cao" for points in board.table["Điểm"]]
    assert board.table["Mức"].tolist() == by_hand
    assert "684/QĐ-UBND" in board.band_note
    dotted = [shape for shape in board.figure.to_dict()["layout"]["shapes"] if shape["type"] == "line"]
    assert [shape["x0"] for shape in dotted] == [75, 50, 25]


def test_they_are_shown_only_where_asked_for_and_never_on_tried_weights(laocai: Snapshot) -> None:
    view = view_of(laocai, "vi")
    assert not draw_ranking(view).bands
    assert "Mức" not in draw_ranking(view).table
    tried = draw_ranking(view, RankingChoice("", (("social_security", 2.0),)), has_bands=True)
    assert not tried.bands


def test_a_block_without_bands_has_none(small_snapshot: Snapshot) -> None:
    assert read_bands(view_of(small_snapshot)) == []


def test_two_bands_of_one_limit_and_an_unknown_source_are_reported(small: Folder) -> None:
    band = '[[bands]]\nabove = 50\nsource_id = "{0}"\nname = {{ vi = "A", en = "A", hi = "A" }}\n\n'
    small.replace("block.toml", "[years.2025]", band.format("nowhere") + "[years.2025]")
    assert [(problem.file, problem.column) for problem in small.problems()] == [("block.toml", "source_id")]
    small.replace("block.toml", "[years.2025]", band.format("nowhere") + "[years.2025]")
    assert any("differ" in str(problem) for problem in small.problems())
