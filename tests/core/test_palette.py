"""One palette: every other file takes its colours from it, or is held equal to it."""

from __future__ import annotations

import re
import tomllib

import pytest

from wardstats.core.palette import BOTH, DARK_PAGE, LIGHT_PAGE, LIVE, MAP, MAP_DARK, with_colours
from wardstats.core.settings import PROJECT

SOURCES = [
    path
    for folder in ("wardstats", "pages", "static")
    for path in (PROJECT / folder).rglob("*")
    if path.suffix in (".py", ".typ", ".html", ".css", ".js")
]
STYLES = ("style.css", "live.css", "live_stage.css")
_COLOUR = re.compile(r"#[0-9a-fA-F]{8}\b|#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b(?=[\"';,) ])")
PLAIN = {"#fff", "#ffffff", "#000000"}  # white and black


def test_no_colour_stands_elsewhere() -> None:
    assert len(SOURCES) > 100
    stray = {
        f"{path.name}: {colour}"
        for path in SOURCES
        for colour in _COLOUR.findall(path.read_text(encoding="utf-8"))
        if colour not in PLAIN
    }
    assert not stray


def test_streamlits_theme_has_the_same_colours() -> None:
    theme = tomllib.loads((PROJECT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    for name, table in (("light", LIGHT_PAGE), ("dark", DARK_PAGE)):
        assert {key: value for key, value in theme[name].items() if key != "sidebar"} == {
            "primaryColor": table["own"],
            "backgroundColor": table["ground"],
            "secondaryBackgroundColor": table["panel"],
            "textColor": table["ink"],
            "linkColor": table["link"],
            "borderColor": table["line"],
        }
        assert theme[name]["sidebar"] == {"backgroundColor": table["side"]}


@pytest.mark.parametrize("name", STYLES)
def test_every_variable_of_a_style_sheet_has_a_colour(name: str) -> None:
    style = with_colours((PROJECT / "static" / name).read_text(encoding="utf-8"))
    assert "{{colours" not in style
    used = set(re.findall(r"var\((--[\w-]+)\)", style))
    defined = set(re.findall(r"(--[\w-]+):", style))
    texts = [path.read_text(encoding="utf-8") for path in SOURCES if path.suffix != ".css"]
    given = {variable for text in texts for variable in re.findall(r"--[\w-]+(?=\"|:)", text)}  # on single elements
    assert used & defined
    assert not used - defined - given


def test_both_appearances_have_every_colour() -> None:
    assert LIGHT_PAGE.keys() == DARK_PAGE.keys()
    assert MAP.keys() == MAP_DARK.keys()


def test_colours_become_variables() -> None:
    style = "{{colours page}} a { color: var(--ws-notice-line); background: var(--ws-heat-6); }"
    pair = f"--ws-notice-line: light-dark({LIGHT_PAGE['notice_line']}, {DARK_PAGE['notice_line']});"
    assert with_colours(style) == style.replace("{{colours page}}", f"--ws-heat-6: {BOTH['heat'][6]}; {pair}")
    assert with_colours("{{colours live}} var(--gold-soft)") == f"--gold-soft: {LIVE['gold_soft']}; var(--gold-soft)"
