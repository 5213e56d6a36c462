"""The least that a page with a chart can be: what the machine and Streamlit take is then known beside what we add."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.serving import Server, running

_PAGE = """
import plotly.graph_objects as go
import streamlit as st
st.title("Bare")
st.plotly_chart(go.Figure(go.Bar(x=[3, 2, 1])), theme=None)
"""
CONFIG = """
[browser]
gatherUsageStats = false

[server]
headless = true
fileWatcherType = "none"
"""


@contextmanager
def serve_bare_page(folder: Path) -> Iterator[Server]:
    """Serve a page of one bar chart from a folder of its own, with none of our settings but those against noise."""
    (folder / "page.py").write_text(_PAGE, encoding="utf-8")
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "config.toml").write_text(CONFIG, encoding="utf-8")
    with running(folder / "server.log", os.environ, app="page.py", folder=folder) as server:
        yield server
