"""Reliability: how far the order can be trusted when weights move, figures are missing, or the method is another."""

import streamlit as st

from wardstats import session
from wardstats.boards.reliability.board import MOST_SHOWN, reliability_board
from wardstats.boards.reliability.method_choices import method_choices, moving_factors
from wardstats.charts.html import components

view = session.view()
speak = view.speak
board = session.cached(reliability_board, view)
name = f"{view.period}_{view.node}"

session.page_head(view, board.headline, back=0)
if board.table.empty:
    session.empty_state(
        speak("This snapshot holds no rank ranges for the period: see [robustness] in block.toml, then build again.")
    )
session.html(view, components.cards(board.cards))
if board.is_cut:
    st.caption(speak("The first {most} are shown; a file has all.", most=speak.number(MOST_SHOWN, 0)))
is_wide = len(board.table) > 16
left, right = (st.container(), st.container()) if is_wide else st.columns(2, gap="large")
with left:
    st.subheader(speak("How far each place can move"))
    session.html(view, components.sign_legend(board.keys))
    session.unit_chart(view, board.figure, key="rank_ranges", alt=board.alt_text)
    st.caption(
        speak(
            "{draws} simulations, in each of which every weight moved at random by up to {spread} up or down "
            "(seed {seed}).",
            draws=speak.number(view.block["range_draws"], 0),
            spread=speak.percent(view.block["range_spread"]),
            seed=int(view.block["range_seed"]),
        )
    )
    session.table_behind(view, board.table, "ranges", f"ranges_{name}")
with right:
    st.subheader(speak("How often each place came up"))
    if board.shares:
        st.caption(
            speak("Percent of the simulations, in which all weights moved at random. Framed: the published place.")
        )
        session.html_chart(view, board.shares, "place_shares")
        session.table_behind(view, board.share_table, "shares", f"shares_{name}")
    else:
        st.caption(speak("Not kept for a block of this size."))
missing, choices = st.columns(2, gap="large")
with missing:
    st.subheader(speak("What missing figures could change"))
    first, *more = (session.plain(session.unbroken(view, line)) for line in board.missing)
    st.markdown("\n".join([first, "", *(f"- {line}" for line in more)]))

st.subheader(speak("The order under other methods"))
methods = session.cached(method_choices, view)
st.markdown(session.plain(session.unbroken(view, methods.finding)))
session.html_chart(view, methods.html, "other_methods")
st.caption(speak("Green: a better place than published. Orange: a worse one. Framed: the published place."))
session.table_behind(view, methods.table, "methods", f"methods_{name}")

with choices:  # filled last, as it takes longest the first time
    factors = session.cached(moving_factors, view)
    st.subheader(speak("Which choice moves the order most"))
    st.markdown(session.plain(session.unbroken(view, factors.finding)))
    st.caption(speak("Share of the movement that a choice explains. Dark: alone. Pale: together with the others."))
    session.chart(factors.figure, key="moving_factors", alt=factors.alt_text)
    session.table_behind(view, factors.table, "choices", f"choices_{name}")
session.sources(view)
