"""The slides: each scene with its chart, numbers as the API gives them, made-up figures named on every one."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pptx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from tests.office import shown_pages
from tests.small_block import SMALL, Folder, build_and_publish
from tests.views import view_of
from wardstats.boards.print.deck import MOST_UNITS, deck_pptx, draw_deck
from wardstats.boards.print.file_names import deck_name
from wardstats.boards.print.slides import Deck, Slide
from wardstats.core.languages import LANGUAGES, translator
from wardstats.core.settings import settings
from wardstats.live.application import Live
from wardstats.snapshot.store import Snapshot


def ranking_of_api(var: Path, **asked: Any) -> list[dict[str, Any]]:
    with TestClient(Starlette(routes=Live(settings(SMALL, var)).routes())) as client:
        return client.get("/api/v1/ranking", params={"lang": "en", **asked}).json()["rows"]


def slide_of(deck: Deck, kind: str) -> Slide:
    return next(slide for slide in deck.slides if slide.kind == kind)


def test_numbers_are_those_of_the_api(small_snapshot: Snapshot, tmp_path: Path) -> None:
    build_and_publish(SMALL, tmp_path / "var")
    deck = draw_deck(view_of(small_snapshot, "en", "2026-04"))
    total = ranking_of_api(tmp_path / "var", period="2026-04")
    parts = slide_of(deck, "stacked").series
    sums = [sum(series.values[place] or 0 for series in parts) for place in range(len(total))]
    assert sums == pytest.approx([row["score"] for row in total])
    assert [label.partition(". ")[0] for label in slide_of(deck, "stacked").categories] == ["1", "1", "3"]
    themes = [slide for slide in deck.slides if slide.kind == "bars"]
    assert len(themes) == 2
    for slide, theme in zip(themes, ("service", "living"), strict=True):
        rows = ranking_of_api(tmp_path / "var", period="2026-04", theme=theme)
        assert slide.series[0].values == [row["score"] for row in rows]
        assert [label.partition(". ")[2] for label in slide.categories] == [row["unit_name"] for row in rows]


def test_changes_add_up_with_the_points_as_they_are_written(laocai: Snapshot) -> None:
    view = view_of(laocai, "vi", "2026-10")
    slide = slide_of(draw_deck(view), "changes")
    told = {
        label.rstrip(" ▲▼–0123456789"): value
        for label, value in zip(slide.categories, slide.series[0].values, strict=True)
    }
    for _, row in view.ranking().iterrows():
        assert view.speak.change(row["score"], row["previous_score"]) == view.speak.signed(told[row["unit_name"]])
    assert slide.series[0].values == sorted(slide.series[0].values, reverse=True)


def test_ranges_float_where_a_place_may_lie(laocai: Snapshot) -> None:
    view = view_of(laocai, "en", "2026-10")
    above, inside = slide_of(draw_deck(view), "ranges").series
    ranges = view.frame("rank_range", period=view.period, node="total")
    assert above.colour == ""
    assert [value + 1 for value in above.values] == ranges["rank_low"].tolist()
    ends = [first + more for first, more in zip(above.values, inside.values, strict=True)]
    assert ends == ranges["rank_high"].tolist()


def test_the_year_has_a_line_for_each_member(laocai: Snapshot) -> None:
    view = view_of(laocai, "en", "2026-10")
    slide = slide_of(draw_deck(view), "lines")
    assert slide.title.startswith("2026 so far: ")
    assert len(slide.categories) == 10
    assert {series.name for series in slide.series} == set(view.members.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slide_says_what_is_made_up_and_so_does_the_name(laocai: Snapshot, language: str) -> None:
    view = view_of(laocai, language, "2026-10")
    show = pptx.Presentation(io.BytesIO(deck_pptx(view)))
    heads = [view.speak("Demonstration figures."), view.speak("Sample criteria.")]
    assert len(show.slides) == 9
    for slide in show.slides:
        text = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
        assert all(head.upper() in text for head in heads)
        assert slide.shapes.title is not None
        assert slide.shapes.title.text_frame.text
        assert [shape.chart.part.chart_workbook.xlsx_part is not None for shape in slide.shapes if shape.has_chart] == [
            True
        ]
    words = {"vi": "minh-hoa_bo-tieu-chi-mau", "en": "demonstration_sample-criteria"}
    assert deck_name(view).endswith(f"{words[language]}.pptx" if language in words else ".pptx")


def test_real_figures_carry_no_notice_and_many_units_are_cut(provinces: Snapshot) -> None:
    view = view_of(provinces, "en")
    deck = draw_deck(view)
    assert deck.notices == []
    assert deck_name(view) == f"wardstats_slides_{view.period}_en.pptx"
    assert len(deck.slides[0].categories) == MOST_UNITS
    assert "The first 20 are shown" in deck.slides[0].detail
    assert {slide.kind for slide in deck.slides}.isdisjoint({"changes", "lines"})  # there is one period
    assert deck_pptx(view)


def test_without_figures_nothing_is_said_that_is_not_known(small: Folder, tmp_path: Path) -> None:
    small.append("block.toml", "[robustness]", "draws = 0")
    deck = draw_deck(view_of(build_and_publish(small.path, tmp_path / "var"), "en", "2026-04"))
    assert "ranges" not in {slide.kind for slide in deck.slides}


def test_libreoffice_shows_the_same_numbers(laocai: Snapshot, tmp_path: Path) -> None:
    view = view_of(laocai, "en", "2026-10")
    pages = shown_pages(deck_pptx(view), "pptx", tmp_path)
    ranking = view.ranking()
    assert len(pages) == 9
    for page in pages:
        assert "DEMONSTRATION FIGURES." in page
        assert "SAMPLE CRITERIA." in page
    for _, row in ranking.iterrows():
        assert row["unit_name"] in pages[0]
        assert translator("en").number(row["score"]) in pages[0]
    theme = view.ranking(view.themes.loc[view.themes["depth"] == 1, "node_code"].iloc[0])
    for score in theme["score"].dropna():
        assert f"{score:.1f}" in pages[1]
