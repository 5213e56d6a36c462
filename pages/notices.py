"""Notices: what was told to whoever is signed in, and what they want to be told, and how."""

import streamlit as st

from wardstats import session
from wardstats.boards.notices import draw_notices
from wardstats.charts.html import components
from wardstats.intake.notices.choosing import own
from wardstats.intake.notices.desk import Desk

view = session.view()
speak = view.speak
session.page_head(view, speak("Notices"), back=0)
actor = session.require_actor(view)
with session.explained(view):
    desk = Desk(session.workspace())
    recipient = own(desk, actor)
    board = draw_notices(desk, recipient, speak)
    st.subheader(board.headline)
    if len(board.table):
        session.html(view, components.text_table(board.table))
    st.subheader(speak("What you want to be told, and how"))
    session.notice_choices(view, desk, recipient)
