"""The how-to's of docs/ work as they stand: a test does what each says."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
import types
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from tests.fresh import forget
from tests.small_block import SMALL, Folder, build_and_publish
from tests.test_tooling import _make, needs_make
from wardstats.core.settings import LOCALES, PROJECT, QUERIES, settings
from wardstats.live.application import Live
from wardstats.snapshot import queries
from wardstats.snapshot.store import Snapshot

HOW_TOS = sorted((PROJECT / "docs").glob("how-to-*.md"))
# Made by the reader of a how-to.
NEW = {"wardstats/boards/area.py", "pages/area.py", "tests/boards/test_area.py", "locales/xx.po"}


def text_of(name: str) -> str:
    return (PROJECT / "docs" / f"how-to-{name}.md").read_text(encoding="utf-8")


def block_after(text: str, words: str) -> str:
    """Return the first indented block after some words."""
    lines = text[text.index(words) :].splitlines()[1:]
    start = next(number for number, line in enumerate(lines) if line.startswith("       "))
    end = next(
        (n for n, line in enumerate(lines[start:], start) if line and not line.startswith("       ")), len(lines)
    )
    return textwrap.dedent("\n".join(lines[start:end])).strip("\n")


@pytest.mark.parametrize("path", HOW_TOS, ids=lambda path: path.stem)
def test_the_files_it_names_exist(path: Path) -> None:
    folders = "wardstats|queries|tests|pages|locales|docs|static"
    named = set(re.findall(rf"`((?:{folders})/[\w./-]*|\w+\.py)`", path.read_text("utf-8")))
    assert named, "a how-to names the files to edit"
    assert not [name for name in named - NEW if not any((place / name).exists() for place in (PROJECT, SMALL))]


@needs_make
@pytest.mark.parametrize("path", HOW_TOS, ids=lambda path: path.stem)
def test_the_targets_it_names_exist(path: Path, tmp_path: Path) -> None:
    for target in re.findall(r"\bmake ([a-z-]+)", path.read_text("utf-8")):
        assert _make("-n", target, f"VENV={tmp_path / 'venv'}").returncode == 0, target


def test_an_indicator_is_added_by_three_files(small: Folder, tmp_path: Path) -> None:
    text = text_of("add-an-indicator")
    for file in ("indicators.csv", "criteria/2026.csv", "values/bins.csv"):
        small.append(file, *block_after(text, f"`{file}`").splitlines())
    [problem] = small.problems()
    assert (problem.column, problem.found) == ("max_points", "110 points in all")
    small.replace("block.toml", "total_points = 90", "total_points = 110")
    assert small.problems() == []
    snapshot = build_and_publish(small.path, tmp_path / "var")
    found = snapshot.query("figure_points", period="2026-04", unit=(), indicator=("bins",)).set_index("unit_code")
    assert found.loc["w01", ["value", "points"]].tolist() == pytest.approx([90, 18])
    assert found.loc["w02", ["value", "points"]].tolist() == pytest.approx([75, 15])


@pytest.fixture
def new_board(small_snapshot: Snapshot) -> Iterator[str]:
    """The module that the how-to of a page adds, importable for one test; returns its name."""
    name = "wardstats.boards.area"
    module = types.ModuleType(name)
    sys.modules[name] = module
    exec(block_after(text_of("add-a-page"), "`wardstats/boards/area.py`"), module.__dict__)  # noqa: S102 - our own text
    forget()
    yield name
    del sys.modules[name]
    forget()


def test_a_page_is_two_files(new_board: str, small: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    var = tmp_path / "var"
    build_and_publish(small.path, var)
    monkeypatch.setenv("WARDSTATS_VAR", str(var))
    monkeypatch.setenv("WARDSTATS_DATA", str(small.path))
    page = tmp_path / "area.py"
    as_dashboard_does = "from wardstats import session\nsession.sidebar()\n"
    page.write_text(as_dashboard_does + block_after(text_of("add-a-page"), "`pages/area.py`"), encoding="utf-8")
    app = AppTest.from_file(str(page), default_timeout=60)
    app.query_params["lang"] = "en"
    app.run()
    assert not app.exception, app.exception
    assert any("Suối Giàng: 50.0 km²" in found.proto.body.replace("\u00a0", " ") for found in app.get("html"))
    assert app.dataframe[0].value["unit_name"].tolist()[0] == "Suối Giàng"


def test_an_api_column_is_one_query(small: Folder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = text_of("add-an-api-column")
    header, column = block_after(text, "a line in the header"), block_after(text, "and the column")
    sql = (QUERIES / "unit.sql").read_text(encoding="utf-8")
    sql = sql.replace("-- reads:", f"{header}\n-- reads:", 1).replace(
        "    population,", f"    {column}\n    population,", 1
    )
    changed = tmp_path / "unit.sql"
    changed.write_text(sql, encoding="utf-8")
    load = queries.load_query

    def with_change(name: str) -> queries.Query:
        return queries.parse_query(changed) if name == "unit" else load(name)

    monkeypatch.setattr("wardstats.snapshot.store.load_query", with_change)
    monkeypatch.setattr("wardstats.live.openapi.load_query", with_change)
    build_and_publish(small.path, tmp_path / "var")
    client = TestClient(Starlette(routes=Live(settings(small.path, tmp_path / "var")).routes()))
    rows = client.get("/api/v1/wards?lang=en").json()["rows"]
    assert {row["unit_code"]: row["area_ha"] for row in rows}["w02"] == pytest.approx(2050)
    assert "area_ha" in client.get("/api/v1/wards?format=csv").text.splitlines()[0]
    assert "area_ha" in client.get("/api/v1/openapi.json").text


def test_a_language_is_a_table_and_a_file_of_texts(small: Folder, tmp_path: Path) -> None:
    text, locales = text_of("add-a-language"), tmp_path / "locales"
    shutil.copytree(LOCALES, locales)
    with (locales / "languages.toml").open("a", encoding="utf-8") as stream:
        stream.write(f"\n{block_after(text, '`locales/languages.toml`')}\n")
    (locales / "xx.po").write_text(block_after(text, "`locales/xx.po`") + "\n", encoding="utf-8")
    (_, column), *names = csv.reader(block_after(text, "`units.csv`").splitlines())
    with (small.path / "units.csv").open(encoding="utf-8", newline="") as stream:
        header, *lines = csv.reader(stream)
    with (small.path / "units.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([[*header, column], *([*line, dict(names).get(line[0], "")] for line in lines)])

    command = [sys.executable, "-m", "tests.made_up_language", "xx", str(small.path), str(tmp_path / "var")]
    places = {
        "WARDSTATS_LOCALES": str(locales),
        "WARDSTATS_DATA": str(small.path),
        "WARDSTATS_VAR": str(tmp_path / "var"),
    }
    done = subprocess.run(command, cwd=PROJECT, env=os.environ | places, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["names"]["xx"] == "Ixix"
    assert told["offered_by_the_page"] == list(told["names"].values())
    assert told["offered_by_the_api"] == list(told["names"])
    assert told["number"] == "1.234,5"
    assert told["units"]["w01"] == "Bixix"
    assert told["units"]["w03"] == "Đông An"  # no name of its own: the block's language
    assert "Bixix" in told["wards"]
    headline = "Lixix Ân Hà ỹ Bixix: 72,0/100 pixix"
    assert headline in told["phones"]
    assert any(headline in body.replace("\u00a0", " ") for body in told["page"])
    assert "Full dashboard" in told["phones"]  # has no words in it yet: English
