"""What each line of a hand-in is worth, held against boards that are built without that line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.intake_files import ENGLISH, OFFICER, PERIOD, SECRETARIAT, UNIT, desk_in, small_ranges, upload
from wardstats.intake import handing_in, publishing
from wardstats.intake.preview import Preview, preview
from wardstats.intake.workspace import Workspace
from wardstats.ledger import Draft
from wardstats.snapshot.store import Store


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A block whose figures are taken for real ones, so that ten wards stay on the board."""
    folder: Path = tmp_path_factory.mktemp("previewed")
    data = small_ranges(folder)
    made_up = data / "values" / "demonstration.csv"
    text = made_up.read_text(encoding="utf-8").replace(",demonstration,demonstration,", ",official,decision_766_2022,")
    made_up.unlink()
    (data / "values" / "test.csv").write_text(text, encoding="utf-8")
    found = desk_in(folder, data)
    publishing.publish(found, SECRETARIAT)
    return found


def test_a_line_is_worth_the_places_that_are_lost_without_it(workspace: Workspace) -> None:
    form, published = workspace.form(UNIT, PERIOD), Store(workspace.places.var).current()
    judged, _ = handing_in.validate_file(workspace, OFFICER, UNIT, PERIOD, upload(form, share=1.0), ENGLISH)
    draft = handing_in.draft_of(workspace, OFFICER, form, judged, ENGLISH)
    shown = preview(workspace, form, draft, published)

    def rank(found: Preview) -> int:
        assert found.standing and found.standing[1].rank
        return found.standing[1].rank

    def without(code: str) -> Draft:
        return replace(draft, changes=tuple(c for c in draft.changes if c.indicator_code != code))

    worth = {line.code: line.places for line in shown.lines}
    largest = sorted(shown.lines, key=lambda line: (line.points[1] or 0) - (line.points[0] or 0))
    for code in [line.code for line in (*largest[:2], *largest[-3:])]:
        assert worth[code] == rank(preview(workspace, form, without(code), published)) - rank(shown), code


def test_where_made_up_figures_leave_the_board_no_line_is_given_places(tmp_path: Path) -> None:
    desk = desk_in(tmp_path, small_ranges(tmp_path))
    publishing.publish(desk, SECRETARIAT)
    form = desk.form(UNIT, PERIOD)
    judged, _ = handing_in.validate_file(desk, OFFICER, UNIT, PERIOD, upload(form), ENGLISH)
    draft = handing_in.draft_of(desk, OFFICER, form, judged, ENGLISH)
    shown = preview(desk, form, draft, Store(desk.places.var).current())
    assert shown.dropped
    assert {line.places for line in shown.lines if line.code in shown.dropped} == {None}
