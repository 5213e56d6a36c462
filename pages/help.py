"""Help: where to find what, other ways to the boards, and what the words mean."""

import streamlit as st

from wardstats import session
from wardstats.boards.help import draw_help
from wardstats.charts.html import components
from wardstats.charts.html.page_foot import definitions, link_list

view = session.view()
speak = view.speak
board = session.cached(draw_help, view, session.day_to_replay())

session.page_head(view, board.headline, back=0)
left, right = st.columns(2, gap="large")
with left:
    st.subheader(speak("Pages"))
    st.html(link_list(board.pages))
    st.subheader(speak("Other ways to the boards"))
    st.html(link_list(board.ways))
with right:
    st.subheader(speak("Words"))
    st.html(definitions(board.words))
    session.html(view, components.paragraph(board.contact))
session.sources(view)
