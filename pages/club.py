"""Club: shared practices with their result, what each ward can learn from whom, topics of consultation."""

import streamlit as st

from wardstats import session
from wardstats.boards.club.learning import draw_learning
from wardstats.boards.club.practices import draw_practices
from wardstats.boards.club.topics import TAB
from wardstats.charts.html import club_components
from wardstats.session import club, consultation

view = session.view()
speak = view.speak
session.choose_text("search", 80)
board = session.cached(draw_practices, view, st.session_state["search"])
present = consultation.present_topics(view)
topics = present.topics

is_asked = st.query_params.get("tab") == TAB
session.page_head(view, topics.headline if is_asked else board.headline)
club.sample_notice(view, board.has_sample or topics.has_sample)
names = [speak("Shared practices"), speak("Learn from"), speak("Consultation"), speak("Write a practice")]
first = names[2 if is_asked else 0]
shared, learning, talks, writing = st.tabs(names, default=first, key="club_tab_asked" if is_asked else "club_tab")
with shared:
    st.text_input(
        speak("Search practices"), key="search", icon=":material/search:",
        placeholder=speak("words, with or without accents"),
    )  # fmt: skip
    session.share(search=st.session_state["search"])
    if board.found:
        session.html(view, club_components.practice_cards(board.found, speak))
        club.file_buttons(view, [(card.path, card.title) for card in board.found if card.path], "practice")
        club.attached_files(view, [card.practice_id for card in board.found])
        session.table_behind(view, board.table, "practices", "practices")
    elif board.everything:
        st.info(speak("No practice holds these words. Try fewer or other words, or another theme at the side."))
    else:
        st.info(speak("Members write practices here. Files (practices.csv) are for the administrator."))
with learning:
    unit_code = session.choose_unit(view)
    session.html(view, club_components.learning(session.cached(draw_learning, view, unit_code), speak))
with talks:
    consultation.consultation_part(view, present)
with writing:
    club.write_practice(view)
club.sources(view, "practice", "topic")
session.sources(view)
