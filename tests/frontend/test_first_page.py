"""Streamlit's first page brings small scripts with it, and names those that every page needs before it asks."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import unquote

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from wardstats.frontend.first_page import CHARTS, EVERY_PAGE, FirstPage, first_scripts, late_scripts
from wardstats.frontend.small_scripts import import_map, small_scripts

STREAMLIT_FILES = Path(st.__file__).parent / "static"
PAGE = """<!DOCTYPE html><html lang="en"><head>
<script type="module" crossorigin src="./static/js/index.1.js"></script>
<link rel="modulepreload" crossorigin href="./static/js/tiny.1.js">
<link rel="modulepreload" crossorigin href="./static/js/large.1.js">
</head><body><div id="root"></div>/_stcore/</body></html>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return static files as Streamlit has them: scripts of the page, and scripts of components."""
    scripts = tmp_path / "static/js"
    scripts.mkdir(parents=True)
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    for name, text in {
        "index.1.js": 'import("./Select.1.js")',
        "tiny.1.js": 'import{t}from"./large.1.js";export{t as n}',
        "large.1.js": "//" + "x" * 5000,
        "Select.1.js": 'import{t}from"./menu.1.js";import"./index.1.js";import("./never.1.js")',
        "menu.1.js": 'import{a as b}from"./field.1.js";import"./Select.1.js";let c=`50% #\n<b>"`',
        "field.1.js": "//" + "x" * 5000,
        "never.1.js": "",
        "Html.1.js": 'import t from"./field.1.js"',
        "Chart.1.js": 'import t from"./field.1.js";//' + "x" * 5000,
    }.items():
        (scripts / name).write_text(text, encoding="utf-8")
    return tmp_path


def client(folder: Path, text: str = PAGE) -> TestClient:
    headers = {"etag": '"streamlits"', "last-modified": "long ago"}
    pages = [Route(path, lambda _: HTMLResponse(text, headers=headers)) for path in ("/map", "/club")]
    middleware = Middleware(
        FirstPage,  # pyright: ignore[reportArgumentType]
        folder=folder,
        components=("Select", "Html"),
        charts="Chart",
        without_charts=("/club",),
    )
    return TestClient(Starlette(routes=pages, middleware=[middleware]))


def addresses(page: str) -> dict[str, str]:
    found = re.search(r'<script type="importmap">(.*?)</script>', page)
    assert found
    return json.loads(found[1])["imports"]


def test_late_scripts_are_those_of_the_components_and_what_they_import_once(folder: Path) -> None:
    assert first_scripts(folder) == ["index.1.js", "tiny.1.js", "large.1.js"]
    found = late_scripts(folder, ("Select", "Html", "Gone"))
    assert found == [f"{name}.1.js" for name in ("Select", "menu", "field", "Html")]


def test_the_pinned_streamlit_has_the_scripts_that_are_named() -> None:
    found = late_scripts(STREAMLIT_FILES, [*EVERY_PAGE, CHARTS])
    names = [name.partition(".")[0] for name in found]
    assert {*EVERY_PAGE, CHARTS} <= set(names)
    assert names.index("Html") < names.index(CHARTS)  # the text first
    assert all((STREAMLIT_FILES / "static/js" / name).is_file() for name in found)


def test_of_the_pinned_streamlits_scripts_most_are_small_and_import_nothing_that_is_not_there() -> None:
    scripts = STREAMLIT_FILES / "static/js"
    names = [*first_scripts(STREAMLIT_FILES), *late_scripts(STREAMLIT_FILES, [*EVERY_PAGE, CHARTS])]
    small = small_scripts(scripts, names)
    assert len(small) > len(names) / 2
    found = addresses(import_map(small))
    for name, text in small.items():
        assert unquote(found[name].removeprefix("data:text/javascript,")) == text.replace('"./', '"')
        assert set(re.findall(r'(?:from|import)"\./([^"]+)"', text)) <= found.keys()
    kept = {address for address in found.values() if not address.startswith("data:")}
    assert all((STREAMLIT_FILES / address.removeprefix("/")).is_file() for address in kept)


def test_the_page_brings_small_scripts_and_names_the_others_and_its_server(folder: Path) -> None:
    answer = client(folder).get("/map").text
    links = re.findall(r'<link rel="modulepreload"[^>]* href="([^"]+)">', answer)
    # In the page's own order, without what is in the page; Select loads another by its own address, so it is not.
    ours = [f"/static/js/{name}.1.js" for name in ("Select", "field", "Chart")]
    assert links == [*ours, "./static/js/large.1.js"]
    found = addresses(answer)
    assert found["tiny.1.js"] == found["/static/js/tiny.1.js"]
    assert found["tiny.1.js"] == "data:text/javascript,import{t}from%22large.1.js%22;export{t as n}"
    assert found["large.1.js"] == "/static/js/large.1.js"
    assert found["menu.1.js"].endswith("let c=`50%25 %23%0A<b>%22`")
    assert "index.1.js" not in {name for name, address in found.items() if address.startswith("data:")}
    assert answer.index("importmap") < answer.index("modulepreload")
    assert "BACKEND_BASE_URL" in answer
    assert '<html lang="vi">' in answer


def test_a_page_without_charts_leaves_what_draws_them_for_later(folder: Path) -> None:
    asking = client(folder)
    assert '<link rel="prefetch" href="/static/js/Chart.1.js">' in asking.get("/club").text
    assert 'href="/static/js/Chart.1.js"' not in re.sub('<link rel="prefetch"[^>]*>', "", asking.get("/club").text)
    assert 'rel="prefetch"' not in asking.get("/map").text
    assert asking.get("/map").headers["etag"] != asking.get("/club").headers["etag"]


def test_the_page_is_compressed_and_has_a_tag_of_its_own(folder: Path) -> None:
    asking = client(folder)
    answer = asking.get("/map", headers={"accept-encoding": "gzip"})
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["etag"] != '"streamlits"'
    assert "last-modified" not in answer.headers
    assert asking.get("/map", headers={"accept-encoding": "identity"}).text == answer.text
    again = asking.get("/map", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_another_page_stays_as_it_is(folder: Path) -> None:
    ours = "<html><head></head><body>ours</body></html>"
    answer = client(folder, ours).get("/map")
    assert answer.text == ours
    assert answer.headers["etag"] == '"streamlits"'
