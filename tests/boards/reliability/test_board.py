"""Reliability: which sentence follows from which ranges, what is drawn, and the order under other methods."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from tests.small_block import Folder, build_and_publish
from tests.views import view_of
from wardstats.boards.reliability.board import Reliability, reliability_board
from wardstats.boards.reliability.method_choices import method_choices, moving_factors
from wardstats.charts.html.place_table import Cell, place_table, share_style, shift_style
from wardstats.core.languages import LANGUAGES
from wardstats.snapshot.store import Snapshot
from wardstats.view.view import View

COLUMNS = (
    "unit_code", "rank", "rank_low", "rank_high", "missing_best", "missing_worst", "method_best", "method_worst",
    "group_number", "group_size",
)  # fmt: skip
# rank, 5th and 95th percentile, missing figures, methods, group and its size
SURE = ("u1", 1, 1, 1, 1, 1, 1, 1, 1, 1)


def made_view(
    rows: Sequence[Sequence[Any]], missing: int = 0, shares: Sequence[Sequence[Any]] = (), is_closed: bool = False
) -> View:
    """A view that holds made-up ranges and nothing else."""
    ranges = pd.DataFrame(rows, columns=COLUMNS)
    frames = {
        "ranked_period": pd.DataFrame([{"period": "2026", "is_closed": is_closed, "missing": "zero"}]),
        "rank_range": ranges.assign(rank_mean=ranges["rank"].astype(float)),
        "rank_share": pd.DataFrame(shares, columns=["unit_code", "rank", "share"]),
        "ranking": pd.DataFrame(
            {
                "unit_code": ranges["unit_code"],
                "unit_name": ranges["unit_code"].str.upper(),
                "missing_count": missing,
                "status": "official",
            }
        ),
    }
    return View("made", "en", "2026", "total", False, lambda snapshot_id, name, params: frames[name])


def board_of(*rows: Sequence[Any], **others: Any) -> Reliability:
    return reliability_board(made_view(rows, **others))


def unit(code: str, rank: int, group: int, size: int, missing: tuple[int, int] | None = None) -> tuple[Any, ...]:
    best, worst = missing or (rank, rank)
    return (code, rank, rank, rank, best, worst, rank, rank, group, size)


def headline(*rows: Sequence[Any]) -> str:
    return board_of(*rows).headline.replace("\u2060", "")


def test_a_first_place_that_nothing_moves_is_safe() -> None:
    group = [unit(f"u{rank}", rank, 3, 4) for rank in range(4, 8)]
    rows = [SURE, unit("u2", 2, 2, 2), unit("u3", 3, 2, 2), *group]
    assert headline(SURE, unit("u2", 2, 2, 1)) == "The first place is safe; all others are clearly separated too"
    assert headline(SURE, unit("u2", 2, 2, 2), unit("u3", 3, 2, 2)) == (
        "The first place is safe; ranks 2–3 are too close to call"
    )
    assert headline(*rows) == "The first place is safe; ranks 2–3 and 4–7 are too close to call"


def test_a_first_place_is_not_called_safe_where_missing_figures_or_methods_move_it() -> None:
    second = unit("u2", 2, 2, 1)
    hanging = ("u1", 1, 1, 1, 1, 2, 1, 1, 1, 1)
    by_method = ("u1", 1, 1, 1, 1, 1, 1, 5, 1, 1)
    assert headline(hanging, second).startswith("The first place hangs on figures that are missing;")
    assert headline(by_method, second).startswith(
        "The first place holds when the weights move, but not under every method;"
    )


def test_an_open_first_place_is_told_with_its_group() -> None:
    pair = (unit("u1", 1, 1, 2), unit("u2", 2, 1, 2))
    assert headline(*pair) == "All ranks are too close to call"
    assert headline(*pair, unit("u3", 3, 2, 1)) == "Ranks 1–2 are too close to call"
    assert headline(unit("u1", 1, 1, 1)) == "A single unit is ranked, so there is no order to doubt"


def test_many_open_groups_are_counted_and_the_largest_is_named() -> None:
    rows = [SURE]
    for number, size in enumerate((2, 2, 3, 2, 2), 2):
        first = len(rows) + 1
        rows += [unit(f"u{rank}", rank, number, size) for rank in range(first, first + size)]
    assert headline(*rows) == "The first place is safe; ranks 6–8 and 4 smaller groups are too close to call"


def test_tied_units_of_one_group_hold_their_places_together() -> None:
    """Ranks 1, 2, 2, 4: the group of the last three holds the places 2 to 4."""
    rows = (SURE, unit("u2", 2, 2, 3), unit("u3", 2, 2, 3), unit("u4", 4, 2, 3))
    board = board_of(*rows)
    assert board.headline.replace("\u2060", "").endswith("ranks 2–4 are too close to call")
    figure = json.loads(board.figure.to_json() or "")
    assert [note["text"] for note in figure["layout"]["annotations"]][-1] == "2–4"


def test_the_figure_draws_ranges_and_leaves_out_lines_without_length() -> None:
    moving = ("u2", 2, 2, 3, 1, 4, 2, 2, 2, 2)
    figure = json.loads(board_of(SURE, moving, unit("u3", 3, 2, 2)).figure.to_json() or "")
    bars, missing, methods, dots = figure["data"]
    assert bars["base"] == [0.6, 1.6, 2.6]
    assert bars["x"] == [0.8, 1.8, 0.8]
    assert missing["x"] == [1, 4, None]
    assert methods["x"] == []
    assert dots["x"] == [1, 2, 3]


def test_missing_figures_in_words() -> None:
    first = unit("u1", 1, 1, 1)
    assert board_of(first, unit("u2", 2, 2, 1)).missing == [
        "No figure is missing in this period, so no place hangs on one."
    ]
    assert board_of(first, unit("u2", 2, 2, 1), missing=1).missing == [
        "2 figures are missing. Whatever turns out, no place changes."
    ]
    assert board_of(first, unit("u2", 2, 2, 1), missing=1, is_closed=True).missing == [
        "2 figures are missing. The period has closed, so they count no points."
    ]
    lines = board_of(first, unit("u2", 2, 2, 1, missing=(1, 3)), unit("u3", 3, 3, 1, missing=(3, 3)), missing=1).missing
    assert lines[1:] == ["U2: place 1 at best, 3 at worst, 2 now; figures missing: 1"]


def test_a_place_that_is_not_taken_each_time_never_reads_100() -> None:
    shares = [("u1", 1, 0.9996), ("u1", 2, 0.0004), ("u2", 2, 1.0)]
    html = board_of(unit("u1", 1, 1, 1), unit("u2", 2, 2, 1), shares=shares).shares
    assert ">99.9</td>" in html and html.count(">100</td>") == 1


def test_shares_are_written_from_five_percent_on_and_the_published_place_is_framed() -> None:
    shares = [("u1", 1, 0.951), ("u1", 2, 0.049), ("u2", 2, 0.951), ("u2", 1, 0.049)]
    board = board_of(unit("u1", 1, 1, 1), unit("u2", 2, 2, 1), shares=shares)
    assert '<td class="ws-h6 ws-marked" title="U1, 1: 95.1%">95</td>' in board.shares
    assert '<td class="ws-h0" title="U1, 2: 4.9%"></td>' in board.shares
    assert board.share_table["1"].tolist() == [95.1, 4.9]


def test_colours_grow_with_shares_and_shifts() -> None:
    assert [share_style(share) for share in (0, 0.004, 0.005, 0.5, 1)] == ["", "", "ws-h0", "ws-h3", "ws-h6"]
    assert [shift_style(places, 10) for places in (0, 1, 3, 9, -1, -9)] == [
        "", "ws-up1", "ws-up2", "ws-up3", "ws-down1", "ws-down3",
    ]  # fmt: skip


def test_names_in_tables_are_escaped() -> None:
    html = place_table({"a": "<b>"}, [("1",)], {"a": [Cell("", '"', "")]}, "<i>", "&")
    assert "<b>" not in html
    assert "<i>" not in html
    assert 'title="&quot;"' in html


def test_a_snapshot_without_ranges_gives_an_empty_table(small: Folder, tmp_path) -> None:
    small.append("block.toml", "[robustness]", "draws = 0")
    board = reliability_board(view_of(build_and_publish(small.path, tmp_path / "var")))
    assert board.table.empty
    assert board.headline == "No rank ranges for this period"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("folder", ["laocai", "provinces"])
def test_boards_of_the_projects_own_folders(request: pytest.FixtureRequest, folder: str, language: str) -> None:
    view = view_of(request.getfixturevalue(folder), language)
    board = reliability_board(view)
    count = {"laocai": 10, "provinces": 34}[folder]
    assert len(board.table) == count
    assert board.shares.count("<tr>") == count + 1
    assert board.share_table.sum(axis=1, numeric_only=True).tolist() == pytest.approx([100] * count, abs=0.3)


def test_the_declared_method_gives_the_published_places(laocai: Snapshot) -> None:
    view = view_of(laocai)
    ranking = view.frame("ranking", period=view.period, node="total", language="en").set_index("unit_code")
    found = method_choices(view).table.set_index("Code")
    assert found["As declared: as declared"].to_dict() == ranking["rank"].to_dict()
    assert found.shape == (10, 22)  # name and status beside 20 ways


def test_methods_give_the_ranges_that_the_snapshot_holds(provinces: Snapshot) -> None:
    view = view_of(provinces)
    ranges = view.frame("rank_range", period=view.period, node="total").set_index("unit_code")
    places = method_choices(view).table.set_index("Code").drop(columns=["Name", "Status"])
    assert places.min(axis=1).to_dict() == ranges["method_best"].to_dict()
    assert places.max(axis=1).to_dict() == ranges["method_worst"].to_dict()
    assert method_choices(view).finding.startswith("Đồng Tháp, now first, is first under 2 of 20 methods.")


def test_a_theme_is_judged_by_itself(laocai: Snapshot) -> None:
    view = view_of(laocai, node="social_security")
    table = method_choices(view).table.set_index("Code")
    ranking = view.frame("ranking", period=view.period, node=view.node, language="en").set_index("unit_code")
    assert table["As declared: as declared"].to_dict() == ranking["rank"].to_dict()
    own, whole = (reliability_board(item).table for item in (view, replace(view, node="total")))
    assert own["Mean place"].tolist() != whole["Mean place"].tolist()


def test_choices_explain_shares_between_nothing_and_all(provinces: Snapshot) -> None:
    factors = moving_factors(view_of(provinces))
    assert factors.finding.startswith("How points are added up matters most for the order:")
    assert factors.table.min(numeric_only=True).min() >= 0
    assert factors.table.max(numeric_only=True).max() <= 100
    assert (factors.table["Alone, %"] <= factors.table["With the others, %"]).all()
