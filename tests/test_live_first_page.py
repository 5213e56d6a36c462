"""Streamlit's first page names the scripts that a page's components need before anybody has seen the components."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from wardstats.live.first_page import EVERY_PAGE, FirstPage, late_scripts


def test_late_scripts_are_those_of_the_components_and_what_they_import_once(tmp_path: Path) -> None:
    scripts = tmp_path / "static/js"
    scripts.mkdir(parents=True)
    (tmp_path / "index.html").write_text('<script src="./static/js/index.1.js"></script>', encoding="utf-8")
    for name, text in {
        "index.1.js": "",
        "Select.1.js": 'import{t}from"./menu.1.js";import"./index.1.js";import("./never.1.js")',
        "menu.1.js": 'import{a as b}from"./field.1.js";import"./Select.1.js"',
        "field.1.js": "",
        "never.1.js": "",
        "Html.1.js": 'import t from"./field.1.js"',
    }.items():
        (scripts / name).write_text(text, encoding="utf-8")
    found = late_scripts(tmp_path, ("Select", "Html", "Gone"))
    assert found == [f"static/js/{name}.1.js" for name in ("Select", "menu", "field", "Html")]


def test_the_pinned_streamlit_has_the_scripts_that_are_named() -> None:
    folder = Path(st.__file__).parent / "static"
    found = late_scripts(folder, EVERY_PAGE)
    names = [Path(name).name.partition(".")[0] for name in found]
    assert set(EVERY_PAGE) <= set(names)
    assert names.index("Html") < names.index("PlotlyChart")  # the text first
    assert all((folder / name).is_file() for name in found)


def test_the_page_names_them_and_its_server() -> None:
    text = '<!DOCTYPE html><html lang="en"><head></head><body><div id="root"></div>/_stcore/</body></html>'
    page = Route("/map", lambda _: HTMLResponse(text))
    app = Starlette(routes=[page], middleware=[Middleware(FirstPage, scripts=["/static/js/a.1.js"])])  # pyright: ignore[reportArgumentType]
    answer = TestClient(app).get("/map").text
    assert '<link rel="modulepreload" fetchpriority="low" href="/static/js/a.1.js">' in answer
    assert "BACKEND_BASE_URL" in answer
    assert '<html lang="vi">' in answer
