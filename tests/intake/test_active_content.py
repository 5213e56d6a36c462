"""What would act once a workbook is opened is refused by what its parts hold, under whatever name."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

import openpyxl
import pytest

from tests.intake_files import ENGLISH, PERIOD, UNIT, archive, as_ods, desk_in, filled, replaced
from wardstats.core.languages import LANGUAGES, translator
from wardstats.intake.active_content import active_formula, active_text
from wardstats.intake.form import Form
from wardstats.intake.validation import Validated, validate

XLSX, ODS = "archives, bombs, hidden parts, macros (.xlsx)", "ODS"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600
VBA = OLE + "_VBA_PROJECT".encode("utf-16-le")
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
Parts = Mapping[str, str | bytes]


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Form:
    return desk_in(tmp_path_factory.mktemp("desk")).form(UNIT, PERIOD)


def judged(form: Form, content: bytes, name: str = "figures.xlsx") -> Validated:
    return validate(name, content, form, "handin", ENGLISH)


def with_more(workbook: bytes, parts: Parts) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook)) as found:
        return archive({name: found.read(name) for name in found.namelist()} | dict(parts))


def relation(kind: str, target: str, mode: str = "") -> dict[str, str]:
    """Return relationships of the second sheet."""
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    kind = kind if "/" in kind else f"{RELATIONS}/{kind}"
    one = f'<Relationship Id="r1" Type="{kind}" Target="{target}"{mode}/>'
    return {"xl/worksheets/_rels/sheet2.xml.rels": f'<Relationships xmlns="{space}">{one}</Relationships>'}


EXTERNAL = ' TargetMode="External"'
PARTS: dict[str, tuple[Parts, str, str]] = {
    "VBA under another name": ({"xl/code.bin": VBA}, "xl/code.bin", "without macros"),
    "VBA as a picture": ({"xl/media/image1.png": VBA}, "xl/media/image1.png", "without macros"),
    "VBA by its usual name": ({"xl/vbaProject.bin": b"?"}, "xl/vbaProject.bin", "without macros"),
    "VBA by its relationship": (
        relation("http://schemas.microsoft.com/office/2006/relationships/vbaProject", "x.dat"),
        "vbaProject",
        "macros",
    ),
    "Excel-4 macros": (
        {"xl/data.xml": '<a:macrosheet xmlns:a="http://schemas.microsoft.com/office/excel/2006/main"/>'},
        "xl/data.xml",
        "without macros",
    ),
    "Excel-4 macros, UTF-16": (
        {"xl/data.txt": '<?xml version="1.0" encoding="UTF-16"?><macrosheet/>'.encode("utf-16")},
        "xl/data.txt",
        "macros",
    ),
    "Excel-4 macros by relationship": (
        relation("http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet", "x.xml"),
        "xlMacrosheet",
        "macros",
    ),
    "Excel-5 dialog": ({"xl/d.xml": f"<dialogsheet {MAIN}/>"}, "xl/d.xml", "without macros"),
    "OLE object": ({"xl/embeddings/o.bin": OLE}, "xl/embeddings/o.bin", "Remove the object"),
    "OLE object by relationship": (relation("oleObject", "x.dat"), "oleObject", "Remove the object"),
    "embedded workbook": ({"xl/embeddings/b.xlsx": archive({"a": b"b"})}, "xl/embeddings/b.xlsx", "Remove the object"),
    "embedded program": ({"xl/media/image1.jpeg": b"MZ\x90\x00" * 50}, "image1.jpeg", "Remove the object"),
    "ActiveX": (
        {"xl/ax.xml": '<ax:ocx xmlns:ax="http://schemas.microsoft.com/office/2006/activeX"/>'},
        "xl/ax.xml",
        "object",
    ),
    "ActiveX by relationship": (relation("control", "../ax.xml"), "control", "Remove the object"),
    "DDE link": (
        {"xl/e.xml": f"<externalLink {MAIN}><ddeLink ddeService='cmd' ddeTopic='/c calc'/></externalLink>"},
        "xl/e.xml",
        "Break the links",
    ),
    "external link": (relation("externalLink", "../e.xml"), "externalLink", "Break the links"),
    "external picture": (relation("image", "http://example.org/a.png", EXTERNAL), "example.org", "Break the links"),
    "link that runs": (relation("hyperlink", "javascript:alert(1)", EXTERNAL), "javascript", "Break the links"),
    "search link": (relation("hyperlink", "search-ms:query=a", EXTERNAL), "search-ms", "Break the links"),
    "data connection": (
        {"xl/c.xml": f"<connections {MAIN}><connection/></connections>"},
        "xl/c.xml",
        "Break the links",
    ),
    "macro name": (
        {
            "xl/n.xml": f'<workbook {MAIN}><definedNames><definedName name="Auto_Open" xlm="1">A!A1</definedName>'
            "</definedNames></workbook>"
        },
        "xl/n.xml",
        "without macros",
    ),
}


@pytest.mark.hostile(XLSX)
@pytest.mark.parametrize("name", PARTS)
def test_active_parts_are_refused_by_what_they_hold(form: Form, name: str) -> None:
    parts, told, remedy = PARTS[name]
    (fault,) = judged(form, with_more(filled(form), parts)).faults
    assert told in fault.found
    assert remedy in fault.remedy


@pytest.mark.hostile(XLSX)
@pytest.mark.parametrize(
    "kind",
    [
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        "application/vnd.ms-excel.template.macroEnabled.main+xml",
        "application/vnd.ms-excel.addin.macroEnabled.main+xml",
        "application/vnd.ms-excel.sheet.binary.macroEnabled.main",
    ],
)
def test_a_macro_workbook_under_another_name_is_refused(form: Form, kind: str) -> None:
    usual = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    content = replaced(filled(form), "[Content_Types].xml", lambda part: part.replace(usual, kind.encode()))
    (fault,) = judged(form, content).faults
    assert kind[:40] in fault.found
    assert "Save it as .xlsx" in fault.remedy


FORMULAS = [
    ('=WEBSERVICE("http://example.org/"&A1)', "WEBSERVICE"),
    ("=_xlfn.WEBSERVICE(A1)", "WEBSERVICE"),
    ('=1+_xlfn.FILTERXML(A1,"//a")', "FILTERXML"),
    ('=RTD("a.b",,"c")', "RTD"),
    ("=cmd|'/c calc'!A0", "DDE"),
    ("='cmd'|'/c calc'!A0", "DDE"),
    ('=DDE("cmd";"/c calc";"a")', "DDE"),
    ('=call("urlmon","a","J")', "CALL"),
    ('=REGISTER.ID("a","b")', "REGISTER.ID"),
    ('=EXEC("calc")', "EXEC"),
    ('=HYPERLINK("javascript:alert(1)","a")', "HYPERLINK"),
    ("=HYPERLINK(\"cmd|'/c calc'!A0\")", "HYPERLINK"),
    ('=_xlfn.IMAGE("http://example.org/a.png")', "IMAGE"),
    ("of:='file:///tmp/a.ods'#$A.A1", "link"),
    ('=IMPORTXML("http://a","b")', "IMPORTXML"),
]


@pytest.mark.hostile(XLSX)
@pytest.mark.parametrize(("formula", "word"), FORMULAS)
def test_formulas_that_ask_others_are_known(formula: str, word: str) -> None:
    assert active_formula(formula) == word


@pytest.mark.parametrize(
    "formula",
    [
        "=SUM(A1:A3)", '=IF(A1="a|b",1,2)', "='a|b'!A1", '=HYPERLINK("https://example.org","see")', "=RECALL(1)",
        '=HYPERLINK("#\'Figures\'!A1","a")', '=IF(N(I8)>0,100*N(H8)/N(I8),"")', "=VLOOKUP(A1,B:C,2,FALSE)", "=COPY(1)",
    ],
)  # fmt: skip
def test_formulas_that_people_use_are_not(formula: str) -> None:
    assert not active_formula(formula)


@pytest.mark.hostile(XLSX)
@pytest.mark.parametrize("where", ["cell of another sheet", "name", "rule", "format"])
def test_a_formula_that_asks_others_is_refused_wherever_it_stands(form: Form, where: str) -> None:
    call = '_xlfn.WEBSERVICE("http://example.org")'

    def change(book: openpyxl.Workbook) -> None:
        sheet = book.worksheets[1]
        if where == "cell of another sheet":
            sheet["Z9"] = "=" + call
        elif where == "name":
            book.defined_names["a"] = openpyxl.workbook.defined_name.DefinedName("a", attr_text=call)
        elif where == "rule":
            rule = openpyxl.worksheet.datavalidation.DataValidation("custom", formula1=call)
            rule.add("A1")
            sheet.add_data_validation(rule)
        else:
            sheet.conditional_formatting.add("A1", openpyxl.formatting.rule.FormulaRule([call]))

    (fault,) = judged(form, filled(form, change=change)).faults
    assert "WEBSERVICE" in fault.found
    assert where != "cell of another sheet" or "sheet2.xml Z9" in fault.found
    assert "Type the value" in fault.remedy


SCRIPTS: dict[str, tuple[Parts, str]] = {
    "Python": ({"Scripts/python/a.py": "import os"}, "Scripts/python/a.py"),
    "Basic": ({"B/a.xml": '<m:module xmlns:m="http://openoffice.org/2000/script">Sub Main</m:module>'}, "B/a.xml"),
    "library": (
        {"B/l.xml": '<l:library xmlns:l="http://openoffice.org/2000/library"><l:element/></l:library>'},
        "B/l.xml",
    ),
    "OLE object": ({"Object 1": OLE}, "Object 1"),
}
ELEMENTS = {
    "event listener": '<s:event-listener xmlns:s="urn:oasis:names:tc:opendocument:xmlns:script:1.0"/>',
    "DDE": '<table:dde-link><office:dde-source office:dde-application="cmd"/></table:dde-link>',
    "table of another file": '<table:table-source xmlns:x="http://www.w3.org/1999/xlink" x:href="http://example.org"/>',
    "picture of another place": '<d:image xmlns:d="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" '
    'xmlns:x="http://www.w3.org/1999/xlink" x:href="http://example.org/a.png"/>',
    "link that runs": '<text:a xmlns:x="http://www.w3.org/1999/xlink" x:href="vbscript:a"/>',
    "applet": '<d:applet xmlns:d="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"/>',
    "web formula": '<table:table-cell table:formula="of:=WEBSERVICE(&quot;http://example.org&quot;)"/>',
}


@pytest.mark.hostile(ODS)
@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_of_opendocument_are_refused(form: Form, name: str) -> None:
    parts, told = SCRIPTS[name]
    (fault,) = judged(form, with_more(as_ods(filled(form)), parts), "figures.ods").faults
    assert told in fault.found


@pytest.mark.hostile(ODS)
@pytest.mark.parametrize("name", ELEMENTS)
def test_active_elements_of_opendocument_are_refused(form: Form, name: str) -> None:
    content = replaced(
        as_ods(filled(form)), "content.xml",
        lambda part: part.replace(b"<office:spreadsheet>", b"<office:spreadsheet>" + ELEMENTS[name].encode()),
    )  # fmt: skip
    (fault,) = judged(form, content, "figures.ods").faults
    assert "content.xml" in fault.found


@pytest.mark.hostile(ODS)
@pytest.mark.parametrize("kind", ["vnd.sun.star.basic-library", "vnd.sun.star.script"])
def test_scripts_that_the_manifest_names_are_refused(form: Form, kind: str) -> None:
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entry = f'<m:file-entry m:full-path="B/" m:media-type="application/{kind}"/>'
    manifest = {"META-INF/manifest.xml": f'<m:manifest xmlns:m="{space}">{entry}</m:manifest>'}
    (fault,) = judged(form, with_more(as_ods(filled(form)), manifest), "a.ods").faults
    assert "macros or scripts" in fault.found


@pytest.mark.hostile(ODS)
def test_an_opendocument_file_with_a_password_is_told(form: Form) -> None:
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    entry = '<m:file-entry m:full-path="content.xml"><m:encryption-data/></m:file-entry>'
    parts = {"META-INF/manifest.xml": f'<m:manifest xmlns:m="{space}">{entry}</m:manifest>', "content.xml": b"\x93\x12"}
    (fault,) = judged(form, with_more(as_ods(filled(form)), parts), "a.ods").faults
    assert "a file with a password" in fault.found
    assert "Remove the password" in fault.remedy


@pytest.mark.hostile(XLSX)
def test_a_workbook_with_a_password_is_told_apart_from_an_old_one(form: Form) -> None:
    locked = judged(form, OLE + "EncryptedPackage".encode("utf-16-le")).faults[0]
    assert "Remove the password" in locked.remedy
    assert judged(form, OLE).faults[0].found == "an old Excel file, or one with a password"


@pytest.mark.hostile("CSV")
@pytest.mark.parametrize(
    "text", ["=cmd|'/c calc'!A0", "+cmd|'/c calc'!A0", "-2+3+cmd|'/c calc'!A0", "@SUM(1+1)*cmd|'/c calc'!A0"]
)
def test_data_exchange_in_csv_is_refused(form: Form, text: str) -> None:
    (fault,) = judged(form, f'Code,Value,Note\nqd766_online,5,"{text}"\n'.encode(), "a.csv").faults
    assert "DDE" in fault.found
    assert "C2" in fault.found


@pytest.mark.parametrize("text", ["- a | b", "-5", "+84 214 123", "- on time | late!", "@ward", "- CALL (office)"])
def test_notes_of_csv_that_people_write_are_not(text: str) -> None:
    assert not active_text(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_told_in_the_readers_language(form: Form, language: str) -> None:
    found = validate("a.xlsx", with_more(filled(form), {"xl/code.bin": VBA}), form, "h", translator(language)).faults[0]
    assert "xl/code.bin" in found.found
    assert (language == "en") == ("macros" in found.remedy)


UNTOUCHED: dict[str, Callable[[openpyxl.Workbook], object]] = {
    "links to pages": lambda book: setattr(book.worksheets[1]["A20"], "hyperlink", "https://example.org/a"),
    "comments": lambda book: setattr(book.worksheets[1]["A21"], "comment", openpyxl.comments.Comment("a", "b")),
    "names": lambda book: book.defined_names.update(
        {"a": openpyxl.workbook.defined_name.DefinedName("a", attr_text="Figures!$A$1")}
    ),
    "formulas": lambda book: setattr(book.worksheets[1]["A22"], "value", "=SUM(A1:A3)"),
    "a chart": lambda book: book.worksheets[1].add_chart(openpyxl.chart.BarChart(), "A30"),
}


@pytest.mark.parametrize("name", UNTOUCHED)
def test_what_does_not_act_is_let_pass(form: Form, name: str) -> None:
    found = judged(form, filled(form, change=lambda book: UNTOUCHED[name](book)))
    assert (found.faults, len(found.figures)) == ([], len(form.rows))
