"""What a reader may choose beside period and theme on the ranking: quarter or year, bands, weights of their own.

Every choice lives in the address: span=quarter, bands=1, weights=<code>:<factor>,...
"""

from __future__ import annotations

import streamlit as st

from wardstats.boards.ranking.board import Ranking, draw_ranking
from wardstats.boards.since_last_visit import draw_since
from wardstats.charts.html import components
from wardstats.core.errors import SnapshotError
from wardstats.session.address import choose, share
from wardstats.session.caches import cached, own, store
from wardstats.session.frame import SEEN_COOKIE, html, page_head
from wardstats.session.signin import plain
from wardstats.view.bands import read_bands
from wardstats.view.ranking_choice import RankingChoice, span_kinds
from wardstats.view.reader_weights import (
    FACTORS,
    Part,
    how_it_works,
    new_shares,
    weighable,
    weights_as_text,
    weights_from_text,
)
from wardstats.view.view import View

_SLIDERS_IN_A_ROW = 5


def choose_ranking(view: View) -> tuple[RankingChoice, Ranking]:
    """Settle the choices and return them with the board they give; draw the controls afterwards."""
    kinds = span_kinds(view)
    kind = choose("span", kinds, kinds[0])
    _settle_flag("bands")
    factors = _settle_weights(view)
    choice = RankingChoice(kind if kind != kinds[0] else "", tuple(sorted(factors.items())))
    keep = cached if choice.is_official else own
    return choice, keep(draw_ranking, view, choice, st.session_state["bands"])


def ranking_head(view: View, choice: RankingChoice, board: Ranking) -> None:
    """Draw the headline; over a quarter or year the frame is that of all its periods."""
    page_head(view, board.headline, choice.span, back=1)
    if board.note:
        html(view, components.paragraph(board.note))


def since_last_visit(view: View, choice: RankingChoice) -> None:
    """Tell what has moved since the board that this browser saw before this visit; of official rankings of a period.

    The browser keeps which one it was, in a cookie that static/page.js writes.
    """
    if not choice.span and choice.is_official and (text := since_text(view)):
        html(view, components.paragraph(text))


def since_text(view: View) -> str:
    """Say what has moved since the board that this browser saw before this visit; empty where it saw none, or this."""
    seen = st.session_state.setdefault("seen_board", st.context.cookies.get(SEEN_COOKIE, ""))
    entry = next((entry for entry in reversed(store().history()) if entry.snapshot_id == seen), None)
    if entry is None or seen == view.snapshot_id:
        return ""
    try:
        return cached(draw_since, view, seen, entry.published_at)
    except SnapshotError:  # its file is gone or damaged: there is nothing to compare with, and /healthz tells it
        return ""


def ranking_options(view: View, board: Ranking) -> None:
    """Draw the controls, the sliders where they are asked for, and the warning above an order that is not official."""
    speak, kinds = view.speak, span_kinds(view)
    names = {"month": speak("Month"), "quarter": speak("Quarter"), "year": speak("Year")}
    parts = _parts(view)
    with st.container(horizontal=True, key="standing", gap="medium", vertical_alignment="center"):
        if len(kinds) > 1:
            st.segmented_control(
                speak("Ranking of"), kinds, key="span", format_func=names.__getitem__, required=True,
                label_visibility="collapsed",
            )  # fmt: skip
        if len(read_bands(view)):
            st.toggle(speak("Official bands"), key="bands")
        if parts:
            st.toggle(speak("Try other weights"), key="weigh")
    factors = _sliders(view, parts) if parts and st.session_state["weigh"] else {}
    span = st.session_state["span"]
    share(
        span=span if span != kinds[0] or "span" in st.query_params else "",
        bands="1" if st.session_state["bands"] else "",
        weights=weights_as_text(factors),
    )
    if board.warning:
        st.html(components.banner(speak("Your weights."), board.warning))
        st.button(
            speak("Back to the official order"), icon=":material/undo:", on_click=_reset_weights, args=(parts,),
            key="official_order",
        )  # fmt: skip


def _settle_flag(key: str) -> None:
    in_address, written = st.query_params.get(key), st.session_state.get("address", {}).get(key)
    if in_address is not None and in_address != written:
        st.session_state[key] = in_address == "1"
    elif key not in st.session_state:
        st.session_state[key] = False


def _parts(view: View) -> list[Part]:
    return cached(weighable, view)


def _settle_weights(view: View) -> dict[str, float]:
    """Settle the sliders before they are drawn; the factors that are not as the official weights have them."""
    state, parts = st.session_state, _parts(view)
    in_address, written = st.query_params.get("weights"), state.get("address", {}).get("weights")
    if in_address is not None and in_address != written:
        asked = weights_from_text(in_address, parts)
        state["weigh"] = bool(asked)
        for part in parts:
            state[_key(part)] = asked.get(part.code, 1.0)
    state.setdefault("weigh", False)
    if not state["weigh"]:
        return {}
    factors = {part.code: state.setdefault(_key(part), 1.0) for part in parts}
    changed = {code: factor for code, factor in factors.items() if factor != 1.0}
    return changed if any(new_shares(parts, changed).values()) else {}


def _key(part: Part) -> str:
    return f"weight_{part.code}"


def _reset_weights(parts: list[Part]) -> None:
    for part in parts:
        st.session_state[_key(part)] = 1.0
    st.session_state["weigh"] = False


def _sliders(view: View, parts: list[Part]) -> dict[str, float]:
    speak, state = view.speak, st.session_state
    factors = {part.code: float(state[_key(part)]) for part in parts}
    shares = new_shares(parts, factors)
    with st.container(border=True, key="weights"):
        st.caption(how_it_works(view))
        for start in range(0, len(parts), _SLIDERS_IN_A_ROW):
            row = parts[start : start + _SLIDERS_IN_A_ROW]
            for column, part in zip(st.columns(len(row), gap="medium"), row, strict=True):
                with column:
                    st.select_slider(
                        plain(part.name), FACTORS, key=_key(part), format_func=lambda factor: _times(view, factor)
                    )
                    st.caption(f"{speak.percent(part.share)} → **{speak.percent(shares[part.code])}**")
        if not any(shares.values()):
            st.warning(speak("Let at least one part count."), icon=":material/warning:")
    return factors if any(shares.values()) else {}


def _times(view: View, factor: float) -> str:
    decimals = len(f"{factor:g}".partition(".")[2])
    return "× " + view.speak.number(factor, decimals)
