"""Maps whose units open their page, and what stands beside them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from wardstats.boards.map import BlockMap, Sizes, draw_block_map
from wardstats.charts.map.geography import BoundaryError, Geography
from wardstats.charts.map.layout import block_geography, read_boundaries
from wardstats.session.address import choose, share
from wardstats.session.caches import cached, cached_query, own, places
from wardstats.session.frame import chart
from wardstats.session.units import open_unit
from wardstats.view.ranking_choice import OFFICIAL, RankingChoice
from wardstats.view.view import View

_MOST_PANELS = 6


def choose_indicator(view: View) -> str | None:
    """Let the reader choose an indicator of the theme instead of its score; lives in the address as indicator=."""
    names = {"": view.speak("Score: {theme}", theme=view.names[view.node])}
    names |= {str(code): str(name) for code, name in view.scored["indicator_name"].items()}
    choose("indicator", list(names), "")
    with st.sidebar:
        st.selectbox(view.speak("Colour by"), list(names), key="indicator", format_func=names.__getitem__)
    share(indicator=st.session_state["indicator"])
    return st.session_state["indicator"] or None


def geography(view: View) -> Geography | None:
    """Return the map of the block, laid out once for all sessions; None where no place is known."""
    path = view.block["boundaries_path"]
    file = places().boundaries or (places().data / path if isinstance(path, str) else None)
    changed = file.stat().st_mtime_ns if file and file.is_file() else 0
    try:
        return _geography(view.snapshot_id, str(file), changed)
    except BoundaryError as error:
        st.warning(str(error), icon=":material/warning:")
        return block_geography(view.frame("unit", language="vi"), None)


@st.cache_resource(max_entries=16, show_spinner=False)
def _geography(snapshot_id: str, file: str, changed: int) -> Geography | None:
    block = cached_query(snapshot_id, "block", (("language", "vi"),)).iloc[0]
    units = cached_query(snapshot_id, "unit", (("language", "vi"),))
    return _laid_out(
        units.to_json(date_format="iso"), file, changed, block["boundaries_path"], block["boundaries_key"], units
    )


@st.cache_resource(max_entries=16, show_spinner=False)  # new figures do not move a ward
def _laid_out(
    known: str, file: str, changed: int, boundaries_path: str | None, key: str | None, _units: pd.DataFrame
) -> Geography | None:
    return block_geography(_units, read_boundaries(places(), boundaries_path, key))


def small_map(view: View, choice: RankingChoice = OFFICIAL) -> None:
    """Draw the zoomed panels beside a ranking; nothing where no place is known."""
    if (layout := geography(view)) is None:
        return
    panels = Sizes(overview=0, first=265, other=270, width=270, font=12)
    sizes = panels if len(layout.clusters) <= _MOST_PANELS else Sizes(overview=560, first=0)
    board = (cached if choice.is_official else own)(draw_block_map, view, layout, None, sizes, choice)
    with st.container(horizontal=True, key="small_map", gap="small"):
        for code, figure in board.clusters.items():
            clickable(view, figure, f"small_map_{code}", alt=board.cluster_alts[code])
        if not board.clusters:
            clickable(view, board.overview, "small_map_overview", alt=board.alt_text)
    map_note(view, board)


def choose_panels(view: View, codes: list[str]) -> list[str]:
    """Return the groups to zoom in on: all, or of many the one the reader chooses; lives in the address as panel=."""
    if len(codes) <= _MOST_PANELS:
        return codes
    names = view.cluster_names
    choose("panel", codes, codes[0])
    st.selectbox(
        view.speak("Zoom in on"), codes, key="panel", format_func=lambda code: names.get(code) or str(code), width=320
    )
    share(panel=st.session_state["panel"])
    return [st.session_state["panel"]]


def map_note(view: View, board: BlockMap) -> None:
    """Say that circles are not boundaries, where they are drawn."""
    if board.is_schematic:
        st.caption(
            view.speak("Schematic: circles of the true area at the true centres. No boundary file is installed.")
        )


def clickable(view: View, figure: Any, key: str, alt: str) -> None:
    """Draw a map whose units open their page when clicked."""
    event = chart(figure, key=key, alt=alt, on_select="rerun", selection_mode="points")
    if points := event["selection"]["points"]:
        code = points[0]["customdata"]
        open_unit(code[0] if isinstance(code, list) else code)
