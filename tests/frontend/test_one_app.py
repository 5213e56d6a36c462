"""Streamlit takes pages/ for no app of its own, and a version that decides it otherwise is told."""

from __future__ import annotations

import sys

import pytest
from streamlit.runtime.pages_manager import PagesManager

from wardstats.frontend.one_app import is_of_old_kind, make_one_app
from wardstats.frontend.streamlit_files import NotAsExpectedError


def test_every_page_runs_the_dashboard_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PagesManager, "uses_pages_directory", None)  # put back afterwards
    PagesManager("dashboard.py")
    assert is_of_old_kind()
    make_one_app()
    PagesManager("dashboard.py")
    assert not is_of_old_kind()


def test_another_streamlit_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(PagesManager, "uses_pages_directory")
    assert not is_of_old_kind()
    with pytest.raises(NotAsExpectedError, match="uses_pages_directory"):
        make_one_app()


def test_a_streamlit_without_the_module_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "streamlit.runtime.pages_manager", None)
    assert not is_of_old_kind()
    with pytest.raises(NotAsExpectedError, match="no module"):
        make_one_app()
