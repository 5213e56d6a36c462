"""Streamlit's first page names what every page needs before it asks, its server and a language."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.types import Scope

from wardstats.frontend.first_page import CHARTS, EVERY_PAGE, Card, CompletePage, FirstPage, no_card
from wardstats.frontend.share_card import ShareCard
from wardstats.frontend.streamlit_files import STREAMLIT_FILES, NotAsExpectedError, first_scripts, late_scripts

PAGE = """<!DOCTYPE html><html lang="en"><head>
<script type="module" crossorigin src="./static/js/index.1.js"></script>
<link rel="modulepreload" crossorigin href="./static/js/tool.1.js">
</head><body><div id="root"></div></body></html>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return static files as Streamlit has them: scripts of the page, and scripts of components."""
    scripts = tmp_path / "static/js"
    scripts.mkdir(parents=True)
    (tmp_path / "index.html").write_text(PAGE, encoding="utf-8")
    for name, text in {
        "index.1.js": 'import("./Select.1.js");window.__streamlit?.BACKEND_BASE_URL',
        "tool.1.js": "export{t as n}",
        "Select.1.js": 'import{t}from"./menu.1.js";import"./index.1.js";import("./never.1.js")',
        "menu.1.js": 'import{a as b}from"./field.1.js";import"./Select.1.js"',
        "field.1.js": "export{a}",
        "never.1.js": "",
        "Html.1.js": 'import t from"./field.1.js"',
        "Chart.1.js": 'import t from"./field.1.js"',
    }.items():
        (scripts / name).write_text(text, encoding="utf-8")
    return tmp_path


def client(folder: Path, text: str = PAGE, card: Card = no_card) -> TestClient:
    headers = {"etag": '"streamlits"', "last-modified": "long ago"}
    pages = [Route(path, lambda _: HTMLResponse(text, headers=headers)) for path in ("/map", "/club")]
    middleware = Middleware(
        FirstPage,  # pyright: ignore[reportArgumentType]
        complete=CompletePage(folder, ("Select", "Html"), "Chart"),
        without_charts=("/club",),
        card=card,
    )
    return TestClient(Starlette(routes=pages, middleware=[middleware]))


def test_late_scripts_are_those_of_the_components_and_what_they_import_once(folder: Path) -> None:
    assert first_scripts(folder) == ["index.1.js", "tool.1.js"]
    found = late_scripts(folder, ("Select", "Html"))
    assert found == [f"{name}.1.js" for name in ("Select", "menu", "field", "Html")]
    with pytest.raises(NotAsExpectedError, match=r"no file Gone\.\*\.js"):
        late_scripts(folder, ["Gone"])


def test_the_pinned_streamlit_has_the_scripts_that_are_named() -> None:
    found = late_scripts(STREAMLIT_FILES, [*EVERY_PAGE, CHARTS])
    names = [name.partition(".")[0] for name in found]
    assert {*EVERY_PAGE, CHARTS} <= set(names)
    assert names.index("Html") < names.index(CHARTS)  # the text first
    assert all((STREAMLIT_FILES / "static/js" / name).is_file() for name in found)


def test_the_page_names_later_scripts_and_its_server(folder: Path) -> None:
    answer = client(folder).get("/map").text
    links = re.findall(r'<link rel="modulepreload"[^>]* href="([^"]+)">', answer)
    ours = [f"/static/js/{name}.1.js" for name in ("Select", "menu", "field", "Html", "Chart")]
    assert links == [*ours, "./static/js/tool.1.js"]
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


def test_the_card_of_a_shared_link_is_in_the_head_and_in_the_tag(folder: Path) -> None:
    def card(scope: Scope) -> ShareCard:
        asked = parse_qs(scope["query_string"].decode()).get("by", ["nobody"])
        return ShareCard(f"{scope['path']} <by {asked[0]}>", 'a "board"')

    asking = client(folder, card=card)
    answer = asking.get("/map?by=Sa%20Pa")
    assert '<meta property="og:title" content="/map &lt;by Sa Pa&gt;">' in answer.text
    assert 'content="a &quot;board&quot;"' in answer.text
    assert answer.text.index("og:title") < answer.text.index("</head>")
    assert asking.get("/map").headers["etag"] != answer.headers["etag"]
    assert "og:title" not in client(folder).get("/map").text


def test_a_card_that_cannot_be_made_leaves_the_page_without_one(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    def card(_: Scope) -> ShareCard:
        raise RuntimeError("no board")

    answer = client(folder, card=card).get("/map")
    assert answer.status_code == 200
    assert "og:title" not in answer.text and "BACKEND_BASE_URL" in answer.text
    assert "could not be made" in caplog.text


def test_another_page_stays_as_it_is(folder: Path) -> None:
    ours = "<html><head></head><body>ours</body></html>"
    answer = client(folder, ours).get("/map")
    assert answer.text == ours
    assert answer.headers["etag"] == '"streamlits"'
