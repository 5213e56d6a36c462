"""What stands above and below a page: over a quarter or year it speaks of all its periods, not only of the newest."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.small_block import Folder, build_and_publish
from tests.views import view_of
from wardstats.boards.page_frame import draw_page_frame
from wardstats.core.pointer import Published
from wardstats.snapshot.store import Snapshot


@pytest.fixture
def emptied(small: Folder, tmp_path: Path) -> Snapshot:
    """The block without its made-up figures of April: those of March are left, too old to stand in for them."""
    path = small.path / "values" / "demonstration.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if ",2026-04," not in line), encoding="utf-8")
    return build_and_publish(small.path, tmp_path / "var")


def test_a_month_without_made_up_figures_has_no_notice(emptied: Snapshot) -> None:
    heading = draw_page_frame(view_of(emptied, period="2026-04"), back=0)
    assert heading.context[1] == "period April 2026"
    assert "Demonstration figures." not in heading.notice
    assert "Số liệu minh họa" not in heading.sources


def test_its_year_says_what_was_made_up_in_an_earlier_month(emptied: Snapshot) -> None:
    heading = draw_page_frame(view_of(emptied, period="2026-04"), "year")
    assert heading.context[1] == "2026"
    assert "1 of the 4 indicators shown are made up" in heading.notice
    assert "Số liệu minh họa" in heading.sources


PUBLISHED = Published("s1", "2026-11-29T07:46:12.000+00:00", note="After the hearing")


def test_what_was_chosen_and_published_is_told_above_in_the_tab_and_with_charts(emptied: Snapshot) -> None:
    view = view_of(emptied, period="2026-04")
    view = replace(view, node=view.themes["node_code"].iloc[0])
    frame = draw_page_frame(view, published=PUBLISHED)
    chosen = ["period April 2026", view.theme_name]
    assert frame.context[1:3] == chosen
    assert frame.context[-3:] == ["Provisional", "updated 29 November 2026, 14:46", "After the hearing"]
    assert frame.tab_title("Ranking") == " · ".join(["Ranking", *chosen, view.block["block_name"]])
    assert frame.alt_text("Two bars.") == " · ".join(["Two bars.", *chosen])


def test_what_a_page_does_not_go_by_is_not_told(emptied: Snapshot) -> None:
    view = view_of(emptied, period="2026-04")
    frame = draw_page_frame(replace(view, node=view.themes["node_code"].iloc[0]), goes_by=())
    assert frame.chosen == []
    assert frame.tab_title("Submit") == f"Submit · {view.block['block_name']}"
    assert frame.notice == draw_page_frame(view).notice
