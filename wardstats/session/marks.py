"""Charts whose marks lead on: a click on one opens what it stands for."""

from __future__ import annotations

from typing import Any

import streamlit as st

from wardstats.boards.ranking.board import Ranking
from wardstats.session.frame import chart
from wardstats.session.units import open_unit
from wardstats.view.view import View


def unit_chart(view: View, figure: Any, key: str, alt: str) -> None:
    """Draw a chart in which a click on a unit's mark opens the unit's page."""
    mark = _clicked(figure, key, alt)
    if mark is not None and mark["customdata"] in view.members:
        open_unit(mark["customdata"])


def ranking_chart(view: View, board: Ranking) -> None:
    """Draw the bars of a ranking: a click on a theme's part opens that theme, one on the rest of a bar its unit."""
    mark = _clicked(board.figure, "ranking_bars", board.alt_text, board.small_print)
    if mark is None:
        return
    curve = int(mark.get("curve_number", len(board.parts)))
    theme = board.parts[curve] if curve < len(board.parts) else view.node
    if theme != view.node:  # one without parts is its own single part
        st.switch_page("pages/ranking.py", query_params={**st.query_params.to_dict(), "theme": theme})
    open_unit(mark["customdata"])


def _clicked(figure: Any, key: str, alt: str, note: str = "") -> dict[str, Any] | None:
    """Draw a chart and return the mark that was clicked, with the code that it carries; None for no click."""
    event = chart(figure, key=key, alt=alt, note=note, on_select="rerun", selection_mode="points")
    points = event["selection"]["points"]
    if not points:
        return None
    code = points[0].get("customdata", "")
    return {**points[0], "customdata": code[0] if isinstance(code, list) and code else code}
