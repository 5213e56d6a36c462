"""The table behind a chart as a file: what it is about, what is made up, its sources, the reader's number format."""

from __future__ import annotations

import csv
import io

import openpyxl
import pytest

from tests.views import view_of
from wardstats.boards.ranking.board import draw_ranking
from wardstats.boards.table_file import table_file
from wardstats.core.export_files import csv_file, excel_file
from wardstats.core.languages import LANGUAGES
from wardstats.snapshot.store import Snapshot


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_csv_file_is_written_as_the_reader_writes(laocai: Snapshot, language: str) -> None:
    view = view_of(laocai, language, "2026-10")
    table = draw_ranking(view).table
    text = csv_file(table_file(view, table, "ranking")).decode("utf-8-sig")
    mark = view.speak.separators[0]
    rows = list(csv.reader(io.StringIO(text), delimiter=";" if mark == "," else ","))
    points = rows[0].index(view.speak("Points"))
    assert [row[points].replace(mark, ".") for row in rows[1:]] == [str(value) for value in table.iloc[:, points]]
    assert all(row[rows[0].index(view.speak("Status"))] for row in rows[1:])
    assert all(row[rows[0].index(view.speak("Source"))] for row in rows[1:])


def test_a_workbook_warns_names_its_board_and_has_numbers(laocai: Snapshot) -> None:
    view = view_of(laocai, "vi", "2026-10")
    table = draw_ranking(view).table
    notes, figures, sources = openpyxl.load_workbook(io.BytesIO(excel_file(table_file(view, table, "ranking"))))
    told = {row[0]: row[1] for row in notes.iter_rows(values_only=True)}
    assert notes.cell(1, 1).value == "Số liệu minh họa."
    assert notes.cell(1, 1).fill.fgColor.rgb != notes.cell(2, 1).fill.fgColor.rgb
    assert told["Kỳ"] == "tháng 10/2026"
    assert view.snapshot_id in told.values()
    head = [cell.value for cell in figures[1]]
    points = figures.cell(2, head.index("Điểm") + 1)
    assert (points.value, points.number_format) == (table["Điểm"].iloc[0], "#,##0.00")
    used = view.frame("source_used", periods=(view.period,), language="vi")
    assert {row[1] for row in sources.iter_rows(min_row=2, values_only=True)} == set(used["title"])


def test_a_table_without_figures_names_no_source_of_figures(laocai: Snapshot) -> None:
    view = view_of(laocai, "en", "2026-10")
    table = draw_ranking(view).table[["Code", "Name"]]
    made = table_file(view, table, "names", has_figures=False)
    assert list(made.frame) == ["Code", "Name"]
    assert made.warnings == 0
    assert dict(made.notes)["Period"] == "October 2026"
