"""The least that a page with a chart can be: what the machine and Streamlit take is then known beside what we add."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.serving import Server, running

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August")
_PAGE = f"""
import plotly.graph_objects as go
import streamlit as st
month = st.selectbox("Period", {MONTHS!r})
shift = {MONTHS!r}.index(month)
st.title(f"Bare, {{month}}")
st.plotly_chart(go.Figure(go.Bar(x=[3, 2, 1 + shift])), theme=None)
"""
_CONFIG = """
[browser]
gatherUsageStats = false

[server]
headless = true
fileWatcherType = "none"
"""


@contextmanager
def serve_bare_page(folder: Path) -> Iterator[Server]:
    """Serve a page of a choice and one bar from a folder of its own, with no setting of ours but against noise."""
    (folder / "page.py").write_text(_PAGE, encoding="utf-8")
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "config.toml").write_text(_CONFIG, encoding="utf-8")
    with running(folder / "server.log", os.environ, app="page.py", folder=folder) as server:
        yield server
