"""Files made to cost a reader more than they say: each is read for what it holds, or refused in words, unparsed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.intake_files import ENGLISH, PERIOD, UNIT, archive, desk_in, filled, members_of, ods_of, place, replaced
from wardstats.core.languages import LANGUAGES, translator
from wardstats.intake.faults import UnreadableError
from wardstats.intake.form import Form
from wardstats.intake.grid import read_grid
from wardstats.intake.limits import MAX_ELEMENTS, MAX_WEIGHT, opens_whole
from wardstats.intake.marking import marked_copy
from wardstats.intake.validation import validate

BOMBS = pytest.mark.hostile("archives, bombs, hidden parts, macros (.xlsx)")
RATIO = "dossiers_on_time"


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Form:
    return desk_in(tmp_path_factory.mktemp("desk")).form(UNIT, PERIOD)


def inserted(content: bytes, member: str, before: str, text: str) -> bytes:
    return replaced(content, member, lambda part: part.replace(before.encode(), (text + before).encode(), 1))


def more(content: bytes, name: str, text: str) -> bytes:
    return archive(members_of(content) | {name: text.encode()})


SHEET, STYLES, BOOK = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"
LOOK = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" applyNumberFormat="0"/>'
JUNK: dict[str, Callable[[bytes], bytes]] = {
    "20,000 styles and names": lambda content: inserted(
        inserted(content, STYLES, "</cellStyleXfs>", LOOK * 20_000), STYLES, "</cellStyles>",
        "".join(f'<cellStyle name="Style {number}" xfId="{number + 1}"/>' for number in range(20_000)),
    ),
    "1 MB of cell styles": lambda content: inserted(content, STYLES, "</cellXfs>", "<xf/>" * 200_000),
    "fonts": lambda content: inserted(content, STYLES, "</fonts>", "<font><sz val='11'/></font>" * 40_000),
    "fills": lambda content: inserted(content, STYLES, "</fills>", "<fill><patternFill/></fill>" * 40_000),
    "borders": lambda content: inserted(content, STYLES, "</borders>", "<border><left/></border>" * 40_000),
    "100,000 defined names": lambda content: inserted(
        content, BOOK, "<calcPr",
        "<definedNames>" + "".join(f'<definedName name="n{i}">Figures!$A$1</definedName>' for i in range(100_000))
        + "</definedNames>",
    ),
    "properties of 20 MB": lambda content: more(
        content, "docProps/custom.xml", "<Properties>" + "<property pid='2' name='a'>b</property>" * 500_000
        + "</Properties>",
    ),
    "an extension of 20 MB behind the cells": lambda content: inserted(
        content, SHEET, "</worksheet>", "<extLst><ext>" + "<a>" * 400_000 + "b" * 16_000_000 + "</a>" * 400_000
        + "</ext></extLst>",
    ),
    "a drawing": lambda content: more(content, "xl/drawings/drawing1.xml", f"<d>{'<e/>' * 400_000}</d>"),
    "merged cells, quoted otherwise": lambda content: inserted(
        content, SHEET, "</mergeCells>", "<mergeCell ref ='Q90:XFD1048576'/>"
    ),
    "links over the whole sheet": lambda content: inserted(
        content, SHEET, "<pageMargins", "<hyperlinks><hyperlink ref='Q90:XFD1048576' location='A1'/></hyperlinks>"
    ),
}  # fmt: skip


@BOMBS
@pytest.mark.parametrize("name", JUNK)
def test_junk_around_the_cells_is_read_past_and_not_opened_whole(form: Form, name: str) -> None:
    wrong = place(form, RATIO, "numerator")
    plain = filled(form, cells={wrong: 999})
    content = JUNK[name](plain)
    assert content != plain
    assert opens_whole(plain)
    assert not opens_whole(content)
    found = validate("a.xlsx", content, form, "handin", ENGLISH)
    assert found.findings == validate("a.xlsx", plain, form, "handin", ENGLISH).findings
    assert found.grid is not None
    book = openpyxl.load_workbook(io.BytesIO(marked_copy(found.grid, content, found.findings, ENGLISH)))
    assert book.worksheets[1][wrong].comment is not None


def test_an_accepted_junk_workbook_has_the_same_figures(form: Form) -> None:
    content = JUNK["20,000 styles and names"](filled(form))
    assert (
        validate("a.xlsx", content, form, "handin", ENGLISH).figures
        == validate("a.xlsx", filled(form), form, "handin", ENGLISH).figures
    )


WIDE = "<?xml version='1.0' encoding='utf-16'?><a>" + "<x/>" * 1_100_000 + "</a>"
ELEMENTS: dict[str, Callable[[bytes], bytes]] = {
    "styles": lambda content: inserted(content, STYLES, "</cellXfs>", "<xf/>" * 1_100_000),
    "styles in UTF-16": lambda content: replaced(content, STYLES, lambda _: WIDE.encode("utf-16")),
    "texts": lambda content: more(content, "xl/sharedStrings.xml", f"<sst>{'<si/>' * 1_100_000}</sst>"),
    "cells without a value": lambda content: inserted(
        content, SHEET, "</sheetData>", f"<row>{'<c/>' * 1_100_000}</row>"
    ),
    "nested": lambda content: more(content, "xl/looks.dat", "<a>" * 1_200_000 + "</a>" * 1_200_000),
    "a part that is called a picture": lambda content: more(content, "xl/media/1.png", " \n<a>" + "<b/>" * 1_100_000),
}  # fmt: skip


@BOMBS
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ELEMENTS)
def test_more_elements_than_any_workbook_has_are_refused_in_words(form: Form, name: str, language: str) -> None:
    speak = translator(language)
    with pytest.raises(UnreadableError) as refused:
        read_grid("a.xlsx", ELEMENTS[name](filled(form)), speak)
    (finding,) = refused.value.findings
    assert finding.found == speak("too many formats, names, drawings or empty cells")
    assert speak.number(MAX_ELEMENTS, 0) in finding.expected


@BOMBS
@pytest.mark.parametrize("name", ["xl/styles.xml", "xl/drawings/vml.vml", "xl/theme.dat", "customXml/item.bin"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_a_document_type_is_refused_in_any_part(form: Form, name: str, encoding: str) -> None:
    head = "" if encoding.startswith("utf-8") else "<?xml version='1.0' encoding='utf-16'?>"
    text = f"{head}<!DOCTYPE a [<!ENTITY b 'bbbb'>]><a>&b;</a>"
    content = archive(members_of(filled(form)) | {name: text.encode(encoding)})
    with pytest.raises(UnreadableError, match="document type declaration"):
        read_grid("a.xlsx", content, ENGLISH)


@BOMBS
@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_archives_of_no_office_program_are_refused(form: Form, method: int) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as written:
        for name, part in members_of(filled(form)).items():
            written.writestr(name, part)
    with pytest.raises(UnreadableError, match="damaged"):
        read_grid("a.xlsx", buffer.getvalue(), ENGLISH)


def test_drawings_of_old_programs_need_not_be_xml(form: Form) -> None:
    content = more(filled(form), "xl/drawings/vmlDrawing1.vml", "<xml><div>a<br>b</div></xml>")
    assert read_grid("a.xlsx", content, ENGLISH).sheets
    assert opens_whole(content)


def test_the_projects_own_files_open_whole(form: Form) -> None:
    for path in (Path(__file__).parent / "files").glob("*.xlsx"):
        assert opens_whole(path.read_bytes())
    large = filled(form, change=lambda book: [book.worksheets[0].cell(row, 40, "x") for row in range(100, 3000)])
    assert opens_whole(large)
    assert MAX_WEIGHT > 3 * 2900


def test_a_spreadsheet_is_told_by_its_content(form: Form) -> None:
    assert read_grid("a.pdf", filled(form), ENGLISH).kind == "xlsx"
    assert read_grid("a.xlsx", ods_of("<table:table-row/>"), ENGLISH).kind == "ods"
    word = archive({"word/document.xml": "<a/>", "[Content_Types].xml": "<a/>", "xl/workbook.xml": "<a/>"})
    with pytest.raises(UnreadableError, match="another kind"):
        read_grid("a.xlsx", word, ENGLISH)
