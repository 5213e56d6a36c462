"""Periods close at their deadline: decided when a snapshot is built, and the same for as long as it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.folders import write_folder
from tests.small_block import rows
from tests.views import view_of
from wardstats.boards.method import draw_method
from wardstats.boards.ranking.board import draw_ranking
from wardstats.boards.ward.profile import draw_profile
from wardstats.catalogue.load import load_catalogue
from wardstats.core.settings import PROJECT
from wardstats.scoring import what_if
from wardstats.scoring.from_queries import scoring_input
from wardstats.snapshot.build import build_snapshot
from wardstats.snapshot.publications import closed_up_to
from wardstats.snapshot.store import Snapshot, Store
from wardstats.view.ranking_choice import RankingChoice, official
from wardstats.view.reader_weights import weighted
from wardstats.view.view import View

CASES = PROJECT.parent / "shared" / "cases" / "truth"
FIGURES = {"A1": (50, 50), "B2": (45, None), "C3": (2, 2)}
APRIL_10 = {"deadline": date(2025, 4, 10)}


def block(folder: Path, rules: Mapping[str, Any], figures: Mapping[str, Any] = FIGURES, **options: Any) -> Path:
    """Write three units with two indicators of 50 points each, in March 2025 unless the figures name periods."""
    by_period = figures if isinstance(next(iter(figures.values())), dict) else {"2025-03": figures}
    options = {"robustness": {"draws": 50}, "frequency": "month"} | options
    return write_folder(
        folder,
        units=[{"unit_code": code} for code in ("A1", "B2", "C3")],
        themes=[{"theme_code": "t1"}, {"theme_code": "t2"}],
        indicators=[{"indicator_code": "m1", "theme_code": "t1"}, {"indicator_code": "m2", "theme_code": "t2"}],
        criteria={
            2025: [
                {"indicator_code": "m1", "max_points": 50, "zero_at": 0, "full_at": 50},
                {"indicator_code": "m2", "max_points": 50, "rule": "as_scored"},
            ]
        },
        values=[
            {"unit_code": unit, "indicator_code": code, "period": period, "value": value}
            for period, units in by_period.items()
            for unit, values in units.items()
            for code, value in zip(("m1", "m2"), values, strict=True)
            if value is not None
        ],
        rules=rules,
        **options,
    )


def built(data: Path, var: Path, on: date) -> Snapshot:
    """Build a folder on a day."""
    return Store(var).snapshot(build_snapshot(load_catalogue(data), var, on=on))


def told(view: View) -> str:
    """Return the steps of the method page as one text."""
    return " ".join(draw_method(view).steps)


def scores(snapshot: Snapshot, period: str = "2025-03", node: str = "total") -> dict[str, tuple[Any, Any]]:
    """Return score and rank by unit."""
    frame = snapshot.query("ranking", period=period, node=node, language="en")
    return {str(unit): (score, rank) for unit, score, rank in rows(frame, "unit_code", "score", "rank")}


def test_a_gap_is_left_out_until_the_deadline_and_worth_nothing_from_then_on(tmp_path: Path) -> None:
    data, var = block(tmp_path / "data", APRIL_10), tmp_path / "var"
    before = built(data, var, date(2025, 4, 10))  # the last day on which it is not late
    assert scores(before) == {"A1": (100, 1), "B2": (90, 2), "C3": (4, 3)}
    assert rows(before.query("rank_if_closed", period="2025-03", node="total"), "unit_code", "rank_if_closed") == [
        ("B2", 2)
    ]
    after = built(data, var, date(2025, 4, 11))
    assert scores(after) == {"A1": (100, 1), "B2": (45, 2), "C3": (4, 3)}
    assert scores(after, node="t2")["B2"] == (None, None)  # no figure at all
    assert after.query("rank_if_closed", period="2025-03", node="total").empty
    ranges = after.query("rank_range", period="2025-03", node="total")
    assert (ranges["missing_best"] == ranges["rank"]).all()
    assert (ranges["missing_worst"] == ranges["rank"]).all()
    # the same snapshot shows the same on any day, and is built again only when another deadline is over
    assert before.id != after.id == built(data, var, date(2026, 1, 1)).id
    assert closed_up_to(var, after.id) == date(2025, 4, 10)
    assert closed_up_to(var, before.id) is None


def test_each_month_closes_by_itself_and_one_without_a_deadline_never_does(tmp_path: Path) -> None:
    months = {period: FIGURES for period in ("2025-02", "2025-03")}
    data = block(tmp_path / "monthly", {"hand_in_days": 20}, months)
    snapshot = built(data, tmp_path / "var", date(2025, 4, 20))
    assert rows(snapshot.query("ranked_period"), "period", "is_closed", "missing") == [
        ("2025-03", False, "renormalise"), ("2025-02", True, "zero"),
    ]  # fmt: skip
    assert [scores(snapshot, period)["B2"][0] for period in months] == [45, 90]
    never = built(block(tmp_path / "never", {}), tmp_path / "var", date(2099, 1, 1))
    assert scores(never)["B2"] == (90, 2)
    # a deadline within the year does not close a month before it has ended
    late = built(block(tmp_path / "late", {"deadline": date(2025, 3, 10)}), tmp_path / "var", date(2025, 3, 31))
    assert scores(late)["B2"] == (90, 2)


def test_the_setting_keeps_gaps_out_of_the_total_for_good(tmp_path: Path) -> None:
    rules = APRIL_10 | {"missing_after_deadline": "renormalise"}
    snapshot = built(block(tmp_path / "data", rules), tmp_path / "var", date(2025, 5, 1))
    assert scores(snapshot)["B2"] == (90, 2)
    assert rows(snapshot.query("ranked_period"), "is_closed", "missing") == [(True, "renormalise")]


def test_nothing_is_filled_in_once_a_period_has_closed(tmp_path: Path) -> None:
    data = block(tmp_path / "data", APRIL_10, scoring={"imputation": "mean"})
    assert scores(built(data, tmp_path / "var", date(2025, 4, 1)))["B2"] == (45 + 26, 2)
    assert scores(built(data, tmp_path / "var", date(2025, 4, 11)))["B2"] == (45, 2)


@pytest.mark.parametrize("missing", ["zero", "renormalise"])
def test_a_unit_without_any_figure_has_no_score_and_no_place(tmp_path: Path, missing: str) -> None:
    figures = {"A1": (50, 20), "B2": (45, None), "C3": (None, None)}
    adjustments = [{"unit_code": "C3", "period": "2025-03", "points": 30, "reason": "made"}]
    data = block(tmp_path / "data", {}, figures, missing=missing, adjustments=adjustments)
    found = scores(built(data, tmp_path / "var", date(2025, 5, 1)))
    assert found["C3"] == (None, None)  # a bonus alone gives no place either
    assert found["B2"][0] == (45 if missing == "zero" else 90)


def test_pages_say_what_a_gap_does_and_what_the_place_would_be(tmp_path: Path) -> None:
    figures = {"A1": (40, 20), "B2": (45, None), "C3": (2, 2)}
    data, var = block(tmp_path / "data", APRIL_10, figures), tmp_path / "var"
    view = view_of(built(data, var, date(2025, 4, 1)))
    card = draw_profile(view, "B2").cards[-1]
    assert card.detail == "figures missing: 1; place 2 at worst, would be in place 2 if what is missing were zero"
    board = draw_ranking(view)
    assert board.table.set_index("Code").loc["B2", "Rank if what is missing were zero"] == 2
    assert board.table.set_index("Code").loc["B2", "Rank at worst"] == 2
    assert "worst 2, as zero 2" in str(board.figure.to_dict())
    day = view.speak.day(date(2025, 4, 10))
    assert f"Figures are due by {day}; from then on a missing one counts no points." in told(view)
    closed = view_of(built(data, var, date(2025, 4, 11)))
    assert draw_profile(closed, "B2").cards[-1].detail == "figures missing: 1; they count no points"
    assert f"Figures were due by {day}. The period has closed: a missing figure counts no points." in told(closed)


def test_what_if_of_the_project_block_does_not_lift_whoever_leaves_out(laocai: Snapshot) -> None:
    period = scoring_input(laocai, "2026-09")  # closed on any day this can run
    found = what_if(period, {("04543", "dossiers_on_time"): None})[1].set_index("unit_code")
    assert found["places_gained"].to_dict()["04543"] <= 0
    assert found["score_change"].to_dict()["04543"] < 0


def test_a_whole_month_left_out_counts_zero_in_the_year(tmp_path: Path) -> None:
    """B2 has 90 and hands in nothing for March: in the year it has (90 + 0) / 2, as its themes have."""
    months = {"2025-02": {"A1": (40, 40), "B2": (45, 45), "C3": (2, 2)}, "2025-03": {"A1": (40, 40), "C3": (2, 2)}}
    adjustments = [{"unit_code": "B2", "period": "2025-03", "points": 9, "reason": "made"}]
    data = block(tmp_path / "data", {"hand_in_days": 20}, months, adjustments=adjustments)
    for on, expected in ((date(2025, 4, 20), 90), (date(2025, 4, 21), 45)):
        view = view_of(built(data, tmp_path / "var", on), period="2025-03")
        year = official(view, "year")
        own = year.ranking.set_index("unit_code").loc["B2"]
        assert (own["score"], own["adjustment"], own["period_count"]) == (expected, 0, 1)
        assert year.parts.groupby("unit_code")["score"].sum()["B2"] == expected
        tried = weighted(view, RankingChoice("year", (("t1", 2.0), ("t2", 2.0)))).ranking.set_index("unit_code")
        assert tried.loc["B2", "score"] == pytest.approx(expected)


@pytest.mark.skipif(not CASES.is_dir(), reason="reference material that stays outside the repository")
def test_reference_cases(tmp_path: Path) -> None:
    late = built(CASES / "deadline", tmp_path / "var", date(2025, 4, 11))
    assert scores(late) == {"A1": (75, 1), "B2": (22.5, 2), "C3": (3, 3)}
    assert scores(built(CASES / "deadline", tmp_path / "var", date(2025, 4, 10)))["B2"] == (45, 2)
    nothing = built(CASES / "zero1", tmp_path / "var", date(2026, 11, 1))
    assert scores(nothing, "2026-03") == {"A1": (45, 1), "B2": (30, 2), "C3": (None, None)}
