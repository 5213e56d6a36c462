"""The sheet of one unit for Word: what the printed sheet says, as text and tables that an office can work on.

Takes what it says from ``sheet``. Page, margins and font are those of Decree 30/2020/NĐ-CP on official documents; bars
and lines of the printed sheet are numbers here.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import pandas as pd
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from wardstats.boards.print.sheet import sheet_facts
from wardstats.core.languages import LANGUAGE_TABLE
from wardstats.core.palette import PAPER
from wardstats.view.view import View

_FONT = "Times New Roman"
_COMPLEX_FONT = "Nirmala UI"  # for letters that the other has none of, such as those of Hindi
_SIZE, _SMALL = Pt(13), Pt(11)


def sheet_docx(view: View, unit_code: str) -> bytes:
    """Return the sheet of a unit as .docx, A4; errors as in ``sheet.sheet_pdf``."""
    facts = sheet_facts(view, unit_code)
    words = facts["words"]
    document = Document()
    _set_up(document, view, facts)
    _paragraph(document, " · ".join(filter(None, (facts["block"], words["about"] if facts["kind"] else ""))), _SMALL)
    document.add_heading(facts["title"], 0).alignment = WD_ALIGN_PARAGRAPH.LEFT
    rank = f"{words['rank']} {facts['rank']} {facts['of']}".strip()
    _paragraph(document, f"{facts['period']} · {rank}", is_bold=True)
    for notice in facts["notices"]:
        _notice(document, notice["title"], notice["text"])
    for box in facts["boxes"]:
        _lead(document, f"{box['topic']}:", f"{box['finding']} ({box['detail']})" if box["detail"] else box["finding"])
    if facts["range"]:
        _paragraph(document, facts["range"])
    document.add_heading(words["themes"], 1)
    _table(
        document, [words["theme"], words["points"], words["rank"]],
        [[theme["name"], theme["points"], theme["rank"]] for theme in facts["themes"]], [50, 30, 20],
    )  # fmt: skip
    if facts["why"] is not None:
        parts = [[part["label"], part["text"]] for part in facts["why"]["parts"]]
        _reasons(document, words["why"], facts["why"]["headline"], parts)
    if facts["lift"] is not None:
        rows = [
            [f"{row['label']}: {row['step']}", " · ".join(filter(None, (row["points"], row["place"])))]
            for row in facts["lift"]["rows"]
        ]
        _reasons(document, words["lift"], facts["lift"]["headline"], rows)
    document.add_heading(words["indicators"], 1)
    _indicators(document, facts)
    document.add_heading(words["missing"], 1)
    _paragraph(document, facts["missing"])
    _lead(document, words["sources"], facts["sources"], _SMALL)
    _paragraph(document, facts["made_of"], _SMALL)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _set_up(document: Any, view: View, facts: dict[str, Any]) -> None:
    """Set page, font, language and what the file tells of itself."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    locale = LANGUAGE_TABLE[view.language].locale.replace("_", "-")
    for name in ("Normal", "Title", "Heading 1"):
        style = document.styles[name]
        style.font.name, style.font.color.rgb = _FONT, RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("w:ascii", "w:hAnsi", "w:eastAsia"):
            fonts.set(qn(kind), _FONT)
        fonts.set(qn("w:cs"), _COMPLEX_FONT)
        for kind in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):  # a theme's font would win
            fonts.attrib.pop(qn(kind), None)
    document.styles["Normal"].font.size = _SIZE
    document.styles["Title"].font.size, document.styles["Heading 1"].font.size = Pt(18), Pt(14)
    language = _child(document.styles["Normal"].element.get_or_add_rPr(), "w:lang")
    for kind in ("w:val", "w:eastAsia", "w:bidi"):
        language.set(qn(kind), locale)
    told = document.core_properties
    told.title, told.author = f"{facts['title']} – {facts['period']}", facts["block"]
    told.keywords = " ".join(notice["title"] for notice in facts["notices"])
    told.comments, told.language, told.last_modified_by = facts["made_of"], locale, facts["block"]
    told.created = told.modified = pd.Timestamp(view.block["built_at"]).to_pydatetime()


def _child(parent: Any, name: str) -> Any:
    found = parent.find(qn(name))
    if found is None:
        found = OxmlElement(name)
        parent.append(found)
    return found


def _paragraph(document: Any, text: str, size: Pt = _SIZE, is_bold: bool = False) -> Any:
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(6)
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = size, is_bold
    return paragraph


def _lead(document: Any, topic: str, text: str, size: Pt = _SIZE) -> None:
    """Add a paragraph that begins with what it is about."""
    paragraph = _paragraph(document, f"{topic} ", size, is_bold=True)
    paragraph.add_run(text).font.size = size


def _notice(document: Any, title: str, text: str) -> None:
    paragraph = _paragraph(document, f"{title.upper()} ", is_bold=True)
    paragraph.add_run(text)
    shade = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", PAPER["notice"].lstrip("#"))):
        shade.set(qn(name), value)
    # the format wants it before these
    paragraph._p.get_or_add_pPr().insert_element_before(shade, "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _reasons(document: Any, heading: str, finding: str, rows: list[list[str]]) -> None:
    document.add_heading(heading, 1)
    _paragraph(document, finding)
    if rows:
        _table(document, [], rows, [72, 28])


def _indicators(document: Any, facts: dict[str, Any]) -> None:
    """Add the table of all indicators; the name of a theme stands across it."""
    words = facts["words"]
    head = [words[name] for name in ("indicator", "value", "points", "out_of", "rank", "status")]
    rows: list[list[str]] = []
    for group in facts["indicators"]:
        rows.append([group["name"]])
        rows += [[row[key] for key in ("name", "value", "points", "out_of", "rank", "status")] for row in group["rows"]]
    _table(document, head, rows, [36, 18, 11, 11, 10, 14])


def _table(document: Any, head: list[str], rows: list[list[str]], widths: Sequence[int]) -> None:
    """Add a table; numbers stand at the right, a row of one cell goes across it.

    Args:
        head: Repeated on every page; may be empty.
        widths: In percent of the page.
    """
    lines = ([head] if head else []) + rows
    table = document.add_table(rows=len(lines), cols=len(widths))
    table.style, table.autofit = "Table Grid", False
    across = Mm(210 - 30 - 15)
    for number, (row, texts) in enumerate(zip(table.rows, lines, strict=True)):
        cells = row.cells
        if len(texts) == 1:
            cells = [cells[0].merge(cells[-1])]
        is_bold = len(texts) == 1 or (bool(head) and number == 0)
        for place, (cell, text) in enumerate(zip(cells, texts, strict=True)):
            if len(texts) > 1:
                cell.width = int(across * widths[place] / 100)
            paragraph = cell.paragraphs[0]
            run = paragraph.add_run(text)
            run.font.size, run.font.bold = _SMALL, is_bold
            if place and text[:1] in "0123456789+−±–" and not is_bold:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if head:
        _child(table.rows[0]._tr.get_or_add_trPr(), "w:tblHeader").set(qn("w:val"), "true")
    document.add_paragraph().paragraph_format.space_after = Pt(0)
