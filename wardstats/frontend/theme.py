"""Streamlit's theme, read once: it does not change while a server runs.

Left to itself, Streamlit looks through all its settings six times for each run of a script, the polls of open pages
included, and that on the loop that all answers share: a quarter of what a hall of open pages costs.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from wardstats.frontend.streamlit_files import NotAsExpectedError, module

_POPULATE = "_populate_theme_msg"
_CALLER = "_create_new_session_message"


def read_theme_once() -> None:
    """Have every later session take the theme that the first one read.

    Raises:
        NotAsExpectedError: This Streamlit tells its sessions the theme in another way.
    """
    app_session = module("streamlit.runtime.app_session")
    message_type = getattr(module("streamlit.proto.NewSession_pb2"), "CustomThemeConfig", None)
    caller = getattr(getattr(app_session, "AppSession", None), _CALLER, None)
    populate = getattr(app_session, _POPULATE, None)
    called = getattr(getattr(caller, "__code__", None), "co_names", ())
    if populate is None or message_type is None or _POPULATE not in called:
        raise NotAsExpectedError(f"streamlit.runtime.app_session has no {_CALLER} that calls {_POPULATE}")
    if hasattr(populate, "read_once"):
        return

    @cache
    def theme(section: str) -> Any:
        message = message_type()
        populate(message, section)
        return message

    def copy(message: Any, section: str = "theme") -> None:
        if theme(section).ListFields():  # an empty one would look like one that was set
            message.MergeFrom(theme(section))

    copy.read_once = True  # pyright: ignore[reportFunctionMemberAccess]
    setattr(app_session, _POPULATE, copy)
