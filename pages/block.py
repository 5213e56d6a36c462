"""Block: members, head by year, documents, and the programme with its calendar."""

import streamlit as st

from wardstats import session
from wardstats.boards.block.programme import draw_programme, month_groups
from wardstats.charts.html import club_components, components
from wardstats.core.languages import local_today
from wardstats.session import club

view = session.view()
speak = view.speak
today = local_today()
board = session.cached(draw_programme, view, today)

session.page_head(view, board.headline)
club.sample_notice(view, board.has_sample)
session.html(view, components.cards(board.cards))
programme, side = st.columns([3, 2], gap="large")
with programme:
    st.subheader(speak("Programme"))
    if board.entries:
        year = club.choose_contract_year(view)
        if entries := board.of_year(year):
            session.html(view, club_components.agenda(month_groups(entries), speak))
        else:
            st.info(speak("No activities are on file for this year."))
        session.table_behind(view, board.table, "programme", "programme", has_figures=False)
    else:
        st.info(speak("No activity has been entered yet. Files (activities.csv) are for the administrator."))
        year = club.choose_contract_year(view)
with side:
    if board.entries:
        st.subheader(speak("Due next"))
        session.html(view, club_components.upcoming(board.upcoming[:4], speak))
        club.calendar_buttons(view)
    st.subheader(speak("Head of the block, by year"))
    session.html(view, components.text_table(board.heads))
    st.subheader(speak("Documents"))
    if board.documents:
        session.html(view, club_components.documents(board.documents, speak))
        club.file_buttons(view, [(item["path"], item["title"]) for item in board.documents if item["path"]], "document")
    else:
        st.info(speak("No document has been entered yet. Files (documents.csv) are for the administrator."))

st.page_link(
    "pages/year_end.py", label=speak("Year-end summary {year}", year=year), icon=":material/military_tech:",
    query_params={**st.session_state["address"], "year": str(year)},
)  # fmt: skip
st.subheader(speak("Members"))
session.html(view, components.text_table(board.members))
club.sources(view, "activity", "document", "block_year")
session.sources(view)
