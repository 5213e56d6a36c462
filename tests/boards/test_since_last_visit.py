"""What has moved since the board seen last: places by hand, among those ranked on both, marked where made up."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.small_block import SMALL, Folder, build_and_publish
from tests.views import view_of
from wardstats.boards.since_last_visit import draw_since
from wardstats.core.languages import translator
from wardstats.snapshot.store import Snapshot
from wardstats.view.view import View

AT = "2026-11-14T03:42:00+00:00"
WHEN = f"Since the board of {translator('en').moment(datetime(2026, 11, 14, 3, 42))}, which you saw last"
Change = Callable[[Folder], Any]


def view_of_both(now: Snapshot, before: Snapshot, **looked_at: str) -> View:
    """Return a view of a board from which an earlier one can be asked, as in a server."""
    boards = {now.id: now, before.id: before}

    def fetch(snapshot_id: str, name: str, params: tuple[tuple[str, Any], ...]) -> pd.DataFrame:
        return boards[snapshot_id].query(name, **dict(params))

    return replace(view_of(now, **looked_at), fetch=fetch)


def built(tmp_path: Path, name: str, change: Change = lambda _: None) -> Snapshot:
    folder = Folder(Path(shutil.copytree(SMALL, tmp_path / f"data-{name}")))
    change(folder)
    return build_and_publish(folder.path, tmp_path / name)


def bonus(points: float) -> Change:
    """Give the third ward a bonus in the newest month."""
    return lambda folder: folder.append("adjustments.csv", f"w03,2026-04,{points},Thử,decision")


@pytest.mark.parametrize(("points", "told"), [
    (0.5, f"{WHEN}, no place has changed."),
    (30, f"{WHEN}: Đông An ▲ 2, Ân Hà ▼ 1, Bắc Sơn ▼ 1 (demonstration)."),  # 54.5 + 30 beside 72 and 72
])  # fmt: skip
def test_places_that_moved_are_named_with_their_mark(
    small_snapshot: Snapshot, tmp_path: Path, points: float, told: str
) -> None:
    now = built(tmp_path, "now", bonus(points))
    assert draw_since(view_of_both(now, small_snapshot), small_snapshot.id, AT) == told


def test_a_period_that_was_not_there_is_new(small_snapshot: Snapshot, tmp_path: Path) -> None:
    def without_april(folder: Folder) -> None:
        for path in (folder.path / "values").glob("*.csv"):
            lines = path.read_text(encoding="utf-8").splitlines(True)
            path.write_text("".join(line for line in lines if ",2026-04," not in line), encoding="utf-8")
        path = folder.path / "adjustments.csv"
        lines = path.read_text(encoding="utf-8").splitlines(True)
        path.write_text("".join(line for line in lines if ",2026-04," not in line), encoding="utf-8")

    before = built(tmp_path, "before", without_april)
    view = view_of_both(small_snapshot, before, period="2026-04")
    assert draw_since(view, before.id, AT) == f"{WHEN}: April 2026 is new."


def test_nothing_is_compared_where_figures_are_too_few(small_snapshot: Snapshot, tmp_path: Path) -> None:
    before = built(tmp_path, "before", lambda folder: folder.replace("block.toml", "= 0.4", "= 0.99"))
    assert draw_since(view_of_both(small_snapshot, before), before.id, AT) == ""
