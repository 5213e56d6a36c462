"""Step 01: which figures count."""

from __future__ import annotations

import pytest

from tests.small_block import Folder, Select, rows

REAL = "w03,green_space,2025-07,4,,,reported,report,"


def test_one_real_figure_drops_all_demonstration_ones_of_its_indicator(small: Folder, select: Select) -> None:
    """For any unit and any period: here one ward's figure of the year before."""
    small.append("values/2025.csv", REAL)
    found = select("select unit_code, period, value, status from value where indicator_code = 'green_space'")
    assert rows(found, "unit_code", "period", "value", "status") == [("w03", "2025-07", 4, "reported")]


def test_other_indicators_keep_their_demonstration_figures(small: Folder, select: Select) -> None:
    small.append("values/demonstration.csv", "w01,poverty_rate,2026-Q2,1,,,demonstration,made_up,")
    found = select("select indicator_code, count(*) as figures from value where status = 'demonstration' group by all")
    assert rows(found, "indicator_code", "figures") == [("green_space", 6)]


def test_a_real_figure_stands_and_its_demonstration_twin_is_gone(select: Select) -> None:
    found = select("select value, status from value where unit_code = 'w01' and period = '2026-03'")
    assert (50, "official") in rows(found, "value", "status")
    assert 1 not in found["value"].tolist()


def test_a_line_that_says_nothing_is_there_is_real_too(small: Folder, select: Select) -> None:
    small.append("values/2025.csv", "w03,green_space,2025-07,,,,reported,report,")
    found = select("select status, value from value where indicator_code = 'green_space'")
    assert rows(found, "status", "value") == [("reported", None)]


@pytest.mark.parametrize(
    ("cells", "value", "is_empty"),
    [
        (",1,3", 100 / 3, False),  # a percentage is 100 x numerator / denominator, unrounded
        ("33.3,1,3", 100 / 3, False),  # a value stated beside its counts is a rounding of them
        ("33.3,,", 33.3, False),
        (",0,0", None, True),
        (",0,5", 0, False),
        (",,", None, False),
    ],
)
def test_value_from_counts(small: Folder, select: Select, cells: str, value: float | None, is_empty: bool) -> None:
    small.append("values/2025.csv", f"w03,files_on_time,2025-12,{cells},official,portal,")
    found = select(
        "select value, is_empty from value where unit_code = 'w03' and period = '2025-12'"
        " and indicator_code = 'files_on_time'"
    )
    assert rows(found, "value", "is_empty") == [(pytest.approx(value), is_empty)]


def test_a_ratio_in_another_unit_is_not_a_percentage(small: Folder, select: Select) -> None:
    small.append("values/2025.csv", "w03,green_space,2025-07,,9000,3000,reported,report,")
    assert select("select value from value where indicator_code = 'green_space'")["value"].tolist() == [3]
