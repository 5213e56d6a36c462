"""Rows of a CSV text changed, added and left out: what does not change keeps its letters."""

from __future__ import annotations

import pytest

from wardstats.core.csv_rows import csv_rows, csv_text, with_csv_rows

TEXT = 'code,name,size\na, Ân ,1\n\nb,"Bắc, Sơn",2\nc,"two\nlines",3'
COLUMNS = ("code", "name", "note", "size")


def test_rows_are_told_by_their_keys() -> None:
    assert csv_rows(TEXT, ("code",)) == {
        ("a",): {"code": "a", "name": "Ân", "size": "1"},
        ("b",): {"code": "b", "name": "Bắc, Sơn", "size": "2"},
        ("c",): {"code": "c", "name": "two\nlines", "size": "3"},
    }
    assert csv_rows(None, ("code",)) == {}


def test_the_rows_that_are_in_force_as_they_stand_leave_the_text_alone() -> None:
    rows = csv_rows(TEXT + "\n", ("code",))
    assert with_csv_rows(TEXT + "\n", ("code",), COLUMNS, rows)[0] == TEXT + "\n"


def test_only_lines_that_change_are_written_anew_and_each_is_told_where_it_comes_from() -> None:
    rows = csv_rows(TEXT, ("code",))
    changed = {("b",): {**rows["b",], "size": "7"}, ("a",): None, ("d",): {"code": "d", "name": "x"}}
    text, places = with_csv_rows(TEXT, ("code",), COLUMNS, changed)
    assert text == 'code,name,size\n\nb,"Bắc, Sơn",7\nc,"two\nlines",3\nd,x,\n'
    assert places == {1: 1, 2: 3, 3: ("b",), 4: 5, 5: 6, 6: ("d",)}


def test_a_column_that_is_needed_is_added_to_every_line_and_goes_with_what_needed_it() -> None:
    rows = csv_rows(TEXT, ("code",))
    text, _ = with_csv_rows(TEXT, ("code",), COLUMNS, {("c",): {**rows["c",], "note": "why"}})
    assert text.splitlines()[0] == "code,name,size,note"
    assert csv_rows(text, ("code",))["a",] == {"code": "a", "name": "Ân", "size": "1", "note": ""}
    assert csv_rows(text, ("code",))["c",]["note"] == "why"
    assert with_csv_rows(TEXT + "\n", ("code",), COLUMNS, {("c",): {**rows["c",], "note": ""}})[0] == TEXT + "\n"


def test_semicolons_and_windows_line_ends_stay() -> None:
    text, _ = with_csv_rows("code;size\r\na;1\r\n", ("code",), COLUMNS, {("b",): {"code": "b", "size": "2"}})
    assert text == "code;size\r\na;1\r\nb;2\r\n"


def test_a_file_that_is_not_there_begins_with_all_columns() -> None:
    text, places = with_csv_rows(None, ("code",), COLUMNS, {("a",): {"code": "a"}})
    assert text == "code,name,note,size\na,,,\n"
    assert places[2] == ("a",)


@pytest.mark.parametrize("text", ['code,name\n"a,b\n', "name\nx\n", ""])
def test_what_is_no_table_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        csv_rows(text, ("code",))


def test_a_text_is_made_of_a_header_and_rows() -> None:
    assert csv_text(("a", "b"), [("1", "x,y")]) == 'a,b\n1,"x,y"\n'
