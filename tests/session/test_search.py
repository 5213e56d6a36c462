"""The search at the side opens what is chosen or typed, and is empty again; what is unknown is told."""

from __future__ import annotations

from typing import Any, NoReturn

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.test_pages import FOLDERS, fresh_caches, published, visit
from wardstats.boards.search import search_index

__all__ = ["fresh_caches", "published"]  # fixtures

BOX = "search_all"


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, str]]]:
    """The pages that were gone to, each with its address."""
    found: list[tuple[str, dict[str, str]]] = []

    def go(page: str, query_params: Any) -> NoReturn:
        found.append((page, dict(query_params)))
        st.stop()

    monkeypatch.setattr("wardstats.session.search.st.switch_page", go)
    return found


def look(monkeypatch, published, **address: str) -> AppTest:
    return visit(monkeypatch, published["laocai"], FOLDERS["laocai"], "ranking.py", lang="vi", **address)


def ask(app: AppTest, text: str) -> None:
    """Choose from the list; AppTest cannot type what is not in it, so that is put where the list would put it."""
    if text in search_index(app.session_state["view"]).entries:
        app.selectbox(key=BOX).set_value(text).run()
    else:
        app.session_state["asked_for"] = text
        app.run()


@pytest.mark.parametrize(
    ("typed", "page", "choices"),
    [
        ("unit:03006", "pages/ward.py", {"unit": "03006"}),
        ("sa pa", "pages/ward.py", {"unit": "03006"}),
        ("digital_signature_pct", "pages/indicator.py", {"indicator": "digital_signature_pct"}),
    ],
)
def test_what_is_found_opens_in_one_step_and_keeps_what_is_looked_at(
    monkeypatch, published, opened, typed: str, page: str, choices: dict[str, str]
) -> None:
    app = look(monkeypatch, published, period="2026-09", theme="social_security")
    ask(app, typed)
    assert not app.exception
    assert opened == [(page, {"lang": "vi", "period": "2026-09", "theme": "social_security"} | choices)]
    assert app.selectbox(key=BOX).value is None


def test_what_is_not_found_is_told_with_the_nearest(monkeypatch, published, opened) -> None:
    app = look(monkeypatch, published)
    ask(app, "sa paa")
    assert not opened
    told = [caption.value for caption in app.caption if "sa paa" in caption.value]
    assert len(told) == 1
    assert "Sa Pa" in told[0]
