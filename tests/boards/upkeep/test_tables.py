"""Tables of the upkeep page: rows with their marks, changes before and after, entries, the sum of points."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake_files import SECRETARIAT
from tests.small_block import Folder
from wardstats.boards.upkeep.sections import sections
from wardstats.boards.upkeep.tables import (
    change_table,
    entry_line,
    kept_entries,
    rows_in_force,
    rows_table,
    total_line,
)
from wardstats.core.languages import translator
from wardstats.core.settings import Settings
from wardstats.intake import upkeep
from wardstats.intake.upkeep import Wanted
from wardstats.intake.workspace import Workspace
from wardstats.ledger.rows import row_changes

VI, HI, EN = (translator(language) for language in ("vi", "hi", "en"))


@pytest.fixture
def desk(small: Folder, tmp_path: Path) -> Workspace:
    return Workspace.of(Settings(small.path, tmp_path / "var", None))


def test_a_text_that_is_missing_in_a_language_is_the_blocks_own_and_marked(desk: Workspace) -> None:
    section = sections(desk.catalogue(), HI)["units"]
    table = rows_table(section, rows_in_force(section, desk.kept_rows("units.csv").now), HI)
    names = dict(zip(table.iloc[:, 0], table[f"{HI('Name')} · हिन्दी"], strict=True))
    assert names["w01"] == "बाक सोन"
    assert names["w03"] == "Đông An (Tiếng Việt)"


def test_a_change_is_told_before_and_after(desk: Workspace) -> None:
    found = list(sections(desk.catalogue(), VI).values())
    wanted = [Wanted("units.csv", ("w01",), {"area_km2": "12.5"}), Wanted("documents.csv", ("rules",), None)]
    draft = upkeep.supposed_draft(desk, SECRETARIAT, wanted)
    table = change_table(row_changes(draft.details), found, VI)
    assert table.iloc[0].tolist() == ["Các đơn vị: Bắc Sơn", "Diện tích, km²", "10", "12,5"]
    gone = table[table["Dòng"] == "Văn bản: Quy chế"]
    assert set(gone["Sau"]) == {"–"}
    assert "Khối" in gone["Trước"].tolist()


def test_entries_are_told_with_what_took_them_back(desk: Workspace) -> None:
    entry = upkeep.keep_up(desk, SECRETARIAT, [Wanted("units.csv", ("w01",), {"area_km2": "12.5"})], "đo lại")
    upkeep.undo(desk, SECRETARIAT, entry.number, "nhầm")
    found = list(sections(desk.catalogue(), EN).values())
    last, first = (entry_line(item, found, EN) for item in kept_entries(desk.ledger.entries()))
    assert first.startswith("1 · ") and first.endswith("Units: Bắc Sơn · đo lại")
    assert "takes entry 1 back" in last


def test_the_points_of_criteria_are_added_up(desk: Workspace) -> None:
    found = sections(desk.catalogue(), EN)
    rows = rows_in_force(found["criteria_2026"], desk.kept_rows("criteria/2026.csv").now)
    assert total_line(found["criteria_2026"], rows, 90.0, EN) == "All criteria together: 90.00 of 90.00 points."
    assert total_line(found["criteria_2026"], rows, None, EN) == "All criteria together: 90.00 points."
    assert total_line(found["units"], {}, 90.0, EN) == ""
