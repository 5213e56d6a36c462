"""Models: definition and checklist of each, which ward has come how far, on the map, and how they spread."""

import streamlit as st

from wardstats import session
from wardstats.boards.models.board import draw_models
from wardstats.charts.html import club_components, components
from wardstats.core.languages import local_today
from wardstats.session import club

view = session.view()
speak = view.speak
board = session.cached(draw_models, view, local_today())

session.page_head(view, board.headline, back=0)
club.sample_notice(view, board.has_sample)
if not board.models:
    session.empty_state(speak("No model has been entered yet. Files (models.csv) are for the administrator."))
session.html(view, components.cards(board.cards))
matrix, spread = st.columns([3, 2], gap="large")
with matrix:
    st.subheader(speak("Progress by ward and model"))
    session.html_chart(view, board.matrix, "model_matrix")
with spread:
    if board.spread is not None:
        st.subheader(speak("Wards with each model, over time"))
        session.chart(board.spread, key="adoption_spread", alt=board.spread_alt)
session.table_behind(view, board.table, "adoptions", "adoptions", has_figures=False)
st.subheader(speak("The models"))
session.html(view, club_components.model_cards(board.models, speak))
club.model_map(view, {card.model_code: card.name for card in board.models})
club.sources(view, "block_model", "adoption")
session.sources(view)
