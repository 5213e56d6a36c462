"""From bytes to records: every fault is told with its line, and none of them hides the others."""

from __future__ import annotations

from pathlib import Path

import pytest

from wardstats.core.data_files import Reader, toml_line
from wardstats.core.records import Adjustment, Benchmark, Block, Target

HEADER = "unit_code,indicator_code,year,target,signed_on\n"


def _read(folder: Path, content: str | bytes, name: str = "targets.csv") -> Reader:
    raw = content.encode() if isinstance(content, str) else content
    (folder / name).write_bytes(raw)
    return Reader(folder)


def _told(reader: Reader) -> list[tuple[int | None, str | None, str]]:
    return [(problem.line, problem.column, problem.found) for problem in reader.problems]


def test_a_row_becomes_a_record_with_its_line(tmp_path: Path) -> None:
    reader = _read(tmp_path, HEADER + "w01,green_space,2026,12.5,2026-01-20\n\n w02 ,green_space,2026,3,\n")
    first, second = reader.records("targets.csv", Target)
    assert (first[0], second[0]) == (2, 4)
    assert (first[1].target, str(first[1].signed_on)) == (12.5, "2026-01-20")
    assert (second[1].unit_code, second[1].signed_on) == ("w02", None)
    assert reader.problems == []


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_mark_are_accepted(tmp_path: Path, ending: str, mark: bytes) -> None:
    text = HEADER + "w01,a,2026,1,\nw02,a,2026,x,\n"
    reader = _read(tmp_path, mark + text.replace("\n", ending).encode())
    assert [record.unit_code for _, record in reader.records("targets.csv", Target)] == ["w01"]
    assert _told(reader) == [(3, "target", "'x'")]


def test_columns_in_another_order(tmp_path: Path) -> None:
    reader = _read(tmp_path, "target,year,signed_on,indicator_code,unit_code\n5,2026,,a,w01\n")
    [(_, target)] = reader.records("targets.csv", Target)
    assert (target.unit_code, target.target) == ("w01", 5)


def test_lines_are_counted_as_an_editor_counts_them(tmp_path: Path) -> None:
    """A quoted text may span lines; what follows keeps the line it stands in."""
    reader = _read(
        tmp_path,
        'unit_code,period,points,reason,source_id\nw01,2026-01,1,"two\nlines",s\nw02,2026-01,x,late,s\n',
        "adjustments.csv",
    )
    [(line, adjustment)] = reader.records("adjustments.csv", Adjustment)
    assert (line, adjustment.reason) == (2, "two\nlines")
    assert _told(reader) == [(4, "points", "'x'")]


@pytest.mark.parametrize(
    ("cell", "found"),
    [("NaN", "nan"), ("inf", "inf"), ("12,5", None), ("12.5 m2", "'12.5 m2'"), ("", "nothing"), ("0x1F", "'0x1F'")],
)
def test_what_is_no_number(tmp_path: Path, cell: str, found: str | None) -> None:
    reader = _read(tmp_path, HEADER + f"w01,a,2026,{cell},\n")
    assert reader.records("targets.csv", Target) == []
    [problem] = reader.problems
    assert (problem.file, problem.line) == ("targets.csv", 2)
    if found is None:  # an unquoted decimal comma is a cell too many
        assert problem.found == "6 cells"
    else:
        assert (problem.column, problem.found.lower()) == (
            "target",
            found.lower() if found[0] == "'" else problem.found.lower(),
        )
        assert problem.expected
        assert problem.remedy


def test_every_fault_of_a_line_and_of_all_lines_is_told(tmp_path: Path) -> None:
    reader = _read(tmp_path, HEADER + "w 1,a,2026,x,\nw02,a,1,1,20/01/2026\n")
    reader.records("targets.csv", Target)
    assert [(line, column) for line, column, _ in _told(reader)] == [
        (2, "unit_code"), (2, "target"), (3, "year"), (3, "signed_on"),
    ]  # fmt: skip


def test_text_must_be_composed(tmp_path: Path) -> None:
    reader = _read(
        tmp_path, "area_name,indicator_code,period,value,source_id\nTi\u0309nh,a,2026,1,s\n", "benchmarks.csv"
    )
    reader.records("benchmarks.csv", Benchmark)
    [problem] = reader.problems
    assert (problem.line, problem.column) == (2, "area_name")
    assert "NFC" in problem.expected


@pytest.mark.parametrize(
    ("header", "column", "found"),
    [
        ("unit_code,indicator_code,year,signed_on", "target", "no such column"),
        (HEADER.strip() + ",colour", "colour", "unknown column 'colour'"),
        (HEADER.strip() + ",target", "target", "a column twice"),
        ("", "unit_code,indicator_code,year,target,signed_on", "no such column"),
    ],
)
def test_wrong_header(tmp_path: Path, header: str, column: str, found: str) -> None:
    reader = _read(tmp_path, header + "\nw01,a,2026,1,,,\n")
    assert reader.records("targets.csv", Target) == []
    assert _told(reader) == [(1, column, found)]


def test_a_misspelt_column_is_told_as_missing_and_as_unknown(tmp_path: Path) -> None:
    reader = _read(tmp_path, HEADER.replace("target", "targt"))
    reader.records("targets.csv", Target)
    assert _told(reader) == [(1, "target", "no such column"), (1, "targt", "unknown column 'targt'")]


def test_missing_file(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    assert reader.records("targets.csv", Target, is_required=False) == []
    assert reader.problems == []
    assert reader.records("targets.csv", Target) == []
    assert _told(reader) == [(None, None, "no such file")]


def test_a_required_file_with_nothing_but_its_header(tmp_path: Path) -> None:
    reader = _read(tmp_path, HEADER)
    reader.records("targets.csv", Target, is_required=False)
    assert reader.problems == []
    reader.records("targets.csv", Target)
    assert _told(reader) == [(None, None, "no line below the header")]


def test_a_file_in_another_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    reader = _read(tmp_path, (HEADER + "w01,a,2026,1,\nw\xe9,a,2026,1,\n").encode("latin-1"))
    assert reader.records("targets.csv", Target) == []
    assert _told(reader) == [(3, None, "byte 0xe9")]


def test_a_quote_left_open_does_not_swallow_the_rest_of_the_file(tmp_path: Path) -> None:
    reader = _read(tmp_path, HEADER + 'w01,a,2026,1,\nw02,a,2026,1,"\nw03,a,2026,1,\n')
    assert reader.records("targets.csv", Target) == []
    [problem] = reader.problems
    assert problem.line == 3
    assert "quote" in problem.remedy


def test_a_code_on_a_faulty_line_is_known_all_the_same(tmp_path: Path) -> None:
    """Else one fault would be told again at every line that refers to it."""
    reader = _read(tmp_path, HEADER + "w01,a,2026,x,\nw02,a,2026,1\nw03,a,2026,1,\n")
    reader.records("targets.csv", Target)
    assert {line for line, _, _ in _told(reader)} == {2, 3}
    assert [reader.is_unknown(code, "targets.csv") for code in ("w01", "w02", "w03", "w04", "")] == [
        False, False, False, True, True,
    ]  # fmt: skip


def test_of_a_file_that_cannot_be_read_no_code_is_unknown_but_the_empty_one(tmp_path: Path) -> None:
    reader = Reader(tmp_path)
    reader.records("targets.csv", Target)
    assert not reader.is_unknown("w01", "targets.csv")
    assert reader.is_unknown("", "targets.csv")


def test_toml_that_does_not_parse(tmp_path: Path) -> None:
    reader = _read(tmp_path, 'frequency = "month"\nname = {\n', "block.toml")
    assert reader.toml("block.toml") is None
    assert reader.problems[0].file == "block.toml"
    assert reader.problems[0].expected == "valid TOML"


def test_faults_in_toml_are_told_with_their_line(tmp_path: Path) -> None:
    text = """frequency = "week"
[name]
vi = "A"
en = "B"
hi = "C"
[years.2026]
criteria = "../2026.csv"
missing = "zero"
is_sample = false
colour = "red"
[years.2027]
criteria = "c.csv"
missing = "zero"
"""
    reader = _read(tmp_path, text, "block.toml")
    found = reader.toml("block.toml")
    assert found is not None
    assert reader.toml_record("block.toml", Block, *found) is None
    assert sorted((line or 0, column) for line, column, _ in _told(reader)) == [
        (1, "frequency"), (7, "years.2026.criteria"), (10, "years.2026.colour"), (11, "years.2027.is_sample"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "line"),
    [(["a"], 1), (["t"], 2), (["t", "b"], 3), (["t", "u", "c"], 5), (["t", "missing"], 2), (["nowhere"], None)],
)
def test_line_of_a_toml_key(path: list[str], line: int | None) -> None:
    assert toml_line('a = 1\n[t]\nb = 2\n["t".u]\n"c" = 3\n', path) == line


def test_digests_tell_what_was_read(tmp_path: Path) -> None:
    first = _read(tmp_path, HEADER)
    first.records("targets.csv", Target, is_required=False)
    second = _read(tmp_path, HEADER + "w01,a,2026,1,\n")
    second.records("targets.csv", Target)
    assert first.digests.keys() == second.digests.keys() == {"targets.csv"}
    assert first.digests != second.digests


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize(
    ("typed", "target"),
    [("12,5", 12.5), ("12.5", 12.5), ("-0,5", -0.5), ("0,125", 0.125), ("1234,5", 1234.5), (",5", 0.5), ("7", 7.0)],
)
def test_a_file_as_a_vietnamese_spreadsheet_saves_it(tmp_path: Path, delimiter: str, typed: str, target: float) -> None:
    lines = [HEADER, f"w01,a,2026,{typed.replace(',', '|')},2026-01-20\r\n"]
    text = "".join(lines).replace(",", delimiter).replace("|", ",")
    reader = _read(tmp_path, b"\xef\xbb\xbf" + text.encode())
    [(line, record)] = reader.records("targets.csv", Target)
    assert (line, record.target, reader.problems) == (2, target, [])


@pytest.mark.parametrize(
    ("typed", "remedy"),
    [("1,234", "one nought more"), ("12,345", "one nought more"), ("9,7,5", "a point only"), ("9 75", "a point only")],
)
def test_a_number_with_two_meanings_is_told(tmp_path: Path, typed: str, remedy: str) -> None:
    reader = _read(tmp_path, HEADER.replace(",", ";") + f"w01;a;2026;{typed};\nw02;a;2026;1.234;\n")
    assert [record.target for _, record in reader.records("targets.csv", Target)] == [1.234]
    [problem] = reader.problems
    assert (problem.line, problem.column, problem.found) == (2, "target", repr(typed))
    assert remedy in problem.remedy


def test_other_numbers_of_a_file_show_what_its_commas_are(tmp_path: Path) -> None:
    """9,75 is no thousands, so 1,234 is none beside it; but 1.234 may be 1234 there."""
    lines = "w01;a;2026;9,75;\nw02;a;2026;1,234;\nw03;a;2026;1.234;\nw04;a;2026;12.5;\n"
    reader = _read(tmp_path, HEADER.replace(",", ";") + lines)
    assert [record.target for _, record in reader.records("targets.csv", Target)] == [9.75, 1.234, 12.5]
    assert _told(reader) == [(4, "target", "'1.234'")]


@pytest.mark.parametrize(
    ("code", "known", "advice"),
    [
        ("2647", {"02647", "03006"}, "It is 02647 without its noughts: store the codes of this file as text."),
        ("2647.0", {"02647"}, "It is 02647 without its noughts: store the codes of this file as text."),
        ("7", {"007"}, "It is 007 without its noughts: store the codes of this file as text."),
        ("02647", {"2647"},
         "units.csv has 2647, which is this code without its noughts: store the codes there as text."),
        ("7", {"007", "07"}, "Add it there, or correct it here."),
        ("2648", {"02647"}, "Add it there, or correct it here."),
        ("", {"0"}, "Add it there, or correct it here."),
    ],
)  # fmt: skip
def test_a_code_that_lost_its_noughts_is_advised(tmp_path: Path, code: str, known: set[str], advice: str) -> None:
    assert Reader(tmp_path, codes={"units.csv": known}).advice(code, "units.csv") == advice
