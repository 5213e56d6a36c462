"""Addresses that ask for a unit, period, theme or indicator there is not: told, with the nearest, nothing in its place.

Of several, the others are shown.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.test_pages import html, visit
from wardstats.core.languages import LANGUAGES, translator
from wardstats.core.settings import PROJECT

LAOCAI = PROJECT / "data" / "laocai"
SA_PA = "03006"


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch, laocai_var: Path):
    def look(page: str, **address: str) -> AppTest:
        return visit(monkeypatch, laocai_var, LAOCAI, page, **address)

    return look


def titles(app: AppTest) -> list[str]:
    return [title.value for title in app.title]


UNKNOWN = [
    ("ward.py", "unit", "99999", "There is no unit “{code}” in this block"),
    ("contract.py", "unit", "0300", "There is no unit “{code}” in this block"),
    ("ward.py", "unit", "Sa Pá City", "There is no unit “{code}” in this block"),
    ("ward.py", "unit", "' or 1=1 --", "There is no unit “{code}” in this block"),
    ("ranking.py", "period", "2099-01", "There is no period “{code}” on this board"),
    ("map.py", "period", "2026-13", "There is no period “{code}” on this board"),
    ("explore.py", "period", "10/2026", "There is no period “{code}” on this board"),
    ("ranking.py", "theme", "sanitaton", "There is no theme “{code}” on this board"),
    ("compare.py", "theme", "00", "There is no theme “{code}” on this board"),
    ("indicator.py", "indicator", "digital_signature_pt", "There is no indicator “{code}” in this block"),
]


@pytest.mark.parametrize(("page", "key", "asked", "title"), UNKNOWN)
def test_what_there_is_not_is_told_and_nothing_is_shown_in_its_place(
    look, page: str, key: str, asked: str, title: str
) -> None:
    app = look(page, lang="en", **{key: asked})
    assert [text.replace("\\", "") for text in titles(app)] == [title.format(code=asked)]
    assert not app.get("plotly_chart")
    assert "90.3" not in html(app)
    assert app.query_params[key] in (asked, [asked])  # the address stays what it was


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_told_in_the_readers_language(look, language: str) -> None:
    app = look("ward.py", lang=language, unit="99999")
    assert titles(app) == [translator(language)("There is no unit “{code}” in this block", code="99999")]


def test_a_code_without_its_noughts_is_known(look) -> None:
    app = look("ward.py", lang="en", unit=SA_PA.lstrip("0"))
    assert not app.title
    assert app.session_state["unit"] == SA_PA
    assert app.query_params["unit"] in (SA_PA, [SA_PA])


def test_codes_without_noughts_are_compared(look) -> None:
    app = look("compare.py", lang="en", units=f"{SA_PA.lstrip('0')},99999")
    assert app.session_state["units"] == [SA_PA]


@pytest.mark.parametrize(
    ("page", "key", "asked", "wanted"),
    [
        ("ward.py", "unit", "0300", SA_PA),
        ("ranking.py", "period", "2026-13", "2026-10"),
        ("ranking.py", "theme", "environmental_sanitaton", "environmental_sanitation"),
        ("indicator.py", "indicator", "digital_signature_pt", "digital_signature_pct"),
    ],
)
def test_the_nearest_is_one_click_away(look, page: str, key: str, asked: str, wanted: str) -> None:
    app = look(page, lang="en", **{key: asked})
    app.button(key=f"meant_{key}_{wanted}").click().run()
    assert not app.title
    assert app.session_state[key] == wanted
    assert app.query_params[key] in (wanted, [wanted])


def test_another_choice_at_the_side_is_taken(look) -> None:
    app = look("ranking.py", lang="en", period="2099-01")
    app.selectbox(key="period").set_value("2026-09").run()
    assert not app.title
    assert app.query_params["period"] in ("2026-09", ["2026-09"])


def test_another_language_still_tells_it(look) -> None:
    app = look("ranking.py", lang="en", period="2099-01")
    app.get("segmented_control")
    app.session_state["lang"] = "vi"
    app.run()
    assert titles(app) == [translator("vi")("There is no period “{code}” on this board", code="2099-01")]


def told(app: AppTest) -> list[str]:
    return [warning.value.replace("\\", "") for warning in app.warning]


def test_a_wrong_code_among_several_is_told_and_the_others_are_compared(look) -> None:
    app = look("compare.py", lang="en", units=f"{SA_PA},0425")
    assert told(app) == ["There is no unit “0425” in this block; it is left out."]
    assert app.session_state["units"] == [SA_PA]
    app.run()
    assert told(app), "it stays until something else is chosen"
    app.button(key="meant_units_04252").click().run()
    assert app.session_state["units"] == [SA_PA, "04252"]
    assert told(app) == []


def test_of_wrong_codes_alone_nothing_else_is_compared_in_their_place(look) -> None:
    app = look("compare.py", lang="vi", units="99999,88888")
    speak = translator("vi")
    assert told(app) == [
        speak("There is no unit “{code}” in this block; it is left out.", code=code) for code in ("99999", "88888")
    ]
    assert speak("Choose the units to compare") in html(app)


def test_a_wrong_code_in_a_filter_is_told(look) -> None:
    app = look("explore.py", lang="en", only_indicators="nothing_like_it", only_units="99999")
    assert told(app) == [
        "There is no indicator “nothing_like_it” in this selection; it is left out.",
        "There is no unit “99999” in this block; it is left out.",
    ]
