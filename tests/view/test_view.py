"""What every board reads from a view."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from tests.views import view_of
from wardstats.core.records import ROOT
from wardstats.snapshot.store import Snapshot


@pytest.mark.parametrize(("asked", "node"), [((), "living"), (("service",), "service"), ((ROOT,), ROOT)])
def test_the_ranking_is_of_the_theme_looked_at_or_of_another(
    small_snapshot: Snapshot, asked: tuple[str, ...], node: str
) -> None:
    found = view_of(small_snapshot, "vi", "2026-04", "living").ranking(*asked)
    expected = small_snapshot.query("ranking", period="2026-04", node=node, language="vi")
    assert found.equals(expected)
    assert len(found) == 3


def test_a_day_of_a_table_is_written_and_a_missing_one_is_empty(small_snapshot: Snapshot) -> None:
    view = view_of(small_snapshot, "vi")
    assert [view.day(value) for value in (date(2026, 4, 3), pd.Timestamp("2026-04-03"), pd.NaT, None)] == [
        "03/04/2026", "03/04/2026", "", "",
    ]  # fmt: skip
