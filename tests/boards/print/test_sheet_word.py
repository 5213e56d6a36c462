"""The sheet for Word: the same facts as the PDF, in each language, as text and tables."""

from __future__ import annotations

import io

import docx
import pytest
from docx.oxml.ns import qn

from tests.office import shown_pages
from tests.views import view_of
from wardstats.boards.print.sheet import sheet_facts
from wardstats.boards.print.sheet_word import sheet_docx
from wardstats.core.errors import WardStatsError
from wardstats.core.languages import LANGUAGES
from wardstats.snapshot.store import Snapshot

SA_PA = "03006"


def text_of(document) -> str:
    lines = document.element.body.iter(qn("w:p"))
    return "\n".join("".join(text.text or "" for text in line.iter(qn("w:t"))) for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_says_what_the_sheet_says(laocai: Snapshot, language: str) -> None:
    view = view_of(laocai, language)
    facts, document = sheet_facts(view, SA_PA), docx.Document(io.BytesIO(sheet_docx(view, SA_PA)))
    text = text_of(document)
    expected = [facts["title"], facts["period"], facts["range"], facts["missing"], facts["sources"], facts["made_of"]]
    expected += [notice["title"].upper() for notice in facts["notices"]] + [box["finding"] for box in facts["boxes"]]
    expected += [facts["why"]["headline"], facts["lift"]["headline"]]
    assert [part for part in expected if part not in text] == []
    assert {notice["title"] for notice in facts["notices"]} >= {view.speak("Demonstration figures.")}
    rows = [[cell.text for cell in row.cells] for row in document.tables[-1].rows]
    told = [row for group in facts["indicators"] for row in group["rows"]]
    wanted = [[row[key] for key in ("name", "value", "points", "out_of", "rank", "status")] for row in told]
    assert [row for row in rows[1:] if len(set(row)) > 1] == wanted
    assert document.core_properties.language in (language, f"{language}-VN", f"{language}-IN")


def test_the_page_is_that_of_an_official_document(laocai: Snapshot) -> None:
    document = docx.Document(io.BytesIO(sheet_docx(view_of(laocai, "vi"), SA_PA)))
    section = document.sections[0]
    assert [round(side.mm) for side in (section.page_width, section.page_height)] == [210, 297]
    assert [round(side.mm) for side in (section.left_margin, section.right_margin)] == [30, 15]
    assert document.styles["Normal"].font.name == "Times New Roman"
    assert document.tables[-1].rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None


def test_a_block_without_an_earlier_period_has_its_sheet(provinces: Snapshot) -> None:
    document = docx.Document(io.BytesIO(sheet_docx(view_of(provinces, "en"), "H13")))
    assert "Demonstration" not in text_of(document)


def test_a_unit_that_is_not_ranked_is_refused(small_snapshot: Snapshot) -> None:
    with pytest.raises(WardStatsError, match="'w09' is not ranked"):
        sheet_docx(view_of(small_snapshot), "w09")


def test_libreoffice_shows_the_same_numbers(laocai: Snapshot, tmp_path) -> None:
    view = view_of(laocai, "vi")
    pages = shown_pages(sheet_docx(view, SA_PA), "docx", tmp_path)
    text = " ".join(" ".join(pages).split())
    own = view.ranking("total").set_index("unit_code").loc[SA_PA]
    assert view.speak.number(own["score"], 2) in text
    assert "SỐ LIỆU MINH HỌA." in text
    figures = view.frame("figure_points", period=view.period, unit=(SA_PA,), indicator=())
    for points in figures.loc[figures["max_points"].notna(), "points"].dropna():
        assert view.speak.number(points, 2) in text
