"""Ranking: who leads, with the parts by theme, the change since the period before, the coverage, and where they are."""

import streamlit as st

from wardstats import components, session
from wardstats.charts.style import CONFIG
from wardstats.ranking import ranking_board

view = session.view()
speak = view.speak
board = session.cached(ranking_board, view)

session.page_head(view, board.headline)
if board.table.empty:
    session.empty_state(speak("Choose another period or theme at the side."))
st.html(components.cards(board.cards))
bars, places = st.columns([3, 2], gap="medium")
with bars:
    st.html(components.legend(board.legend, speak("hatched: demonstration figures") if board.has_demonstration else ""))
    st.plotly_chart(board.figure, theme=None, config=CONFIG, key="ranking_bars", alt=board.alt_text)
with places:
    session.small_map(view)
with st.expander(speak("The same as a table"), icon=":material/table:"):
    session.table(view, board.table, f"ranking_{view.period}_{view.node}")
session.sources(view)
