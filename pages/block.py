"""Block: members, head by year, documents, the programme with its calendar, and how the year ends."""

import streamlit as st

from wardstats import session
from wardstats.boards.block.programme import draw_programme, local_today, month_groups
from wardstats.boards.block.year_end import draw_year_end
from wardstats.charts.html import club_components, components
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

end = session.cached(draw_year_end, view, year)
st.subheader(speak("Year-end summary {year}", year=year))
session.html(view, components.paragraph(" ".join(filter(None, (f"{end.headline}.", end.note)))))
if end.period:
    totals, rest = st.columns([3, 2], gap="large")
    with totals:
        session.html(view, components.text_table(end.totals))
        for line in end.adjustments:
            session.html(view, components.paragraph(line))
    with rest:
        st.markdown(f"**{speak('Proposed titles')}**")
        if end.titles:
            session.html(view, club_components.titles(end.titles, speak))
        else:
            session.html(view, components.paragraph(speak("No rule for titles is configured for this year.")))
        st.markdown(f"**{speak('Differences found by the cross-check')}**")
        if len(end.differences):
            session.html(view, components.text_table(end.differences))
        else:
            session.html(
                view, components.paragraph(speak("No accepted figure differs from the one that was submitted."))
            )
        club.minutes_button(view, year)
st.subheader(speak("Members"))
session.html(view, components.text_table(board.members))
club.sources(view, "activity", "document", "block_year")
session.sources(view)
