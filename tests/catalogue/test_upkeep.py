"""Rows of the ledger in the place of a file's own: which apply, which are lost, where a line comes from."""

from __future__ import annotations

from tests.small_block import SMALL, Folder
from wardstats.catalogue.upkeep import Rows, file_rows, overlaid_files, table_of
from wardstats.core.data_files import Reader
from wardstats.ledger import Entry
from wardstats.ledger.rows import RowChange


def entry(number: int, *changes: RowChange) -> Entry:
    return Entry(
        "upkeep", "a", "secretariat", details={"rows": [change.as_details() for change in changes]}, number=number
    )


NAME = RowChange("units.csv", ("w01",), {"name_vi": "Bắc Sơn"}, {"name_vi": "Mới"})
SIZE = RowChange("units.csv", ("w01",), {"population": "1000"}, {"population": ""})


def test_only_the_cells_that_an_entry_names_change() -> None:
    row = file_rows(SMALL, "units.csv", [entry(1, NAME), entry(2, SIZE)]).now["w01",]
    assert row is not None
    assert (row["name_vi"], row.get("population"), row["area_km2"]) == ("Mới", None, "10")


def test_a_row_added_taken_out_and_added_again_keeps_its_place() -> None:
    rows = Rows({}, {})
    add = RowChange("topics.csv", ("a",), None, {"field": "land"})
    for number, change in enumerate((add, RowChange("topics.csv", ("b",), None, {}), add.reversed, add), 1):
        rows.apply(number, change, ("topic_id",))
    assert list(rows.now) == [("a",), ("b",)]
    assert rows.now["a",] == {"topic_id": "a", "field": "land"}
    assert rows.numbers == {("a",): 4, ("b",): 2}


def test_what_is_taken_out_twice_is_gone_and_a_change_of_it_is_lost() -> None:
    rows = Rows({}, {("a",): {"topic_id": "a"}})
    out = RowChange("topics.csv", ("a",), {}, None)
    for number, change in enumerate((out, out, RowChange("topics.csv", ("a",), {"field": "x"}, {"field": "y"})), 1):
        rows.apply(number, change, ("topic_id",))
    assert rows.now == {("a",): None}
    assert rows.lost == [(3, ("a",))]


def test_a_fault_names_the_entry_or_the_line_of_the_file(small: Folder) -> None:
    gone = RowChange("units.csv", ("w02",), {}, None)
    small.set_cell("units.csv", "w03", "area_km2", "x")
    wrong = RowChange("units.csv", ("w01",), {"area_km2": "10"}, {"area_km2": "y"})
    years = RowChange("block.toml", ("years", "2026"), {"deadline": "2027-01-15"}, {"deadline": "soon"})
    files, _ = overlaid_files(small.path, [entry(3, gone), entry(4, wrong), entry(5, years)])
    reader = Reader(small.path, overlaid=files)
    line = small.line("units.csv", "w03")
    merged = files["units.csv"].text.splitlines()
    for number, text in enumerate(merged, 1):
        if text.startswith(("w01", "w03")):
            reader.report("units.csv", number, "area_km2", "?", "a number", "Correct it.")
    text = files["block.toml"].text.splitlines()
    reader.report(
        "block.toml", 1 + next(n for n, found in enumerate(text) if "soon" in found), "deadline", "?", "a day", ""
    )
    reader.report("block.toml", 1, None, "?", "?", "")
    places = [(problem.file, problem.line) for problem in reader.problems]
    assert places == [
        ("units.csv, ledger entry 4", None),
        ("units.csv", line),
        ("block.toml, ledger entry 5", None),
        ("block.toml", 1),
    ]


def test_what_is_so_already_leaves_the_file_alone() -> None:
    same = RowChange("units.csv", ("w01",), {"name_vi": "Khác"}, {"name_vi": "Bắc Sơn"})
    never = RowChange("criteria/2031.csv", ("x",), {}, None)
    files, rows = overlaid_files(SMALL, [entry(1, same, never)])
    assert files == {}
    assert set(rows) == {"units.csv", "criteria/2031.csv"}


def test_only_files_of_the_list_are_kept_up() -> None:
    assert table_of("values/2026.csv") is None
    assert table_of("criteria/../block.toml") is None
    assert table_of("criteria/2031.csv") is not None
