"""Step 05: what is missing, filled in only where block.toml asks for it."""

from __future__ import annotations

import pytest

from tests.small_block import Folder, Select, rows

# Petitions in 2026-04: w01 0/0 with an answer of its own (full), w02 75 %, w03 missing; w03 had 100 % in 2026-03.
PETITIONS = """
    select unit_code, value, is_imputed from imputed
    where indicator_code = 'petitions_answered' and period = '2026-04' order by unit_code
"""


def test_nothing_is_filled_in_by_default(select: Select) -> None:
    assert rows(select(PETITIONS), "unit_code", "value", "is_imputed") == [
        ("w01", None, False), ("w02", 75, False), ("w03", None, False),
    ]  # fmt: skip
    assert not select("select is_imputed from imputed")["is_imputed"].any()


@pytest.mark.parametrize(("method", "value"), [("mean", 75), ("median", 75), ("group_mean", None), ("latest", 100)])
def test_a_gap_is_filled_by_the_method_asked_for(
    small: Folder, select: Select, method: str, value: float | None
) -> None:
    """w03 is alone in its cluster, so that group_mean has nothing to go by."""
    small.replace("block.toml", "[years.2025]", f'[scoring]\nimputation = "{method}"\n\n[years.2025]')
    assert rows(select(PETITIONS), "unit_code", "value", "is_imputed") == [
        ("w01", None, False), ("w02", 75, False), ("w03", value, value is not None),
    ]  # fmt: skip
