"""Maps whose units open their page, and what stands beside them."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from wardstats.boards.map import BlockMap, Sizes, SmallMap, draw_block_map, draw_small_map
from wardstats.charts.map.boundary_choice import BoundarySource, boundary_source
from wardstats.charts.map.geography import Geography
from wardstats.charts.map.layout import BlockLayout, lay_out
from wardstats.session.address import choose, share
from wardstats.session.caches import cached, cached_query, own, places
from wardstats.session.frame import chart, html_chart
from wardstats.session.signin import plain
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
    """Return the map of the block, laid out once for all sessions; None where no place is known.

    Boundaries that cannot be used are told above it.
    """
    source = boundary_source(places(), view.block["boundaries_path"], view.block["boundaries_key"])
    layout = _layout(view.snapshot_id, source)
    if layout.refused is not None and layout.source is not None:
        told = view.speak(
            "The file of boundaries {file} cannot be used: {reasons}. Circles stand in for the shapes. "
            "Whoever runs the server finds in its log what to do.",
            file=layout.source.path.name, reasons=layout.refused.told(view.speak),
        )  # fmt: skip
        st.warning(plain(told), icon=":material/warning:")
    return layout.geography


@st.cache_resource(max_entries=16, show_spinner=False)
def _layout(snapshot_id: str, source: BoundarySource | None) -> BlockLayout:
    units = cached_query(snapshot_id, "unit", (("language", "vi"),))
    return _laid_out(units.to_json(date_format="iso"), source, units)


@st.cache_resource(max_entries=16, show_spinner=False)  # new figures do not move a ward
def _laid_out(known: str, source: BoundarySource | None, _units: pd.DataFrame) -> BlockLayout:
    return lay_out(_units, source)


def small_map(view: View, choice: RankingChoice = OFFICIAL) -> None:
    """Draw the zoomed panels beside a ranking, or the overview of many; nothing where no place is known."""
    if (layout := geography(view)) is None:
        return
    draw = cached if choice.is_official else own
    if layout.clusters and len(layout.clusters) <= _MOST_PANELS:
        board = draw(draw_small_map, view, layout, choice)
        html_chart(view, board.panels, "small_map", alt=board.alt_text)
    else:
        board = draw(draw_block_map, view, layout, None, Sizes(overview=560, first=0), choice)
        clickable(view, board.overview, "small_map", alt=board.alt_text)
    map_note(board)


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


def map_panels(key: str, count: int) -> DeltaGenerator:
    """Return where the figures of a map go side by side: several keep the form their circles and shapes fill."""
    return st.container(horizontal=True, key=key if count > 1 else f"{key}_alone", gap="small")


def map_note(board: BlockMap | SmallMap) -> None:
    """Say that circles are not boundaries, where they are drawn, or where the boundaries come from."""
    if board.note:
        st.caption(plain(board.note))


def clickable(view: View, figure: Any, key: str, alt: str, *, has_row: bool = True) -> None:
    """Draw a map whose units open their page when clicked."""
    event = chart(figure, key=key, alt=alt, has_row=has_row, on_select="rerun", selection_mode="points")
    if points := event["selection"]["points"]:
        code = points[0]["customdata"]
        open_unit(code[0] if isinstance(code, list) else code)
