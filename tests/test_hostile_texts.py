"""A block all of whose texts are tags, links and pictures: every page shows them as they are, and none of them acts."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from tests.fresh import forget
from tests.small_block import Folder, build_and_publish
from tests.test_pages import PAGES, html, visit
from wardstats.catalogue.load import load_catalogue
from wardstats.core.settings import Settings
from wardstats.live.application import Live
from wardstats.snapshot.build import build_snapshot
from wardstats.snapshot.publications import publish_snapshot

TAG = "<img src=x onerror=alert(1)>"
EVIL = f"{TAG}![x](http://evil.test/x)</script><script>alert(2)</script>"
# A tag that was let through; a picture or link of Markdown that was let through.
RAW_TAG = re.compile(r"<img src=x|<script>alert")
RAW_MARKDOWN = re.compile(r"(?<!\\)\]\(http://evil\.test|(?<!\\)<img src=x")
TEXTS = re.compile(r"(name|title|question|decision|definition|note|text|reason|purpose|summary|place|lead)(_\w+)?")
MARKDOWN = {"Markdown": ("body", "help"), "Alert": ("body",), "Heading": ("body", "help"), "Html": ()}


@pytest.fixture
def hostile(small: Folder, tmp_path: Path) -> Iterator[tuple[Path, Path, int]]:
    """Return the data folder, the folder of state, and how many texts are hostile."""
    count = 0
    for path in sorted(small.path.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
        for number, row in enumerate(rows):
            for column, name in enumerate(header):
                if TEXTS.fullmatch(name) and row[column]:
                    row[column], count = f"{row[column]} {EVIL}{number}", count + 1
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows([header, *rows])
    var = tmp_path / "var"
    publish_snapshot(var, build_snapshot(load_catalogue(small.path), var), by=EVIL, note=EVIL)
    yield small.path, var, count
    forget()


def read_as_markdown(app: AppTest) -> Iterator[tuple[str, str]]:
    """Yield each text of a page that Streamlit reads as Markdown, labels of buttons included, and where it stands."""
    ahead = [app._tree]
    while ahead:
        node = ahead.pop()
        ahead += getattr(node, "children", {}).values()
        found = getattr(node, "proto", None)
        kind = type(found).__name__
        for name in MARKDOWN.get(kind, ("label", "help")):
            if isinstance(text := getattr(found, name, None), str):
                yield f"{kind}.{name}", text


@pytest.mark.hostile("XSS in name, note, by, cells")
def test_no_text_acts_on_a_page(
    monkeypatch: pytest.MonkeyPatch, hostile: tuple[Path, Path, int], record_property: Callable[[str, object], None]
) -> None:
    data, var, count = hostile
    assert count > 50
    record_property("tried", count * len(PAGES))
    shown = ""
    for page in PAGES:
        app = visit(monkeypatch, var, data, page, lang="en")
        body = html(app)
        shown += body
        assert not RAW_TAG.search(body), (page, RAW_TAG.search(body))
        for place, text in read_as_markdown(app):
            assert not RAW_MARKDOWN.search(text), (page, place, text)
    assert "&lt;img src=x onerror=alert(1)&gt;" in shown


@pytest.mark.hostile("XSS in name, note, by, cells")
def test_an_error_of_somebody_elses_query_acts_nowhere(
    monkeypatch: pytest.MonkeyPatch, small: Folder, tmp_path: Path
) -> None:
    """A link may bring a query along, and the database repeats its names."""
    query = f'select "![x](http://evil.test/x) {TAG}" from unit'
    build_and_publish(small.path, tmp_path / "var")
    app = visit(monkeypatch, tmp_path / "var", small.path, "explore.py", lang="en", tab="sql", sql=query)
    texts = list(read_as_markdown(app))
    assert any("evil" in text for place, text in texts if place == "Alert.body")
    for place, text in texts:
        assert not RAW_MARKDOWN.search(text), (place, text)


@pytest.mark.hostile("XSS in name, note, by, cells")
def test_no_text_acts_on_phone_and_projector(
    hostile: tuple[Path, Path, int], record_property: Callable[[str, object], None]
) -> None:
    data, var, count = hostile
    with TestClient(Starlette(routes=Live(Settings(data, var, None)).routes())) as client:
        for address in ("/live", "/conference", "/live?lang=vi", "/conference?lang=hi"):
            page = client.get(address).text
            assert "onerror=alert(1)" in page, address
            assert not RAW_TAG.search(page), address
        record_property("tried", count * 4)
