"""Quarter and year on the ranking, and the reader's own weights: what is drawn, written and said."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.small_block import Folder, build_and_publish
from tests.views import view_of
from wardstats.boards.map import draw_block_map
from wardstats.boards.ranking.board import draw_ranking
from wardstats.charts.map.layout import block_geography
from wardstats.core.export_files import Export, csv_file
from wardstats.core.languages import LANGUAGES
from wardstats.scoring import score_period
from wardstats.scoring.from_queries import scoring_input
from wardstats.scoring.reweigh import reweigh
from wardstats.snapshot.store import Snapshot
from wardstats.view.ranking_choice import OFFICIAL, RankingChoice, official, span_kinds, span_of
from wardstats.view.reader_weights import (
    how_it_works,
    new_shares,
    weighable,
    weighted,
    weights_as_text,
    weights_from_text,
)

TRIED = RankingChoice("", (("digital_transformation", 3.0), ("social_security", 0.0)))


def test_a_block_offers_its_own_rhythm_and_longer_ones(laocai: Snapshot, provinces: Snapshot) -> None:
    assert span_kinds(view_of(laocai)) == ["month", "quarter", "year"]
    assert span_kinds(view_of(provinces)) == ["year"]


def test_the_quarter_is_the_one_that_holds_the_period(laocai: Snapshot) -> None:
    span = span_of(view_of(laocai, period="2026-08"), "quarter")
    assert (span.text, span.first, span.last, span.previous, span.is_complete) == (
        "2026-Q3", "2026-07", "2026-09", "2026-Q2", True,
    )  # fmt: skip
    assert not span_of(view_of(laocai, period="2026-10"), "quarter").is_complete


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_incomplete_year_says_so(laocai: Snapshot, language: str) -> None:
    board = draw_ranking(view_of(laocai, language), RankingChoice("year"))
    assert {"vi": "tính đến nay", "en": "so far", "hi": "अब तक"}[language] in board.headline
    assert "10" in board.note
    assert "12" in board.note
    assert board.file_name == "ranking_2026_total"
    whole = draw_ranking(view_of(laocai, language, period="2026-09"), RankingChoice("quarter"))
    assert {"vi": "Quý III/2026: ", "en": "Q3 2026: ", "hi": "तीसरी तिमाही 2026: "}[language] in whole.headline


def test_changes_are_against_the_quarter_before(laocai: Snapshot) -> None:
    view = view_of(laocai, period="2026-09")
    now = official(view, "quarter").ranking.set_index("unit_code")
    before = official(view_of(laocai, period="2026-06"), "quarter").ranking.set_index("unit_code")
    assert now["previous_rank"].to_dict() == before["rank"].to_dict()
    assert now["previous_score"].to_dict() == pytest.approx(before["score"].to_dict())


def test_factors_in_an_address_are_read_back_and_nonsense_is_left_out(laocai: Snapshot) -> None:
    parts = weighable(view_of(laocai))
    assert [part.share for part in parts] == pytest.approx([0.25, 0.25, 0.2, 0.15, 0.15])
    text = weights_as_text(dict(TRIED.factors) | {"administrative_reform": 1.0})
    assert text == "digital_transformation:3,social_security:0"
    assert weights_from_text(text, parts) == dict(TRIED.factors)
    assert weights_from_text("x:2,social_security:7,social_security:-1,:,digital_transformation:nan,=1+1", parts) == {}
    assert sum(new_shares(parts, dict(TRIED.factors)).values()) == pytest.approx(1)


def test_tried_weights_by_hand(laocai: Snapshot) -> None:
    """With shares 25, 25, 20, 15 and 15 times 3, 1, 1, 0 and 1 a complete ward has 100/135 of the weighted points."""
    view = view_of(laocai)
    themes = laocai.query("theme_score", period=view.period, parent="total")
    themes = themes.pivot(index="unit_code", columns="node_code", values="score")  # noqa: PD010
    by_hand = (
        3 * themes["digital_transformation"]
        + themes["administrative_reform"] + themes["environmental_sanitation"] + themes["civilised_urban"]
    ) * 100 / 135  # fmt: skip
    found = weighted(view, TRIED).ranking.set_index("unit_code")
    complete = found.index[found["missing_count"] == 0]
    assert len(complete)
    assert found.loc[complete, "score"].to_dict() == pytest.approx(by_hand[complete].to_dict())
    assert (found["max_score"] == 100).all()
    assert found["rank"].is_monotonic_increasing


def test_official_weights_give_the_official_order(laocai: Snapshot) -> None:
    view = view_of(laocai)
    for span in ("", "quarter", "year"):
        found = weighted(view, RankingChoice(span, (("digital_transformation", 1.0),))).ranking
        assert found["rank"].tolist() == found["previous_rank"].tolist()
        np.testing.assert_allclose(found["score"], found["previous_score"], atol=1e-9)


def test_over_a_year_the_periods_are_weighed_one_by_one(laocai: Snapshot) -> None:
    view = view_of(laocai)
    periods = [f"2026-{month:02}" for month in range(1, 11)]
    given = [scoring_input(laocai, period) for period in periods]
    results = [
        score_period(replace(item, spec=reweigh(item.spec, "total", dict(TRIED.factors)))).tables["aggregated"]["total"]
        for item in given
    ]
    by_hand = pd.concat(results, axis=1).mean(axis=1)
    found = weighted(view, RankingChoice("year", TRIED.factors)).ranking.set_index("unit_code")["score"]
    assert found.to_dict() == pytest.approx(by_hand.to_dict())


@pytest.mark.parametrize("language", LANGUAGES)
def test_tried_weights_are_never_mistaken_for_the_official_order(laocai: Snapshot, language: str) -> None:
    view = view_of(laocai, language)
    board = draw_ranking(view, TRIED)
    usual = draw_ranking(view)
    assert board.headline != usual.headline
    assert board.warning
    assert not usual.warning
    assert board.alt_text.startswith(board.warning)
    assert board.file_name.endswith("_your_weights")
    lines = csv_file(Export(board.file_name, board.table, view.speak("Status"))).decode("utf-8-sig").splitlines()
    assert all(board.warning.split(".")[0] in line for line in lines[1:])
    shapes = {shape["type"] for shape in board.figure.to_dict()["layout"]["shapes"]}
    assert shapes == {"rect"}
    assert {shape["type"] for shape in usual.figure.to_dict()["layout"]["shapes"]} == {"circle"}


def test_parts_are_as_long_as_the_points_they_bring(laocai: Snapshot) -> None:
    for choice in (OFFICIAL, TRIED, RankingChoice("quarter")):
        board = draw_ranking(view_of(laocai), choice)
        found = (
            official(view_of(laocai), choice.span) if choice.is_official else weighted(view_of(laocai), choice)
        ).ranking.set_index("unit_code")
        bars = [trace for trace in board.figure.to_dict()["data"] if trace.get("name")]
        for unit in found.index[found["missing_count"] == 0]:
            length = sum(bar["x"][list(bar["customdata"]).index(unit)] for bar in bars)
            assert length == pytest.approx(found.loc[unit, "score"], abs=1e-3)


def test_the_map_shows_the_same_places(laocai: Snapshot) -> None:
    view = view_of(laocai)
    geography = block_geography(view.frame("unit", language="vi"), None)
    assert geography is not None
    table = draw_block_map(view, geography, choice=TRIED).table
    assert dict(zip(table["Code"], table["Rank"], strict=True)) == {
        row["unit_code"]: int(row["rank"]) for row in weighted(view, TRIED).ranking.to_dict("records")
    }


def test_a_theme_of_one_part_has_nothing_to_weigh(provinces: Snapshot, laocai: Snapshot) -> None:
    assert weighable(view_of(provinces, node="group_progress")) == []
    assert [part.code for part in weighable(view_of(provinces, node="group_transparency"))]
    assert math.isclose(sum(part.share for part in weighable(view_of(laocai, node="administrative_reform"))), 1)


@pytest.mark.parametrize("aggregation", ["arithmetic", "geometric", "harmonic"])
def test_in_a_mean_the_parts_share_the_bar(small: Folder, tmp_path: Path, aggregation: str) -> None:
    small.replace("block.toml", "[scoring]", f'[scoring]\naggregation = "{aggregation}"')
    snapshot = build_and_publish(small.path, tmp_path / "var")
    view = view_of(snapshot)
    assert [part.share for part in weighable(view)] == [0.5, 0.5]
    for choice in (OFFICIAL, RankingChoice("", (("living", 3.0),))):
        rows = official(view) if choice.is_official else weighted(view, choice)
        scores = (rows.ranking["score"] - rows.ranking["adjustment"]).set_axis(rows.ranking["unit_code"])
        board = draw_ranking(view, choice)
        bars = [trace for trace in board.figure.to_dict()["data"] if trace.get("name")]
        for unit, score in scores.items():
            length = sum(bar["x"][list(bar["customdata"]).index(unit)] for bar in bars)
            assert length == pytest.approx(score, abs=1e-3)
    assert "mean" in how_it_works(view)


def test_an_arithmetic_mean_by_hand(small: Folder, tmp_path: Path) -> None:
    """Service 52 and living 20 of w01, living counting three times: (52 + 3 x 20) / 4 = 28."""
    small.replace("block.toml", "[scoring]", '[scoring]\naggregation = "arithmetic"')
    view = view_of(build_and_publish(small.path, tmp_path / "var"))
    found = weighted(view, RankingChoice("", (("living", 3.0),))).ranking.set_index("unit_code")
    assert found.loc["w01", "score"] == pytest.approx(28)
    assert found.loc["w01", "previous_score"] == pytest.approx(36)
