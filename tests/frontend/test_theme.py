"""A session is told the same theme, whether it was read for it or once for all."""

from __future__ import annotations

import pytest
from streamlit.proto.NewSession_pb2 import NewSession
from streamlit.runtime import app_session

from wardstats.frontend.streamlit_files import NotAsExpectedError
from wardstats.frontend.theme import read_theme_once

SECTIONS = ("theme", "theme.light", "theme.dark", "theme.sidebar", "theme.light.sidebar", "theme.dark.sidebar")


def _told() -> bytes:
    session = NewSession()
    theme = session.custom_theme
    parts = (theme, theme.light, theme.dark, theme.sidebar, theme.light.sidebar, theme.dark.sidebar)
    for section, part in zip(SECTIONS, parts, strict=True):
        app_session._populate_theme_msg(part, section)
    return session.SerializeToString(deterministic=True)


def test_the_theme_read_once_is_the_theme(monkeypatch: pytest.MonkeyPatch) -> None:
    own = app_session._populate_theme_msg
    monkeypatch.setattr(app_session, "_populate_theme_msg", own)  # put back afterwards
    told = _told()
    assert told, "the project's config.toml has a theme"
    read_theme_once()
    assert app_session._populate_theme_msg is not own
    assert [_told(), _told()] == [told, told]
    once = app_session._populate_theme_msg
    read_theme_once()
    assert app_session._populate_theme_msg is once


@pytest.mark.parametrize("name", ["_populate_theme_msg", "AppSession", "AppSession._create_new_session_message"])
def test_another_streamlit_is_left_alone(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delattr(f"streamlit.runtime.app_session.{name}")
    with pytest.raises(NotAsExpectedError, match="_populate_theme_msg"):
        read_theme_once()


def test_a_theme_that_sessions_read_by_another_function_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app_session.AppSession, "_create_new_session_message", lambda session: session)
    own = app_session._populate_theme_msg
    with pytest.raises(NotAsExpectedError):
        read_theme_once()
    assert app_session._populate_theme_msg is own
