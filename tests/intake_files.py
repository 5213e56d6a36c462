"""Workbooks as wards hand them in: the block of data/laocai, its template filled in, and the same as ODS and CSV."""

from __future__ import annotations

import csv
import io
import shutil
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
from PIL import Image

from wardstats.core.languages import translator
from wardstats.core.settings import PROJECT, Settings
from wardstats.intake.columns import KEYS
from wardstats.intake.form import Form
from wardstats.intake.handing_in import Upload
from wardstats.intake.workbook import FIRST_ROW, template
from wardstats.intake.workspace import Workspace
from wardstats.ledger.access import Actor

UNIT, OTHER, PERIOD = "03006", "04252", "2026-10"
ENGLISH = translator("en")
OFFICER = Actor("Officer of Sa Pa", "ward_officer", "officer@sapa.test", UNIT)
OTHER_OFFICER = Actor("Officer of Yên Bái", "ward_officer", "officer@yenbai.test", OTHER)
CHECKER = Actor("Checker", "checker", "checker@block.test", OTHER)
SECRETARIAT = Actor("Secretariat", "secretariat", "secretariat@block.test")
# A topic of data/laocai, a day on which members may answer, the last one, and one on which the head may decide.
TOPIC, OPEN_DAY, LAST_DAY, LATER_DAY = "market_fees", date(2026, 11, 30), date(2026, 12, 8), date(2026, 12, 9)
Change = Callable[[Any], None]
_FILLED: dict[tuple[Any, ...], bytes] = {}  # plain ones are asked for again and again


def desk_in(folder: Path, data: Path | None = None) -> Workspace:
    """Return a workspace of data/laocai, or of a copy of it, with an empty ledger."""
    return Workspace.of(Settings(data or PROJECT / "data" / "laocai", folder / "var", None))


def small_ranges(folder: Path, *more_periods: str) -> Path:
    """Return a copy of data/laocai without rank ranges, which take most of a build, and of its last months only."""
    copy = Path(shutil.copytree(PROJECT / "data" / "laocai", folder / "laocai"))
    block = copy / "block.toml"
    block.write_text(block.read_text(encoding="utf-8") + "\n[robustness]\ndraws = 0\n", encoding="utf-8")
    figures = copy / "values" / "demonstration.csv"
    header, *lines = figures.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.split(",")[2] in {"2026-09", PERIOD, "2026-Q2", "2026-Q3", *more_periods}]
    figures.write_text("\n".join([header, *kept]) + "\n", encoding="utf-8")
    return copy


def headed(workspace: Workspace, unit: str) -> Workspace:
    """Return a workspace of the same ledger, in whose copy of the data folder a unit heads the block in 2026."""
    data = workspace.places.data
    copy = Path(shutil.copytree(data, workspace.places.var.parent / f"headed-{unit}" / data.name, dirs_exist_ok=True))
    text = (data / "block.toml").read_text(encoding="utf-8")
    (copy / "block.toml").write_text(text.replace("[years.2026]\n", f'[years.2026]\nhead_unit = "{unit}"\n'), "utf-8")
    return Workspace.of(Settings(copy, workspace.places.var, None))


def place(form: Form, code: str, key: str) -> str:
    """Return the address of a cell of the template."""
    return f"{chr(65 + KEYS.index(key))}{FIRST_ROW + list(form.rows).index(code)}"


def filled(
    form: Form, cells: Mapping[str, Any] | None = None, share: float = 0.9, change: Change | None = None
) -> bytes:
    """Return the template with every line filled in: counts out of 200, values at a fraction of full marks.

    Args:
        form: What is asked.
        cells: More cells by address, after that.
        share: The numerator of every ratio, as a share.
        change: What else is done to the workbook.
    """
    key = (form.unit.unit_code, form.period, form.deadline, tuple(form.rows), share)
    if not cells and change is None and key in _FILLED:
        return _FILLED[key]
    book = openpyxl.load_workbook(io.BytesIO(template(form, ENGLISH)))
    sheet = book.worksheets[0]
    for code, row in form.rows.items():
        if row.is_ratio:
            sheet[place(form, code, "numerator")] = round(200 * share)
            sheet[place(form, code, "denominator")] = 200
        else:
            sheet[place(form, code, "value")] = 5
    for address, value in (cells or {}).items():
        sheet[address] = value
    if change:
        change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    if not cells and change is None:
        _FILLED[key] = buffer.getvalue()
    return buffer.getvalue()


def upload(form: Form, **options: Any) -> Upload:
    """Return the filled-in template as an upload."""
    return Upload(f"{form.unit.unit_code}.xlsx", filled(form, **options))


def rows_of(workbook: bytes) -> list[list[Any]]:
    """Return the cells of a workbook's first sheet."""
    sheet = openpyxl.load_workbook(io.BytesIO(workbook)).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def as_csv(workbook: bytes, delimiter: str = ",", encoding: str = "utf-8-sig") -> bytes:
    """Return a workbook's first sheet as CSV, as a spreadsheet saves it."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter)
    for row in rows_of(workbook):
        writer.writerow(["" if value is None or str(value).startswith("=IF") else value for value in row])
    return buffer.getvalue().encode(encoding)


def as_ods(workbook: bytes, formula_at: tuple[int, int] | None = None) -> bytes:
    """Return a workbook's first sheet as OpenDocument, with empty cells repeated as office programs do."""
    lines = []
    for number, row in enumerate(rows_of(workbook), 1):
        cells = []
        for column, value in enumerate(row, 1):
            if (number, column) == formula_at:
                cells.append('<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"/>')
            elif value is None or str(value).startswith("=IF"):
                cells.append("<table:table-cell/>")
            elif isinstance(value, int | float):
                cells.append(f'<table:table-cell office:value-type="float" office:value="{value}"/>')
            else:
                text = f"<text:p>{escape(str(value))}</text:p>"
                cells.append(f'<table:table-cell office:value-type="string">{text}</table:table-cell>')
        tail = '<table:table-cell table:number-columns-repeated="16000"/>'
        lines.append("<table:table-row>" + "".join(cells) + tail + "</table:table-row>")
    lines.append('<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>')
    return ods_of("".join(lines))


def ods_of(rows: str, name: str = "Figures") -> bytes:
    """Return an OpenDocument spreadsheet of one sheet."""
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="{name}">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    return archive({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def archive(members: Mapping[str, str | bytes]) -> bytes:
    """Return a ZIP archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as found:
        for name, content in members.items():
            found.writestr(name, content)
    return buffer.getvalue()


def members_of(workbook: bytes) -> dict[str, bytes]:
    """Return the members of an archive by name."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as found:
        return {name: found.read(name) for name in found.namelist()}


def replaced(workbook: bytes, member: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook with one member of its archive changed."""
    members = members_of(workbook)
    return archive(members | {member: change(members[member])})


def with_parts(workbook: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook with every member of its archive changed."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as found:
        return archive({name: change(found.read(name)) for name in found.namelist()})


def document() -> bytes:
    """Return a PDF file of one empty page."""
    parts = ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>",
             "<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>"]  # fmt: skip
    text, places = "%PDF-1.7\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(text))
        text += f"{number} 0 obj{part}endobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 4\n0000000000 65535 f \n{table}trailer<</Size 4/Root 1 0 R>>\nstartxref\n{len(text)}\n%%EOF\n"
    return (text + end).encode()


def picture(kind: str = "PNG", **options: Any) -> bytes:
    """Return a picture of a few points, as JPEG, PNG or WEBP."""
    buffer = io.BytesIO()
    Image.new("RGB", (16, 12), (20, 120, 60)).save(buffer, kind, **options)
    return buffer.getvalue()


PDF, PNG = document(), picture()
