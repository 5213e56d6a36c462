"""What would lift a ward: nothing is promised to a ward that has no rank yet."""

from __future__ import annotations

from pathlib import Path

from tests.small_block import Folder, build_and_publish
from tests.views import view_of
from wardstats.boards.ward.lessons import draw_room
from wardstats.boards.ward.movement import draw_lift


def test_a_ward_without_figures_is_promised_no_place(small: Folder, tmp_path: Path) -> None:
    for path in (small.path / "values").glob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if not line.startswith("w02,")), encoding="utf-8")
    view = view_of(build_and_publish(small.path, tmp_path / "var"))
    ranks = view.ranking().set_index("unit_code")["rank"]
    assert ranks[["w01", "w03"]].notna().all()
    assert ranks[["w02"]].isna().all()
    assert draw_lift(view, "w02") is None
    assert draw_room(view, "w02").headline == "No score yet, so nothing can be lifted."
    assert draw_lift(view, "w03") is not None
