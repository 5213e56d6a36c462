"""The ranking page's choices live in the address: quarter and year, bands, weights, and the way back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.test_pages import FOLDERS, fresh_caches, html, published, visit
from tests.views import view_of
from wardstats.boards.ranking.board import draw_ranking
from wardstats.snapshot.store import Snapshot
from wardstats.view.ranking_choice import RankingChoice

__all__ = ["fresh_caches", "published"]  # fixtures


def open_page(monkeypatch: pytest.MonkeyPatch, published: dict[str, Path], **address: str) -> AppTest:
    return visit(monkeypatch, published["laocai"], FOLDERS["laocai"], "ranking.py", lang="en", **address)


def test_a_year_in_the_address_is_shown_and_kept(monkeypatch, published) -> None:
    app = open_page(monkeypatch, published, span="year")
    assert "<h1>2026 so far: " in html(app)
    assert "Mean of 10 rankings" in html(app)
    assert app.query_params["span"] == "year"


def test_a_block_that_ranks_by_the_year_offers_nothing_longer(monkeypatch, published) -> None:
    app = visit(
        monkeypatch, published["provinces_766"], FOLDERS["provinces_766"], "ranking.py", lang="en", span="month"
    )
    assert app.session_state["span"] == "year"
    assert "so far" not in html(app)


def test_small_figures_beside_a_bar_are_named_where_there_are_any(laocai: Snapshot) -> None:
    view = view_of(laocai, "en")
    board = draw_ranking(view)
    assert board.small_print == "Below a name: its places when the weights move. Below the points: data coverage."
    assert draw_ranking(view, RankingChoice("year")).small_print == "Below the points: data coverage."
    whole = replace(view, period="2026-10", node="environmental_sanitation")
    shares = whole.ranking(whole.node)["coverage"]
    assert ("coverage" in draw_ranking(whole).small_print) == bool((shares < 1).any())


def test_bands_are_switched_on_by_the_address_and_by_the_reader(monkeypatch, published) -> None:
    app = open_page(monkeypatch, published, bands="1")
    assert "Leading: above 75" in html(app)
    app.toggle(key="bands").set_value(False).run()
    assert "Leading: above 75" not in html(app)
    assert app.query_params["bands"] == ""


def test_a_link_with_weights_shows_them_and_leads_back(monkeypatch, published) -> None:
    app = open_page(monkeypatch, published, weights="digital_transformation:3,social_security:0")
    assert "<h1>With your weights: " in html(app)
    assert "Not the official order." in html(app)
    assert app.session_state["weight_digital_transformation"] == 3.0
    app.button(key="official_order").click().run()
    assert "With your weights" not in html(app)
    assert app.query_params["weights"] == ""
    assert not app.exception


def test_a_moved_slider_ranks_again_and_goes_into_the_address(monkeypatch, published) -> None:
    app = open_page(monkeypatch, published)
    assert "With your weights" not in html(app)
    app.toggle(key="weigh").set_value(True).run()
    assert "With your weights" not in html(app)  # nothing is moved yet
    app.select_slider(key="weight_social_security").set_value(4.0).run()
    assert "<h1>With your weights: " in html(app)
    assert app.query_params["weights"] == "social_security:4"
    app.toggle(key="weigh").set_value(False).run()
    assert "With your weights" not in html(app)
    assert app.query_params["weights"] == ""


def test_weights_of_one_theme_do_not_stay_for_another(monkeypatch, published) -> None:
    app = open_page(monkeypatch, published, weights="social_security:4")
    app.selectbox(key="theme").set_value("administrative_reform").run()
    assert not app.exception
    assert "With your weights" not in html(app)


@pytest.mark.parametrize("weights", ["<script>", "social_security:99", "social_security:nan", ",,,:::", "a" * 5000])
def test_weights_that_make_no_sense_leave_the_official_order(monkeypatch, published, weights: str) -> None:
    app = open_page(monkeypatch, published, weights=weights)
    assert "With your weights" not in html(app)
    assert "<script>" not in html(app)


def test_no_part_that_counts_is_refused_in_words(monkeypatch, published) -> None:
    codes = [
        "digital_transformation", "administrative_reform", "environmental_sanitation", "social_security",
        "civilised_urban",
    ]  # fmt: skip
    app = open_page(monkeypatch, published, weights=",".join(f"{code}:0" for code in codes))
    assert any("at least one part" in warning.value for warning in app.warning)
    assert "With your weights" not in html(app)
