"""The ranking on paper: one page for a block of wards, each total and theme, what is made up said loudly."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

import pypdfium2
import pytest

from tests.small_block import Folder, build_and_publish
from tests.views import view_of
from wardstats.boards.print.ranking_sheet import ranking_facts, ranking_pdf
from wardstats.core.languages import LANGUAGES
from wardstats.snapshot.store import Snapshot


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFC", text))


def pages_of(document: bytes) -> list[str]:
    return [squeezed(page.get_textpage().get_text_bounded()) for page in pypdfium2.PdfDocument(document)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_page_of_a4_holds_every_total(laocai: Snapshot, language: str) -> None:
    view = view_of(laocai, language, "2026-10")
    document = ranking_pdf(view)
    [text] = pages_of(document)
    assert [round(side) for side in pypdfium2.PdfDocument(document)[0].get_size()] == [842, 595]
    assert pypdfium2.PdfDocument(document).is_tagged()
    for _, row in view.ranking().iterrows():
        assert squeezed(row["unit_name"]) in text
        assert view.speak.number(row["score"], 2) in text
    for theme in view.frame("theme_score", period=view.period, parent="total")["score"].dropna():
        assert view.speak.number(theme, 2) in text
    assert squeezed(view.speak("Demonstration figures.").upper()) in text
    assert squeezed(view.speak("Sample criteria.").upper()) in text
    assert view.snapshot_id in text


def test_parts_of_small_block_by_hand(small_snapshot: Snapshot) -> None:
    """Of 100: w01 52 + 20, w03 36 + 20 and an adjustment of -1.5 (see tests/small)."""
    facts = ranking_facts(view_of(small_snapshot, "en", "2026-04"))
    rows = {row["name"]: row for row in facts["rows"]}
    assert [row["rank"] for row in facts["rows"]] == ["1", "1", "3"]
    assert [part["share"] for part in rows["Bắc Sơn"]["parts"]] == [0.52, 0.2]
    assert rows["Bắc Sơn"]["themes"] == ["52.00", "20.00"]
    assert rows["Đông An"]["points"] == "54.50"
    assert (rows["Đông An"]["delta"], rows["Đông An"]["sign"]) == ("▼ 2", -1)
    assert rows["Bắc Sơn"]["is_first"]


def test_a_bonus_stands_at_the_end_of_a_bar(small: Folder, tmp_path) -> None:
    small.append("adjustments.csv", "w02,2026-04,9,Prize,decision")
    facts = ranking_facts(view_of(build_and_publish(small.path, tmp_path / "var"), "en", "2026-04"))
    first = facts["rows"][0]
    assert (first["name"], first["points"]) == ("Ân Hà", "81.00")
    assert first["parts"][-1] == {"colour": "", "share": 0.09}


def test_a_year_and_a_theme_are_named(laocai: Snapshot) -> None:
    view = replace(view_of(laocai, "en", "2026-10"), node="social_security")
    facts = ranking_facts(view, "year")
    assert facts["about"].startswith("Social security")
    assert "2026" in facts["about"]
    assert facts["note"].startswith("Mean of ")
    assert len(pages_of(ranking_pdf(view, "year"))) == 1


def test_many_units_go_over_several_pages(provinces: Snapshot) -> None:
    view = view_of(provinces, "vi")
    pages = pages_of(ranking_pdf(view))
    assert 1 < len(pages) < 4
    assert "MINHHỌA" not in pages[0]
    assert all(squeezed(name) in "".join(pages) for name in view.ranking()["unit_name"])


def test_who_has_no_figures_has_no_bar_and_no_rank(small: Folder, tmp_path) -> None:
    for file in ("2026.csv", "demonstration.csv"):
        path = small.path / "values" / file
        lines = path.read_text("utf-8").splitlines(True)
        path.write_text("".join(line for line in lines if not line.startswith("w03,")), "utf-8")
    facts = ranking_facts(view_of(build_and_publish(small.path, tmp_path / "var"), "en", "2026-04"))
    last = facts["rows"][-1]
    assert (last["name"], last["rank"], last["points"], last["parts"]) == ("Đông An", "–", "–", [])
    assert last["note"] == "no figures yet"
