"""CSV as programs and people write it: read as it was meant, or refused with what to do."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from tests.intake_files import ENGLISH, PERIOD, UNIT, desk_in, filled, rows_of
from wardstats.intake.form import Form
from wardstats.intake.validation import Validated, validate

Rows = list[list[Any]]


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Form:
    return desk_in(tmp_path_factory.mktemp("desk")).form(UNIT, PERIOD)


@pytest.fixture(scope="module")
def rows(form: Form) -> Rows:
    return [
        ["" if value is None or str(value).startswith("=IF") else value for value in row]
        for row in rows_of(filled(form))
    ]


def written(rows: Rows, delimiter: str = ",", end: str = "\r\n", **options: Any) -> str:
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator=end, **options).writerows(rows)
    return buffer.getvalue()


def judged(form: Form, content: str | bytes) -> Validated:
    return validate("figures.csv", content.encode() if isinstance(content, str) else content, form, "handin", ENGLISH)


def assert_whole(form: Form, content: str | bytes) -> None:
    found = judged(form, content)
    assert found.faults == []
    assert found.figures == judged_workbook(form).figures


def judged_workbook(form: Form) -> Validated:
    return validate("figures.xlsx", filled(form), form, "handin", ENGLISH)


@pytest.mark.hostile("CSV")
@pytest.mark.parametrize(
    ("delimiter", "encoding", "end"),
    product(",;\t", ("utf-8", "utf-8-sig", "utf-16"), ("\r\n", "\n", "\r")),
    ids=lambda text: repr(text),
)
def test_every_delimiter_encoding_and_line_end(form: Form, rows: Rows, delimiter: str, encoding: str, end: str) -> None:
    assert_whole(form, written(rows, delimiter, end).encode(encoding))


CHANGES: dict[str, Callable[[Rows], str]] = {
    "every cell in quotes": lambda rows: written(rows, ";", quoting=csv.QUOTE_ALL),
    "a title of more commas than columns": lambda rows: "Report" + ", and more" * 30 + "\r\n" + written(rows, ";"),
    "a title of more semicolons": lambda rows: "Báo cáo" + "; thêm" * 30 + "\r\n" + written(rows, ","),
    "a title of more tabs": lambda rows: "Báo cáo" + "\tthêm" * 30 + "\r\n" + written(rows, ","),
    "a quoted title of commas": lambda rows: '"' + "a, " * 60 + '"\r\n' + written(rows, ";"),
    "a note of commas below": lambda rows: written(rows, ";") + "Note:" + " one," * 40 + "\r\n",
    "empty lines before and between": lambda rows: "\r\n\r\n" + written(rows).replace("\r\n", "\r\n\r\n"),
    "lines of delimiters below": lambda rows: written(rows) + "," * 15 + "\r\n" + "," * 15 + "\r\n",
    "delimiters without end": lambda rows: "\r\n".join(line + "," * 60 for line in written(rows).splitlines()),
    "spaces around": lambda rows: written([[f"  {cell} \u00a0" if cell != "" else "" for cell in row] for row in rows]),
    "no end of the last line": lambda rows: written(rows).rstrip("\r\n"),
    "two marks of UTF-8": lambda rows: "\ufeff" + written(rows),
    "a quote too many": lambda rows: '"' + written(rows),
    "a picture of letters": lambda rows: "😀" * 500 + "\r\n" + written(rows),
}
REFUSED: dict[str, tuple[Callable[[Rows], str | bytes], str]] = {
    "Windows-1258": (lambda rows: written(rows).encode("cp1258", "replace"), "unknown encoding"),
    "TCVN3": (lambda rows: written(rows).encode("utf-8") + b"T\xaen ph\xad\xeang, x\xb7", "unknown encoding"),
    "UTF-8 cut within a letter": (lambda rows: written(rows).encode() + "ệ".encode()[:2], "unknown encoding"),
    "UTF-16 of an odd length": (lambda rows: written(rows).encode("utf-16")[:-1], "unknown encoding"),
    "UTF-16 without a mark": (lambda rows: written(rows).encode("utf-16-le"), "another kind"),
    "UTF-32": (lambda rows: written(rows).encode("utf-32"), ""),
    "a nought far below": (lambda rows: written(rows) + "x" * 5000 + "\x00", "damaged"),
    "no heading": (lambda rows: "\n".join("1,2,3" for _ in range(30)), "no table"),
    "one letter": (lambda rows: "x", "no table"),
    "lines of delimiters only": (lambda rows: ",,\n" * 1_000_000, "too many"),
    "delimiters only": (lambda rows: "," * 4_000_000, ""),
    "line ends only": (lambda rows: "\n" * 4_000_000, "too many"),
    "a cell of megabytes": (lambda rows: '"' + "x" * 2_000_000 + '"', ""),
    "more rows than are read": (lambda rows: written(rows) + "a,b\n" * 4_000, "too many"),
    "more cells than are read": (lambda rows: written(rows) + (("a," * 100) + "\n") * 2_900, "too many"),
    "a page": (lambda rows: "<html><table><tr><td>Code</td></tr></table></html>", "no table"),
    "a program": (lambda rows: "#!/bin/sh\nrm -rf /\n", "no table"),
    "the table twice": (lambda rows: written(rows) + written(rows), ""),
}
NUMBERS = [
    "=1+1", "=cmd|' /C calc'!A0", "=HYPERLINK(\"http://evil.test\")", "@SUM(1)", "+cmd", "-cmd", "1;2", "1,2,3", "NaN",
    "inf", "1e999", "0x10", "1/2", "٣٫٥ x", "5 of 6", "12,5,", "--5", "1_000", "<b>5</b>", "5\u202e",
    "\u202e5", "5\x0b6", "TRUE", "#REF!",
]  # fmt: skip


@pytest.mark.hostile("CSV")
@pytest.mark.parametrize("name", CHANGES)
def test_what_is_meant_is_read(form: Form, rows: Rows, name: str) -> None:
    assert_whole(form, CHANGES[name](rows))


@pytest.mark.hostile("CSV")
@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_table_is_refused_in_words(form: Form, rows: Rows, name: str) -> None:
    content, told = REFUSED[name][0](rows), REFUSED[name][1]
    found = judged(form, content)
    assert found.faults and not found.figures
    assert told in found.faults[0].found, found.faults[0]
    assert all((found.faults[0].expected, found.faults[0].remedy))


@pytest.mark.hostile("CSV")
@pytest.mark.parametrize("text", NUMBERS, ids=lambda text: text.encode("unicode_escape").decode())
def test_no_text_becomes_a_number(form: Form, rows: Rows, text: str) -> None:
    code, row = next((code, row) for code, row in form.rows.items() if row.is_ratio)
    changed = [[text if value == 180 and str(code) in line else value for value in line] for line in rows]
    assert changed != rows
    found = judged(form, written(changed, ";"))
    assert found.faults and not found.figures
    assert {fault.indicator for fault in found.faults} <= {code, ""}, row  # without one: the file is refused whole
