"""What stands above and below a page: over a quarter or year it speaks of all its periods, not only of the newest."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.small_block import Folder, build_and_publish
from tests.views import view_of
from wardstats.boards.page_frame import draw_page_frame
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
