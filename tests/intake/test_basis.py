"""Which entries a board was built from: as recorded, or found again by the digest that ends its id."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.intake_files import SECRETARIAT
from tests.small_block import Folder
from wardstats.catalogue.load import former_content_digest
from wardstats.core.settings import Settings
from wardstats.intake import upkeep
from wardstats.intake.basis import Basis, find_basis, waiting_entries
from wardstats.intake.upkeep import Wanted
from wardstats.intake.workspace import Workspace
from wardstats.snapshot.build import snapshot_digest


@pytest.fixture
def desk(small: Folder, tmp_path: Path) -> Workspace:
    return Workspace.of(Settings(small.path, tmp_path / "var", None))


def kept_up(desk: Workspace, population: str) -> int:
    cells = {"population": population}
    return upkeep.keep_up(desk, SECRETARIAT, [Wanted("units.csv", ("w01",), cells)], "đếm lại").number


def board(desk: Workspace) -> str:
    """Return the id of a board of what counts now, as a build gives it."""
    return f"29991231T235959Z-{snapshot_digest(desk.catalogue().content_sha256, None)[:12]}"


def test_a_board_is_found_by_what_was_in_force(desk: Workspace) -> None:
    first = board(desk)
    one = kept_up(desk, "1001")
    second = board(desk)
    two = kept_up(desk, "1002")
    entries = desk.ledger.entries()
    assert find_basis(desk, entries, first, None) == Basis(0)
    assert find_basis(desk, entries, second, None) == Basis(one)
    assert find_basis(desk, entries, board(desk), None) == Basis(two)
    assert [entry.number for entry in waiting_entries(entries, None)] == [one, two]


def test_a_board_of_an_earlier_version_is_found_by_the_digest_that_it_has(desk: Workspace) -> None:
    one = kept_up(desk, "1001")
    former = former_content_digest(desk.catalogue().files, desk.ledger.entries())
    assert former != desk.catalogue().content_sha256
    earlier = f"20260101T000000Z-{snapshot_digest(former, None)[:12]}"
    kept_up(desk, "1002")
    assert find_basis(desk, desk.ledger.entries(), earlier, None) == Basis(one)


def test_a_folder_that_was_changed_since_gives_none(desk: Workspace) -> None:
    kept_up(desk, "1001")
    up = board(desk)
    Folder(desk.places.data).set_cell("units.csv", "w02", "population", "7")
    assert find_basis(desk, desk.ledger.entries(), up, None) is None
