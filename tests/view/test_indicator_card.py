"""The card of an indicator: who answers for it, and which of its figures were corrected after they had counted."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest

from tests.small_block import Folder, rows
from tests.views import view_of
from wardstats.catalogue.load import load_catalogue
from wardstats.core.languages import LANGUAGES
from wardstats.ledger import Change, Draft, Figure, Ledger
from wardstats.snapshot.build import build_snapshot
from wardstats.snapshot.store import Snapshot, Store
from wardstats.view.indicator_card import card_address, correction_table, draw_indicator_card, revision_lines

SOURCES = {"s": {"title": "Công văn 12", "producer": "p"}}


def corrected(folder: Folder, var: Path, count: int = 1) -> Snapshot:
    """Build the folder with figures of w01 corrected so many times, the last time to 3 of 4."""
    ledger = Ledger(var / "ledger")
    for number in range(count):
        before = Figure(None, number, 4 * count, "verified", "s")
        after = Figure(None, number + 1 if number + 1 < count else 3 * count, 4 * count, "verified", "s")
        change = Change("w01", "files_on_time", "2026-04", before, after)
        ledger.append(Draft("correct", "an", "secretariat", changes=(change,), details={"sources": SOURCES}))
    return Store(var).snapshot(build_snapshot(load_catalogue(folder.path, ledger), var))


def test_the_owner_is_named_where_the_folder_names_one(small: Folder, tmp_path: Path, small_snapshot: Snapshot) -> None:
    path = small.path / "indicators.csv"
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    owned = [f"{header},owner", *(f"{line},Sở Nội vụ <b>" for line in lines)]
    path.write_text("\n".join(owned) + "\n", encoding="utf-8")
    snapshot = Store(tmp_path).snapshot(build_snapshot(load_catalogue(small.path), tmp_path))
    assert "<dt>Answers for it</dt><dd>Sở Nội vụ &lt;b&gt;</dd>" in draw_indicator_card(
        view_of(snapshot), "poverty_rate"
    )
    assert "<dd>not said</dd>" in draw_indicator_card(view_of(small_snapshot), "poverty_rate")


def test_corrections_stand_on_the_card_with_old_and_new(small: Folder, tmp_path: Path) -> None:
    view = view_of(corrected(small, tmp_path), "en")
    card = draw_indicator_card(view, "files_on_time")
    assert "Bắc Sơn, Apr 2026: 0.0% → 75.0% (corrected" in card
    assert "<dt>Corrections</dt><dd>none so far</dd>" in draw_indicator_card(view, "poverty_rate")
    table = correction_table(view)
    assert rows(table, "Name", "Indicator", "Period", "Before", "After", "How", "Source") == [
        ("Bắc Sơn", "Files on time", "Apr 2026", "0.0%", "75.0%", "corrected", "Công văn 12")
    ]


def test_only_the_latest_corrections_are_listed_and_the_rest_counted(small: Folder, tmp_path: Path) -> None:
    view = view_of(corrected(small, tmp_path, 25), "en")
    assert len(revision_lines(view, "files_on_time")) == 25
    card = draw_indicator_card(view, "files_on_time")
    assert card.count("Bắc Sơn") == 20
    assert "and 5 earlier" in card


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_corrections_the_log_is_empty(laocai: Snapshot, language: str) -> None:
    assert correction_table(view_of(laocai, language)).empty


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_indicator_has_a_card_with_definition_unit_source_and_rhythm(laocai: Snapshot, language: str) -> None:
    view = view_of(laocai, language)
    for code, row in view.indicators.iterrows():
        card = draw_indicator_card(view, str(code))
        assert card.count("<dt>") >= 8, code
        assert row["indicator_name"] in unescape(card)
        assert f"<code>{code}</code>" in card


def test_the_address_keeps_what_is_looked_at(laocai: Snapshot) -> None:
    view = view_of(laocai, "hi", period="2026-03", node="social_security")
    assert card_address(view, "poverty_rate_pct") == (
        "indicator?indicator=poverty_rate_pct&lang=hi&period=2026-03&theme=social_security"
    )
