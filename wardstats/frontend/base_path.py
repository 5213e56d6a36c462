"""Refuses an address below a path (``server.baseUrlPath``): pages, /live and the API stand at the root of a host."""

from __future__ import annotations

from streamlit import config

from wardstats.core.errors import WardStatsError


class BasePathError(WardStatsError):
    """The server is not to start below a path."""


def require_root_path() -> None:
    """Let a server start whose pages stand at the root of its host.

    Raises:
        BasePathError: ``server.baseUrlPath`` names a path, by whichever way it was set.
    """
    if path := (config.get_option("server.baseUrlPath") or "").strip("/ "):
        raise BasePathError(
            f"server.baseUrlPath: found {path!r}; expected none, because /live, /conference and /api/v1 are at the "
            "root of their host and nowhere else. Take the setting away and give the board a host of its own, such as "
            "board.example.vn: docs/operations.md, Behind nginx."
        )
