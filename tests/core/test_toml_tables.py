"""Tables of a TOML text changed, added and taken out: the rest keeps its comments and its order."""

from __future__ import annotations

import tomllib

import pytest

from tests.small_block import SMALL
from wardstats.core.toml_tables import toml_rows, toml_value, with_toml_rows

TEXT = """# The block.
days = 20

[name]
vi = "Khối" # as decided
en = "Block"

# The year.
[years.2026]
deadline = 2027-01-15
total = 90.5

# Titles.
[[years.2026.awards]]
places = 1

[years.2026.awards.name]
vi = "Cờ"

[scoring]
draws = 0
"""


def test_tables_are_told_by_their_paths_with_days_as_texts() -> None:
    rows = toml_rows(TEXT)
    assert rows[()] == {"days": 20}
    assert rows["name",] == {"vi": "Khối", "en": "Block"}
    awards = [{"places": 1, "name": {"vi": "Cờ"}}]
    assert rows["years", "2026"] == {"deadline": "2027-01-15", "total": 90.5, "awards": awards}


def test_rows_as_they_are_leave_the_text_alone() -> None:
    assert with_toml_rows(TEXT, toml_rows(TEXT)) == TEXT


def test_only_the_keys_that_change_are_written() -> None:
    rows = toml_rows(TEXT)
    year = {**rows["years", "2026"], "head": "w01", "total": 100}
    text = with_toml_rows(TEXT, {("years", "2026"): year, (): {"days": 20, "pair": True}, ("name",): {"vi": "Khối"}})
    expected = TEXT.replace("total = 90.5\n", 'total = 100\nhead = "w01"\n').replace('en = "Block"\n', "")
    assert text == expected.replace("days = 20\n", "days = 20\npair = true\n")


def test_a_list_of_tables_is_written_as_one_line_and_a_table_is_added_or_taken_out() -> None:
    rows = toml_rows(TEXT)
    awards = [{"places": 3, "name": {"vi": 'Bằng "khen"'}}]
    changed = {
        ("years", "2026"): {**rows["years", "2026"], "awards": awards},
        ("name",): None,
        ("years", "2027"): {"criteria": "criteria/2027.csv", "is_sample": True},
    }
    text = with_toml_rows(TEXT, changed)
    found = tomllib.loads(text)
    assert found["years"]["2026"]["awards"] == awards
    assert found["years"]["2027"] == {"criteria": "criteria/2027.csv", "is_sample": True}
    assert "name" not in found
    assert found["scoring"] == {"draws": 0}
    assert "# The year." in text


def test_what_cannot_be_edited_by_lines_is_written_anew_and_says_the_same() -> None:
    text = 'name = { vi = "Khối", en = "Block" }\n[x]\na = """\nb = 1\n"""\n'
    written = with_toml_rows(text, {("name",): {"vi": "Mới"}, ("x",): {"a": "one", "b": [1, 2]}})
    assert tomllib.loads(written) == {"name": {"vi": "Mới"}, "x": {"a": "one", "b": [1, 2]}}


def test_the_small_block_survives_any_one_change_of_each_table() -> None:
    text = (SMALL / "block.toml").read_text(encoding="utf-8")
    for path, row in toml_rows(text).items():
        for key in row:
            without = {name: value for name, value in row.items() if name != key}
            written = with_toml_rows(text, {path: without})
            assert toml_rows(written).get(path, {}) == without
            others = {other: value for other, value in toml_rows(text).items() if other != path}
            assert {other: value for other, value in toml_rows(written).items() if other != path} == others


def test_what_is_no_toml_is_refused() -> None:
    with pytest.raises(ValueError):
        toml_rows("a =")


def test_values_are_written_as_toml_reads_them() -> None:
    value = {"a": True, "b": 'x"\\\n\x7f\x01', "c": [1, 2.5, "ă"], "d d": {"e": False}}
    assert tomllib.loads(f"v = {toml_value(value)}")["v"] == value
