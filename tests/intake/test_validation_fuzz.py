"""Whatever is uploaded is judged: accepted rightly, or refused with a reason. No traceback, no half, bounded memory.

``WARDSTATS_UPLOADS=2000 python -m pytest tests/intake/test_validation_fuzz.py`` tries more of them.
"""

from __future__ import annotations

import io
import os
import random
import resource
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake_files import ENGLISH, OFFICER, PERIOD, UNIT, archive, as_csv, as_ods, desk_in, filled, place
from wardstats.intake import handing_in
from wardstats.intake.columns import INPUTS, KEYS
from wardstats.intake.faults import RejectedError
from wardstats.intake.form import Form
from wardstats.intake.handing_in import DuplicateError, Upload
from wardstats.intake.marking import marked_copy
from wardstats.intake.numbers import readings
from wardstats.intake.validation import Validated, validate
from wardstats.intake.workspace import Workspace
from wardstats.ledger import StaleError

UPLOADS = int(os.environ.get("WARDSTATS_UPLOADS", "50"))
GROWTH_MB = 400
CELLS: list[Any] = [
    None, "", " ", 0, 1, -1, 0.5, 1e308, -1e308, 1e-320, 2**53, True, False, "=1+1", "=cmd|' /C calc'!A0", "@SUM(1)",
    "1.234,5", "1,234.5", "1.234", "12,5", "87,5%", "NaN", "inf", "abc", "<script>alert(1)</script>", "\u202e5",
    "5\x0b", "x" * 6000, "đ" * 300, "2026-10", "10/2026", "nothing arose", "chưa có số liệu", "Numerator", "Code",
    "#REF!", "#N/A",
]  # fmt: skip


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return desk_in(tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def form(workspace: Workspace) -> Form:
    return workspace.form(UNIT, PERIOD)


def mutated_cells(form: Form, chance: random.Random) -> bytes:
    """Write anything anywhere: in inputs, codes, headings, beside and below the table."""
    cells: dict[str, Any] = {}
    for _ in range(chance.randint(1, 8)):
        code, key = chance.choice(list(form.rows)), chance.choice([*INPUTS, *KEYS])
        cells[place(form, code, key)] = chance.choice(CELLS)
    for _ in range(chance.randint(0, 3)):
        cells[f"{chance.choice('ABCHJLQZ')}{chance.randint(1, 60)}"] = chance.choice(CELLS)
    cells = {key: value for key, value in cells.items() if not (isinstance(value, str) and "\x0b" in value)}

    def structure(book: Any) -> None:
        sheet = book.worksheets[0]
        for _ in range(chance.randint(0, 2)):
            what = chance.randint(0, 6)
            if what == 0:
                sheet.insert_rows(chance.randint(1, 40), chance.randint(1, 3))
            elif what == 1:
                sheet.delete_rows(chance.randint(1, 40), chance.randint(1, 3))
            elif what == 2:
                sheet.insert_cols(chance.randint(1, 16))
            elif what == 3:
                sheet.delete_cols(chance.randint(1, 16))
            elif what == 4:
                book.create_sheet("x", chance.randint(0, 1))
            elif what == 5:
                book.copy_worksheet(sheet)
            else:
                sheet.title = chance.choice(["Số liệu", "a" * 31, "_", "Sheet1"])

    try:
        return filled(form, cells=cells, change=structure)
    except (ValueError, AttributeError, TypeError, IndexError):  # what openpyxl itself refuses to write
        return filled(form, cells={place(form, next(iter(form.rows)), "value"): "abc"})


def mutated_bytes(content: bytes, chance: random.Random) -> bytes:
    """Flip, cut, repeat or move bytes."""
    found = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        at, length = chance.randrange(len(found) or 1), chance.randint(1, 300)
        what = chance.randint(0, 4)
        if what == 0 and found:
            found[at % len(found)] = chance.randrange(256)
        elif what == 1:
            del found[at : at + length]
        elif what == 2:
            found[at:at] = found[at : at + length]
        elif what == 3:
            found[at:at] = chance.randbytes(length)
        else:
            found = found[: max(at, 1)]
    return bytes(found)


def mutated_member(content: bytes, chance: random.Random) -> bytes:
    """Change the XML inside and pack it again, so that the parsers behind the first checks are reached."""
    with zipfile.ZipFile(io.BytesIO(content)) as found:
        members: dict[str, str | bytes] = {name: found.read(name) for name in found.namelist()}
    name = chance.choice(list(members))
    text = members[name] if isinstance(members[name], bytes) else b""
    assert isinstance(text, bytes)
    swaps = [
        (b"<v>", b"<v>9"), (b't="n"', b't="s"'), (b't="inlineStr"', b't="s"'), (b"<row r=", b'<row r="1" x='),
        (b' r="H', b' r="ZZZ'), (b"</c>", b"</c><c/>"), (b'r="', b'r="-'), (b"sheet1", b"sheet9"), (b"<f>", b"<f>1/0+"),
        (b"value-type", b"value-typ"), (b'office:value="', b'office:value="x'),
        (b"table:table-row", b"table:table-cell"),
    ]  # fmt: skip
    for _ in range(chance.randint(1, 4)):
        old, new = chance.choice(swaps)
        text = (
            text.replace(old, new, chance.choice([1, 3, -1])) if chance.random() < 0.8 else mutated_bytes(text, chance)
        )
    if chance.random() < 0.1:
        del members[name]
    else:
        members[name] = text
    return archive(members)


def an_upload(form: Form, number: int) -> Upload:
    chance = random.Random(number)
    content = mutated_cells(form, chance) if chance.random() < 0.6 else filled(form, share=chance.random())
    kind = chance.choice(["xlsx", "xlsx", "xlsx", "ods", "csv"])
    if kind == "csv":
        content = as_csv(content, chance.choice(",;\t"), chance.choice(["utf-8-sig", "utf-16", "utf-8"]))
    elif kind == "ods":
        content = as_ods(content)
    what = chance.random()
    if what < 0.25:
        content = mutated_bytes(content, chance)
    elif what < 0.5 and kind != "csv":
        content = mutated_member(content, chance)
    return Upload(chance.choice([f"a.{kind}", "a.xlsx", "<b>.csv", "báo cáo"]), content)


def check_judged(found: Validated, form: Form) -> None:
    """Either figures within their limits, or reasons; never both, never half a table with a fault in it."""
    assert bool(found.faults) != bool(found.figures)
    for finding in found.findings:
        told = (finding.found, finding.expected, finding.remedy)
        assert all(told), finding
        assert not any("Traceback" in text or "Error(" in text or "0x" in text for text in told[1:]), finding
    for code, figure in found.figures.items():
        row = form.rows[code]
        if figure.value is not None:
            assert row.low <= figure.value <= row.high
        if figure.denominator is not None:
            assert figure.numerator is not None and 0 <= figure.numerator <= max(figure.denominator, 0)


@pytest.mark.hostile("layout, periods, codes, notes, merges")
def test_mutated_workbooks(workspace: Workspace, form: Form, record_property: Callable[[str, object], None]) -> None:
    record_property("tried", UPLOADS)
    before_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    outcomes: Counter[str] = Counter()
    for number in range(UPLOADS):
        upload = an_upload(form, number)
        found = validate(upload.name, upload.content, form, "handin", ENGLISH)
        check_judged(found, form)
        head = workspace.ledger.head
        try:
            entry = handing_in.hand_in(workspace, OFFICER, UNIT, PERIOD, upload, (), ENGLISH)
            assert {change.indicator_code for change in entry.changes} == set(found.figures)
            outcomes["handed in"] += 1
        except RejectedError as error:
            assert len(error.findings) == len(found.faults)
            assert workspace.ledger.head == head
            outcomes["refused whole" if found.grid is None else "refused by cell"] += 1
        except (DuplicateError, StaleError):
            outcomes["the same again"] += 1
        if found.grid is not None and found.faults and number % 5 == 0:
            copy = marked_copy(found.grid, upload.content, found.findings, ENGLISH)
            assert openpyxl.load_workbook(io.BytesIO(copy)).worksheets[0].max_row > 1
    grown_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024 - before_mb
    print(f"{UPLOADS} uploads: {dict(outcomes)}, memory grew by {grown_mb:.0f} MB")
    assert workspace.ledger.verify() == []
    assert len(outcomes) >= 3
    assert grown_mb < GROWTH_MB


_few = settings(
    max_examples=max(UPLOADS // 3, 30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.hostile("archives, bombs, hidden parts, macros (.xlsx)")
@_few
@given(
    content=st.binary(max_size=400), start=st.sampled_from([b"", b"PK\x03\x04", b"\xff\xfe", b"Code,Value\n", b"%PDF"])
)
def test_any_bytes(form: Form, content: bytes, start: bytes, record_property: Callable[[str, object], None]) -> None:
    record_property("tried", 1)  # an example
    check_judged(validate("any", start + content, form, "handin", ENGLISH), form)


_texts = st.text(st.characters(codec="utf-8"), max_size=12)


@pytest.mark.hostile("CSV")
@_few
@given(rows=st.lists(st.tuples(st.sampled_from(["dossiers_on_time", "qd766_online", "?"]), _texts, _texts, _texts)))
def test_any_table_of_texts(
    form: Form, rows: list[tuple[str, ...]], record_property: Callable[[str, object], None]
) -> None:
    record_property("tried", 1)
    import csv

    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerows([("Code", "Numerator", "Denominator", "Value"), *rows])
    check_judged(validate("a.csv", buffer.getvalue().encode(), form, "handin", ENGLISH), form)


@_few
@given(st.floats(min_value=0, max_value=1e12), st.sampled_from(["{:,.4f}", "{:.4f}", "{:,.0f}"]))
def test_a_number_written_in_either_way_is_read_back(number: float, shape: str) -> None:
    english = shape.format(number)
    vietnamese = english.translate(str.maketrans(",.", ".,"))
    expected = float(english.replace(",", ""))
    assert expected in readings(english)
    assert expected in readings(vietnamese)
    assert expected in readings(english.replace(",", "\u00a0"))


@pytest.mark.hostile("archives, bombs, hidden parts, macros (.xlsx)")
def test_a_path_in_an_archive_leads_nowhere(form: Form, tmp_path: Path) -> None:
    content = archive({"../../evil.txt": "x", "xl/workbook.xml": "<a/>", "[Content_Types].xml": "<a/>"})
    assert validate("a.xlsx", content, form, "handin", ENGLISH).faults
    assert not (tmp_path.parent / "evil.txt").exists()
