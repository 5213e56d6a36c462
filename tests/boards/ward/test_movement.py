"""What would lift a ward: every advice gains, as printed, the place it names; without a rank nothing is promised."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.small_block import Folder, build_and_publish
from tests.views import view_of
from wardstats.boards.ward.lessons import draw_room
from wardstats.boards.ward.movement import draw_lift
from wardstats.core.rows import dictionaries
from wardstats.scoring import what_if
from wardstats.snapshot.store import Snapshot
from wardstats.view.scoring_inputs import shared_input


def test_a_ward_without_figures_is_promised_no_place(small: Folder, tmp_path: Path) -> None:
    for path in (small.path / "values").glob("*.csv"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if not line.startswith("w02,")), encoding="utf-8")
    view = view_of(build_and_publish(small.path, tmp_path / "var"))
    ranks = view.ranking().set_index("unit_code")["rank"]
    assert ranks[["w01", "w03"]].notna().all()
    assert ranks[["w02"]].isna().all()
    assert draw_lift(view, "w02") is None
    assert draw_room(view, "w02").headline == "No score yet, so there is no way up to show."
    assert draw_lift(view, "w03") is not None


def printed(text: str) -> float:
    """Read the number of 1.234,56 điểm, as a reader of Vietnamese would type it."""
    found = re.match(r"[\d.,]+", text)
    assert found, text
    return float(found[0].replace(".", "").replace(",", "."))


@pytest.mark.parametrize("age", [0, 3, 10])
def test_every_advice_as_printed_gains_the_place_it_names(laocai: Snapshot, age: int) -> None:
    period = laocai.query("ranked_period")["period"].iloc[age]
    view = view_of(laocai, "vi", period)
    codes = {name: str(code) for code, name in view.indicators["indicator_name"].items()}
    checked = 0
    for unit in view.ranking()["unit_code"]:
        found = draw_lift(view, unit)
        for row in dictionaries(found.table) if found else []:
            change = {(unit, codes[row["Chỉ số"]]): printed(row["Cần đạt"])}
            _, table = what_if(shared_input(view, period), change)
            assert table.set_index("unit_code").loc[unit, "rank"] == row["Đạt hạng"], (unit, row)
            assert row["Cần đạt"] != row["Hiện tại"]
            checked += 1
    assert checked > 10
