"""What the tests of the harvest share: a stand-in portal, and harvests of it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.harvest.stand_in import World, lao_cai, serving
from wardstats.core.periods import parse_period
from wardstats.core.settings import PROJECT, Settings
from wardstats.harvest.client import Manners
from wardstats.harvest.workflow import Options, Outcome, harvest_units

# Asks again at once, but gives up on an answer only where a test wants it to: on a busy machine they all take long.
HASTY = Manners(delay_s=0, attempts=3, silence_s=60, answer_s=120, connect_s=60)
Harvested = Callable[..., Outcome]


@pytest.fixture(scope="session")
def served() -> Iterator[tuple[World, str]]:
    """Serve one world for all tests; each gets it as new."""
    world = lao_cai()
    with serving(world) as address:
        yield world, address


@pytest.fixture
def world(served: tuple[World, str]) -> World:
    """Return the world of Lào Cai, well-behaved."""
    world, _ = served
    world.mischief = world.edit = None
    world.shift, world.recordings = 0, {}
    world.asked.clear()
    return world


@pytest.fixture(scope="session")
def wards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return data/laocai with the demonstration figures of one month only, and no rank ranges: it builds faster."""
    folder = Path(shutil.copytree(PROJECT / "data" / "laocai", tmp_path_factory.mktemp("wards") / "laocai"))
    values = folder / "values" / "demonstration.csv"
    header, *lines = values.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line.split(",")[2] in ("2026-10", "2026-Q3")]
    values.write_text("\n".join([header, *kept, ""]), encoding="utf-8")
    block = folder / "block.toml"
    assert "[robustness]" not in block.read_text(encoding="utf-8")
    with block.open("a", encoding="utf-8") as stream:
        stream.write("\n[robustness]\ndraws = 0\n")
    return folder


@pytest.fixture
def places(wards: Path, tmp_path: Path) -> Settings:
    """Return the block of wards with a folder of its own for everything written."""
    return Settings(wards, tmp_path / "var", None)


@pytest.fixture
def harvested(served: tuple[World, str], world: World, places: Settings) -> Harvested:
    """Return what harvests a month of the stand-in; arguments are those of ``Options``."""

    def run(period: str = "2026-10", manners: Manners = HASTY, **options: Any) -> Outcome:
        return harvest_units(places, parse_period(period), replace(Options(served[1], manners=manners), **options))

    return run
