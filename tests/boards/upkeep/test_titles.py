"""Titles of a year as rows, and back into its table."""

from __future__ import annotations

from wardstats.boards.upkeep.titles import title_rows, with_title
from wardstats.intake.upkeep import Wanted

YEAR = {
    "awards": [
        {"places": 1, "is_sample": True, "name": {"vi": "Cờ", "en": "Flag"}},
        {"places": 3, "name": {"vi": "Bằng"}},
    ]
}
PATH = ("years", "2026", "awards")


def test_each_title_is_a_row() -> None:
    rows = title_rows({("years", "2026"): YEAR, ("years", "2025"): {}, (): {"frequency": "month"}})
    assert rows == {
        (*PATH, "1"): {"places": 1, "is_sample": True, "name_vi": "Cờ", "name_en": "Flag"},
        (*PATH, "2"): {"places": 3, "name_vi": "Bằng"},
    }


def test_a_title_is_changed_added_and_taken_out_within_the_table_of_its_year() -> None:
    changed = with_title(YEAR, Wanted("block.toml", (*PATH, "2"), {"from_place": 2, "name_en": "Certificate"}))
    assert (changed.file, changed.key) == ("block.toml", ("years", "2026"))
    name = {"vi": "Bằng", "en": "Certificate"}
    assert changed.cells == {"awards": [YEAR["awards"][0], {"places": 3, "from_place": 2, "name": name}]}
    added = with_title({}, Wanted("block.toml", (*PATH, "1"), {"places": 2, "is_sample": False, "name_vi": "Cờ"}))
    assert added.cells == {"awards": [{"places": 2, "is_sample": False, "name": {"vi": "Cờ"}}]}
    gone = with_title(YEAR, Wanted("block.toml", (*PATH, "1"), None))
    assert gone.cells == {"awards": YEAR["awards"][1:]}
