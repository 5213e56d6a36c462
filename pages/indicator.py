"""One indicator: who is best, every unit with its figure and target, how each moved, what to learn, rule and source."""

import streamlit as st

from wardstats import session
from wardstats.boards.indicator.board import draw_indicator
from wardstats.charts.html import components
from wardstats.view.indicator_card import draw_indicator_card

view = session.view()
speak = view.speak
code = session.choose_any_indicator(view)
board = session.cached(draw_indicator, view, code)

session.page_head(view, board.headline, about=view.indicator_name(code))
session.html(view, components.cards(board.cards))
st.subheader(speak("All units on this indicator"))
if board.areas:
    session.html(view, components.paragraph(board.areas))
if board.shortened:
    st.caption(board.shortened)
session.html_chart(view, board.lines, "unit_lines", components.sign_legend(board.keys))
st.caption(board.ends)
session.table_behind(view, board.table, "indicator", f"indicator_{code}_{view.period}")
if board.spread is not None:
    st.subheader(speak("Distribution"))
    session.unit_chart(view, board.spread, key="chart_indicator", alt=f"{board.headline}. {board.areas}")

if board.story or board.practices:
    st.subheader(speak("How the best got there"))
    session.html(view, board.story + board.practices)
if board.trends:
    st.subheader(speak("How each unit moved"))
    session.html_chart(view, board.trends, "unit_trends")
    st.caption(speak("Line: the unit. Grey: the median of all members. Each in its own scale. Dotted: demonstration."))
st.subheader(speak("Definition, rule and source"))
session.html(view, session.cached(draw_indicator_card, view, code))
session.sources(view)
