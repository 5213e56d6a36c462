"""What was typed into the form of a row: read as people write, and every fault told at once."""

from __future__ import annotations

import pytest

from tests.small_block import SMALL
from wardstats.boards.upkeep.sections import sections
from wardstats.boards.upkeep.typed import first_shown, typed_row
from wardstats.catalogue.load import load_catalogue
from wardstats.catalogue.upkeep import file_rows
from wardstats.core.languages import translator
from wardstats.intake.faults import RejectedError

VI = translator("vi")
SECTIONS = sections(load_catalogue(SMALL), VI)


def typed(name: str, key: tuple[str, ...] | None, **raw: object):
    section = SECTIONS[name]
    row = (file_rows(SMALL, section.file, []).now.get(key) if key else None) or {}
    shown = {item.name: first_shown(item, row.get(item.name), VI) for item in section.fields}
    return typed_row(section, key, row, shown | raw, VI), row


@pytest.mark.parametrize("code", SECTIONS)
def test_a_form_that_is_left_as_it_is_changes_no_cell(code: str) -> None:
    section = SECTIONS[code]
    for key, row in file_rows(SMALL, section.file, []).now.items():
        if row is not None and section.has(key):
            wanted, row = typed(code, key)
            assert wanted.key == key
            assert wanted.cells == {}


def test_numbers_and_days_are_read_as_they_are_written_here() -> None:
    wanted, _ = typed("units", ("w01",), area_km2="1.234,5", population="2000", member_from="2/1/2026")
    assert wanted.cells is not None
    assert (wanted.cells["area_km2"], wanted.cells["population"]) == ("1234.5", "2000")
    assert wanted.cells["member_from"] == "2026-01-02"
    year, _ = typed("years", ("years", "2026"), total_points="100", hand_in_days="15", is_sample=True)
    assert year.cells is not None
    assert (year.cells["total_points"], year.cells["hand_in_days"], year.cells["is_sample"]) == (100, 15, True)
    assert "deadline" not in year.cells


@pytest.mark.parametrize(
    ("text", "stored"),
    [("14/11/2026", "2026-11-14"), ("2026-11-14", "2026-11-14"), ("14.11.2026 08:30", "2026-11-14 08:30"), ("", "")],
)
def test_moments_of_the_programme(text: str, stored: str) -> None:
    wanted, row = typed("activities", ("meeting",), ends=text)
    assert (wanted.cells or {}).get("ends", row.get("ends") or "") == stored


def test_a_new_row_is_told_by_what_was_typed() -> None:
    raw = {"document_id": "plan_27", "kind": "plan", "title_vi": "Kế hoạch", "source_id": "decision"}
    wanted, _ = typed("documents", None, **raw)
    assert (wanted.file, wanted.key) == ("documents.csv", ("plan_27",))
    assert wanted.cells is not None and wanted.cells["title_vi"] == "Kế hoạch"
    source, _ = typed("sources", None, code="new", title="Nguồn", producer="Khối")
    assert (source.key, (source.cells or {})["title"]) == (("new",), "Nguồn")


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(RejectedError) as told:
        typed("units", None, unit_code="phường một", area_km2="lớn", population="1,5", member_to="31/2/2026")
    text = told.value.told(VI)
    for label in ("Mã", "Tên · Tiếng Việt", "Diện tích, km²", "Dân số", "Nguồn", "14/11/2026"):
        assert label in text
