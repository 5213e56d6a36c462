"""Compare: two to four units side by side, or one against the median, the best or the province."""

import streamlit as st

from wardstats import session
from wardstats.boards.compare import MOST_UNITS, draw_comparison, references
from wardstats.charts.html import components

view = session.view()
speak = view.speak
ranking = view.ranking()
names = view.members
against = references(view)
session.choose_several("units", names, session.first_units(view)[:3], MOST_UNITS)
session.choose("against", list(against), "none")
choice, reference = st.columns([3, 2], gap="medium")
choice.multiselect(
    speak("Units to compare"), list(names), key="units", format_func=view.unit_name,
    max_selections=MOST_UNITS, accept_new_options=True,
    placeholder=speak("Choose one to four"),
)  # fmt: skip
reference.selectbox(speak("Compare with"), list(against), key="against", format_func=against.__getitem__)
codes = tuple(st.session_state["units"])
chosen = st.session_state["against"]
session.share(units=",".join(codes), against="" if chosen == "none" else chosen)
session.tell_left_out("units", names, speak)
if not codes:
    session.page_head(view, speak("Choose the units to compare"))
    session.empty_state(speak("Choose one to four units above. One alone is held against the median."))
board = session.cached(draw_comparison, view, codes, chosen)

session.page_head(view, board.headline)
session.html(view, components.cards(board.cards))
themes, trend = st.columns(2, gap="large")
with themes:
    st.subheader(speak("By theme"))
    keys = components.sign_legend(board.keys)
    session.html_chart(view, board.themes, "theme_lines", keys)
with trend:
    st.subheader(speak("Over time"))
    if board.trend is None:
        st.caption(speak("Only one period so far; lines appear from the second."))
    else:
        st.caption(board.trend_measured_in)
        session.unit_chart(view, board.trend, key="compare_trend", alt=board.trend_alt)
st.subheader(speak("Indicator by indicator, the largest gap first"))
st.caption(speak("Left: no points. Right: all points. A click on a name opens its card with definition and source."))
session.html_chart(view, board.gaps, "gap_lines")
session.table_behind(view, board.table, "compare", f"compare_{view.period}_{'_'.join(codes)}")
session.sources(view)
