"""What a publication would change, before anybody decides: places, points, figures with who they are from."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.small_block import SMALL
from wardstats.boards.check.publication import board_changes, waiting_table
from wardstats.core.languages import LANGUAGES, translator
from wardstats.core.settings import Settings
from wardstats.intake import checking
from wardstats.intake.basis import waiting_entries
from wardstats.intake.workspace import Workspace
from wardstats.ledger.access import Actor
from wardstats.snapshot.build import build_snapshot
from wardstats.snapshot.store import Snapshot, Store

SECRETARIAT = Actor("Sec", "secretariat", "secretariat@x.test")
MONTH = "2026-04"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("waiting")
    data = Path(shutil.copytree(SMALL, folder / "small"))
    with (data / "block.toml").open("a", encoding="utf-8") as block:
        block.write("\n[robustness]\ndraws = 0\n")
    return Workspace.of(Settings(data, folder / "var", None))


@pytest.fixture(scope="module")
def boards(workspace: Workspace) -> tuple[Snapshot, Snapshot]:
    """The board as it is, and with a correction and a penalty that wait."""
    store = Store(workspace.places.var)
    before = store.snapshot(build_snapshot(workspace.catalogue(), workspace.places.var))
    checking.correct(workspace, SECRETARIAT, "w03", MONTH, "green_space", {"value": 12}, "measured anew")
    checking.adjust(workspace, SECRETARIAT, "w01", MONTH, -2.5, "late")
    return before, store.snapshot(build_snapshot(workspace.catalogue(), workspace.places.var))


@pytest.mark.parametrize("language", LANGUAGES)
def test_places_and_points_are_told_as_both_boards_have_them(boards: tuple[Snapshot, Snapshot], language: str) -> None:
    speak = translator(language)
    changes = board_changes(*boards, speak)
    ranks = [
        {
            row.unit_name: (str(row.rank), speak.number(row.score, 2))
            for row in board.query("ranking", period=MONTH, node="total", language=language).itertuples()
        }
        for board in boards
    ]
    told = changes.table.set_index(speak("Unit"))
    assert len(told) >= 2
    for name, row in told.iterrows():
        assert (row[speak("Rank so far")], row[speak("Points so far")]) == ranks[0][name]
        assert (row[speak("Rank then")], row[speak("Points then")]) == ranks[1][name]
    assert set(told.index) == {name for name in ranks[0] if ranks[0][name] != ranks[1][name]}
    assert speak.period(MONTH) in changes.finding


def test_nothing_changes_between_a_board_and_itself_and_all_is_new_on_the_first(
    boards: tuple[Snapshot, Snapshot],
) -> None:
    speak = translator("en")
    same = board_changes(boards[0], boards[0], speak)
    assert (same.finding, len(same.table), same.more) == ("No place and no score changes.", 0, "")
    first = board_changes(None, boards[0], speak)
    assert set(first.table["Rank so far"]) == {"–"} and len(first.table) == 3


def test_what_waits_names_the_figure_before_and_after_and_who_it_is_from(
    workspace: Workspace, boards: tuple[Snapshot, Snapshot]
) -> None:
    del boards
    table, left_out = waiting_table(waiting_entries(workspace.ledger.entries(), None), workspace, translator("vi"))
    figure, points = table.to_dict("records")
    speak = translator("vi")
    told = [figure[speak(name)] for name in ("So far", "Then", "Difference")]
    assert told == ["15,00 · minh họa", "12,00", "−3,00 · minh họa"]  # the figure before was made up
    assert "Sec" in figure[speak("Who")]
    assert points[speak("Then")] == "−2,50 · late" and left_out == 0
