"""What other programs write into a workbook otherwise than Excel does, brought into the form that openpyxl reads.

Owns the parts of an .xlsx archive around its cells: namespaces, styles, number formats. Changes no cell.
"""

from __future__ import annotations

import io
import operator
import re
import zipfile
from xml.etree import ElementTree

_STRICT, _USUAL = b"http://purl.oclc.org/ooxml/", b"http://schemas.openxmlformats.org/"
_NAMESPACES = {  # of Strict Open XML (ISO 29500) and of what Excel writes by itself
    b"spreadsheetml/main": b"spreadsheetml/2006/main",
    b"drawingml/main": b"drawingml/2006/main",
    b"officeDocument/relationships": b"officeDocument/2006/relationships",
    b"officeDocument/extendedProperties": b"officeDocument/2006/extended-properties",
}
_STYLES = "xl/styles.xml"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LITERAL = re.compile(r'"([^"]*)"?|\\(.)|[_*].|\[(?![<>=])[^\]]*\]')
_CONDITION = re.compile(r"\[(<=|>=|<>|=|<|>)\s*(-?[\d.]+)\]")
_COMPARE = {
    "<=": operator.le,
    ">=": operator.ge,
    "<>": operator.ne,
    "=": operator.eq,
    "<": operator.lt,
    ">": operator.gt,
}


def usual_parts(content: bytes) -> bytes:
    """Return a workbook with the namespaces that Excel writes, and of its styles the number formats alone.

    Fonts, colours and borders mean nothing for a figure, and openpyxl refuses the whole file for one that it does not
    know; of the properties (author, dates) the same is true, so they are left out.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(buffer, "w") as written:
        for name in archive.namelist():
            if name.startswith("docProps/") or not name.endswith((".xml", ".rels")):
                continue
            part = archive.read(name)
            if is_strict(archive):
                for strict, usual in _NAMESPACES.items():
                    part = part.replace(_STRICT + strict, _USUAL + usual)
            written.writestr(name, _number_formats(part) if name == _STYLES else part)
    return buffer.getvalue()


def is_strict(archive: zipfile.ZipFile) -> bool:
    """Tell whether a workbook was saved as Strict Open XML, in which openpyxl finds no sheets."""
    return _STRICT in archive.read("xl/workbook.xml")


def _number_formats(styles: bytes) -> bytes:
    """Return styles with everything but the number format of each cell style as plain as can be."""
    found = ElementTree.fromstring(styles)  # noqa: S314 - document types were refused before, see ``limits``
    root = ElementTree.Element(_MAIN + "styleSheet")
    formats = ElementTree.SubElement(root, _MAIN + "numFmts")
    formats.extend(found.findall(f"{_MAIN}numFmts/{_MAIN}numFmt"))
    for part, child in (("fonts", "font"), ("fills", "fill"), ("borders", "border"), ("cellStyleXfs", "xf")):
        parent = ElementTree.SubElement(root, _MAIN + part)
        item = ElementTree.SubElement(parent, _MAIN + child)
        if child == "fill":
            ElementTree.SubElement(item, _MAIN + "patternFill")
    looks = ElementTree.SubElement(root, _MAIN + "cellXfs")
    for look in found.findall(f"{_MAIN}cellXfs/{_MAIN}xf"):
        ElementTree.SubElement(looks, _MAIN + "xf", numFmtId=look.get("numFmtId", "0"))
    names = ElementTree.SubElement(root, _MAIN + "cellStyles")
    ElementTree.SubElement(names, _MAIN + "cellStyle", name="Normal", xfId="0", builtinId="0")
    return ElementTree.tostring(root)


def percent_of(number_format: str, number: float) -> int:
    """Return what a number is multiplied by to be shown with a percent sign, 0 where it is shown without one.

    A bare % multiplies by 100; one that is quoted or escaped is a text behind the number as it is.
    """
    bare = _LITERAL.sub(lambda match: "\0" if "%" in (match[1] or match[2] or "") else "", number_format)
    sections = bare.split(";")
    shown = sections[0]
    if any(_CONDITION.search(section) for section in sections):
        for shown in sections:
            condition = _CONDITION.search(shown)
            if condition is None or _COMPARE[condition[1]](number, float(condition[2])):
                break
    elif number < 0 and len(sections) > 1:
        shown = sections[1]
    elif number == 0 and len(sections) > 2:
        shown = sections[2]
    return 100 if "%" in shown else int("\0" in shown)
