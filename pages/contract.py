"""Contract: each pledge with its pace, one member's lines to its targets, who has signed, the whole to print."""

import streamlit as st

from wardstats import session
from wardstats.boards.block.programme import draw_contract_documents
from wardstats.boards.contract.board import contract_matrix, draw_contract, draw_contract_sources, draw_contract_table
from wardstats.charts.html import club_components, components
from wardstats.session import club
from wardstats.view.club_words import state_names

view = session.view()
speak = view.speak
head = st.container()
year = club.choose_contract_year(view)
board = session.cached(draw_contract, view, year)

with head:
    session.page_head(view, board.headline)
    club.sample_notice(view, board.has_sample)
if not board.pledges:
    documents = session.cached(draw_contract_documents, view, year)
    if documents:
        session.html(view, club_components.documents(documents, speak))
    session.empty_state(speak("No target has been entered yet. Files (targets.csv) are for the administrator."))
session.html(view, components.cards(board.cards))
club.contract_button(view, year)
session.html_chart(
    view, contract_matrix(view, board), "contract_matrix", club_components.state_legend(state_names(speak))
)
st.caption(
    speak(
        "Ahead or behind: more than a tenth of the way off the straight line from where the figure stood to its target "
        "at the end of the year."
    )
)
session.table_behind(view, session.cached(draw_contract_table, view, year), "contract", f"contract_{year}")

st.subheader(speak("One ward and its lines"), anchor="lines")
unit_code = session.choose_unit(view)
if board.of(unit_code):
    club.pace_lines(view, board, unit_code)
    st.caption(speak("Dashed: the line to the target. Gold: the target. Dots: the figures."))
else:
    st.info(speak("This ward has no targets on file for the year."))
st.subheader(speak("Who has signed"))
session.html(view, club_components.signatures(board.signatures, speak))
session.html(view, session.cached(draw_contract_sources, view, year))
