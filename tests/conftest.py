"""What the tests share: the small block of tests/small, its snapshot, and snapshots of the project's own folders."""

from __future__ import annotations

import gc
import shutil
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from streamlit.config import get_option, set_option

from tests import small_block
from tests.fresh import forget
from tests.incomplete_boards import build_board
from tests.small_block import SMALL, Folder, Select, build, build_and_publish
from wardstats.catalogue.load import load_catalogue
from wardstats.charts.figure import Figure
from wardstats.core.settings import PROJECT, Settings
from wardstats.ledger.access import Actor
from wardstats.session import signin
from wardstats.snapshot.build import build_snapshot
from wardstats.snapshot.publications import snapshot_path
from wardstats.snapshot.store import Snapshot

# The files that take longest, the longest first: processes that share the files begin with them, and so end together.
LONGEST = [
    Path(__file__).parent / name
    for name in (
        "browser/test_walk.py",
        "browser/test_live.py",
        "browser/test_handin.py",
        "browser/test_club.py",
        "test_incomplete_pages.py",
        "test_marks.py",
        "test_incomplete_commands.py",
        "session/test_signin_two_tabs.py",
        "browser/test_ways.py",
        "test_bad_day.py",
        "browser/test_answers.py",
        "browser/test_plain_streamlit.py",
        "browser/test_typed_numbers.py",
        "browser/test_take_away.py",
        "intake/test_publishing.py",
        "browser/test_axe.py",
        "browser/test_navigation.py",
        "test_pages.py",
        "browser/test_letters.py",
        "browser/test_smoke.py",
        "intake/notices/test_sending_killed.py",
        "intake/test_upkeep.py",
        "snapshot/test_build_killed.py",
        "intake/test_handing_in.py",
        "intake/test_publishing_killed.py",
        "frontend/test_browser_messages.py",
        "frontend/test_uploads.py",
        "intake/test_judge.py",
        "browser/test_print.py",
        "browser/test_policy.py",
        "browser/test_drawn_once.py",
        "snapshot/test_sql_box_bombs.py",
        "live/test_application_raw_http.py",
        "intake/test_validation_fuzz.py",
        "intake/test_validation.py",
        "test_full_disk.py",
        "live/test_phone_page.py",
        "test_scores_unmoved.py",
        "scoring/test_evaluate_closed.py",
        "intake/test_judge_child_fuzz.py",
    )
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest before the others."""
    order = {path: number for number, path in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path, len(order)))


def pytest_collection_finish() -> None:
    """Take what is loaded by now, thousands of tests among it, out of what collections of garbage look through."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True, scope="session")
def no_search_for_components() -> Iterator[None]:
    """Let AppTest not read the metadata of every installed package on each first run: no page uses a component."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("streamlit.components.v2.manifest_scanner.scan_component_manifests", list)
        yield


@pytest.fixture(autouse=True, scope="session")
def builds_are_shared(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> None:
    """Let all processes that run tests build the project's own folders in one place, each once."""
    own = tmp_path_factory.getbasetemp()
    small_block.built[:] = [(own if worker_id == "master" else own.parent) / "built"]


@pytest.fixture(autouse=True)
def main_module_stays() -> Iterator[None]:
    """Put the main module back: AppTest leaves its page there, which every process started later would then run."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(autouse=True)
def every_figure_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have Plotly check each property of each figure that a page sends; where it is used, nobody checks."""
    parts = Figure.to_dict

    def checked(figure: Figure) -> dict[str, Any]:
        assert figure.checked
        return parts(figure)

    monkeypatch.setattr(Figure, "to_dict", checked)


@pytest.fixture
def administrator(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Sign in somebody who may do everything, so that each page is whole; errors of a page are told in full."""
    monkeypatch.setattr(signin, "is_configured", lambda: True)
    monkeypatch.setattr(signin, "visitor", lambda: Actor("Clerk", "administrator", "clerk@x.test"))
    told = get_option("client.showErrorDetails")
    set_option("client.showErrorDetails", "full")  # else only that there was one
    forget()
    yield
    set_option("client.showErrorDetails", told)
    forget()


@pytest.fixture
def small(tmp_path: Path) -> Folder:
    """Return a copy of the small block that a test may change."""
    return Folder(Path(shutil.copytree(SMALL, tmp_path / "small")))


@pytest.fixture
def laocai_folder(tmp_path: Path) -> Folder:
    """Return a copy of data/laocai that a test may change."""
    return Folder(Path(shutil.copytree(PROJECT / "data" / "laocai", tmp_path / "laocai")))


@pytest.fixture
def select(small: Folder, tmp_path: Path) -> Iterator[Select]:
    """Return a function that builds the small block as it is by then, once, and runs SQL on its relations."""
    opened: list[duckdb.DuckDBPyConnection] = []

    def run(sql: str) -> pd.DataFrame:
        if not opened:
            var = tmp_path / "var"
            path = snapshot_path(var, build_snapshot(load_catalogue(small.path), var))
            opened.append(duckdb.connect(str(path), read_only=True))
        return opened[0].execute(sql).df()

    yield run
    for connection in opened:
        connection.close()


@pytest.fixture(scope="session")
def small_snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Return the snapshot of the small block as it stands in tests/small."""
    return build_and_publish(SMALL, tmp_path_factory.mktemp("small"))


@pytest.fixture(scope="session")
def small_tables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Return a connection to the relations of the small block as it stands in tests/small."""
    var = tmp_path_factory.mktemp("small_tables")
    path = snapshot_path(var, build(SMALL, var))
    with duckdb.connect(str(path), read_only=True) as connection:
        yield connection


@pytest.fixture(scope="session")
def laocai(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Return the snapshot of data/laocai."""
    return build_and_publish(PROJECT / "data" / "laocai", tmp_path_factory.mktemp("laocai"))


@pytest.fixture(scope="module")
def laocai_var(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a folder of state in which data/laocai is published, for pages: they share nothing from before."""
    forget()
    folder = tmp_path_factory.mktemp("laocai_var")
    build_and_publish(PROJECT / "data" / "laocai", folder)
    yield folder
    forget()


@pytest.fixture(scope="session")
def provinces(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Return the snapshot of data/provinces_766."""
    return build_and_publish(PROJECT / "data" / "provinces_766", tmp_path_factory.mktemp("provinces"))


@pytest.fixture(scope="session")
def incomplete(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Settings]:
    """Return a function that gives the places of a board of tests/incomplete_boards.py, built once."""
    return cache(lambda name: build_board(name, tmp_path_factory.mktemp(name)))
