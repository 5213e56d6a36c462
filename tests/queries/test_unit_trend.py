from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_own_figures_beside_the_median_of_all(small_snapshot: Snapshot) -> None:
    """Poverty of the first quarter is carried into April: no new measurement. Petitions of w01 in April: 0/0."""
    frame = small_snapshot.query("unit_trend", unit="w01", since="2026-03", period="2026-04")
    assert rows(frame, "indicator_code", "period", "value", "median") == [
        ("files_on_time", "2026-03", 50, 50),
        ("files_on_time", "2026-04", 80, 80),
        ("green_space", "2026-03", 12, 10),
        ("green_space", "2026-04", 6, 6),
        ("petitions_answered", "2026-03", 50, 100),
        ("petitions_answered", "2026-04", None, 75),
        ("poverty_rate", "2026-03", 5, 5),
    ]
    assert frame.loc[frame["indicator_code"] == "green_space", "status"].tolist() == ["demonstration"] * 2
