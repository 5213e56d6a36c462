"""Streamlit's theme, read once: it does not change while a server runs.

Left to itself, Streamlit looks through all its settings six times for each run of a script, the polls of open pages
included, and that on the loop that all answers share: a quarter of what a hall of open pages costs.
"""

from __future__ import annotations

from functools import cache

from streamlit.proto.NewSession_pb2 import CustomThemeConfig
from streamlit.runtime import app_session


def read_theme_once() -> None:
    """Have every later session take the theme that the first one read."""
    populate = app_session._populate_theme_msg
    if hasattr(populate, "read_once"):
        return

    @cache
    def theme(section: str) -> CustomThemeConfig:
        message = CustomThemeConfig()
        populate(message, section)
        return message

    def copy(message: CustomThemeConfig, section: str = "theme") -> None:
        if theme(section).ListFields():  # an empty one would look like one that was set
            message.MergeFrom(theme(section))

    copy.read_once = True  # pyright: ignore[reportFunctionMemberAccess]
    app_session._populate_theme_msg = copy
