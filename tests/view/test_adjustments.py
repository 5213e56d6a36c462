"""Bonus and penalty are seen wherever a total is: what stands in a bar, card, table or file adds up to the total."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.view.test_closing import CASES, block, built
from tests.views import view_of
from wardstats.boards.block.year_end import draw_year_end
from wardstats.boards.compare import draw_comparison
from wardstats.boards.map import _scores
from wardstats.boards.print.sheet import sheet_facts
from wardstats.boards.ranking.board import draw_ranking
from wardstats.boards.ward.profile import draw_profile
from wardstats.core.languages import translator
from wardstats.core.rows import dictionaries
from wardstats.live.phone_page import _parts
from wardstats.snapshot.store import Snapshot
from wardstats.view.adjustments import signed, sum_text
from wardstats.view.ranking_choice import OFFICIAL
from wardstats.view.view import View

FIGURES = {"A1": (50, 50), "B2": (45, 45), "C3": (2, 2)}
CHANGES: dict[str, dict[str, tuple[float, ...]]] = {
    "beyond all points": {"A1": (60,), "C3": (-10,), "B2": (-1, 3)},
    "below nought": {"A1": (-120,), "B2": (-90,)},
    "halves and quarters": {"A1": (0.25, -0.5), "C3": (0.05,)},
    "nothing in the end": {"B2": (2, -2), "C3": (1,)},
    "for all": {"A1": (5,), "B2": (5,), "C3": (-3.99,)},
}


def changed(folder: Path, points: dict[str, tuple[float, ...]]) -> View:
    """Build three units with bonus and penalty points, and look at them."""
    adjustments = [
        {"unit_code": unit, "period": "2025-03", "points": value, "reason": f"why {value:g} & more"}
        for unit, values in points.items()
        for value in values
    ]
    data = block(folder / "data", {}, FIGURES, adjustments=adjustments)
    return view_of(built(data, folder / "var", date(2025, 5, 1)))


def bar_ends(figure: Any) -> np.ndarray:
    """Return where the bars of a ranking end: coloured parts and bonus, less what is struck out."""
    ends = np.zeros(3)
    *traces, _ = figure.to_dict()["data"]  # the last is the track behind them
    for trace in traces:
        sign = -1 if "base" in trace else 1
        ends[trace["y"]] += sign * np.array(trace["x"])
        if "base" in trace:  # struck out from the total on
            np.testing.assert_allclose(trace["base"], ends[trace["y"]], atol=1e-4)
    return ends


@pytest.mark.parametrize("points", CHANGES.values(), ids=CHANGES)
def test_totals_add_up_in_bars_tables_and_cards(tmp_path: Path, points: dict[str, tuple[float, ...]]) -> None:
    view = changed(tmp_path, points)
    board, ranking = draw_ranking(view), view.ranking()
    np.testing.assert_allclose(bar_ends(board.figure), ranking["score"], atol=1e-3)
    low, high = board.figure.to_dict()["layout"]["xaxis"]["range"]
    assert low <= ranking["score"].min()
    assert high >= ranking["score"].max()
    table = board.table.set_index("Code")
    themes = table[["t1", "t2"]].sum(axis=1)
    np.testing.assert_allclose(table["Points"], themes + table["Of which bonus and penalty"], atol=1e-9)
    assert board.note.startswith("Bonus and penalty points: ")
    for unit, values in points.items():
        card = next(card for card in draw_profile(view, unit).cards if card.topic == "Bonus and penalty points")
        sheet = sheet_facts(view, unit)["range"]
        for value in values:
            for text in (card.detail, sheet, table.loc[unit, "Reason of bonus and penalty"]):
                assert f"why {value:g} & more {signed(value, view.speak)} (Made for a test)" in str(text)
    on_map = " ".join(_scores(view, OFFICIAL)["hover"])
    compared = str(draw_comparison(view, tuple(FIGURES), "none").cards)
    for row in dictionaries(ranking):
        added_up = sum_text(row["score"], row["adjustment"], view.speak)
        assert added_up in on_map
        assert added_up in compared
    lines = draw_year_end(view, 2025).adjustments
    assert len(lines) == len(points)


def test_a_total_is_written_as_it_is_added_up() -> None:
    speak = translator("en")
    assert sum_text(135, 60, speak) == "75.0 + 60.0"
    assert sum_text(-7, -10, speak) == "3.0 − 10.0"
    assert sum_text(84.77, 0.25, speak) == "84.52 + 0.25"
    assert sum_text(84.77, -1.5, speak) == "86.3 − 1.5"  # 84.8 as it is shown
    assert sum_text(84.77, 0, speak) == sum_text(None, 3, speak) == ""
    assert sum_text(84.77, -1.5, translator("vi")) == "86,3 − 1,5"


def test_bars_of_the_phone_end_at_the_total() -> None:
    bonus = _parts(135.0, 135.0, [(25.0, "a"), (50.0, "b")], 60.0)
    assert [float(part["width"]) for part in bonus] == pytest.approx(
        [100 * 25 / 135, 100 * 50 / 135, 100 * 60 / 135], abs=0.01
    )
    penalty = _parts(40.0, 100.0, [(25.0, "a"), (25.0, "b")], -10.0)
    assert [(part["width"], part["kind"]) for part in penalty] == [("25.00", ""), ("25.00", ""), ("10.00", "penalty")]
    assert _parts(-7.0, 100.0, [(3.0, "a")], -10.0)[-1] == {"width": "3.00", "colour": "", "kind": "penalty"}
    assert _parts(None, 100.0, [(0.0, "a")], 5.0) == []


def test_without_any_nothing_is_said(small_snapshot: Snapshot) -> None:
    board = draw_ranking(view_of(small_snapshot, period="2026-03"))
    assert not any("onus" in text for text in [*board.table.columns, board.note])
    theme = draw_ranking(view_of(small_snapshot, node="service"))
    assert not any("onus" in text for text in theme.table.columns)


@pytest.mark.skipif(not CASES.is_dir(), reason="reference material that stays outside the repository")
def test_reference_case(tmp_path: Path) -> None:
    view = view_of(built(CASES / "adj", tmp_path / "var", date(2026, 11, 1)), period="2026-03")
    board = draw_ranking(view)
    assert board.headline == "Unit A1 leads with 135.0 points"
    np.testing.assert_allclose(bar_ends(board.figure), [135, 69.5, -7], atol=1e-3)
    assert "75.0 + 60.0" in str(board.figure.to_dict())
