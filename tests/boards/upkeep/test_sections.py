"""Every column that a section asks for is one of its file's, with words in every language; rows are called by names."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.small_block import SMALL
from wardstats.boards.upkeep.sections import CODE, sections, shown
from wardstats.boards.upkeep.titles import AWARDS
from wardstats.catalogue.load import load_catalogue
from wardstats.catalogue.upkeep import file_rows, model_of, table_of
from wardstats.core.languages import LANGUAGES, translator
from wardstats.core.settings import PROJECT

FOLDERS = [SMALL, PROJECT / "data" / "laocai", PROJECT / "data" / "provinces_766"]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_field_is_a_column_with_a_label_and_each_cell_in_force_is_one_of_its_choices(
    folder: Path, language: str
) -> None:
    speak = translator(language)
    for section in sections(load_catalogue(folder), speak).values():
        table = table_of(section.file)
        assert table is not None
        if AWARDS in section.prefix:  # rows of its own making: tests/boards/upkeep/test_titles.py
            continue
        known = {*model_of(section.file, (*section.prefix, "x")).model_fields, "title", CODE}
        assert {item.name for item in section.fields} <= known
        assert all(item.label for item in section.fields)
        assert [item.name for item in section.fields if item.is_key] == list(table.keys or (CODE,))
        rows = file_rows(folder, section.file, []).now
        for key, row in rows.items():
            if row is None or not section.has(key):
                continue
            assert section.label(key, row, speak)
            for item in section.fields:
                cell = str(row.get(item.name) or "")
                assert item.kind != "choice" or not cell or cell in item.choices, (section.file, key, item.name, cell)
                assert bool(shown(item, cell, speak)) == bool(cell)


def test_cells_are_written_as_the_readers_language_does() -> None:
    catalogue = load_catalogue(SMALL)
    found = sections(catalogue, translator("vi"))
    fields = {section.code: section.by_name for section in found.values()}
    speak = translator("vi")
    assert shown(fields["units"]["area_km2"], "20.5", speak) == "20,5"
    assert shown(fields["units"]["is_member"], "true", speak) == "Có"
    assert shown(fields["targets"]["year"], "2026", speak) == "2026"
    assert shown(fields["years"]["deadline"], "2027-01-15", speak) == "15/01/2027"
    assert shown(fields["years"]["head_unit"], "w01", speak) == "Bắc Sơn"
    assert shown(fields["units"]["area_km2"], "lớn", speak) == "lớn"
    assert list(found)[:3] == ["years", "criteria_2026", "titles_2026"]
