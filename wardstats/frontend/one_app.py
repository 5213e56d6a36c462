"""Whether Streamlit takes the folder pages/ for an app of its old kind.

Until a server's first ``st.navigation`` it does: it runs a deep link's page without dashboard.py, and then forgets the
widgets of that first visit.
"""

from __future__ import annotations

from typing import Any

from wardstats.frontend.streamlit_files import NotAsExpectedError, module

_FLAG = "uses_pages_directory"


def is_of_old_kind() -> bool:
    """Tell whether Streamlit would run a page without dashboard.py."""
    try:
        return bool(getattr(_pages_manager(), _FLAG))
    except NotAsExpectedError:  # it knows no old kind
        return False


def make_one_app() -> None:
    """Have Streamlit run dashboard.py, whatever page is asked for.

    Raises:
        NotAsExpectedError: This Streamlit decides it in another way.
    """
    setattr(_pages_manager(), _FLAG, False)


def _pages_manager() -> Any:
    """Return the class that has the flag."""
    found = getattr(module("streamlit.runtime.pages_manager"), "PagesManager", None)
    if not hasattr(found, _FLAG):
        raise NotAsExpectedError(f"streamlit.runtime.pages_manager has no PagesManager.{_FLAG}")
    return found
