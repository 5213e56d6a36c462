"""Method and sources: every rule in words, cards, changes, search without accents."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.laocai import criteria
from tests.views import view_of
from wardstats.boards.method import draw_method, matches
from wardstats.core.languages import fold, translator
from wardstats.snapshot.store import Snapshot
from wardstats.view.criteria_words import rule_text
from wardstats.view.indicator_card import draw_indicator_card


def test_fold_takes_latin_accents_only() -> None:
    assert fold("Phường ĐÔNG Hưng") == "phuong dong hung"
    assert fold("Ế Ô Ơ Ư ư Ỹ") == "e o o u u y"
    assert fold("हिन्दी") == "हिन्दी"


def test_search_needs_no_accents_and_prefers_the_phrase() -> None:
    texts = ["Tỷ lệ hộ nghèo", "Số hồ sơ của hộ", "Đất cây xanh"]
    assert matches(texts, "ho ngheo") == [True, False, False]
    assert matches(texts, "  HO  so ") == [False, True, False]
    assert matches(texts, "dat xanh") == [False, False, True]
    assert matches(texts, "") == [True, True, True]


def test_every_criterion_is_listed_with_its_rule(laocai: Snapshot) -> None:
    view = view_of(laocai)
    board = draw_method(view, "")
    count = len(criteria())
    points = sum(float(criterion["max_points"]) for criterion in criteria())
    assert board.headline == f"Criteria of 2026: {count} indicators, {points:g} points"
    assert board.criteria.count("<li>") == count
    assert len(board.table) == count
    assert board.table["Rule"].str.len().min() > 10


def test_search_narrows_the_list(laocai: Snapshot) -> None:
    board = draw_method(view_of(laocai, language="vi"), "ho ngheo")
    assert board.criteria.count("<li>") == 1
    assert draw_method(view_of(laocai), "zzzz").criteria == ""


def test_card_tells_definition_rule_direction_and_figures(small_snapshot: Snapshot) -> None:
    card = draw_indicator_card(view_of(small_snapshot), "poverty_rate")
    for text in ("Poverty rate", "lower is better", "every quarter", "0 points at 10", "all 20 points at 0"):
        assert text in card, text
    assert "3 of 3 units, from 2.5" in card
    assert "demonstration" not in card
    assert "demonstration figures" in draw_indicator_card(view_of(small_snapshot), "green_space")
    assert draw_indicator_card(view_of(small_snapshot), "nothing") == ""


def test_changes_from_the_criteria_before(small_snapshot: Snapshot) -> None:
    changes = draw_method(view_of(small_snapshot), "").changes
    assert "Green space: new" in changes
    assert any(line.startswith("Files on time:") and "(before:" in line for line in changes)
    assert draw_method(view_of(small_snapshot, period="2025-12"), "").changes == []


def test_missing_figures_are_explained_as_the_year_treats_them(small_snapshot: Snapshot) -> None:
    now, before = (draw_method(view_of(small_snapshot, period=period), "") for period in ("2026-04", "2025-12"))
    assert any("left out" in step for step in now.steps)
    assert "A missing figure counts no points." in before.steps


@pytest.mark.hostile("XSS in name, note, by, cells")
def test_links_of_sources_are_web_addresses_only(small_snapshot: Snapshot) -> None:
    view = view_of(small_snapshot)
    sources = view.frame("source", language="en").assign(url="javascript:alert(1)")
    html = draw_method(
        replace(view, fetch=lambda i, name, p: sources if name == "source" else view.fetch(i, name, p)), ""
    )
    assert "javascript:" not in html.sources


@pytest.mark.parametrize(
    ("rule", "zero", "full", "text"),
    [
        ("linear", 50.0, 100.0, "0 points at 50%, all 5 points at 100%, in proportion between"),
        ("as_scored", None, None, "The figure is already in points; at most 5 count"),
        ("yes_no", None, None, "5 points for yes, none for no"),
        ("minmax", None, None, "Points relative to the units present (worst to best)"),
        ("target", 0.0, None, "0 points at 0%, all 5 points at the unit's own signed target"),
    ],
)
def test_rules_in_words(rule: str, zero: float | None, full: float | None, text: str) -> None:
    row = {"rule": rule, "zero_at": zero, "full_at": full, "max_points": 5.0, "unit": "%", "decimals": 1}
    assert rule_text(row, translator("en")) == text


@pytest.mark.parametrize("language", ["vi", "hi"])
def test_numbers_follow_the_language(laocai: Snapshot, language: str) -> None:
    card = draw_indicator_card(view_of(laocai, language=language), "poverty_rate_pct")
    assert ("0,70%" in card) == (language == "vi")
