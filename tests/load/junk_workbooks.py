"""Junk that an officer may upload: small files that cost the libraries much, and files that are wrong in any way."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable

import openpyxl

from tests.intake.test_validation_fuzz import an_upload
from tests.intake_files import archive, filled, ods_of, place, replaced
from wardstats.intake.form import Form
from wardstats.intake.handing_in import Upload

SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"


def junk(form: Form, mutated: int = 40) -> list[Upload]:
    """Return one upload of each kind, and so many honest ones with something changed at random."""
    bombs = [Upload(f"{name}.{name.rpartition(' ')[2]}", make(form)) for name, make in KINDS.items()]
    return [*bombs, *(an_upload(form, number) for number in range(mutated))]


def _styles(tag: bytes) -> Callable[[Form], bytes]:
    """Return what makes a workbook with a megabyte of one empty style, 15 KB when packed."""
    single = b"<" + tag + b"/>"
    close = {b"xf": b"</cellXfs>", b"font": b"</fonts>"}[tag]
    more = single * (1_000_000 // len(single))
    return lambda form: replaced(filled(form), STYLES, lambda text: text.replace(close, more + close))


def _merged(form: Form) -> bytes:
    area = b"</sheetData><mergeCells><mergeCell ref='Q1:XFD1048576'/></mergeCells>"
    plain = filled(
        form,
        {place(form, next(iter(form.rows)), "numerator"): 999},
        change=lambda book: setattr(book.worksheets[0].merged_cells, "ranges", set()),
    )
    return replaced(plain, SHEET, lambda text: text.replace(b"</sheetData>", area, 1))


def _properties(form: Form) -> bytes:
    one = (
        '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="a"><vt:lpwstr>x</vt:lpwstr></property>'
    )
    with zipfile.ZipFile(io.BytesIO(filled(form))) as found:
        members: dict[str, str | bytes] = {name: found.read(name) for name in found.namelist()}
    spaces = (
        'xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
        'xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"'
    )
    return archive(members | {"docProps/custom.xml": f"<Properties {spaces}>{one * 100_000}</Properties>"})


def _many_cells(form: Form) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(filled(form)))
    sheet = book.worksheets[0]
    chance = random.Random(19)
    for number in range(100, 2_000):
        for column in range(1, 100):
            sheet.cell(number, column, chance.randrange(100))
    sheet[place(form, next(iter(form.rows)), "numerator")] = 999
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


KINDS: dict[str, Callable[[Form], bytes]] = {
    "styles xlsx": _styles(b"xf"),
    "fonts xlsx": _styles(b"font"),
    "merged area xlsx": _merged,
    "properties xlsx": _properties,
    "190,000 cells xlsx": _many_cells,
    "unpacked bomb xlsx": lambda form: archive({"[Content_Types].xml": "<a/>", "xl/workbook.xml": b"0" * 60_000_000}),
    "spaces ods": lambda form: ods_of(
        "<table:table-row><table:table-cell><text:p>"
        + "<text:s/>" * 1_000_000
        + "</text:p></table:table-cell></table:table-row>"
    ),
    "repeated cells ods": lambda form: ods_of(
        '<table:table-row table:number-rows-repeated="2000000000"><table:table-cell '
        'table:number-columns-repeated="2000000000" office:value-type="float" office:value="1"/></table:table-row>'
    ),
    "one long line csv": lambda form: b"Code,Value\n" + b"," * 4_000_000,
    "random bytes xlsx": lambda form: random.Random(19).randbytes(500_000),
}
