"""What tests of pages share: the stand-in portal, and a desk that is up and that the pages work with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fresh import forget
from tests.harvest.conftest import harvested, places, served, wards, world
from tests.intake_files import SECRETARIAT, desk_in, small_ranges
from wardstats.intake import publishing
from wardstats.intake.workspace import Workspace

__all__ = ["harvested", "places", "served", "wards", "world"]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """Return a desk whose board is up; the tests of a file share it."""
    folder: Path = tmp_path_factory.mktemp("published")
    workspace = desk_in(folder, small_ranges(folder))
    publishing.publish(workspace, SECRETARIAT)
    return workspace


@pytest.fixture
def desk(published: Workspace, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """Let pages work with that desk, and know nothing of another one."""
    monkeypatch.setenv("WARDSTATS_VAR", str(published.places.var))
    monkeypatch.setenv("WARDSTATS_DATA", str(published.places.data))
    forget()
    yield published
    forget()
