from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_choices_of_a_year_with_their_defaults(small_snapshot: Snapshot) -> None:
    columns = ("aggregation", "missing", "min_coverage", "points_decimals", "imputation", "treatment")
    frame = small_snapshot.query("scoring_option", year=2026)
    assert rows(frame, *columns) == [("sum", "renormalise", None, None, "none", "none")]
    assert rows(frame, "winsorise_max", "skew_limit", "kurtosis_limit") == [(5, 2.0, 3.5)]
    assert small_snapshot.query("scoring_option", year=2025)["missing"].tolist() == ["zero"]


def test_the_portals_rounding(provinces: Snapshot) -> None:
    frame = provinces.query("scoring_option", year=2026)
    assert rows(frame, "missing", "points_decimals") == [("zero", 2)]
