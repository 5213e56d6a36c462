"""Ranking: who leads, with the parts by theme, the change since the period before, the coverage, and where they are."""

import streamlit as st

from wardstats import session
from wardstats.charts.html import components

view = session.view()
speak = view.speak
choice, board = session.choose_ranking(view)

session.ranking_head(view, choice, board)
session.since_last_visit(view, choice)
session.ranking_options(view, board)
if board.table.empty:
    session.empty_state(speak("Choose another period or theme at the side."))
if board.bands:
    session.html(view, components.cards(board.bands))
    st.caption(board.band_note)
bars, places = st.columns([3, 2], gap="medium")
with bars:
    st.html(components.legend(board.legend, speak("hatched: demonstration figures") if board.has_demonstration else ""))
    session.ranking_chart(view, board)
    if board.shortened:
        st.caption(board.shortened)
    with st.container(key="ranking_cards"):
        session.html(view, components.cards(board.cards))
with places:
    session.small_map(view, choice)
session.club_summary(view)
session.table_behind(view, board.table, "ranking", board.file_name)
session.ranking_files(view, choice)
session.sources(view, choice.span)
