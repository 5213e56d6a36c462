"""The icons that are served are all that any page can show."""

from __future__ import annotations

from fontTools.ttLib import TTFont
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.testclient import TestClient

from tests.icon_font import STREAMLIT, icons, needed, whole_font
from wardstats.frontend.compressed_files import ICONS, CompressedFiles


def test_every_icon_that_is_named_is_in_the_file() -> None:
    there = icons(TTFont(ICONS))
    assert needed() <= there.keys(), "run: make icons"
    assert "leaderboard" in needed()  # ours
    assert "keyboard_double_arrow_left" in needed()  # named in Streamlit's scripts alone


def test_the_icons_look_as_in_the_whole_font() -> None:
    ours, whole = TTFont(ICONS), TTFont(whole_font())
    for name in ("leaderboard", "map", "keyboard_double_arrow_left"):
        one, other = ours["glyf"][icons(ours)[name]], whole["glyf"][icons(whole)[name]]
        assert one.getCoordinates(ours["glyf"]) == other.getCoordinates(whole["glyf"])
    assert ICONS.stat().st_size < 0.15 * whole_font().stat().st_size


def test_the_file_is_served_in_the_place_of_streamlits() -> None:
    middleware = Middleware(
        CompressedFiles,  # pyright: ignore[reportArgumentType]
        path="/static/",
        folder=STREAMLIT / "static/static",
        replaced={whole_font().name: ICONS.read_bytes()},
    )
    client = TestClient(Starlette(middleware=[middleware]))
    answer = client.get(f"/static/media/{whole_font().name}")
    assert answer.content == ICONS.read_bytes()
    assert answer.headers["content-type"] == "font/woff2"
    assert answer.headers["cache-control"] == "no-cache"  # the name is that of the whole font
    known = {"if-none-match": answer.headers["etag"]}
    assert client.get(f"/static/media/{whole_font().name}", headers=known).status_code == 304
