"""Every page runs without an error, in every language, on each data folder, with any address."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.fresh import forget
from tests.small_block import build_and_publish
from wardstats.core.languages import LANGUAGES
from wardstats.core.settings import PROJECT, settings
from wardstats.frontend.first_page import WITHOUT_CHARTS
from wardstats.session.caches import places

PAGES = sorted(path.name for path in (PROJECT / "pages").glob("*.py"))
PATIENCE_S = 300  # only a page that hangs takes so long, even where other programs are busy
FOLDERS = {name: PROJECT / "data" / name for name in ("laocai", "provinces_766")}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folder for state of each data folder, published."""
    places = {name: tmp_path_factory.mktemp(name) for name in FOLDERS}
    for name, folder in FOLDERS.items():
        build_and_publish(folder, places[name])
    return places


@pytest.fixture(autouse=True, scope="module")
def fresh_caches() -> Iterator[None]:
    """Caches outlive a file of tests in one process, and would answer for another folder."""
    forget()
    yield
    forget()


def visit(monkeypatch: pytest.MonkeyPatch, var: Path, folder: Path, page: str, **address: str) -> AppTest:
    """Open a page as a new reader; caches are kept as long as the folders are the same, as in a server."""
    monkeypatch.setenv("WARDSTATS_VAR", str(var))
    monkeypatch.setenv("WARDSTATS_DATA", str(folder))
    if places() != settings():
        forget()
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=PATIENCE_S)
    for key, value in address.items():
        app.query_params[key] = value
    if page != "ranking.py":
        app.switch_page(f"pages/{page}")
    app.run()
    assert not app.exception, app.exception
    assert app._page_hash in ("", app._finished_page_script_hash), f"another page than {page} was shown"
    return app


def html(app: AppTest) -> str:
    return "\n".join(element.proto.body for element in app.get("html")).replace("\u00a0", " ")


def figures(app: AppTest) -> list[dict[str, Any]]:
    return [json.loads(element.proto.spec) for element in app.get("plotly_chart")]


@pytest.fixture(scope="module")
def first_sight(published) -> Callable[[str, str, str], tuple[str, list[int]]]:
    """Return a function that opens a page of a folder in a language, once: its HTML, and how long its figures are."""

    @cache
    def look(name: str, page: str, language: str) -> tuple[str, list[int]]:
        with pytest.MonkeyPatch.context() as patch:
            app = visit(patch, published[name], FOLDERS[name], page, lang=language)
        return html(app), [len(element.proto.spec) for element in app.get("plotly_chart")]

    return look


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", FOLDERS)  # varies slowest, so that caches are cleared once
def test_page_runs(first_sight, name: str, page: str, language: str) -> None:
    assert "<h1>" in first_sight(name, page, language)[0]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(("name", "is_marked"), [("laocai", True), ("provinces_766", False)])
def test_demonstration_figures_are_marked_on_every_page(first_sight, name: str, is_marked: bool, page: str) -> None:
    assert ("Demonstration figures." in first_sight(name, page, "en")[0]) == is_marked


def test_one_reader_goes_from_page_to_page(monkeypatch, published) -> None:
    app = visit(monkeypatch, published["laocai"], FOLDERS["laocai"], "ranking.py", lang="en")
    for page in [*PAGES, "ranking.py"]:
        app.switch_page(f"pages/{page}").run()
        assert not app.exception, (page, app.exception)
        assert "<h1>" in html(app)


def test_ranking_shows_who_leads_and_the_parts_of_each_bar(monkeypatch, published) -> None:
    app = visit(monkeypatch, published["provinces_766"], FOLDERS["provinces_766"], "ranking.py", lang="vi")
    assert "<h1>Đồng Tháp dẫn đầu với 68,8 trên 100 điểm</h1>" in html(app)
    bars = [trace for trace in figures(app)[0]["data"] if trace["type"] == "bar" and "name" in trace]
    assert len(bars) == 6
    assert sum(trace["x"][trace["customdata"].index("H20")] for trace in bars) == pytest.approx(68.80)


def test_the_address_chooses_period_theme_and_language(monkeypatch, published) -> None:
    address = {"lang": "hi", "period": "2026-03", "theme": "social_security"}
    app = visit(monkeypatch, published["laocai"], FOLDERS["laocai"], "ranking.py", **address)
    assert {key: app.session_state[key] for key in address} == address
    assert {key: app.query_params[key] for key in address} == address
    assert "मार्च 2026" in html(app)


def test_an_address_that_makes_no_sense_falls_back(monkeypatch, published) -> None:
    address = {"lang": "xx", "period": "2099-99", "theme": "<script>alert(1)</script>"}
    app = visit(monkeypatch, published["laocai"], FOLDERS["laocai"], "ranking.py", **address)
    assert app.session_state["lang"] == "vi"
    assert app.session_state["period"] == "2026-10"
    assert app.session_state["theme"] == "total"
    assert "<script>" not in html(app)


def test_choosing_a_period_changes_the_address(monkeypatch, published) -> None:
    app = visit(monkeypatch, published["laocai"], FOLDERS["laocai"], "ranking.py", lang="en")
    app.selectbox(key="period").set_value("2025-12").run()
    assert app.query_params["period"] == "2025-12"
    assert "period December 2025" in html(app)


def test_choosing_a_unit_shows_it(monkeypatch, published) -> None:
    app = visit(monkeypatch, published["laocai"], FOLDERS["laocai"], "ward.py", lang="en")
    app.selectbox(key="unit").set_value("03006").run()
    assert "<h1>Sa Pa stands " in html(app)
    app.selectbox(key="unit").set_value("04252").run()
    assert "<h1>Yên Bái stands " in html(app)
    assert app.query_params["unit"] == "04252"


def test_an_example_fills_the_sql_box_and_another_language_may_follow(monkeypatch, published) -> None:
    app = visit(monkeypatch, published["laocai"], FOLDERS["laocai"], "explore.py", lang="en", tab="sql")
    box = app.selectbox(key="sql_example")
    box.set_value(box.options[1]).run()
    assert app.session_state["sql"].startswith("-- Who has moved since the period before?")
    app.query_params["lang"] = "hi"
    app.run()
    assert not app.exception
    assert app.selectbox(key="sql_example").value is None


def test_figures_stay_small_and_the_first_page_knows_which_pages_have_none(first_sight) -> None:
    for page in PAGES:
        lengths = first_sight("laocai", page, "vi")[1]
        assert all(length < 120_000 for length in lengths), (page, lengths)
        is_without = f"/{page.removesuffix('.py')}" in WITHOUT_CHARTS
        assert is_without == (not lengths and page != "explore.py")  # which has them behind its tabs


@pytest.mark.parametrize("page", ["map.py", "ranking.py", "models.py"])
def test_boundaries_that_cannot_be_used_are_explained(monkeypatch, published, tmp_path: Path, page: str) -> None:
    monkeypatch.setenv("WARDSTATS_BOUNDARIES", str(tmp_path / "none.geojson"))
    app = visit(monkeypatch, published["laocai"], FOLDERS["laocai"], page, lang="en")
    assert any("none.geojson" in warning.value for warning in app.warning)
    assert not any(str(tmp_path) in warning.value for warning in app.warning)
    assert len(figures(app)) + html(app).count("<figcaption>") >= 4


def test_without_a_snapshot_the_page_says_how_to_make_one(monkeypatch, tmp_path: Path) -> None:
    app = visit(monkeypatch, tmp_path, FOLDERS["laocai"], "ranking.py")
    assert "python -m wardstats build" in html(app)
