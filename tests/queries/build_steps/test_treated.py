"""Step 06: outliers of relative indicators; nothing is touched unless block.toml asks for it."""

from __future__ import annotations

from tests.small_block import Folder, Select

UNLIKE = """
    select count(*) as cells from treated inner join imputed using (period, unit_code, indicator_code)
    where treated.value is distinct from imputed.value
"""


def test_nothing_is_treated_by_default(select: Select) -> None:
    assert select(UNLIKE)["cells"].item() == 0
    assert len(select("select * from treated")) == len(select("select * from imputed")) == 30


def test_rules_with_limits_of_their_own_are_not_treated(small: Folder, select: Select) -> None:
    """An absolute rule clips by itself: 20 of 10 square metres is no more than full marks."""
    small.replace("block.toml", "[years.2025]", '[scoring]\ntreatment = "winsorise"\n\n[years.2025]')
    small.set_cell("values/demonstration.csv", "w03,green_space,2026-04", "value", "9999")
    assert select(UNLIKE)["cells"].item() == 0
