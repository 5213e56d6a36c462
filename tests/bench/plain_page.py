"""The ranking as one would write it first with the same libraries, over the same snapshot, to be timed beside ours.

It has a choice of the period, bars of the wards by theme, a map of points and a table; no language, status or link.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.bare_page import CONFIG
from tests.serving import Server, running

_PAGE = """
import duckdb
import plotly.express as px
import streamlit as st

SNAPSHOT = {snapshot!r}
st.set_page_config(layout="wide")


@st.cache_data
def answer(sql, *parameters):
    with duckdb.connect(SNAPSHOT, read_only=True) as connection:
        return connection.execute(sql, parameters).df()


periods = answer("select distinct period from score where node_code = 'total' and rank is not null order by 1 desc")
period = st.sidebar.selectbox("Period", periods["period"].tolist())
scores = answer(
    '''select unit.unit_code, in_language(unit.name, 'en') as name, unit.lat, unit.lon, score.node_code, score.score,
    score.rank, node.parent_code from score join unit using (unit_code) join node using (node_code)
    where score.period = ? order by score.rank''',
    period,
)
total, parts = scores[scores["node_code"] == "total"], scores[scores["parent_code"] == "total"]
st.title(f"{{total['name'].iloc[0]}} leads in {{period}} with {{total['score'].iloc[0]:.1f}} points")
left, right = st.columns([3, 2])
bars = px.bar(parts, x="score", y="name", color="node_code", orientation="h")
left.plotly_chart(bars.update_yaxes(categoryorder="array", categoryarray=total["name"][::-1]))
right.plotly_chart(px.scatter(total, x="lon", y="lat", color="score", size="score", text="name"))
st.dataframe(total[["rank", "name", "score"]], hide_index=True)
"""


@contextmanager
def serve_plain_page(folder: Path, snapshot: Path) -> Iterator[Server]:
    """Serve the page from a folder of its own, with no setting of ours but against noise."""
    (folder / "page.py").write_text(_PAGE.format(snapshot=str(snapshot)), encoding="utf-8")
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "config.toml").write_text(CONFIG, encoding="utf-8")
    with running(folder / "server.log", os.environ, app="page.py", folder=folder) as server:
        yield server
